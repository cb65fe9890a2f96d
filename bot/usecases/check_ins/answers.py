"""What the fields of a check-in's form mean together, and what is wrong in them; pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import available_timezones

from bot.domain.channel import Channel
from bot.domain.check_in import LONGEST_QUESTION, MOST_SKIPS, OPEN_FOR, OWN, ROTATION, Answering, CheckIn
from bot.domain.cron import LONGEST, daily
from bot.domain.restraint import SMALLEST_GROUP
from bot.domain.rhythm import LAST, WEEKDAYS, Almanac, Cron, Monthly, Rhythm, Slot, Timing, Weekly, next_slot, slots
from bot.domain.themes import Theme

Answers = Mapping[str, str | tuple[str, ...]]

EVERY = ("week1", "week2", "week3", "week4", "month1", "month2", "month3", "month4", "month5", "last", "cron")
"""How often, as the form offers it."""

ASKS = (ROTATION, *Theme, OWN)
OPEN = tuple(str(open_for // timedelta(hours=1)) for open_for in OPEN_FOR)
YES_NO = ("yes", "no")
"""What the other fields offer."""

FIELDS = (
    "asks",
    "own_question",
    "every",
    "weekdays",
    "cron",
    "at",
    "zone",
    "country",
    "skips",
    "answering",
    "open_for",
    "reminds",
)
"""The fields in their order."""


@dataclass(slots=True)
class Parsed:
    """What a form asks for, or what is wrong in it: the key of a sentence by field id."""

    check_in: CheckIn
    errors: dict[str, str] = field(default_factory=dict)


def parsed(answers: Answers, known: CheckIn, channel: Channel, almanac: Almanac, now: datetime) -> Parsed:
    """The check-in that a form asks for in the place of `known`, with its next slot after `now`."""
    given = {name: _one(answers, name).strip() for name in FIELDS if name != "weekdays"}
    errors: dict[str, str] = {}
    for name, offered in (("asks", ASKS), ("every", EVERY), ("answering", tuple(Answering)), ("open_for", OPEN)):
        if given[name] not in offered:
            errors[name] = "checkin.error.choice"
    own = " ".join(given["own_question"].split())
    if given["asks"] == OWN and not 0 < len(own) <= LONGEST_QUESTION:
        errors["own_question"] = "checkin.error.own"
    if given["answering"] == Answering.FORM and channel.members is not None and channel.members < SMALLEST_GROUP:
        errors["answering"] = "checkin.error.small"
    timing = _timing(given, _weekdays(answers), almanac, errors)
    if timing is None or errors:
        return Parsed(known, errors)
    timing, coming = _begun(timing, known, almanac, now)
    if coming is None:
        return Parsed(known, {"cron" if given["every"] == "cron" else "skips": "checkin.error.never"})
    changed = replace(
        known,
        timing=timing,
        asks=given["asks"],
        own_question=own if given["asks"] == OWN else "",
        answering=Answering(given["answering"]),
        open_for=timedelta(hours=int(given["open_for"])),
        reminds=given["reminds"] == "yes",
        next=coming,
    )
    return Parsed(changed)


def digest(answers: Answers) -> str:
    """A sign of what was sent, by which a form that comes back unchanged after its preview is known."""
    said = [f"{name}={_one(answers, name).strip()}" for name in FIELDS if name != "weekdays"]
    said.append(f"weekdays={','.join(sorted(_weekdays(answers)))}")
    return hashlib.blake2b("\n".join(said).encode(), digest_size=8).hexdigest()


def _timing(
    given: Mapping[str, str], weekdays: Sequence[str], almanac: Almanac, errors: dict[str, str]
) -> Timing | None:
    at, skips = _clock_time(given["at"]), _dates(given["skips"])
    if given["every"] == "cron":
        cron = _cron(given["cron"], almanac)
        if cron is None:
            errors["cron"] = "checkin.error.cron"
        rhythm: Rhythm | None = Cron(days=cron[1]) if cron else None
        at = cron[0] if cron else time(0)
    else:
        rhythm = _rhythm(given["every"], weekdays, errors)
    if at is None:
        errors["at"] = "checkin.error.time"
    if given["zone"] not in available_timezones():
        errors["zone"] = "checkin.error.zone"
    country = given["country"].upper()
    if not almanac.knows(country):
        errors["country"] = "checkin.error.country"
    if skips is None:
        errors["skips"] = "checkin.error.skips"
    if errors or rhythm is None or at is None or skips is None:
        return None
    return Timing(rhythm=rhythm, at=at, zone=given["zone"], country=country, skips=skips)


def _rhythm(every: str, weekdays: Sequence[str], errors: dict[str, str]) -> Rhythm | None:
    on = frozenset(WEEKDAYS.index(day) for day in weekdays if day in WEEKDAYS)
    if not on:
        errors["weekdays"] = "checkin.error.weekdays"
    elif every.startswith("week"):
        return Weekly(on=on, every=int(every.removeprefix("week")))
    elif len(on) > 1:
        errors["weekdays"] = "checkin.error.one_weekday"
    elif every in EVERY:
        return Monthly(nth=LAST if every == "last" else int(every.removeprefix("month")), weekday=min(on))
    return None


def _begun(timing: Timing, known: CheckIn, almanac: Almanac, now: datetime) -> tuple[Timing, Slot | None]:
    """The timing with the week it counts from: the first that comes, or for an unchanged rhythm the one it had; and the
    slot that comes next. A slot that has come and that the clock has not seen yet is not swallowed by a change: what
    the new timing has from its day on is said, or noted as missed."""
    rhythm, before = timing.rhythm, known.timing.rhythm
    if isinstance(rhythm, Weekly):
        same = isinstance(before, Weekly) and (before.on, before.every) == (rhythm.on, rhythm.every)
        first = next_slot(replace(timing, rhythm=replace(rhythm, every=1)), now, almanac)
        since = before.since if same and isinstance(before, Weekly) and known.next else first.day if first else None
        timing = replace(timing, rhythm=replace(rhythm, since=since)) if since else timing
    if known.next is not None and known.next.at <= now:
        return timing, next(slots(timing, known.next.day, almanac), None)
    return timing, next_slot(timing, now, almanac)


def _cron(expression: str, almanac: Almanac) -> tuple[time, str] | None:
    """The time and the days of an expression; None for one that cannot be read."""
    found = daily(expression) if len(expression) <= LONGEST else None
    try:
        if found is not None:
            almanac.cron_day(found.days, date(2026, 1, 1))
    except ValueError:
        return None
    return (found.at, found.days) if found else None


def _dates(typed: str) -> frozenset[date] | None:
    """Dates between commas or spaces; None if one is none, or there are too many."""
    words = re.findall(r"[^\s,;]+", typed)
    if len(words) > MOST_SKIPS or not all(re.fullmatch(r"\d{4}-\d\d-\d\d", word, re.ASCII) for word in words):
        return None
    try:
        return frozenset(date.fromisoformat(word) for word in words)
    except ValueError:
        return None


def _clock_time(typed: str) -> time | None:
    if not re.fullmatch(r"\d\d:\d\d", typed, re.ASCII):
        return None
    try:
        return time.fromisoformat(typed)
    except ValueError:
        return None


def _weekdays(answers: Answers) -> tuple[str, ...]:
    given = answers.get("weekdays", ())
    return (given,) if isinstance(given, str) and given else tuple(given)


def _one(answers: Answers, name: str) -> str:
    value = answers.get(name, "")
    return value if isinstance(value, str) else (value[0] if value else "")
