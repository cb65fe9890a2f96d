"""Say what is waiting in the outbox, and note what its being said changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.channel import Channel
from bot.domain.charter import CharterState, introduced
from bot.domain.outgoing import Outcome, Outgoing, OutgoingKind
from bot.errors import PlatformBusyError, PlatformError, PlatformGoneError
from bot.ports import ChatPlatform, House
from bot.usecases.compose import compose
from bot.usecases.reflect import restraint_of

LEASE = timedelta(minutes=1)
"""How long one worker has for a row before others may take it."""

MOST_ATTEMPTS = 8
"""After so many failed tries a message is a dead letter; with doubling waits that is about four hours."""


async def deliver(*, house: House, chat: ChatPlatform, now: datetime) -> int:
    """Send what is due, one message a channel at a time; says how many went out."""
    sent = 0
    while taken := await house.store.outbox.take(now, lease=LEASE):
        for outgoing in taken:
            sent += await _send(outgoing, house, chat, now)
    return sent


async def _send(outgoing: Outgoing, house: House, chat: ChatPlatform, now: datetime) -> bool:
    channel = await house.store.channels.get(outgoing.place.channel)
    message = await compose(outgoing, channel, house)
    if message is None:
        await house.store.outbox.settle(outgoing, _given_up(outgoing))
        return False
    try:
        await chat.post(outgoing.place, message)
    except PlatformBusyError as busy:
        await _later(outgoing, house, now, timedelta(seconds=float(str(busy.facts.get("seconds", 60)))))
        return False
    except PlatformGoneError:
        await house.store.outbox.settle(outgoing, _given_up(outgoing))
        return False
    except PlatformError:
        await _later(outgoing, house, now, timedelta(minutes=2**outgoing.attempts))
        return False
    await house.store.outbox.settle(outgoing, Outcome.SENT)
    if channel is not None:
        await _after(outgoing, channel, house, now)
    return True


async def _later(outgoing: Outgoing, house: House, now: datetime, wait: timedelta) -> None:
    outcome = Outcome.LATER if outgoing.attempts + 1 < MOST_ATTEMPTS else _given_up(outgoing)
    await house.store.outbox.settle(outgoing, outcome, retry_at=now + wait)


def _given_up(outgoing: Outgoing) -> Outcome:
    """A dead letter stays for the operator to see, unless it was an answer to a person: of a talk nothing stays."""
    return Outcome.DROPPED if outgoing.kind is OutgoingKind.DIALOGUE else Outcome.NEVER


async def _after(outgoing: Outgoing, channel: Channel, house: House, now: datetime) -> None:
    """The introduction being out is what lets Kith listen."""
    if outgoing.kind is OutgoingKind.INTRODUCTION and channel.charter.state is CharterState.INVITED:
        charter = introduced(channel.charter, restraint_of(channel.settings), now)
        await house.store.channels.save(replace(channel, charter=charter))
