"""The companion: a language model that may help to word a question, and all that holds it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

KEPT = timedelta(days=62)
"""How long it is kept what a day has cost: this month and the one before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """So many tokens may the companion cost one workspace in a day and in a month, both in UTC."""

    a_day: int
    a_month: int


def day_of(now: datetime) -> datetime:
    """The beginning of the day in UTC."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def month_of(now: datetime) -> datetime:
    """The beginning of the month in UTC."""
    return day_of(now).replace(day=1)


LONGEST_TEXT = 3000
"""Characters of what somebody said that the companion is given; longer texts are not given at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """What the companion is told: how to answer, and what somebody said to Kith. Neither is ever shown or kept."""

    system: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Worded:
    """What the companion answered, unchecked, and how many tokens that has cost."""

    sentence: str
    tokens: int
