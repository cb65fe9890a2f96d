"""Deciding: what is asked, what is held back and why, and what no input whatever can bring about."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.prompt_files import shipped_content
from bot.domain.channel import Asked, ChannelKind, ChannelSettings, History, Run
from bot.domain.charter import CharterState
from bot.domain.findings import Finding
from bot.domain.ledger import HeldReason
from bot.domain.patterns import CHANNEL_PATTERNS, Pattern
from bot.domain.reflection import Decision, decide, runs_after
from bot.domain.restraint import ATTENTIVE, DAILY_CEILING, GENTLE, PROFILES, REHEARSAL, Placement
from bot.domain.window import WINDOW_LENGTH, Trace, Window
from tests.talk import MONDAY, at, channel, talk

CONTENT = shipped_content()

FIVE_CLEAR = """
    mon 09:00 ana: 500 posts by March [numbers_obsessed]
    mon 11:00 bo: we are at 212 [numbers_obsessed]
    mon 15:00 cy: the list again [numbers_obsessed]
    tue 09:00 ana: second place this week [numbers_obsessed]
    tue 10:00 bo: one more each [numbers_obsessed]
"""
AFTERWARDS = at("tue 10:30")


def held_reason(decision: Decision) -> HeldReason:
    assert decision.nudge is None
    (held,) = decision.held
    return held.reason


def test_five_clear_messages_by_three_people_on_two_days_bring_one_question_to_the_room() -> None:
    three = FIVE_CLEAR
    decision = decide(talk(three), channel(), GENTLE, CONTENT, AFTERWARDS)
    assert decision.nudge is not None
    assert decision.nudge.finding.pattern is Pattern.NUMBERS_OBSESSED
    assert decision.nudge.placement is Placement.ROOM
    assert decision.nudge.wording.spoken(CONTENT).endswith("?")


def test_ordinary_talk_brings_nothing_at_all() -> None:
    assert (
        decide(talk("mon 09:00 ana: lunch?\nmon 09:01 bo: yes"), channel(), GENTLE, CONTENT, AFTERWARDS) == Decision()
    )


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (FIVE_CLEAR.replace("    mon 15:00 cy: the list again [numbers_obsessed]\n", ""), HeldReason.TOO_FEW_MESSAGES),
        (FIVE_CLEAR.replace("cy", "ana"), HeldReason.TOO_FEW_PEOPLE),
        (FIVE_CLEAR.replace("tue 09", "mon 16").replace("tue 10", "mon 17"), HeldReason.TOO_FEW_DAYS),
    ],
)
def test_less_than_the_gentle_evidence_is_held_back(lines: str, reason: HeldReason) -> None:
    assert held_reason(decide(talk(lines), channel(), GENTLE, CONTENT, AFTERWARDS)) is reason


def test_a_pattern_that_is_a_small_part_of_the_talk_is_held_back() -> None:
    others = "\n".join(f"mon 1{n}:3{n} dee: the tool first [technology_driven]" for n in range(0, 9) if n < 6)
    more = "\n".join(f"mon 1{n}:4{n} eli: new gadget [technology_driven]" for n in range(0, 6))
    decision = decide(talk(FIVE_CLEAR + others + "\n" + more), channel(), GENTLE, CONTENT, AFTERWARDS)
    reasons = {held.finding.pattern: held.reason for held in decision.held}
    assert reasons[Pattern.NUMBERS_OBSESSED] is HeldReason.SMALL_SHARE


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (CharterState.LISTENING, HeldReason.LISTENING),
        (CharterState.INVITED, HeldReason.LISTENING),
        (CharterState.PAUSED, HeldReason.PAUSED),
        (CharterState.LAPSED, HeldReason.LAPSED),
    ],
)
def test_without_the_channels_yes_kith_keeps_silent(state: CharterState, reason: HeldReason) -> None:
    assert held_reason(decide(talk(FIVE_CLEAR), channel(state), GENTLE, CONTENT, AFTERWARDS)) is reason


@pytest.mark.parametrize("kind", [kind for kind in ChannelKind if kind is not ChannelKind.CONVERSATION])
def test_kith_asks_in_conversations_alone(kind: ChannelKind) -> None:
    there = replace(channel(), kind=kind)
    assert held_reason(decide(talk(FIVE_CLEAR), there, GENTLE, CONTENT, AFTERWARDS)) is HeldReason.NOT_A_CONVERSATION


def test_a_pattern_switched_off_is_left_alone() -> None:
    settings = ChannelSettings(patterns_off=frozenset({Pattern.NUMBERS_OBSESSED}))
    decision = decide(talk(FIVE_CLEAR), channel(settings=settings), GENTLE, CONTENT, AFTERWARDS)
    assert held_reason(decision) is HeldReason.PATTERN_OFF


def test_not_here_stills_a_pattern_until_its_time_is_over() -> None:
    stilled = History(stilled={Pattern.NUMBERS_OBSESSED: AFTERWARDS + timedelta(days=1)})
    over = History(stilled={Pattern.NUMBERS_OBSESSED: AFTERWARDS})
    assert (
        held_reason(decide(talk(FIVE_CLEAR), channel(history=stilled), GENTLE, CONTENT, AFTERWARDS))
        is HeldReason.STILLED
    )
    assert decide(talk(FIVE_CLEAR), channel(history=over), GENTLE, CONTENT, AFTERWARDS).nudge is not None


def asked(days_ago: float, pattern: Pattern = Pattern.FEW_VOICES, question: str = "few-voices-01") -> History:
    return History(asked=(Asked(at=AFTERWARDS - timedelta(days=days_ago), pattern=pattern, question=question),))


@pytest.mark.parametrize(
    ("history", "reason"),
    [
        (asked(0.5), HeldReason.DAILY_CEILING),
        (asked(6), HeldReason.BUDGET_SPENT),
        (History(asked=asked(20).asked + asked(10).asked), HeldReason.BUDGET_SPENT),
        (asked(29, Pattern.NUMBERS_OBSESSED, "numbers-obsessed-01"), HeldReason.PATTERN_RESTS),
    ],
)
def test_what_was_asked_lately_holds_the_next_question_back(history: History, reason: HeldReason) -> None:
    assert held_reason(decide(talk(FIVE_CLEAR), channel(history=history), GENTLE, CONTENT, AFTERWARDS)) is reason


@pytest.mark.parametrize("when", ["sat 10:00", "tue 20:00", "fri 14:00", "1/sun 12:00"])
def test_outside_working_hours_the_question_waits_for_the_next_opening(when: str) -> None:
    decision = decide(talk(FIVE_CLEAR), channel(), GENTLE, CONTENT, at(when))
    assert held_reason(decision) is HeldReason.OUTSIDE_HOURS
    again = decision.held[0].look_again_at
    assert again is not None
    assert decide(talk(FIVE_CLEAR), channel(), GENTLE, CONTENT, again).nudge is not None


def test_nobody_is_interrupted_and_ten_quiet_minutes_later_the_question_comes() -> None:
    decision = decide(talk(FIVE_CLEAR), channel(), GENTLE, CONTENT, at("tue 10:05"))
    assert held_reason(decision) is HeldReason.PEOPLE_ARE_TALKING
    assert decision.held[0].look_again_at == at("tue 10:10")


def test_a_channel_pattern_waits_for_a_second_window_in_the_gentle_profile() -> None:
    lines = "\n".join(
        f"{day} {hour:02}:00 {who}: notice"
        for day in ("mon", "tue", "wed", "thu", "fri")
        for hour, who in ((8, "ana"), (10, "ana"), (12, "ana"), (14, "ana"), (16, "bo"))
    )
    window = talk(lines, members=12)
    first = decide(window, channel(), GENTLE, CONTENT, at("1/mon 10:00"))
    assert held_reason(first) is HeldReason.ONE_WINDOW_ONLY
    standing = History(runs={Pattern.ONE_WAY_BROADCAST: Run(window=MONDAY - WINDOW_LENGTH)})
    second = decide(window, channel(history=standing), GENTLE, CONTENT, at("1/mon 10:00"))
    assert second.nudge is not None and second.nudge.finding.pattern is Pattern.ONE_WAY_BROADCAST


@pytest.mark.parametrize(("gap", "windows"), [(1, 3), (2, 1), (0, 2)])
def test_windows_in_a_row_follow_one_another_without_a_gap(gap: int, windows: int) -> None:
    pattern = Pattern.ONE_WAY_BROADCAST
    before = History(runs={pattern: Run(window=MONDAY - gap * WINDOW_LENGTH, windows=2)})
    finding = Finding(pattern=pattern, counts={}, strength=1.0, last_seen=MONDAY)
    after = runs_after(channel(history=before), (finding,), Window(opened_at=MONDAY))
    assert after[pattern] == Run(window=MONDAY, windows=windows)


def test_the_attentive_profile_answers_one_very_clear_message_in_its_thread() -> None:
    window = talk("mon 09:00 ana: 500 posts by March [numbers_obsessed]")
    decision = decide(
        window,
        channel(),
        ATTENTIVE,
        CONTENT,
        at("mon 09:00"),
        heard=window.traces[0],
        clear=frozenset(window.traces[0].evidence),
    )
    assert decision.nudge is not None and decision.nudge.placement is Placement.THREAD
    assert decision.findings == ()


def test_the_gentle_profile_never_answers_one_message() -> None:
    window = talk("mon 09:00 ana: 500 posts by March [numbers_obsessed]")
    assert (
        decide(
            window,
            channel(),
            GENTLE,
            CONTENT,
            at("mon 09:00"),
            heard=window.traces[0],
            clear=frozenset(window.traces[0].evidence),
        )
        == Decision()
    )


def test_a_message_that_counts_towards_a_window_but_is_not_clear_alone_is_not_answered() -> None:
    window = talk("mon 09:00 ana: 500 posts by March [numbers_obsessed]")
    assert decide(window, channel(), ATTENTIVE, CONTENT, at("mon 09:00"), heard=window.traces[0]) == Decision()


def test_in_an_announcement_channel_one_way_talk_is_no_finding() -> None:
    lines = "\n".join(
        f"{day} {hour:02}:00 ana: notice" for day in ("mon", "tue", "wed", "thu") for hour in range(8, 14)
    )
    window = talk(lines, members=12)
    found = {f.pattern for f in decide(window, channel(), GENTLE, CONTENT, at("1/mon 10:00")).findings}
    assert found == {Pattern.ONE_WAY_BROADCAST}
    announcing = replace(channel(), kind=ChannelKind.ANNOUNCEMENT)
    assert decide(window, announcing, GENTLE, CONTENT, at("1/mon 10:00")) == Decision()


def test_in_a_rehearsal_the_same_evidence_is_not_asked_about_twice() -> None:
    window = talk("mon 09:00 ana: 500 posts by March [numbers_obsessed]\nmon 09:01 bo: aye [numbers_obsessed]")
    before = History(
        asked=(Asked(at=at("mon 09:01"), pattern=Pattern.NUMBERS_OBSESSED, question="numbers-obsessed-01"),)
    )
    assert (
        held_reason(decide(window, channel(history=before), REHEARSAL, CONTENT, at("mon 09:02")))
        is HeldReason.PATTERN_RESTS
    )


# -- what holds for every input ------------------------------------------------------------------------------------

PEOPLE = ["ana-7f3", "bo-91c", "cy-02d", "dee-5ab", "eli-44e", "fay-c10"]

traces = st.builds(
    Trace,
    key=st.uuids().map(str),
    author=st.sampled_from(PEOPLE),
    at=st.integers(0, 14 * 24 * 60 - 1).map(lambda minutes: MONDAY + timedelta(minutes=minutes)),
    thread=st.none(),
    question=st.booleans(),
    reactions=st.integers(0, 3),
    evidence=st.dictionaries(st.sampled_from(list(Pattern)[:7]), st.floats(0.5, 1.0), max_size=2),
    topics=st.lists(st.sampled_from(["leaderboard", "posts", "app"]), max_size=2).map(tuple),
)
windows = st.lists(traces, max_size=60).map(
    lambda found: Window(opened_at=MONDAY, traces=tuple(sorted(found, key=lambda t: t.at)), members=9)
)
questions = [(p, q.id) for p, words in CONTENT.patterns.items() for q in words.questions]
histories = st.builds(
    History,
    asked=st.lists(
        st.builds(
            lambda hours, pq: Asked(at=MONDAY + timedelta(hours=hours), pattern=pq[0], question=pq[1]),
            st.integers(-90 * 24, 14 * 24),
            st.sampled_from(questions),
        ),
        max_size=8,
    ).map(lambda found: tuple(sorted(found, key=lambda a: a.at))),
    runs=st.dictionaries(
        st.sampled_from(CHANNEL_PATTERNS), st.builds(Run, window=st.just(MONDAY - WINDOW_LENGTH), windows=st.just(1))
    ),
)
channels = st.builds(
    lambda state, history, kind: replace(channel(state, history=history), kind=kind),
    st.sampled_from(CharterState),
    histories,
    st.sampled_from(ChannelKind),
)
profiles = st.sampled_from(list(PROFILES.values()))
moments = st.integers(0, 21 * 24 * 60).map(lambda minutes: MONDAY + timedelta(minutes=minutes))


@given(windows, channels, profiles, moments)
def test_deciding_never_raises_and_says_the_same_twice(window, there, restraint, now) -> None:  # type: ignore[no-untyped-def]
    heard = window.traces[-1] if window.traces else None
    assert decide(window, there, restraint, CONTENT, now, heard=heard, clear=frozenset(Pattern)) == decide(
        window, there, restraint, CONTENT, now, heard=heard, clear=frozenset(Pattern)
    )


@given(windows, channels, profiles, moments)
def test_no_question_beats_a_budget_or_the_ceiling(window, there, restraint, now) -> None:  # type: ignore[no-untyped-def]
    decision = decide(
        window,
        there,
        restraint,
        CONTENT,
        now,
        heard=window.traces[-1] if window.traces else None,
        clear=frozenset(Pattern),
    )
    if decision.nudge is None:
        return
    ceilings = () if restraint.rehearsing else (DAILY_CEILING,)
    for budget in (*restraint.budgets, *ceilings):
        assert sum(now - a.at < budget.period for a in there.history.asked) < budget.most
    assert there.charter.state is CharterState.SPEAKING
    assert there.purpose is ChannelKind.CONVERSATION


@given(windows, channels, profiles, moments)
def test_no_decision_names_a_person(window, there, restraint, now) -> None:  # type: ignore[no-untyped-def]
    decision = decide(
        window,
        there,
        restraint,
        CONTENT,
        now,
        heard=window.traces[-1] if window.traces else None,
        clear=frozenset(Pattern),
    )
    said = repr(decision)
    assert not any(person in said for person in PEOPLE)


@given(windows, channels, profiles, moments)
def test_every_finding_is_asked_or_held(window, there, restraint, now) -> None:  # type: ignore[no-untyped-def]
    decision = decide(window, there, restraint, CONTENT, now)
    if decision.nudge is None:
        assert [h.finding for h in decision.held] == list(decision.findings)
