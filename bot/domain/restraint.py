"""Every number that holds Kith back, in one place: three profiles and the ceilings above them (EVIDENCE 3.8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import time, timedelta
from enum import StrEnum


class Placement(StrEnum):
    """Where a question goes; never to a person who did not ask for it."""

    ROOM = "room"
    THREAD = "thread"


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """At most `most` questions in any stretch of `period`, per channel."""

    period: timedelta
    most: int


SMALLEST_GROUP = 5
"""No summary, picture or weekly count speaks of fewer people than this (EVIDENCE 3.8, Reflect [RE1])."""

DAILY_CEILING = Budget(period=timedelta(days=1), most=1)
"""However a workspace sets its numbers, no channel hears more than one unasked question in 24 hours."""

NOT_HERE_REST = timedelta(days=60)
"""How long one "not here" stills a pattern in its channel (EVIDENCE 3.8)."""

NOT_HERE_LIMIT = 3
"""So many "not here" in a row, and Kith pauses itself and says so (EVIDENCE 3.8)."""

CHARTER_TERM = timedelta(days=90)
"""A channel's yes holds this long; then Kith asks again or falls silent (DESIGN 3)."""

ANSWER_TERM = timedelta(days=14)
"""How long a channel has to answer whether Kith may go on after listening; then Kith stops listening too."""

RENEWAL_NOTICE = timedelta(days=7)
"""How long before the end of its term Kith asks whether to go on."""

