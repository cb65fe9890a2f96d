"""Move a channel's charter: agree, pause, resume, leave; each checks who may, and answers in one sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.domain import charter as charters
from bot.domain.audit import Change, What
from bot.domain.channel import Channel
from bot.domain.charter import Act, Charter, CharterState
from bot.domain.events import ChoiceMade, CommandGiven
from bot.domain.speech import Reply, text
from bot.ports import House
from bot.usecases.asking.reflect import restraint_of
from bot.usecases.channels.changing import change
from bot.usecases.workspaces.changes import line_of

Asker = CommandGiven | ChoiceMade


def allowed(act: Act, asker: Asker, channel: Channel, house: House) -> bool:
    """Whether the person may do this here, by the workspace's rule."""
    return charters.may(act, by=asker.by, standing=asker.standing, charter=channel.charter, rule=house.rule)


def refusal(house: House) -> Reply:
    """What somebody reads who may not do this: whom to ask."""
    return Reply(message=text(house.content.say("not_allowed.ask_steward")))


async def agree(channel: Channel, asker: Asker, *, house: House, now: datetime) -> Reply:
    """The channel's yes, after listening, before the term ends, or after it lapsed."""
    if not allowed(Act.AGREE, asker, channel, house):
        return refusal(house)
    if channel.charter.state is CharterState.PAUSED:
        return await resume(channel, asker, house=house, now=now)
    if channel.charter.asked_at is None and channel.charter.state is not CharterState.LAPSED:
        return Reply(message=text(house.content.say(f"agree.not_asked.{channel.charter.state}")))
    told = line_of(What.AGREED, channel, asker, now=now)
    after = await _move(channel, _agreed_if_asked, house, now, told)
    if after is None:
        return _gone(house)
    if after.charter.state is CharterState.PAUSED:  # somebody was quicker
        return Reply(message=text(house.content.say("pause.already")))
    until = after.charter.speaks_until
    return _to_channel(house, "agree.done", until=f"{until:%Y-%m-%d}" if until else "")


async def pause(channel: Channel, asker: Asker, *, house: House, now: datetime) -> Reply:
    """Silence at one word from anyone; whoever says for how long is told that a pause has no end of its own."""
    if channel.charter.state is CharterState.PAUSED:
        return Reply(message=text(house.content.say("pause.already")))
    if not await _move(channel, charters.paused, house, now, line_of(What.PAUSED, channel, asker, now=now)):
        return _gone(house)
    more = asker.words.split()[1:] if isinstance(asker, CommandGiven) else []
    said = [house.content.say("pause.done"), *([house.content.say("pause.no_length")] if more else [])]
    return Reply(message=text(*said), to_channel=True)


async def resume(channel: Channel, asker: Asker, *, house: House, now: datetime) -> Reply:
    """Take up again where the pause began; "not here" answers have been counted anew since it paused."""
    if channel.charter.state not in (CharterState.PAUSED, CharterState.LAPSED):
        return Reply(message=text(house.content.say(f"resume.not_paused.{channel.charter.state}")))
    if not allowed(Act.RESUME, asker, channel, house):
        return refusal(house)
    restraint = restraint_of(channel.settings, house)
    told = line_of(What.RESUMED, channel, asker, now=now)
    after = await _move(channel, lambda found, when: charters.resumed(found, restraint, when), house, now, told)
    return _to_channel(house, f"resume.done.{after.charter.state}") if after else _gone(house)


async def leave(channel: Channel, asker: Asker, *, house: House, now: datetime) -> Reply:
    """Go, at one word from anyone, and forget the channel at once."""
    del now, asker
    await house.store.channels.forget(channel.ref)
    return _to_channel(house, "leave.done")


def _agreed_if_asked(found: Charter, now: datetime) -> Charter:
    """A yes where Kith still waits for one; it undoes no pause that came while it was on its way."""
    waits = found.asked_at is not None or found.state is CharterState.LAPSED
    return charters.agreed(found, now) if waits and found.state is not CharterState.PAUSED else found


async def _move(
    channel: Channel, step: Callable[[Charter, datetime], Charter], house: House, now: datetime, told: Change
) -> Channel | None:
    """The channel as it is afterwards; None if Kith has left it meanwhile."""

    def moved(found: Channel) -> Channel:
        charter = step(found.charter, now)
        return found if charter is found.charter else replace(found, charter=charter)

    return await change(channel.ref, moved, house=house, told=lambda *_: told)


def _gone(house: House) -> Reply:
    return Reply(message=text(house.content.say("not_in_channel")))


def _to_channel(house: House, key: str, **facts: object) -> Reply:
    """What changes for everyone is said to everyone, without saying who asked for it."""
    return Reply(message=text(house.content.say(key, **facts)), to_channel=True)
