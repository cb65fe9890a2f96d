"""When something recurs: the days a rhythm names, and the moments that wall time and zone make of them.

A day has at most one slot, and its moment is worked out from the wall time alone. That closes the calendar's traps: an
hour that comes twice fires once, a wall time that summer time leaves out fires as soon as clocks have been put forward.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""The days of the week as they are named everywhere; numbers mean different days to different calendars."""

LAST = -1
"""The last such weekday of a month, whether that is its fourth or its fifth."""

HORIZON = timedelta(days=9 * 366)
"""How far ahead a day is looked for: 29 February may be eight years away."""

_DAY = timedelta(days=1)
_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly:
    """On these weekdays (0 is Monday) of every so-manieth week, counted from the week of `since`."""

    on: frozenset[int]
    every: int = 1
    since: date = date(2026, 1, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Monthly:
    """On the nth such weekday (0 is Monday) of each month that has one, or the LAST."""

    nth: int
    weekday: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cron:
    """On the days that a cron expression names: day of month, month and weekday, which must all fit."""

    days: str


Rhythm = Weekly | Monthly | Cron


class Almanac(Protocol):
    """What only a library knows: the days of a cron expression, and public holidays by country."""

    def cron_day(self, days: str, since: date) -> date | None:
        """The first day on or after `since` that `days` (day of month, month, weekday names) fits; None if there is
        none any more, ValueError if the expression cannot be read."""
        ...

    def is_holiday(self, country: str, day: date) -> bool:
        """Whether `day` is a public holiday in `country` (ISO 3166, with a part of it as in DE-BY); never for ""."""
        ...

    def knows(self, country: str) -> bool:
        """Whether the holidays of this country, and this part of it, are known."""
        ...


class NoAlmanac:
    """An almanac with no holidays and no cron, for where check-ins never fall due."""

    def cron_day(self, days: str, since: date) -> date | None:
        del days, since
        return None

    def is_holiday(self, country: str, day: date) -> bool:
        del country, day
        return False

    def knows(self, country: str) -> bool:
        return not country


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """A rhythm at a wall time in an IANA zone, without the holidays of `country` ("": none) and without `skips`."""

    rhythm: Rhythm
    at: time
    zone: str
    country: str = ""
    skips: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A day on which something falls due, and the moment, in UTC."""

    day: date
    at: datetime


def slots(timing: Timing, since: date, almanac: Almanac) -> Iterator[Slot]:
    """The slots on and after the day `since`, in order, for as long as HORIZON."""
    last = min(since, date.max - HORIZON) + HORIZON
    day = _first(timing.rhythm, since, almanac, last)
    while day is not None and day <= last:
        if _there(day, timing, almanac):
            yield Slot(day=day, at=moment(day, timing))
        day = _first(timing.rhythm, day + _DAY, almanac, last)


def next_slot(timing: Timing, after: datetime, almanac: Almanac, *, since: date | None = None) -> Slot | None:
    """The first slot later than `after`, on the day `since` at the earliest; None if none comes within HORIZON."""
    local = after.astimezone(ZoneInfo(timing.zone)).date()
    # a wall time left out just before midnight falls into the next day
    begin = max(local - _DAY, since) if since else local - _DAY
    return next((slot for slot in slots(timing, begin, almanac) if slot.at > after), None)


def moment(day: date, timing: Timing) -> datetime:
    """When the wall time comes on that day, in UTC: the first time where it comes twice, and where summer time leaves
    it out, as long after midnight as on any other day."""
    return datetime.combine(day, timing.at, ZoneInfo(timing.zone)).astimezone(UTC)


def _there(day: date, timing: Timing, almanac: Almanac) -> bool:
    """Whether the day is one to fire on: no holiday, not skipped, and not left out of the zone's calendar whole."""
    if day in timing.skips or almanac.is_holiday(timing.country, day):
        return False
    zone = ZoneInfo(timing.zone)
    noon = datetime.combine(day, time(12), zone)
    return noon.astimezone(UTC).astimezone(zone).date() == day


def _first(rhythm: Rhythm, since: date, almanac: Almanac, last: date) -> date | None:
    """The rhythm's first day on or after `since`; None if there is none up to `last`."""
    match rhythm:
        case Weekly():
            return _weekday(rhythm, since, last)
        case Monthly():
            return next((day for day in _in_months(rhythm, since, last) if day >= since), None)
        case Cron():
            return almanac.cron_day(rhythm.days, since)


def _weekday(rhythm: Weekly, since: date, last: date) -> date | None:
    first_week = rhythm.since.toordinal() - rhythm.since.weekday()
    for ordinal in range(since.toordinal(), min(since.toordinal() + _WEEK * rhythm.every, last.toordinal() + 1)):
        week = (ordinal - first_week) // _WEEK
        if (ordinal - 1) % _WEEK in rhythm.on and week % rhythm.every == 0:
            return date.fromordinal(ordinal)
    return None


def _in_months(rhythm: Monthly, since: date, last: date) -> Iterator[date]:
    """That weekday of each month from `since`'s on; a month without a fifth one has none."""
    year, month = since.year, since.month
    while (year, month) <= (last.year, last.month):
        begins = date(year, month, 1)
        following = date(year + month // 12, month % 12 + 1, 1)
        if rhythm.nth == LAST:
            yield following - timedelta(days=(following.weekday() - rhythm.weekday - 1) % _WEEK + 1)
        else:
            first = begins + timedelta(days=(rhythm.weekday - begins.weekday()) % _WEEK)
            day = first + timedelta(weeks=rhythm.nth - 1)
            if day < following:
                yield day
        year, month = following.year, following.month
