"""Check-ins from the command line: which come next, and when one would come, without any workspace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.almanac import LibraryAlmanac
from adapters.scheduler import MachineClock
from bot.bootstrap import content_of, opened_store
from bot.config import Settings
from bot.domain.channel import Channel
from bot.domain.charter import invited
from bot.domain.check_in import ROTATION, CheckIn
from bot.domain.content import Content
from bot.domain.events import ChannelRef
from bot.domain.rhythm import WEEKDAYS
from bot.errors import BadInputError
from bot.usecases.check_ins.agree import fresh
from bot.usecases.check_ins.answers import EVERY, parsed
from bot.usecases.check_ins.form import upcoming
from bot.usecases.check_ins.words import described, slot

NOWHERE = ChannelRef("terminal", "terminal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A check-in as somebody types it; each field as in the form."""

    every: str
    weekdays: Sequence[str]
    cron: str
    at: str
    zone: str
    country: str
    skips: str


def dates(asked: Asked, n: int, settings: Settings) -> list[str]:
    """What the check-in means in a sentence, and its next `n` dates; BadInputError names what cannot be used."""
    content, now = content_of(settings), MachineClock().now()
    channel = Channel(ref=NOWHERE, name="terminal", charter=invited("you", now))
    answers: dict[str, str | tuple[str, ...]] = {
        "asks": ROTATION,
        "every": asked.every,
        "weekdays": tuple(asked.weekdays),
        "cron": asked.cron,
        "at": asked.at,
        "zone": asked.zone,
        "country": asked.country,
        "skips": asked.skips,
        "answering": "thread",
        "open_for": "24",
    }
    almanac = LibraryAlmanac()
    found = parsed(answers, fresh(channel, now), channel, almanac, now)
    errors = {name: content.say(key, most=20) for name, key in found.errors.items()} | _choices_missed(asked)
    if errors:
        raise BadInputError(problem=" ".join(f"--{_OPTIONS.get(name, name)}: {said}" for name, said in errors.items()))
    words = described(found.check_in, content)
    sentence = content.say("checkin.form.preview_rhythm", **words)
    days = (slot(coming, found.check_in.timing, content) for coming in upcoming(found.check_in, almanac, n))
    return [sentence, *(content.say("checkin.form.preview_date", when=day) for day in days)]


_OPTIONS = {"weekdays": "on"}
"""What a field is called on the command line, where it is called otherwise."""


def _choices_missed(asked: Asked) -> dict[str, str]:
    """On a command line the choices are not to be seen, so the sentence has them all."""
    missed = {}
    if asked.every not in EVERY:
        missed["every"] = f"is one of {', '.join(EVERY)}."
    if asked.every != "cron" and (not asked.weekdays or not set(asked.weekdays) <= set(WEEKDAYS)):
        missed["weekdays"] = f"is one or more of {', '.join(WEEKDAYS)}, as in --on tue --on thu."
    return missed


async def coming_next(at_most: int, settings: Settings) -> list[str]:
    """The check-ins of all channels that come next, one line each, the soonest first; no word that a channel gave."""
    content = content_of(settings)
    async with opened_store(settings) as store:
        found = await store.check_ins.upcoming(at_most=at_most)
    return [_line(check_in, content) for check_in in found]


def _line(check_in: CheckIn, content: Content) -> str:
    """Which channel, when, and how often; what it asks may be the channel's own words, and stays there."""
    words = described(check_in, content)
    rhythm = content.say("checkin.form.preview_rhythm", **words)
    return f"{check_in.ref.workspace}/{check_in.ref.channel}  {words['next']}  {rhythm}"
