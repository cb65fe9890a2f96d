"""What happens when a check-in's time has come: on time, late, after a jump of the clock, with zones that change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.almanac import LibraryAlmanac
from adapters.prompt_files import shipped_content
from bot.domain.check_in import OWN, ROTATION, CheckIn, Run, RunState, Skipped, check_in_of, run_id, shuffled
from bot.domain.firing import fired, follow_up_of, question_of
from bot.domain.outgoing import OutgoingKind
from bot.domain.rhythm import Slot, Timing, Weekly, next_slot
from bot.domain.themes import Theme
from tests.talk import MONDAY, REF, at

ALMANAC, CONTENT = LibraryAlmanac(), shipped_content()
DAILY = Timing(rhythm=Weekly(on=frozenset(range(5))), at=time(9), zone="UTC")


def a_check_in(timing: Timing = DAILY, **rest: object) -> CheckIn:
    """One that is due on Monday at nine and open for a day, which makes its grace four hours."""
    first = next_slot(timing, MONDAY, ALMANAC)
    facts = {"ref": REF, "id": "0123456789ab", "timing": timing, "asks": Theme.PURPOSE, "next": first, **rest}
    return CheckIn(**facts)  # type: ignore[arg-type]


def states(now: str, check_in: CheckIn | None = None) -> list[tuple[date, RunState]]:
    found = fired(check_in or a_check_in(), at(now), ALMANAC, CONTENT)
    return [(run.slot.day, run.state) for run in found.runs]


def test_nothing_happens_before_its_time() -> None:
    found = fired(a_check_in(), at("mon 08:59"), ALMANAC, CONTENT)
    assert (found.runs, found.said, found.check_in) == ((), {}, a_check_in())


def test_on_time_it_is_said_once_and_goes_on_to_the_next_day() -> None:
    found = fired(a_check_in(), at("mon 09:00"), ALMANAC, CONTENT)
    (run,) = found.runs
    assert (run.state, run.slot.day) == (RunState.WAITING, date(2026, 3, 2))
    said = found.said[run.id]
    assert (said.kind, said.about, said.place.channel) == (OutgoingKind.CHECK_IN, run.id, REF)
    assert (found.check_in.next, found.check_in.turn) == (Slot(day=date(2026, 3, 3), at=at("tue 09:00")), 1)
    assert states("mon 09:00", found.check_in) == []


def test_late_within_its_grace_it_is_said_and_later_it_is_noted_as_missed() -> None:
    assert states("mon 13:00") == [(date(2026, 3, 2), RunState.WAITING)]
    assert states("mon 13:01") == [(date(2026, 3, 2), RunState.SKIPPED)]
    missed = fired(a_check_in(), at("mon 13:01"), ALMANAC, CONTENT)
    assert missed.runs[0].reason is Skipped.LATE
    assert (missed.said, missed.check_in.turn) == ({}, 0)


def test_after_days_of_standstill_the_newest_is_said_and_the_others_are_noted() -> None:
    assert states("thu 09:30") == [
        (date(2026, 3, 2), RunState.SKIPPED),
        (date(2026, 3, 3), RunState.SKIPPED),
        (date(2026, 3, 4), RunState.SKIPPED),
        (date(2026, 3, 5), RunState.WAITING),
    ]


def test_a_clock_that_jumps_ahead_by_years_says_nothing_and_fires_no_storm() -> None:
    found = fired(a_check_in(), at("mon 20:00") + timedelta(days=7 * 200), ALMANAC, CONTENT)
    assert len(found.runs) == 31 and found.said == {}
    assert found.check_in.next is not None and found.check_in.next.at > at("mon 20:00") + timedelta(days=7 * 200)


def test_a_zone_that_moved_its_clocks_meanwhile_waits_for_the_wall_time() -> None:
    an_hour_early = a_check_in(next=Slot(day=date(2026, 3, 2), at=at("mon 08:00")))
    found = fired(an_hour_early, at("mon 08:10"), ALMANAC, CONTENT)
    assert found.runs == () and found.check_in.next == Slot(day=date(2026, 3, 2), at=at("mon 09:00"))


def test_a_check_in_that_never_comes_again_rests() -> None:
    assert fired(a_check_in(next=None), at("mon 09:00"), ALMANAC, CONTENT).runs == ()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(-3000, 20000), min_size=1, max_size=12))
def test_however_the_clock_jumps_no_slot_is_said_twice(minutes: list[int]) -> None:
    check_in, now, ids = a_check_in(), MONDAY, set[str]()
    for step in minutes:
        now = max(now + timedelta(minutes=step), MONDAY)
        found = fired(check_in, now, ALMANAC, CONTENT)
        assert len(found.said) <= 1 and not ids & {run.id for run in found.runs}
        ids |= {run.id for run in found.runs}
        check_in = found.check_in


@pytest.mark.parametrize("asks", [*Theme, ROTATION])
def test_every_question_comes_once_before_any_comes_again(asks: str) -> None:
    opening = [
        q.id
        for t, words in CONTENT.themes.items()
        if asks in (ROTATION, t)
        for q in words.questions
        if "opening" in q.tags
    ]
    asked = [question_of(a_check_in(asks=asks, turn=turn), CONTENT) for turn in range(2 * len(opening))]
    ids = [question.id for question in asked if question]
    assert sorted(ids[: len(opening)]) == sorted(opening)
    assert ids[len(opening) :] == ids[: len(opening)]


def test_a_rotation_visits_every_theme_before_it_comes_back_to_one() -> None:
    asked = [question_of(a_check_in(asks=ROTATION, turn=turn), CONTENT) for turn in range(len(Theme))]
    assert {CONTENT.theme_of(question.id) for question in asked if question} == set(Theme)


def test_two_channels_begin_with_different_questions() -> None:
    first = {question_of(a_check_in(id=f"{n:012x}", asks=ROTATION), CONTENT) for n in range(20)}
    assert len({question.id for question in first if question}) > 5


def a_run(**rest: object) -> Run:
    run = fired(a_check_in(), at("mon 09:00"), ALMANAC, CONTENT).runs[0]
    return replace(run, **rest)  # type: ignore[arg-type]


def test_the_follow_up_is_of_the_theme_that_was_asked_about() -> None:
    question = follow_up_of(a_run(), CONTENT)
    assert question is not None and CONTENT.theme_of(question.id) is Theme.PURPOSE and "follow_up" in question.tags
    assert follow_up_of(a_run(question=None), CONTENT) is not None


def test_an_own_question_needs_none_of_the_bank() -> None:
    run = fired(a_check_in(asks=OWN, own_question="What next?"), at("mon 09:00"), ALMANAC, CONTENT).runs[0]
    assert (run.question, run.own_question) == (None, "What next?")


def test_answers_are_shuffled_the_same_way_every_time() -> None:
    answers = {f"p{n}": f"answer {n}" for n in range(9)}
    backwards = dict(reversed(answers.items()))
    assert shuffled(answers, a_run()) == shuffled(backwards, a_run()) != tuple(answers.values())
    other = a_run(slot=Slot(day=date(2026, 3, 9), at=at("1/mon 09:00")))
    assert shuffled(answers, other) != shuffled(answers, a_run())


def test_a_button_names_its_run_and_nothing_else_does() -> None:
    assert check_in_of(run_id("0123456789ab", date(2026, 3, 2))) == "0123456789ab"
    for forged in ("", "0123456789ab", "0123456789ab-2026", "x" * 12 + "-20260302", "0123456789ab-20260302\n"):
        assert check_in_of(forged) == ""


def test_grace_is_a_quarter_of_the_time_it_is_open_within_bounds() -> None:
    hours = {h: a_check_in(open_for=timedelta(hours=h)).grace for h in (1, 4, 8, 24, 168)}
    assert hours == {h: timedelta(hours=g) for h, g in ((1, 0.5), (4, 1), (8, 2), (24, 4), (168, 4))}


def test_a_moment_is_kept_in_the_zone_the_channel_lives_in() -> None:
    dublin = replace(DAILY, zone="Europe/Dublin")
    found = next_slot(dublin, datetime.fromisoformat("2026-03-28T12:00:00+00:00"), ALMANAC)
    assert found is not None and found.at == datetime.fromisoformat("2026-03-30T08:00:00+00:00")
