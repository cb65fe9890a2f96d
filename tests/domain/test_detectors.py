"""What a channel's counts show, and what they must not be taken for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.conversation import View, exchanges_of, lower_bound, shares, turns_of, upper_bound
from bot.domain.detectors import few_voices, findings_of, message_evidence, one_way_broadcast, unanswered_questions
from bot.domain.detectors.message_evidence import hits_needed
from bot.domain.patterns import MESSAGE_PATTERNS, Pattern
from bot.domain.window import Trace, Window
from tests.domain.test_reflection import windows
from tests.talk import MONDAY, talk

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")


def view(lines: str, *, members: int | None = None) -> View:
    return View(talk(lines, members=members))


def loudspeaker(reply: str = "") -> str:
    """Five notices a day for a week, most of them by one person; `reply` follows each, `{day} {hour}` filled in."""
    lines = []
    for day in WEEKDAYS:
        for hour, who in ((8, "ana"), (10, "ana"), (12, "ana"), (14, "ana"), (16, "bo")):
            lines.append(f"{day} {hour:02}:00 {who}: please note the new rota")
            if reply:
                lines.append(reply.format(day=day, hour=f"{hour:02}"))
    return "\n".join(lines)


def test_notices_that_nobody_answers_are_one_way_broadcast() -> None:
    found = one_way_broadcast.detect(view(loudspeaker(), members=9))
    assert found is not None
    assert found.counts["turns"] == 25 and found.counts["acknowledged"] == 0


def test_notices_that_people_answer_in_threads_are_not() -> None:
    assert one_way_broadcast.detect(view(loudspeaker("{day} {hour}:20 cy> what about nights?"), members=9)) is None


def test_notices_that_get_reactions_are_not() -> None:
    assert one_way_broadcast.detect(view(loudspeaker().replace("rota", "rota (+2)"), members=9)) is None


def test_a_channel_of_four_has_no_many_to_post_to() -> None:
    assert one_way_broadcast.detect(view(loudspeaker(), members=4)) is None


def test_a_window_of_a_few_messages_says_nothing() -> None:
    assert one_way_broadcast.detect(view("\n".join(loudspeaker().splitlines()[:12]), members=9)) is None


def test_one_busy_afternoon_is_a_burst_and_no_habit() -> None:
    lines = "\n".join(f"mon {13 + n // 10}:{(n % 10) * 6:02} ana: deploy step {n}" for n in range(30))
    assert one_way_broadcast.detect(view(lines, members=9)) is None


def conversation(others: str) -> str:
    """Two people talk all week; `others` are lines put in front."""
    lines = [line for line in others.splitlines() if line.strip()]
    for day in WEEKDAYS:
        for hour in range(9, 15):
            lines.append(f"{day} {hour:02}:10 ana: what if we moved the stand")
            lines.append(f"{day} {hour:02}:30 bo: it would block the lift")
    return "\n".join(lines)


FALLING_SILENT = """
    mon 08:00 cy: morning
    mon 08:10 dee: morning all
    mon 08:30 eli: I could take the first shift