LOOK_EVERY = timedelta(days=1)
"""How often a channel's counts are looked at, whatever is said in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restraint:
    """What must hold before Kith speaks unasked in a channel.

    A message pattern needs `min_messages` clear messages by `min_people` on `min_days` days, and `min_share` of all
    messages that carry any pattern; one message at least as probable as `very_clear` is enough where that is set.
    A channel pattern must stand in `windows_in_a_row` windows. `quiet` is how long nobody may have written.
    `rehearsing` lifts the ceilings and exists for the rehearsal workspace alone.
    """

    name: str
    listening: timedelta
    min_messages: int
    min_people: int
    min_days: int
    min_share: float
    windows_in_a_row: int
    budgets: tuple[Budget, ...]
    pattern_rest: timedelta
    question_rest: timedelta
    quiet: timedelta
    working_hours: bool
    placement: Placement
    very_clear: float | None = None
    rehearsing: bool = False


GENTLE = Restraint(
    name="gentle",
    listening=timedelta(days=14),
    min_messages=5,
    min_people=3,
    min_days=2,
    min_share=0.4,
    windows_in_a_row=2,
    budgets=(Budget(period=timedelta(days=7), most=1), Budget(period=timedelta(days=30), most=2)),
    pattern_rest=timedelta(days=30),
    question_rest=timedelta(days=90),
    quiet=timedelta(minutes=10),
    working_hours=True,
    placement=Placement.ROOM,
)
"""The default; the figures are EVIDENCE 3.8's, the two windows in a row READING 5's. EVIDENCE's share of 40 % is taken
among the messages that carry any pattern: of all messages, even a one-track channel hardly ever reaches it."""

ATTENTIVE = Restraint(
    name="attentive",
    listening=timedelta(days=14),
    min_messages=2,
    min_people=2,
    min_days=1,
    min_share=0.4,
    windows_in_a_row=1,
    budgets=(Budget(period=timedelta(days=1), most=1),),
    pattern_rest=timedelta(days=7),
    question_rest=timedelta(days=90),
    quiet=timedelta(0),
    working_hours=True,
    placement=Placement.THREAD,
    very_clear=0.9,
)
"""For channels that want more: answers in the thread of a clear message, at most once a day (DESIGN 3)."""

REHEARSAL = Restraint(
    name="rehearsal",
    listening=timedelta(0),
    min_messages=1,
    min_people=1,
    min_days=1,
    min_share=0.0,
    windows_in_a_row=1,
    budgets=(),
    pattern_rest=timedelta(0),
    question_rest=timedelta(0),
    quiet=timedelta(0),
    working_hours=False,
    placement=Placement.THREAD,
    very_clear=0.0,
    rehearsing=True,
)
"""For the rehearsal workspace only: answers at once every message that would count towards a window."""

PROFILES: dict[str, Restraint] = {profile.name: profile for profile in (GENTLE, ATTENTIVE, REHEARSAL)}


FRIDAY_ENDS = time(12)
"""On Fridays the working day ends at noon for Kith: nobody wants a question on Friday afternoon (EVIDENCE 3.8)."""


def most_within(budgets: tuple[Budget, ...], stretch: timedelta) -> int:
    """How many questions these budgets would have let through in such a stretch of time; 99 where there are none."""
    return min((budget.most * max(1, stretch // budget.period) for budget in budgets), default=99)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """How far an admin may move a number; both ends are included."""

    least: int
    most: int

    def holds(self, number: int) -> int:
        """The number, or the end that it would go beyond."""
        return min(max(number, self.least), self.most)


BOUNDS: Mapping[str, Bound] = {
    "listening_days": Bound(least=7, most=60),
    "a_week": Bound(least=1, most=7),
    "a_month": Bound(least=1, most=30),
    "min_messages": Bound(least=2, most=50),
    "min_people": Bound(least=2, most=30),
    "min_days": Bound(least=1, most=10),
    "min_share": Bound(least=20, most=90),
    "windows_in_a_row": Bound(least=1, most=6),
    "pattern_rest_days": Bound(least=7, most=90),
    "question_rest_days": Bound(least=30, most=90),
    "quiet_minutes": Bound(least=0, most=240),
}
"""Every number of a profile that a workspace may move, and the ends that no workspace gets past: a week of listening,
two people, a rest for every pattern and question. `min_share` is in percent. DAILY_CEILING stands above all of them."""

_WEEK, _MONTH = timedelta(days=7), timedelta(days=30)


def numbers_of(profile: Restraint) -> dict[str, int]:
    """The movable numbers of a profile as they stand."""
    return {
        "listening_days": profile.listening.days,
        "a_week": most_within(profile.budgets, _WEEK),
        "a_month": most_within(profile.budgets, _MONTH),
        "min_messages": profile.min_messages,
        "min_people": profile.min_people,
        "min_days": profile.min_days,
        "min_share": round(profile.min_share * 100),
        "windows_in_a_row": profile.windows_in_a_row,
        "pattern_rest_days": profile.pattern_rest.days,
        "question_rest_days": profile.question_rest.days,
        "quiet_minutes": profile.quiet // timedelta(minutes=1),
    }


def moved(profile: Restraint, numbers: Mapping[str, int]) -> Restraint:
    """The profile with a workspace's numbers in it, each held within its bounds whatever was kept; what is unknown is
    left out, and a rehearsal is moved by nobody."""
    wanted = {name: bound.holds(numbers[name]) for name, bound in BOUNDS.items() if name in numbers}
    if profile.rehearsing or not wanted:
        return profile
    n = numbers_of(profile) | wanted
    week, month = Budget(period=_WEEK, most=n["a_week"]), Budget(period=_MONTH, most=n["a_month"])
    return replace(
        profile,
        listening=timedelta(days=n["listening_days"]),
        budgets=(week, month) if {"a_week", "a_month"} & set(wanted) else profile.budgets,
        min_messages=n["min_messages"],
        min_people=n["min_people"],
        min_days=n["min_days"],
        min_share=n["min_share"] / 100,
        windows_in_a_row=n["windows_in_a_row"],
        pattern_rest=timedelta(days=n["pattern_rest_days"]),
        question_rest=timedelta(days=n["question_rest_days"]),
        quiet=timedelta(minutes=n["quiet_minutes"]),
    )
