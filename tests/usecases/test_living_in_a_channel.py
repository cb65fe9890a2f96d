"""Kith's life in a channel, told as conversations on the in-memory twin."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.channel import ChannelSettings
from bot.domain.charter import CharterRule, CharterState
from bot.domain.events import KithRemoved, MessageDeleted, MessageEdited, MessagePosted, ReactionChanged, Standing
from bot.domain.ledger import HeldReason
from bot.domain.patterns import Pattern
from bot.domain.reading import Reading
from bot.domain.speech import Emphasis, Message, Paragraph, Place
from bot.errors import PlatformBusyError, PlatformError
from bot.usecases.receive import receive
from tests.readers import MarkedReader
from tests.talk import REF, at
from tests.usecases.conversation import Conversation, narrow_to_numbers, plain


def question_in(message: Message) -> str:
    return next(p.text for p in message.body if isinstance(p, Paragraph) and p.emphasis is Emphasis.QUESTION)


async def speaking(**facts: object) -> Conversation:
    """A channel that listened for two weeks and said yes."""
    c = Conversation(**facts)  # type: ignore[arg-type]
    await c.invite()
    await c.wait_until("2/mon 09:00")
    await c.press("agree", by="ana")
    return c


async def test_kith_introduces_itself_and_only_then_listens() -> None:
    c = Conversation()
    await c.invite()
    (introduction,) = c.said
    assert "I keep no messages" in introduction
    assert (await c.channel()).charter.state is CharterState.LISTENING


async def test_while_listening_kith_says_nothing_and_notes_what_it_would_have_asked() -> None:
    c = Conversation()
    await c.invite()
    await narrow_to_numbers(c)
    await c.wait_until("wed 12:00")
    assert len(c.said) == 1
    assert HeldReason.LISTENING in {entry.reason for entry in await c.ledger()}


async def test_after_fourteen_days_kith_shows_what_it_would_have_asked_and_asks_to_go_on() -> None:
    c = Conversation()
    await c.invite()
    await narrow_to_numbers(c)
    await c.wait_until("2/mon 10:00")
    assert len(c.said) == 2
    assert "This is what I would have asked" in c.said[1] and c.said[1].count("?") >= 2
    assert [choice.id for choice in c.last.choices] == ["agree", "pause", "leave"]


async def test_a_channel_with_nothing_to_ask_hears_so_plainly() -> None:
    c = Conversation()
    await c.invite()
    await c.wait_until("2/mon 10:00")
    assert "would not have asked anything" in c.said[1]


async def test_only_the_steward_may_say_yes_unless_members_decide() -> None:
    c = Conversation()
    await c.invite(by="ana")
    await c.wait_until("2/mon 10:00")
    assert "Only the person who invited Kith" in plain(await c.press("agree", by="bo"))
    assert (await c.channel()).charter.state is CharterState.LISTENING
    members = Conversation(rule=CharterRule.MEMBERS)
    await members.invite(by="ana")
    await members.wait_until("2/mon 10:00")
    await members.press("agree", by="bo")
    assert (await members.channel()).charter.state is CharterState.SPEAKING


async def test_a_yes_before_kith_has_asked_changes_nothing() -> None:
    c = Conversation()
    await c.invite()
    assert "still listening" in plain(await c.press("agree", by="ana"))
    assert (await c.channel()).charter.state is CharterState.LISTENING


async def test_when_talk_narrows_kith_asks_the_room_one_question_ten_quiet_minutes_later() -> None:
    c = await speaking()
    before = len(c.said)
    await narrow_to_numbers(c, week="3")
    assert len(c.said) == before
    await c.wait_until("3/tue 11:00")
    assert len(c.said) == before + 1
    assert question_in(c.last).endswith("?")
    assert c.transcript.said[-1].place == Place(channel=REF)
    assert [choice.id for choice in c.last.choices] == ["why", "useful", "not_now", "not_here"]


async def test_the_next_question_waits_a_week_and_the_ledger_says_why() -> None:
    c = await speaking()
    await narrow_to_numbers(c, week="3")
    await c.wait_until("3/tue 12:00")
    spoken = len(c.said)
    for when, who in (
        ("wed 09:00", "ana"),
        ("wed 11:00", "bo"),
        ("wed 15:00", "cy"),
        ("thu 09:00", "ana"),
        ("thu 09:30", "dee"),
        ("thu 09:45", "bo"),
    ):
        await c.say(who, "everyone has one [reactionary]", when=f"3/{when}")
    await c.wait_until("3/thu 16:00")
    assert len(c.said) == spoken
    assert HeldReason.BUDGET_SPENT in {e.reason for e in await c.ledger() if e.pattern is Pattern.REACTIONARY}


async def test_why_shows_the_counts_the_thresholds_the_article_and_one_reason_it_may_be_fine() -> None:
    c = await speaking()
    await narrow_to_numbers(c, week="3")
    await c.wait_until("3/tue 12:00")
    answer = plain(await c.press(c.last.choices[0]))
    assert "5 messages by 3 people on 2 days" in answer and "100%" in answer
    assert "from 5 messages by 3 people on 2 days" in answer
    assert "CV Harquail" in answer and "point 6" in answer
    assert "This may be fine here if" in answer
    assert answer == plain(await c.command("why"))


async def test_not_here_stills_the_pattern_for_sixty_days() -> None:
    c = await speaking()
    await narrow_to_numbers(c, week="3")
    await c.wait_until("3/tue 12:00")
    assert "60 days" in plain(await c.press(c.last.choices[3]))
    until = (await c.channel()).history.stilled[Pattern.NUMBERS_OBSESSED]
    assert until == c.now + timedelta(days=60)


async def test_three_not_here_in_a_row_and_kith_pauses_itself_and_says_so() -> None:
    c = await speaking(settings=ChannelSettings(profile="attentive"))
    for day, pattern in (("mon", "numbers_obsessed"), ("wed", "reactionary"), ("fri", "vendor_driven")):
        await c.say("ana", f"look at this [{pattern}]", when=f"3/{day} 10:00")
        await c.press(c.last.choices[3])
    assert (await c.channel()).charter.state is CharterState.PAUSED
    assert "I stop asking" in c.said[-1]


async def test_pressing_not_here_again_on_the_same_question_counts_once() -> None:
    c = await speaking(settings=ChannelSettings(profile="attentive"))
    await c.say("ana", "look at this [numbers_obsessed]", when="3/mon 10:00")
    question = c.last
    for _ in range(3):
        await c.press(question.choices[3])
    assert (await c.channel()).charter.state is CharterState.SPEAKING


async def test_useful_breaks_the_row() -> None:
    c = await speaking(settings=ChannelSettings(profile="attentive"))
    for day, pattern, press in (
        ("mon", "numbers_obsessed", 3),
        ("tue", "reactionary", 3),
        ("wed", "vendor_driven", 1),
        ("thu", "all_business", 3),
    ):
        await c.say("ana", f"look at this [{pattern}]", when=f"3/{day} 10:00")
        await c.press(c.last.choices[press])
    assert (await c.channel()).charter.state is CharterState.SPEAKING


async def test_the_attentive_profile_answers_in_the_thread_of_the_message() -> None:
    c = await speaking(settings=ChannelSettings(profile="attentive"))
    message = await c.say("ana", "500 posts by March [numbers_obsessed]", when="3/mon 10:00")
    assert c.transcript.said[-1].place == Place(channel=REF, thread=message)


async def test_a_second_clear_message_on_the_same_day_meets_the_daily_ceiling() -> None:
    c = await speaking(settings=ChannelSettings(profile="attentive"))
    await c.say("ana", "500 posts by March [numbers_obsessed]", when="3/mon 10:00")
    spoken = len(c.said)
    await c.say("bo", "everyone has one [reactionary]", when="3/mon 15:00")
    assert len(c.said) == spoken
    assert HeldReason.DAILY_CEILING in {entry.reason for entry in await c.ledger()}


async def test_anyone_may_pause_and_the_steward_resumes() -> None:
    c = await speaking()
    reply = await c.command("pause", by="bo")
    assert reply.to_channel and "silent" in plain(reply)
    assert "Only the person" in plain(await c.command("resume", by="bo"))
    assert "listening again" in plain(await c.command("resume", by="ana"))
    assert (await c.channel()).charter.state is CharterState.SPEAKING


async def test_an_admin_may_resume_too() -> None:
    c = await speaking()
    await c.command("pause")
    await c.command("resume", by="zed", standing=Standing.ADMIN)
    assert (await c.channel()).charter.state is CharterState.SPEAKING


async def test_a_paused_kith_asks_nothing() -> None:
    c = await speaking()
    await c.command("pause")
    before = len(c.said)
    await narrow_to_numbers(c, week="3")
    await c.wait_until("3/wed 12:00")
    assert len(c.said) == before


async def test_leaving_needs_one_word_and_leaves_nothing() -> None:
    c = await speaking()
    reply = await c.command("leave", by="bo")
    assert reply.to_channel and "deleted" in plain(reply)
    assert await c.house.store.channels.get(REF) is None
    assert await c.ledger() == []


async def test_a_term_ends_in_silence_unless_somebody_renews_it() -> None:
    c = await speaking()
    await c.wait_until("14/mon 12:00")
    assert "another 90 days" in c.said[-1]
    await c.wait_until("15/wed 12:00")
    assert (await c.channel()).charter.state is CharterState.LAPSED
    assert "nobody asked me to stay" in c.said[-1]
    await c.press(c.last.choices[0], by="ana")
    assert (await c.channel()).charter.state is CharterState.SPEAKING


async def test_a_repeated_delivery_is_heard_once() -> None:
    c = await speaking(settings=ChannelSettings(profile="attentive"))
    twice = MessagePosted(channel=REF, message="m1", author="ana", at=c.now, text="500 posts [numbers_obsessed]")
    await receive(twice, house=c.house, now=c.now)
    await c.tick()
    spoken = len(c.said)
    await receive(twice, house=c.house, now=c.now)
    await c.tick()
    assert len((await c.house.store.traces.window(REF, c.now)).traces) == 1
    assert len(c.said) == spoken


async def test_guests_are_a_voice_and_are_not_read() -> None:
    c = await speaking()
    await c.say("gus", "500 posts [numbers_obsessed]", when="3/mon 09:00", guest=True)
    (trace,) = (await c.house.store.traces.window(REF, c.now)).traces
    assert not trace.evidence


async def test_who_opted_out_is_not_read_and_may_come_back() -> None:
    c = await speaking()
    await c.press("opt_out", by="bo")
    await c.say("bo", "500 posts [numbers_obsessed]", when="3/mon 09:00")
    assert "asked Kith not to read" in plain(await c.command("data", by="bo"))
    await c.press("opt_in", by="bo")
    await c.say("bo", "500 posts [numbers_obsessed]", when="3/mon 09:10")
    first, second = (await c.house.store.traces.window(REF, c.now)).traces
    assert not first.evidence and second.evidence


async def test_an_edit_by_a_guest_or_by_who_opted_out_is_not_read_either() -> None:
    c = await speaking()
    await c.press("opt_out", by="bo")
    for who, guest in (("gus", True), ("bo", False)):
        message = await c.say(who, "hello", when="3/mon 09:00", guest=guest)
        text = "500 posts [numbers_obsessed]"
        edit = MessageEdited(channel=REF, message=message, author=who, at=c.now, text=text, by_guest=guest)
        await receive(edit, house=c.house, now=c.now)
    traces = (await c.house.store.traces.window(REF, c.now)).traces
    assert [(trace.edited, dict(trace.evidence)) for trace in traces] == [(True, {})] * 2


async def test_forget_me_deletes_ones_own_traces_alone() -> None:
    c = await speaking()
    await c.say("bo", "morning", when="3/mon 09:00")
    await c.say("cy", "morning", when="3/mon 09:01")
    await c.press("forget_me", by="bo")
    assert len((await c.house.store.traces.window(REF, c.now)).traces) == 1


async def test_an_edit_changes_what_was_read_and_never_makes_kith_speak() -> None:
    c = await speaking(settings=ChannelSettings(profile="attentive"))
    message = await c.say("ana", "we should talk", when="3/mon 09:00")
    before = len(c.said)
    edited = MessageEdited(channel=REF, message=message, author="ana", at=c.now, text="500 posts [numbers_obsessed]")
    await receive(edited, house=c.house, now=c.now)
    await c.tick()
    (trace,) = (await c.house.store.traces.window(REF, c.now)).traces
    assert trace.evidence and trace.edited and len(c.said) == before


async def test_an_edit_keeps_no_topic_of_a_message_that_carries_nothing() -> None:
    class Topical(MarkedReader):
        async def read(self, text: str, *, explain: bool = False) -> Reading:
            return replace(await super().read(text, explain=explain), topics=("app",))

    c = await speaking()
    c.house = replace(c.house, reader=Topical())
    message = await c.say("ana", "500 posts [numbers_obsessed]", when="3/mon 09:00")
    edited = MessageEdited(channel=REF, message=message, author="ana", at=c.now, text="we should talk")
    await receive(edited, house=c.house, now=c.now)
    (trace,) = (await c.house.store.traces.window(REF, c.now)).traces
    assert trace.evidence == {} and trace.topics == ()


async def test_a_deleted_message_leaves_no_trace() -> None:
    c = await speaking()
    message = await c.say("ana", "500 posts [numbers_obsessed]", when="3/mon 09:00")
    await receive(MessageDeleted(channel=REF, message=message, at=c.now), house=c.house, now=c.now)
    assert (await c.house.store.traces.window(REF, c.now)).traces == ()


async def test_reactions_by_others_count_and_ones_own_do_not() -> None:
    c = await speaking()
    message = await c.say("ana", "look", when="3/mon 09:00")
    for who in ("ana", "bo"):
        await receive(ReactionChanged(channel=REF, message=message, by=who, at=c.now), house=c.house, now=c.now)
    (trace,) = (await c.house.store.traces.window(REF, c.now)).traces
    assert trace.reactions == 1


async def test_being_removed_forgets_the_channel() -> None:
    c = await speaking()
    await receive(KithRemoved(channel=REF, at=c.now), house=c.house, now=c.now)
    assert await c.house.store.channels.get(REF) is None


async def test_an_announcement_channel_is_never_asked_anything() -> None:
    c = Conversation()
    await c.invite(name="company-announcements")
    await c.wait_until("2/mon 09:00")
    await c.press("agree", by="ana")
    before = len(c.said)
    await narrow_to_numbers(c, week="3")
    await c.wait_until("3/wed 12:00")
    assert len(c.said) == before
    assert {entry.reason for entry in await c.ledger()} == {HeldReason.NOT_A_CONVERSATION}


class Stubborn:
    """A chat that refuses so many times before it lets a message through."""

    def __init__(self, refusals: int, error: PlatformError) -> None:
        self.refusals, self.error, self.posted = refusals, error, 0

    async def post(self, place: Place, message: Message) -> str:
        if self.refusals:
            self.refusals -= 1
            raise self.error
        self.posted += 1
        return "id"


async def test_a_busy_platform_is_tried_again_after_the_wait_it_asks_for() -> None:
    chat = Stubborn(1, PlatformBusyError(seconds=120, problem="too fast"))
    c = Conversation(chat=chat)
    await c.invite()
    assert chat.posted == 0 and (await c.channel()).charter.state is CharterState.INVITED
    c.now += timedelta(seconds=119)
    await c.tick()
    assert chat.posted == 0
    c.now += timedelta(seconds=1)
    await c.tick()
    assert chat.posted == 1 and (await c.channel()).charter.state is CharterState.LISTENING


async def test_a_platform_that_never_answers_is_given_up_on_after_eight_tries() -> None:
    chat = Stubborn(99, PlatformError(problem="gone"))
    c = Conversation(chat=chat)
    await c.invite()
    await c.wait_until("wed 09:00")
    assert chat.refusals == 99 - 8
    assert at("wed 09:00") == c.now
