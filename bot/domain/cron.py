"""Read a cron expression of five fields: a fixed time of day, and days named so that no calendar mistakes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

from bot.domain.rhythm import WEEKDAYS

LONGEST = 64
"""Characters of an expression."""

_FIELD = re.compile(r"[a-z0-9*/,-]{1,40}")
_PART = re.compile(r"(?P<first>\*|[a-z]{3}|\d)(?:-(?P<last>[a-z]{3}|\d))?(?:/(?P<step>[1-7]))?")
_SUNDAY = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Daily:
    """A cron expression of which every day has at most one slot: when, and on which days."""

    at: time
    days: str


def daily(expression: str) -> Daily | None:
    """What "minute hour day month weekday" means; None unless minute and hour are one number each (Kith asks at most
    once a day) and the weekdays can be read. 0 and 7 are Sunday, as in cron; names are safer."""
    fields = expression.strip().lower().split()
    if len(expression) > LONGEST or len(fields) != 5 or not all(_FIELD.fullmatch(field) for field in fields):
        return None
    minute, hour, day, month, weekday = fields
    named = _named(weekday)
    if named is None or not re.fullmatch(r"\d{1,2}", minute) or not re.fullmatch(r"\d{1,2}", hour):
        return None
    if int(minute) > 59 or int(hour) > 23:
        return None
    return Daily(at=time(int(hour), int(minute)), days=f"{day} {month} {named}")


def _named(weekdays: str) -> str | None:
    """The weekdays by name, one after another; "*" for all, None if they cannot be read."""
    if weekdays in ("*", "0-7"):
        return "*"
    chosen: set[int] = set()
    for part in weekdays.split(","):
        match = _PART.fullmatch(part)
        if match is None:
            return None
        step = int(match["step"] or 1)
        if match["first"] == "*":
            chosen.update((day - 1) % 7 for day in range(0, 7, step))  # cron counts from Sunday
            continue
        first = _index(match["first"])
        last = _index(match["last"]) if match["last"] else (_SUNDAY if match["step"] else first)
        if first is None or last is None:
            return None
        chosen.update((first + ahead) % 7 for ahead in range(0, (last - first) % 7 + 1, step))
    return ",".join(WEEKDAYS[day] for day in sorted(chosen))


def _index(word: str) -> int | None:
    """0 for Monday to 6 for Sunday; None for what is no weekday."""
    if word.isdigit():
        return (int(word) - 1) % 7 if int(word) <= 7 else None
    return WEEKDAYS.index(word) if word in WEEKDAYS else None