"""


def test_two_voices_that_fill_a_conversation_while_others_fall_silent_are_few_voices() -> None:
    found = few_voices.detect(view(conversation(FALLING_SILENT)))
    assert found is not None and found.counts["fell_silent"] == 3


def test_a_pair_on_its_own_is_no_finding() -> None:
    assert few_voices.detect(view(conversation(""))) is None


def test_a_conversation_of_one_afternoon_or_within_one_thread_is_not_few_voices() -> None:
    week = conversation(FALLING_SILENT).replace("mon 08:00 cy: morning", "mon 07:50 fay: morning\n    mon 08:00 cy: hi")
    assert few_voices.detect(view(week)) is not None
    root, *rest = week.strip().splitlines()
    thread = "\n".join((root, *(line.replace(": ", "> ", 1) for line in rest)))
    assert few_voices.detect(view(thread)) is None
    silent = "mon 08:00 cy: morning\nmon 08:10 dee: morning\nmon 08:30 eli: hello\n"
    lines = "\n".join(f"mon {9 + n // 6:02}:{n % 6 * 10:02} {('ana', 'bo')[n % 2]}: and then" for n in range(30))
    assert few_voices.detect(view(silent + lines)) is None


def test_two_who_post_without_answering_one_another_are_no_conversation() -> None:
    early = "mon 08:00 cy: morning\nmon 10:00 dee: morning all\nmon 12:00 eli: I could take the first shift\n"
    who = {13: "ana", 15: "bo", 17: "ana", 19: "bo", 21: "ana"}
    notes = "\n".join(f"{day} {hour}:10 {name}: note to all" for day in WEEKDAYS for hour, name in who.items())
    assert few_voices.detect(view(early + notes)) is None


def test_a_reply_a_day_later_answers_and_one_after_that_does_not() -> None:
    for when, found in (("wed 08:59", "bo"), ("wed 09:01", None)):
        window = talk(f"tue 09:00 ana: who has the key?\n{when} bo> I do")
        assert exchanges_of(turns_of(window.traces))[0].answered_by == found


def test_others_who_still_speak_late_in_the_week_are_room_enough() -> None:
    late = "\n".join(f"fri 15:{n:02} {who}: agreed" for n, who in ((0, "cy"), (10, "dee"), (20, "eli")))
    assert few_voices.detect(view(conversation(FALLING_SILENT) + "\n" + late)) is None


def questions(suffix: str = "", after: str = "") -> str:
    lines = []
    for n, day in enumerate(("mon", "tue", "wed", "thu", "fri", "mon")):
        week = "1/" if n == 5 else ""
        lines.append(f"{week}{day} 09:00 {('ana', 'bo', 'cy')[n % 3]}: who has the key to the store? {suffix}")
        if after:
            lines.append(after.format(day=week + day))
    return "\n".join([*lines, "1/wed 12:00 dee: the lift is back"])


def test_questions_that_stay_open_are_found() -> None:
    found = unanswered_questions.detect(view(questions()))
    assert found is not None and found.counts == {"questions": 6, "open": 6, "people": 3}


@pytest.mark.parametrize(
    ("suffix", "after"),
    [
        ("", "{day} 15:00 dee> I do"),
        ("", "{day} 09:40 eli: Dee has it"),
        ("(+1)", ""),
        ("(edited)", ""),
    ],
    ids=["a reply in the thread", "a reply within the hour", "a reaction", "an edit by the asker"],
)
def test_questions_that_found_an_answer_are_not(suffix: str, after: str) -> None:
    assert unanswered_questions.detect(view(questions(suffix, after))) is None


def test_a_question_of_this_morning_may_yet_be_answered() -> None:
    lines = "\n".join(f"mon {9 + n:02}:00 {('ana', 'bo', 'cy')[n % 3]}: who has the key?" for n in range(8))
    assert unanswered_questions.detect(view(lines)) is None


def test_one_persons_open_questions_are_not_the_channels() -> None:
    lines = questions().replace("bo:", "ana:").replace("cy:", "ana:")
    assert unanswered_questions.detect(view(lines)) is None


def test_two_clear_messages_by_two_people_are_a_finding_in_a_small_window() -> None:
    window = talk("mon 09:00 ana: 500 posts [numbers_obsessed]\nmon 10:00 bo: 600 [numbers_obsessed]")
    (finding,) = findings_of(window)
    assert finding.pattern is Pattern.NUMBERS_OBSESSED
    assert finding.counts == {"messages": 2, "people": 2, "days": 1, "share": 1.0, "of": 2}


def test_two_clear_messages_by_one_person_are_not() -> None:
    window = talk("mon 09:00 ana: 500 posts [numbers_obsessed]\nmon 10:00 ana: 600 [numbers_obsessed]")
    assert findings_of(window) == ()


def test_in_a_busy_window_two_hits_are_what_chance_would_bring() -> None:
    quiet = "\n".join(f"tue {n // 60 + 8:02}:{n % 60:02} dee: fine" for n in range(600))
    window = talk("mon 09:00 ana: 500 [numbers_obsessed]\nmon 10:00 bo: 600 [numbers_obsessed]\n" + quiet)
    assert findings_of(window, MESSAGE_PATTERNS) == ()


def test_messages_of_one_person_within_five_minutes_are_one_turn() -> None:
    window = talk(
        "mon 09:00 ana: one\nmon 09:03 ana: two\nmon 09:07 bo: three\nmon 09:08 ana: four\nmon 09:30 ana: five"
    )
    assert [turn.author for turn in turns_of(window.traces)] == ["ana", "bo", "ana", "ana"]


# -- what holds for every window -----------------------------------------------------------------------------------


@given(windows)
def test_the_turns_hold_every_message_once(window: Window) -> None:
    keys = [key for turn in turns_of(window.traces) for key in turn.keys]
    assert sorted(keys) == sorted(trace.key for trace in window.traces)


@given(windows)
def test_shares_fall_and_add_up_to_one(window: Window) -> None:
    found = shares(turns_of(window.traces))
    assert list(found) == sorted(found, reverse=True)
    assert not found or sum(found) == pytest.approx(1)


@given(windows)
def test_nobody_answers_themselves(window: Window) -> None:
    assert all(e.answered_by != e.turn.author for e in exchanges_of(turns_of(window.traces)))


@given(windows, st.data())
def test_a_reaction_never_brings_a_channel_finding_about(window: Window, data: st.DataObject) -> None:
    before = {finding.pattern for finding in findings_of(window)}
    if not window.traces:
        return
    index = data.draw(st.integers(0, len(window.traces) - 1))
    liked = replace(window.traces[index], reactions=window.traces[index].reactions + 1)
    after = replace(window, traces=(*window.traces[:index], liked, *window.traces[index + 1 :]))
    assert {f.pattern for f in findings_of(after)} <= before


@given(st.integers(0, 500), st.integers(0, 500))
def test_the_bounds_hold_the_share_between_them(successes: int, more: int) -> None:
    trials = successes + more
    low, high = lower_bound(successes, trials), upper_bound(successes, trials)
    assert 0 <= low <= high <= 1
    if trials:
        assert low <= successes / trials + 1e-9 and high >= successes / trials - 1e-9


@given(st.integers(0, 100_000))
def test_a_busier_window_never_needs_fewer_hits(messages: int) -> None:
    assert message_evidence.LEAST_MESSAGES <= hits_needed(messages) <= hits_needed(messages + 1)


@given(st.lists(st.integers(0, 14 * 24 * 60 - 1), min_size=1, max_size=40), st.sampled_from(MESSAGE_PATTERNS))
def test_what_a_finding_counts_is_never_more_than_there_is(minutes: list[int], pattern: Pattern) -> None:
    traces = tuple(
        Trace(key=str(n), author=f"p{n % 4}", at=MONDAY + timedelta(minutes=m), evidence={pattern: 0.9})
        for n, m in enumerate(sorted(minutes))
    )
    for finding in findings_of(Window(opened_at=MONDAY, traces=traces)):
        assert finding.counts["people"] <= finding.counts["messages"] <= finding.counts["of"]
        assert finding.counts["days"] <= 14
