"""Check-ins as people live with them: set up, previewed, answered in the thread or alone, closed, skipped, stopped."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from adapters.storage.memory.store import MemoryStore
from bot.domain.channel import ChannelSettings
from bot.domain.charter import CharterRule, CharterState, agreed
from bot.domain.charter import invited as invited_by
from bot.domain.check_in import MOST_SKIPS, Run, RunState, Skipped, closed
from bot.domain.events import Standing
from bot.domain.last_look import may_check_in
from bot.domain.outgoing import Outgoing, OutgoingKind
from bot.domain.rhythm import Slot
from bot.domain.speech import Field, Form, Listing, Message, Place, Reply
from bot.domain.themes import Theme
from bot.errors import PlatformError
from bot.usecases.asking.deliver import deliver
from bot.usecases.check_ins.clock import fire_due
from tests.talk import REF, at
from tests.usecases.conversation import Conversation, button, plain

WEEKLY: dict[str, Any] = {
    "asks": "purpose",
    "own_question": "",
    "every": "week1",
    "weekdays": ("tue",),
    "cron": "",
    "at": "10:00",
    "zone": "UTC",
    "country": "",
    "skips": "",
    "answering": "form",
    "open_for": "24",
    "reminds": "no",
}
"""What a form says that asks on Tuesdays at ten and is closed a day later."""

PEOPLE = ("ana", "bo", "cy", "dee", "eli")


async def invited(**facts: object) -> Conversation:
    """A channel of seven, whose working hours are wide, so that closings come when they are due."""
    c = Conversation(**facts)  # type: ignore[arg-type]
    await c.invite(members=7)
    return c


async def fill(c: Conversation, by: str = "ana", about: str = "new", **answers: Any) -> Reply:
    """Send the form once."""
    return await c.submit(by, "checkin", about, **{**WEEKLY, **answers})


async def set_up(c: Conversation, by: str = "ana", about: str = "new", **answers: Any) -> Reply:
    """Send the form, look at the preview, and send it once more."""
    shown = await fill(c, by, about, **answers)
    assert shown.form is not None and not errors(shown.form), errors(shown.form) if shown.form else plain(shown)
    saved = await fill(c, by, shown.form.about, **answers)
    assert saved.to_channel, saved
    return saved


def errors(form: Form) -> dict[str, str]:
    return {field.id: field.error for field in form.fields if field.error}


def field_of(reply: Reply, name: str) -> Field:
    assert reply.form is not None
    return next(field for field in reply.form.fields if field.id == name)


async def answer(c: Conversation, who: str, text: str) -> str:
    """Press the button under the last check-in and send the form."""
    opened = await c.press(next(choice for choice in c.last.choices if choice.id == "checkin_answer"), by=who)
    assert opened.form is not None
    return plain(await c.submit(who, "checkin_answer", opened.form.about, answer=text))


async def asked_on_tuesday(**answers: Any) -> Conversation:
    """A check-in that was just said, on the first Tuesday at ten."""
    c = await invited()
    await set_up(c, **answers)
    await c.wait_until("tue 10:00")
    return c


def listing(message: Message) -> tuple[str, ...]:
    return next(part.items for part in message.body if isinstance(part, Listing))


async def test_a_steward_sets_one_up_after_looking_at_the_next_five_dates() -> None:
    c = await invited()
    opened = await c.command("checkin new", by="ana")
    assert opened.form is not None and field_of(opened, "zone").value == ("UTC",)
    shown = await fill(c)
    assert shown.form is not None and shown.form.submit == "Save"
    for date in ("Tuesday 2026-03-03, 10:00", "2026-03-10", "2026-03-17", "2026-03-24", "2026-03-31"):
        assert date in shown.form.intro
    assert "First question: W" in shown.form.intro
    assert field_of(shown, "weekdays").value == ("tue",)
    saved = await fill(c, about=shown.form.about)
    assert saved.to_channel
    assert "every week on Tuesday at 10:00 (UTC)" in plain(saved)
    assert "The first one comes on Tuesday 2026-03-03, 10:00." in plain(saved)


async def test_the_question_that_the_preview_shows_is_the_one_that_comes() -> None:
    for start in range(6):
        c = Conversation(now=at("mon 08:00") + timedelta(minutes=7 * start))
        await c.invite()
        opened = await c.command("checkin new", by="ana")
        assert opened.form is not None
        c.now += timedelta(minutes=3)
        shown = await fill(c, about=opened.form.about)
        assert shown.form is not None
        c.now += timedelta(minutes=2)
        assert (await fill(c, about=shown.form.about)).to_channel
        again = await fill(c, about=shown.form.about)
        assert "open it again" in plain(again)
        await c.wait_until("tue 11:00")
        promised = shown.form.intro.partition("First question: ")[2].partition("?")[0]
        assert promised and promised in c.said[-1]


async def test_a_form_that_was_changed_after_the_preview_is_previewed_again() -> None:
    c = await invited()
    shown = await fill(c)
    assert shown.form is not None
    other = await fill(c, about=shown.form.about, at="11:00")
    assert other.form is not None and "Tuesday 2026-03-03, 11:00" in other.form.intro
    assert await c.house.store.check_ins.of(REF) == []


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"asks": "gossip"}, "asks"),
        ({"asks": "own"}, "own_question"),
        ({"asks": "own", "own_question": "x" * 201}, "own_question"),
        ({"every": "hourly"}, "every"),
        ({"weekdays": ()}, "weekdays"),
        ({"every": "month1", "weekdays": ("mon", "tue")}, "weekdays"),
        ({"every": "cron", "cron": "* * * * *"}, "cron"),
        ({"every": "cron", "cron": "0 9 32 * *"}, "cron"),
        ({"every": "cron", "cron": "0 9 31 2 *"}, "cron"),
        ({"at": "25:00"}, "at"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"country": "Narnia"}, "country"),
        ({"country": "DE-XX"}, "country"),
        ({"skips": "tomorrow"}, "skips"),
        ({"skips": "2026-02-30"}, "skips"),
        ({"answering": "telepathy"}, "answering"),
        ({"open_for": "1"}, "open_for"),
    ],
)
async def test_what_cannot_be_used_is_said_at_its_field(change: dict[str, Any], wrong: str) -> None:
    c = await invited()
    shown = await fill(c, **change)
    assert shown.form is not None and set(errors(shown.form)) == {wrong}
    assert shown.form.submit == "Show the next dates"
    for name, given in change.items():
        assert field_of(shown, name).value == (given if isinstance(given, tuple) else (given,))
    assert await c.house.store.check_ins.of(REF) == []


@pytest.mark.parametrize(
    ("change", "dates"),
    [
        ({"every": "week2", "weekdays": ("mon", "thu")}, ["03-02", "03-05", "03-16", "03-19", "03-30"]),
        ({"every": "month1", "weekdays": ("fri",)}, ["03-06", "04-03", "05-01", "06-05", "07-03"]),
        ({"every": "month5", "weekdays": ("mon",)}, ["03-30", "06-29", "08-31", "11-30", "03-29"]),
        ({"every": "last", "weekdays": ("fri",)}, ["03-27", "04-24", "05-29", "06-26", "07-31"]),
        ({"every": "cron", "cron": "30 9 1-7 * mon"}, ["03-02", "04-06", "05-04", "06-01", "07-06"]),
        ({"country": "IE", "skips": "2026-03-10 2026-03-24"}, ["03-03", "03-31", "04-07", "04-14", "04-21"]),
    ],
)
async def test_the_preview_shows_what_the_rhythm_means(change: dict[str, Any], dates: list[str]) -> None:
    c = await invited()
    shown = await fill(c, **change)
    assert shown.form is not None
    assert [line[-12:-7] for line in shown.form.intro.splitlines() if line.startswith("•")] == dates


async def test_every_second_week_begins_with_the_day_that_comes_first() -> None:
    c = await invited()
    shown = await fill(c, every="week2", weekdays=("mon",), at="07:00")  # it is Monday, past seven
    assert shown.form is not None
    assert "Monday 2026-03-09" in shown.form.intro and "Monday 2026-03-23" in shown.form.intro


async def test_only_who_may_change_settings_sets_one_up_and_anyone_sees_the_list() -> None:
    c = await invited()
    await set_up(c)
    assert "Only the person who invited Kith" in plain(await c.command("checkin new", by="bo"))
    assert "Only the person who invited Kith" in plain(await fill(c, by="bo"))
    for act in ("edit", "stop"):
        assert "Only the person who invited Kith" in plain(await c.command(f"checkin {act}", by="bo"))
    shown = await c.command("checkin list", by="bo")
    assert "“What we are here for”, every week on Tuesday at 10:00 (UTC)" in plain(shown)
    assert shown.message is not None and [choice.id for choice in shown.message.choices] == ["checkin_skip"]
    admin = await c.command("checkin", by="x", standing=Standing.ADMIN)
    assert admin.message is not None
    assert [choice.id for choice in admin.message.choices] == [f"checkin_{a}" for a in ("edit", "skip", "stop", "new")]


async def test_where_members_decide_any_member_sets_one_up() -> None:
    c = await invited(rule=CharterRule.MEMBERS)
    await set_up(c, by="bo")


async def test_on_its_day_it_is_asked_and_says_how_to_answer() -> None:
    c = await asked_on_tuesday()
    bank = {q.text for q in c.house.content.themes[Theme.PURPOSE].questions}
    lines = c.said[-1].splitlines()
    assert lines[0] in bank
    assert "until Wednesday 2026-03-04, 10:00 (UTC)" in lines[1]
    assert [choice.label for choice in c.last.choices] == ["Answer", "Why this question?"]


async def test_before_its_time_and_on_other_days_it_is_silent() -> None:
    c = await invited()
    await set_up(c)
    before = len(c.said)
    await c.wait_until("tue 09:00")
    assert len(c.said) == before
    await c.wait_until("tue 10:00")
    await c.wait_until("mon 23:00")
    await c.wait_until("1/mon 10:00")
    asked = [said for said in c.said if "If you like, answer with the button" in said]
    assert len(asked) == 1


async def test_five_answers_are_shown_without_names_and_followed_by_one_question_in_their_thread() -> None:
    c = await asked_on_tuesday()
    for who in PEOPLE:
        assert "Thank you" in await answer(c, who, f"a thought of {who[::-1]}-")
    await c.wait_until("wed 10:00")
    closing, follow_up = c.transcript.said[-2:]
    shown = listing(closing.message)
    assert set(shown) == {f"a thought of {who[::-1]}-" for who in PEOPLE}
    assert closing.place == Place(channel=REF)
    assert follow_up.place == Place(channel=REF, thread=closing.id)
    assert follow_up.message.plain.splitlines()[-1].endswith("?")
    (run,) = await c.house.store.runs.newest(REF)
    assert (run.state, run.salt) == (RunState.OVER, b"")


async def test_below_five_answers_nothing_is_shown_and_nothing_stays() -> None:
    c = await asked_on_tuesday()
    for who in PEOPLE[:4]:
        await answer(c, who, f"a thought of {who}")
    (run,) = await c.house.store.runs.newest(REF)
    await c.wait_until("wed 12:00")
    assert "Fewer than five people answered" in c.said[-1] and "thought" not in c.said[-1]
    assert await c.house.store.runs.answers(REF, run.id) == {}


async def test_who_answers_again_counts_once_and_may_take_it_back() -> None:
    c = await asked_on_tuesday()
    for who in (*PEOPLE, "ana"):
        await answer(c, who, "again" if who == "ana" else "once")
    opened = await c.press(c.last.choices[0], by="ana")
    assert opened.form is not None and "You have answered" in opened.form.intro
    assert "Taken back" in await answer(c, "bo", "   ")
    (run,) = await c.house.store.runs.newest(REF)
    assert sorted((await c.house.store.runs.answers(REF, run.id)).values()) == ["again", "once", "once", "once"]


async def test_an_empty_or_overlong_answer_is_told_at_its_field() -> None:
    c = await asked_on_tuesday()
    opened = await c.press(c.last.choices[0], by="bo")
    assert opened.form is not None
    for typed in ("", "x" * 301):
        again = await c.submit("bo", "checkin_answer", opened.form.about, answer=typed)
        assert again.form is not None and "up to 300 characters" in errors(again.form)["answer"]


async def test_after_it_closed_no_answer_is_taken_and_a_forged_button_does_nothing() -> None:
    c = await asked_on_tuesday()
    said = c.last.choices[0]
    opened = await c.press(said, by="bo")
    assert opened.form is not None
    await c.wait_until("wed 10:00")
    late = await c.submit("bo", "checkin_answer", opened.form.about, answer="late")
    assert "takes no answers any more" in plain(late)
    assert "takes no answers any more" in plain(await c.press(said, by="bo"))
    for forged in ("", "x", "0123456789ab-20260303"):
        assert "takes no answers any more" in plain(await c.press("checkin_answer", about=forged))
        assert "no longer here" in plain(await c.press("checkin_why", about=forged))
        assert "no longer there" in plain(await c.press("checkin_edit", about=forged))


async def test_a_check_in_in_the_thread_ends_there_with_one_question_if_anybody_wrote() -> None:
    c = await asked_on_tuesday(answering="thread")
    assert [choice.id for choice in c.last.choices] == ["checkin_why"]
    check_in = c.transcript.said[-1].id
    await c.say("bo", "that we ask before we build", when="tue 11:00", thread=check_in)
    await c.wait_until("wed 10:00")
    closing = c.transcript.said[-1]
    assert closing.place == Place(channel=REF, thread=check_in)
    assert "Kith keeps none of it" in closing.message.plain and closing.message.plain.endswith("?")
    assert "build" not in closing.message.plain


async def test_a_check_in_that_nobody_answered_in_the_thread_ends_without_a_word() -> None:
    c = await asked_on_tuesday(answering="thread")
    before = len(c.said)
    await c.wait_until("thu 10:00")
    assert len(c.said) == before
    (run,) = await c.house.store.runs.newest(REF)
    assert run.state is RunState.OVER


async def test_the_channel_is_reminded_once_and_only_while_few_have_answered() -> None:
    c = await asked_on_tuesday(reminds="yes", open_for="48")
    await c.wait_until("wed 10:00")
    assert [said for said in c.said if "still open" in said] == [c.said[-1]]
    assert [choice.id for choice in c.last.choices] == ["checkin_answer"]
    await c.wait_until("thu 09:00")
    assert len([said for said in c.said if "still open" in said]) == 1


async def test_a_silent_channel_is_not_reminded() -> None:
    c = await asked_on_tuesday(reminds="yes", open_for="48")
    await c.command("pause")
    await c.wait_until("wed 17:00")
    assert not [said for said in c.said if "still open" in said]


async def test_once_the_term_is_over_nothing_is_asked_even_before_kith_has_noticed() -> None:
    run = Run(
        ref=REF,
        check_in="0123456789ab",
        slot=Slot(day=at("mon 09:00").date(), at=at("mon 09:00")),
        state=RunState.WAITING,
    )
    term = agreed(invited_by("ana", at("mon 08:00")), at("mon 08:00"))
    assert may_check_in(run, term, at("mon 09:00")) is None
    over = replace(term, speaks_until=at("mon 09:00"))
    assert may_check_in(run, over, at("mon 09:00")) is Skipped.SILENT


async def test_where_enough_have_answered_nobody_is_reminded() -> None:
    c = await asked_on_tuesday(reminds="yes", open_for="48")
    for who in PEOPLE:
        await answer(c, who, "a thought")
    await c.wait_until("thu 09:00")
    assert not [said for said in c.said if "still open" in said]


async def test_a_closing_waits_for_working_hours() -> None:
    c = await asked_on_tuesday(weekdays=("fri",))
    await c.wait_until("fri 10:00")
    assert "until Monday 2026-03-09, 09:00" in c.said[-1]


async def test_an_own_question_is_asked_as_it_was_given_and_why_says_so() -> None:
    c = await asked_on_tuesday(asks="own", own_question="What did the   week teach us?")
    assert c.said[-1].splitlines()[0] == "What did the week teach us?"
    assert "Somebody here set this question up" in plain(await c.press(c.last.choices[-1]))


async def test_why_names_the_articles_point_and_why_it_may_be_fine() -> None:
    c = await asked_on_tuesday()
    why = plain(await c.press(c.last.choices[-1], by="bo"))
    assert "point 1" in why and "This may be fine here if" in why and "What we are here for" in why


async def test_paused_while_it_is_due_nothing_is_asked_and_the_ledger_says_why() -> None:
    c = await invited()
    await set_up(c)
    await c.wait_until("tue 09:00")
    await c.command("pause")
    await c.wait_until("tue 12:00")
    assert not [said for said in c.said if "If you like, answer" in said]
    assert "left out: Kith was asked to be silent" in plain(await c.command("ledger"))
    await c.command("resume", by="ana")
    await c.wait_until("1/tue 10:00")
    assert "If you like, answer" in c.said[-1]


async def test_paused_between_the_claim_and_the_sending_it_is_not_said() -> None:
    c = await invited()
    await set_up(c)
    c.now = at("tue 10:00")
    await fire_due(house=c.house, now=lambda: c.now)
    await c.charter_is(CharterState.PAUSED)
    await deliver(house=c.house, chat=c.transcript, now=lambda: c.now)
    (run,) = await c.house.store.runs.newest(REF)
    assert (run.state, run.reason) == (RunState.SKIPPED, Skipped.SILENT)
    assert "If you like" not in c.said[-1]


async def test_paused_while_it_is_open_nothing_is_shown_and_the_answers_go() -> None:
    c = await asked_on_tuesday()
    for who in PEOPLE:
        await answer(c, who, "a thought")
    before = len(c.said)
    await c.charter_is(CharterState.PAUSED)
    await c.wait_until("wed 12:00")
    (run,) = await c.house.store.runs.newest(REF)
    assert (run.state, await c.house.store.runs.answers(REF, run.id), len(c.said)) == (RunState.OVER, {}, before)


async def test_a_crash_between_claim_and_sending_loses_nothing_and_says_nothing_twice() -> None:
    c = await invited()
    await set_up(c)
    c.now = at("tue 10:00")
    await fire_due(house=c.house, now=lambda: c.now)
    (taken,) = await c.house.store.outbox.take(c.now, lease=timedelta(minutes=2))  # by a process that dies here
    await c.tick()
    assert "If you like" not in c.said[-1]
    c.now += timedelta(minutes=3)
    await c.tick()
    await c.tick()
    assert len([said for said in c.said if "If you like" in said]) == 1
    assert taken.about in c.last.choices[0].about


async def test_a_crash_after_the_sending_costs_one_repetition_at_most_and_opens_it_once() -> None:
    c = await asked_on_tuesday()
    (run,) = await c.house.store.runs.newest(REF)
    again = Outgoing(
        id="again", place=Place(channel=REF), kind=OutgoingKind.CHECK_IN, due_at=c.now, about=run.id
    )  # as a row would stand that was said and not yet settled
    await c.house.store.outbox.put(again)
    before = len(c.said)
    await c.tick()
    assert len(c.said) == before


async def test_said_too_late_it_is_left_out_and_noted() -> None:
    c = await invited()
    await set_up(c)
    c.now = at("tue 14:01")  # four hours of grace are over
    await c.tick()
    assert "If you like" not in c.said[-1]
    assert "left out: Kith could not speak at the time" in plain(await c.command("checkin"))


async def test_a_platform_that_does_not_take_it_within_its_grace_makes_it_late() -> None:
    class Down:
        async def post(self, place: Place, message: Message) -> str:
            raise PlatformError(problem="down")

    c = await invited()
    await set_up(c)
    up, c.chat = c.chat, Down()
    await c.wait_until("tue 16:00")
    c.chat = up
    await c.wait_until("wed 16:00")
    (run,) = await c.house.store.runs.newest(REF)
    assert (run.state, run.reason) == (RunState.SKIPPED, Skipped.LATE)


async def test_anyone_may_skip_the_next_one_and_everybody_hears_of_it() -> None:
    c = await invited()
    await set_up(c)
    skipped = await c.command("checkin skip", by="bo")
    assert skipped.to_channel
    assert "The check-in of Tuesday 2026-03-03, 10:00 is left out. The next one comes on Tuesday 2026-03-10" in plain(
        skipped
    )
    await c.wait_until("thu 10:00")
    assert "If you like" not in c.said[-1]
    await c.wait_until("1/tue 10:00")
    assert "If you like" in c.said[-1]


async def test_an_edit_on_the_day_it_asked_does_not_ask_twice_that_day() -> None:
    c = await asked_on_tuesday(open_for="4")
    (check_in,) = await c.house.store.check_ins.of(REF)
    opened = await c.command("checkin edit", by="ana")
    assert opened.form is not None and opened.form.about == check_in.id
    saved = await set_up(c, about=check_in.id, at="16:00", open_for="4")
    assert "The next one comes on Tuesday 2026-03-10, 16:00" in plain(saved)
    await c.wait_until("tue 17:00")
    assert len([said for said in c.said if "If you like" in said]) == 1


async def test_an_edit_while_it_is_due_meets_what_has_moved_on() -> None:
    c = await invited()
    await set_up(c)
    (check_in,) = await c.house.store.check_ins.of(REF)
    shown = await fill(c, about=check_in.id, at="11:00")
    assert shown.form is not None
    c.now = at("tue 10:00")
    await c.tick()
    saved = await fill(c, about=shown.form.about, at="11:00")
    assert "The next one comes on Tuesday 2026-03-10, 11:00" in plain(saved)


async def test_an_edit_swallows_no_slot_that_came_while_nobody_kept_time() -> None:
    c = await invited()
    await set_up(c, weekdays=("tue", "wed"))
    (check_in,) = await c.house.store.check_ins.of(REF)
    c.now = at("wed 16:00")  # Kith was down since before Tuesday's
    saved = await set_up(c, about=check_in.id, weekdays=("tue", "wed"), at="17:00")
    assert "The next one comes on Tuesday 2026-03-03, 17:00" in plain(saved)
    await c.tick()
    assert [run.slot.day.day for run in await c.house.store.runs.newest(REF)] == [3]
    await c.wait_until("wed 17:00")
    assert "If you like" in c.said[-1]


async def test_a_skip_leaves_out_one_slot_and_not_those_that_came_meanwhile() -> None:
    c = await invited()
    await set_up(c, weekdays=("tue", "wed"))
    c.now = at("wed 11:00")
    assert "The check-in of Tuesday 2026-03-03, 10:00 is left out" in plain(await c.command("checkin skip"))
    await c.tick()
    assert "If you like" in c.said[-1]


async def test_a_stopped_check_in_is_gone_with_what_waited_to_be_said() -> None:
    c = await asked_on_tuesday()
    for who in PEOPLE:
        await answer(c, who, "a thought")
    stopped = await c.command("checkin stop", by="ana")
    assert stopped.to_channel and "This check-in is stopped" in plain(stopped)
    before = len(c.said)
    await c.wait_until("2/tue 12:00")
    assert not [said for said in c.said[before:] if "What was said" in said or "If you like" in said]
    assert "This channel has no check-in" in plain(await c.command("checkin list"))


async def test_several_are_told_apart_by_number() -> None:
    c = await invited()
    for theme in ("purpose", "delight"):
        c.now += timedelta(minutes=1)
        await set_up(c, asks=theme)
    asked = plain(await c.command("checkin skip", by="bo"))
    assert "Which one? Add its number, as in /kith checkin skip 2." in asked
    assert "2. “Delight and thanks”" in asked
    assert "Which one?" in plain(await c.command("checkin stop 3", by="ana"))
    assert "Delight" in plain(await c.command("checkin stop 2", by="ana"))
    assert len(await c.house.store.check_ins.of(REF)) == 1


async def test_a_channel_has_four_at_most() -> None:
    c = await invited()
    for _ in range(4):
        c.now += timedelta(minutes=1)
        await set_up(c)
    assert "at most 4 check-ins" in plain(await c.command("checkin new", by="ana"))


async def test_where_kith_is_silent_none_is_set_up() -> None:
    c = await invited()
    await c.command("pause")
    assert "asked to be silent" in plain(await c.command("checkin new", by="ana"))


async def test_in_a_channel_of_four_a_form_could_never_be_shown() -> None:
    c = Conversation()
    await c.invite(members=4)
    shown = await fill(c)
    assert shown.form is not None and "Choose the thread" in errors(shown.form)["answering"]


async def test_a_person_sees_that_they_answered_and_may_have_it_deleted() -> None:
    c = await asked_on_tuesday()
    await answer(c, "bo", "a thought")
    assert "you answered the check-in of 2026-03-03" in plain(await c.command("data", by="bo"))
    assert "you answered" not in plain(await c.command("data", by="cy"))
    await c.press("forget_me", by="bo")
    (run,) = await c.house.store.runs.newest(REF)
    assert await c.house.store.runs.answers(REF, run.id) == {}


async def test_an_announcement_channel_keeps_its_check_ins_beyond_the_days_of_listening() -> None:
    c = Conversation()
    await c.invite(name="announcements", members=7)
    await set_up(c)
    await c.wait_until("5/tue 10:00")
    assert (await c.channel()).charter.state is CharterState.SPEAKING
    assert "If you like, answer with the button" in c.said[-1]
    assert not [said for said in c.said if "I have listened for 14 days" in said]


async def test_an_announcement_channel_is_asked_before_its_check_ins_end_with_the_term() -> None:
    c = Conversation()
    await c.invite(name="announcements", members=7)
    await set_up(c)
    await c.wait_until("2/mon 09:00")
    channel = await c.channel()
    ends = replace(channel.charter, speaks_until=c.now + timedelta(days=5))
    await c.house.store.channels.save(replace(channel, charter=ends))
    await c.wait_until("2/wed 12:00")
    assert [said for said in c.said if "My time here ends" in said]


async def test_an_announcement_channel_without_check_ins_falls_silent_as_before() -> None:
    c = Conversation()
    await c.invite(name="announcements", members=7)
    await c.wait_until("3/mon 10:00")
    assert (await c.channel()).charter.state is CharterState.LAPSED
    assert len(c.said) == 1


async def test_more_answers_than_a_message_holds_go_on_in_its_thread() -> None:
    c = await asked_on_tuesday()
    many = [f"person{n}" for n in range(60)]
    for who in many:
        await answer(c, who, f"thought {who}")
    await c.wait_until("wed 10:00")
    first, second, third, follow_up = c.transcript.said[-4:]
    shown = [line for said in (first, second, third) for line in listing(said.message)]
    assert sorted(shown) == sorted(f"thought {who}" for who in many)
    assert {said.place.thread for said in (second, third, follow_up)} == {first.id}
    assert "continued (3 of 3)" in third.message.plain


async def test_a_rehearsal_closes_when_its_time_is_over_whatever_the_hour() -> None:
    c = Conversation(settings=ChannelSettings(profile="rehearsal"))
    await c.invite(members=7)
    await set_up(c, weekdays=("fri",), at="22:00")
    await c.wait_until("fri 22:00")
    assert "until Saturday 2026-03-07, 22:00" in c.said[-1]


async def test_a_check_in_that_cannot_be_worked_out_keeps_no_other_from_being_asked() -> None:
    c = await invited()
    for theme in ("purpose", "delight"):
        c.now += timedelta(minutes=1)
        await set_up(c, asks=theme)
    broken = (await c.house.store.check_ins.of(REF))[0]
    zoneless = replace(broken, timing=replace(broken.timing, zone="Mars/Olympus"))
    assert await c.house.store.check_ins.save(zoneless)
    await c.wait_until("tue 12:00")
    assert len([said for said in c.said if "If you like" in said]) == 1


async def test_the_skip_button_of_the_list_does_what_the_command_does() -> None:
    c = await invited()
    await set_up(c)
    listed = await c.command("checkin", by="bo")
    assert "is left out" in plain(await c.press(button(listed, "checkin_skip"), by="bo"))


async def test_a_row_of_a_run_that_is_gone_is_dropped() -> None:
    c = await asked_on_tuesday()
    (run,) = await c.house.store.runs.newest(REF)
    await c.house.store.check_ins.stop(REF, run.check_in)
    await c.wait_until("wed 12:00")
    assert await c.house.store.outbox.take(c.now + timedelta(days=9), lease=timedelta(minutes=1)) == []


async def closed_by_a_process_that_died(answers: int) -> Conversation:
    """A check-in that so many answered, and the closing of which was begun and never said."""
    c = await asked_on_tuesday()
    for who in PEOPLE[:answers]:
        await answer(c, who, "a thought")
    (run,) = await c.house.store.runs.newest(REF)
    assert await c.house.store.runs.move(closed(run), was=RunState.OPEN)
    return c


async def test_too_few_answers_go_even_if_the_process_that_closed_it_died_before() -> None:
    c = await closed_by_a_process_that_died(4)
    (run,) = await c.house.store.runs.newest(REF)
    await c.wait_until("wed 12:00")
    assert "Fewer than five people answered" in c.said[-1]
    assert await c.house.store.runs.answers(REF, run.id) == {}


async def test_where_an_answer_can_be_read_no_more_and_four_are_left_nothing_is_shown() -> None:
    c = await closed_by_a_process_that_died(5)
    (run,) = await c.house.store.runs.newest(REF)
    assert isinstance(c.house.store, MemoryStore)
    c.house.store.check_ins.kept[REF].answers[run.id].popitem()
    await c.wait_until("wed 12:00")
    assert "Fewer than five people answered" in c.said[-1] and "a thought" not in c.said[-1]


async def test_paused_between_closing_and_showing_the_answers_go() -> None:
    c = await closed_by_a_process_that_died(5)
    before = len(c.said)
    await c.charter_is(CharterState.PAUSED)
    await c.wait_until("wed 12:00")
    (run,) = await c.house.store.runs.newest(REF)
    assert (run.state, await c.house.store.runs.answers(REF, run.id), len(c.said)) == (RunState.OVER, {}, before)


async def test_so_many_days_are_left_out_as_the_form_takes_and_no_more() -> None:
    c = await invited()
    await set_up(c)
    for _ in range(MOST_SKIPS):
        assert (await c.command("checkin skip", by="bo")).to_channel
    refused = await c.command("checkin skip", by="bo")
    assert not refused.to_channel and f"{MOST_SKIPS} days are left out already" in plain(refused)
    (check_in,) = await c.house.store.check_ins.of(REF)
    assert len(check_in.timing.skips) == MOST_SKIPS
