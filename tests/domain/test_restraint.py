"""The numbers that hold Kith back, and what they come to over months, month ends and changes of the clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.prompt_files import shipped_content
from bot.domain.channel import Asked, ChannelSettings, History
from bot.domain.ledger import HeldReason
from bot.domain.patterns import MESSAGE_PATTERNS, Pattern
from bot.domain.reflection import decide
from bot.domain.restraint import (
    ANSWER_TERM,
    ATTENTIVE,
    BOUNDS,
    CHARTER_TERM,
    DAILY_CEILING,
    GENTLE,
    NOT_HERE_LIMIT,
    NOT_HERE_REST,
    SMALLEST_GROUP,
    Restraint,
    moved,
    numbers_of,
)
from bot.domain.window import Trace, Window
from tests.talk import channel

CONTENT = shipped_content()
DAY = timedelta(days=1)
BUSIEST = moved(ATTENTIVE, {name: bound.least if "rest" in name else bound.most for name, bound in BOUNDS.items()})
BUSIEST = replace(BUSIEST, min_messages=2, min_people=2, min_days=1, min_share=0.0, quiet=timedelta(0))
"""A profile with every number moved as far as an admin can towards more questions."""


def test_the_gentle_profile_has_the_numbers_that_people_are_told() -> None:
    assert numbers_of(GENTLE) == {
        "listening_days": 14,
        "a_week": 1,
        "a_month": 2,
        "min_messages": 5,
        "min_people": 3,
        "min_days": 2,
        "min_share": 40,
        "windows_in_a_row": 2,
        "pattern_rest_days": 30,
        "question_rest_days": 90,
        "quiet_minutes": 10,
    }
    assert GENTLE.working_hours and GENTLE.very_clear is None and not GENTLE.rehearsing


def test_the_attentive_profile_has_the_numbers_that_people_are_told() -> None:
    told = numbers_of(ATTENTIVE)
    assert (told["listening_days"], told["pattern_rest_days"], told["question_rest_days"]) == (14, 7, 90)
    assert [(budget.period, budget.most) for budget in ATTENTIVE.budgets] == [(DAY, 1)]
    assert ATTENTIVE.working_hours and ATTENTIVE.very_clear == 0.9 and not ATTENTIVE.rehearsing


def test_the_ceilings_that_protect_people_are_where_they_are_said_to_be() -> None:
    assert (DAILY_CEILING.period, DAILY_CEILING.most) == (DAY, 1)
    assert (NOT_HERE_REST, NOT_HERE_LIMIT) == (60 * DAY, 3)
    assert (CHARTER_TERM, ANSWER_TERM, SMALLEST_GROUP) == (90 * DAY, 14 * DAY, 5)
    assert (BOUNDS["listening_days"].least, BOUNDS["min_people"].least) == (7, 2)
    assert (BOUNDS["pattern_rest_days"].least, BOUNDS["question_rest_days"].least) == (7, 30)


def full_of_everything(now: datetime) -> Window:
    """A window in which every message pattern has enough of everything, written over the days before `now`."""
    traces = tuple(
        Trace(
            key=f"m{n}",
            author=f"p{n % 4}",
            at=now - timedelta(hours=20 * (12 - n), minutes=30),
            evidence=dict.fromkeys(MESSAGE_PATTERNS, 0.95),
        )
        for n in range(12)
    )
    return Window(opened_at=now - 14 * DAY, traces=traces)


def asked_over(begins: datetime, days: int, restraint: Restraint, zone: str) -> list[datetime]:
    """When Kith asks in a channel that always gives occasion, looked at every 100 minutes."""
    there = channel(settings=ChannelSettings(zone=zone, opens=time(8), closes=time(18)))
    there = replace(there, charter=replace(there.charter, speaks_until=None))
    asked: tuple[Asked, ...] = ()
    now = begins
    while now < begins + days * DAY:
        here = replace(there, history=History(asked=asked))
        window = full_of_everything(now)
        if (nudge := decide(window, here, restraint, CONTENT, now, patterns=MESSAGE_PATTERNS).nudge) is not None:
            asked = (*asked, Asked(at=now, pattern=nudge.finding.pattern, question=nudge.wording.question.id))
            now += timedelta(hours=20)
        now += timedelta(minutes=100)
    return [one.at for one in asked]


ODD_TIMES = [
    pytest.param(datetime(2027, 1, 20, tzinfo=UTC), "Europe/Berlin", id="over the ends of January and February"),
    pytest.param(datetime(2026, 12, 10, tzinfo=UTC), "Pacific/Kiritimati", id="over a year's end at UTC+14"),
    pytest.param(datetime(2027, 3, 1, tzinfo=UTC), "America/New_York", id="over the hour that New York skips"),
    pytest.param(datetime(2026, 10, 1, tzinfo=UTC), "Europe/Dublin", id="over the hour that Dublin has twice"),
]


@pytest.mark.parametrize(("begins", "zone"), ODD_TIMES)
def test_gentle_asks_once_a_week_and_twice_in_thirty_days_at_most_and_at_work(begins: datetime, zone: str) -> None:
    asked = asked_over(begins, 75, GENTLE, zone)
    assert len(asked) >= 3
    assert all(later - earlier >= 7 * DAY for earlier, later in pairwise(asked))
    assert all(third - first >= 30 * DAY for first, third in zip(asked, asked[2:], strict=False))
    local = [at.astimezone(ZoneInfo(zone)) for at in asked]
    assert all(at.weekday() < 5 and time(8) <= at.time() < time(12 if at.weekday() == 4 else 18) for at in local)


@pytest.mark.parametrize(("begins", "zone"), ODD_TIMES[2:])
def test_whatever_an_admin_moves_a_day_lies_between_two_questions(begins: datetime, zone: str) -> None:
    asked = asked_over(begins, 40, BUSIEST, zone)
    assert len(asked) >= 5
    assert all(later - earlier >= DAY for earlier, later in pairwise(asked))


MONTH_AGO = datetime(2027, 3, 30, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ago", "reason"),
    [
        ((7 * DAY - timedelta(seconds=1),), HeldReason.BUDGET_SPENT),
        ((7 * DAY,), None),
        ((30 * DAY - timedelta(seconds=1), 8 * DAY), HeldReason.BUDGET_SPENT),
        ((30 * DAY, 8 * DAY), None),
    ],
)
def test_a_budget_opens_again_to_the_second(ago: tuple[timedelta, ...], reason: HeldReason | None) -> None:
    asked = tuple(Asked(at=MONTH_AGO - each, pattern=Pattern.FEW_VOICES, question="few-voices-01") for each in ago)
    there = replace(channel(history=History(asked=asked)), charter=replace(channel().charter, speaks_until=None))
    decision = decide(full_of_everything(MONTH_AGO), there, GENTLE, CONTENT, MONTH_AGO)
    assert (decision.held[0].reason if decision.held else None) is reason


@given(st.integers(0, 29), st.sampled_from(MESSAGE_PATTERNS))
@settings(max_examples=40)
def test_gentle_lets_a_pattern_rest_for_thirty_days_and_a_question_for_ninety(days: int, pattern: Pattern) -> None:
    now = MONTH_AGO
    before = Asked(at=now - days * DAY - timedelta(hours=23), pattern=pattern, question="none-of-these-01")
    there = replace(channel(history=History(asked=(before,))), charter=replace(channel().charter, speaks_until=None))
    decision = decide(full_of_everything(now), there, GENTLE, CONTENT, now, patterns=(pattern,))
    assert decision.nudge is None
    every = CONTENT.patterns[pattern].questions
    asked = tuple(Asked(at=now - (31 + 2 * days) * DAY, pattern=pattern, question=q.id) for q in every)
    there = replace(there, history=History(asked=asked))
    (held,) = decide(full_of_everything(now), there, GENTLE, CONTENT, now, patterns=(pattern,)).held
    assert held.reason is HeldReason.NO_FRESH_QUESTION
