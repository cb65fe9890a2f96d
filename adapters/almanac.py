"""The calendar's facts: days of a cron expression by APScheduler's CronTrigger, public holidays by `holidays`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any

from apscheduler.triggers.cron import CronTrigger


class LibraryAlmanac:
    """`bot.domain.rhythm.Almanac` from the two libraries; nothing is fetched, and what was built is kept."""

    def cron_day(self, days: str, since: date) -> date | None:
        # asked in UTC, where every day has one midnight; wall time and zone are the domain's
        at = _trigger(days).get_next_fire_time(None, datetime.combine(since, time(0), UTC))
        return at.date() if at is not None else None

    def is_holiday(self, country: str, day: date) -> bool:
        return bool(country) and day in _holidays(country, day.year)

    def knows(self, country: str) -> bool:
        if not country:
            return True
        whole, _, part = country.partition("-")
        parts = _countries().get(whole)
        return parts is not None and (not part or part in parts) and bool(re.fullmatch(r"[A-Z0-9-]{2,8}", country))


@lru_cache(maxsize=1024)
def _trigger(days: str) -> Any:
    """The trigger for "day month weekday" at midnight in UTC; ValueError for an expression that it cannot read."""
    day, month, weekday = days.split()
    return CronTrigger(day=day, month=month, day_of_week=weekday, hour=0, minute=0, second=0, timezone=UTC)


@lru_cache(maxsize=4096)
def _holidays(country: str, year: int) -> frozenset[date]:
    import holidays  # only now: it takes half a second, and most channels leave no holidays out

    whole, _, part = country.partition("-")
    found: Callable[..., Mapping[date, str]] = holidays.country_holidays
    return frozenset(found(whole, subdiv=part or None, years=year))


@lru_cache(maxsize=1)
def _countries() -> Mapping[str, frozenset[str]]:
    """Countries by ISO code with the codes of their parts."""
    import holidays  # as above

    return {country: frozenset(parts) for country, parts in holidays.list_supported_countries().items()}
