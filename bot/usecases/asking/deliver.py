"""Say what is waiting in the outbox, and note what its being said changes."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.channel import Channel
from bot.domain.charter import CharterState, introduced
from bot.domain.last_look import ASKS_TO_GO_ON, asks_now, may_still_ask, still_true
from bot.domain.outgoing import CHECK_IN_KINDS, Outcome, Outgoing, OutgoingKind
from bot.domain.speech import Message
from bot.errors import PlatformBusyError, PlatformError, PlatformGoneError, PlatformUnsureError
from bot.ports import ChatPlatform, House
from bot.usecases.asking.compose import compose
from bot.usecases.asking.reflect import restraint_of
from bot.usecases.channels.changing import change
from bot.usecases.check_ins import saying as check_in_saying
from bot.usecases.workspaces.holding import at_home, is_holiday

LEASE = timedelta(minutes=2)
"""How long one worker has for the rows it took before others may take them."""

MOST_AT_ONCE = 4
"""So many rows are leased together; more might not get their turn before the lease is over."""

POSTING = timedelta(seconds=20)
"""How long a platform may take over one message. A row with less than this left of its lease is let go."""

RUN = timedelta(seconds=30)
"""After so long what is still waiting waits for the next tick, so that looking at channels has its turn."""

MOST_ATTEMPTS = 8
"""After so many failed tries a message is a dead letter: with waits of 1, 2, 4, … 64 minutes after two hours. Being
asked to wait is no failed try."""

SHORTEST_WAIT, LONGEST_WAIT, UNSAID_WAIT = 1.0, 3600.0, 60.0
"""Seconds: the least and the most that a platform's wish to wait is taken for, and what is meant if it names none."""

_log = logging.getLogger("kith.outbox")  # ids, kinds and types of errors alone: an error's own text may hold anything


async def deliver(
    *, house: House, chat: ChatPlatform, now: Callable[[], datetime], stopping: Callable[[], bool] = lambda: False
) -> int:
    """Send what is due, one message a channel at a time; says how many went out. `now` tells the time whenever it is
    asked, because sending takes some. A message that cannot be sent keeps no other from going out. Once this process is
    `stopping`, the message under way is finished and the others are given back at once.

    A process that is killed between a message's being posted and its being noted leaves it to be posted once more when
    the lease is over: no platform can be asked whether it has a message already. So much, one repeated message a
    kill, is the price of losing none.
    """
    sent, begun = 0, now()
    while (leased := now()) - begun < RUN and not stopping():
        taken = await house.store.outbox.take(leased, lease=LEASE, at_most=MOST_AT_ONCE)
        if not taken:
            break
        for outgoing in taken:
            if stopping():
                await house.store.outbox.settle(outgoing, Outcome.PUT_OFF)
            elif now() + POSTING <= leased + LEASE:  # else another worker may have it before this one is through
                sent += await _deliver_one(outgoing, house, chat, now)
    return sent


async def _deliver_one(outgoing: Outgoing, house: House, chat: ChatPlatform, now: Callable[[], datetime]) -> bool:
    """Whether the message went out. Whatever happens to it stays here."""
    try:
        return await _send(outgoing, house, chat, now)
    except Exception as exc:  # noqa: BLE001, a boundary: one channel's trouble must not silence all others
        _log.error("%s could not be handled: %s", _named(outgoing), type(exc).__name__)
    try:
        await _failed(outgoing, house, now())
    except Exception as exc:  # noqa: BLE001, as above; when its lease is over the row is taken again
        _log.error("%s could not be put back: %s", _named(outgoing), type(exc).__name__)
    return False


async def _send(outgoing: Outgoing, house: House, chat: ChatPlatform, now: Callable[[], datetime]) -> bool:
    house = await at_home(house, outgoing.place.channel.workspace)
    channel = await house.store.channels.get(outgoing.place.channel)
    if channel is not None and not await _holds(outgoing, channel, house, now()):
        await _take_back(outgoing, house)
        await house.store.outbox.settle(outgoing, Outcome.DROPPED)
        return False
    message = await compose(outgoing, channel, house)
    if (
        message is None and outgoing.kind is OutgoingKind.DIALOGUE
    ):  # somebody went on, or it only kept something in mind
        await house.store.outbox.settle(outgoing, Outcome.DROPPED)
        return False
    if message is None:
        await _give_up(outgoing, house, "there is nothing to say any more", unsaid=True)
        return False
    try:
        posted = await _post(outgoing, message, chat)
    except PlatformBusyError as busy:
        await house.store.outbox.settle(outgoing, Outcome.PUT_OFF, retry_at=now() + _wait(busy))
        return False
    except PlatformGoneError:
        await _give_up(outgoing, house, "the platform will never take it", unsaid=False)
        return False
    except PlatformError:
        await _failed(outgoing, house, now())
        return False
    await _after(outgoing, channel, posted, house, now())
    await house.store.outbox.settle(outgoing, Outcome.SENT)
    return True


async def _post(outgoing: Outgoing, message: Message, chat: ChatPlatform) -> str:
    """Say it, and give the platform's id of it, "" if it gave none. Nobody knows whether a question was said that the
    platform did not answer for: it counts as said, because a question too few harms nobody. Any other message is said
    again, because without it people miss one."""
    try:
        async with asyncio.timeout(POSTING.total_seconds()):
            return await chat.post(outgoing.place, message)
    except (PlatformUnsureError, TimeoutError) as exc:
        if outgoing.kind is not OutgoingKind.QUESTION:
            raise PlatformUnsureError(problem="there was no answer") from exc
        _log.warning("%s counts as said: there was no answer", _named(outgoing))
    except PlatformError:
        raise
    except Exception as exc:
        if outgoing.kind is not OutgoingKind.QUESTION:
            raise
        _log.error("%s counts as said: %s", _named(outgoing), type(exc).__name__)
    return ""


async def _holds(outgoing: Outgoing, channel: Channel, house: House, now: datetime) -> bool:
    """Whether what is to be said holds still: people may have silenced Kith while the message waited."""
    if outgoing.kind in CHECK_IN_KINDS:
        return await check_in_saying.holds(outgoing, channel, house, now)
    restraint = restraint_of(channel.settings, house)
    if outgoing.kind is not OutgoingKind.QUESTION:
        return still_true(outgoing, channel, restraint, now, holiday=is_holiday(channel.settings, house, now))
    entry = await house.store.ledger.entry(channel.ref, outgoing.about)
    holiday = is_holiday(channel.settings, house, now)
    return entry is not None and may_still_ask(entry, channel, restraint, now, holiday=holiday)


async def _failed(outgoing: Outgoing, house: House, now: datetime) -> None:
    """Try again with growing patience, or give up after too many tries."""
    if outgoing.attempts + 1 < MOST_ATTEMPTS:
        wait = timedelta(minutes=2**outgoing.attempts)
        await house.store.outbox.settle(outgoing, Outcome.LATER, retry_at=now + wait)
        return
    await _give_up(outgoing, house, f"{MOST_ATTEMPTS} tries failed", unsaid=True)


async def _give_up(outgoing: Outgoing, house: House, why: str, *, unsaid: bool) -> None:
    """Say so to the operator, and undo what was done in the belief that this would be said.

    A dead letter stays, unless the same may be said some other day, or it was an answer to a person: of a talk nothing
    stays. Where `unsaid` is False a question goes on counting against its channel's budget: it is what keeps Kith from
    trying with every message where it may not post.
    """
    _log.warning("%s is given up: %s", _named(outgoing), why)
    if outgoing.kind is OutgoingKind.INTRODUCTION and await _forgotten(outgoing, house):
        return
    if unsaid or outgoing.kind in ASKS_TO_GO_ON:
        await _take_back(outgoing, house)
    await check_in_saying.unsaid(outgoing, house)
    kept = outgoing.kind is not OutgoingKind.DIALOGUE and outgoing.kind not in ASKS_TO_GO_ON
    await house.store.outbox.settle(outgoing, Outcome.NEVER if kept else Outcome.DROPPED)


async def _forgotten(outgoing: Outgoing, house: House) -> bool:
    """Forget a channel where Kith could not introduce itself, so that a second invitation begins anew."""
    channel = await house.store.channels.get(outgoing.place.channel)
    if channel is None or channel.charter.listening_since is not None:
        return False
    await house.store.channels.forget(channel.ref)
    return True


async def _take_back(outgoing: Outgoing, house: House) -> None:
    """A question that was not said counts against no budget; whether to go on, if not asked, is asked another day."""
    ref = outgoing.place.channel
    if outgoing.kind is OutgoingKind.QUESTION:
        await house.store.ledger.withdraw(ref, outgoing.about)
    elif outgoing.kind in ASKS_TO_GO_ON:
        await change(ref, lambda channel: _unasked(channel, outgoing), house=house)


def _unasked(channel: Channel, outgoing: Outgoing) -> Channel:
    if channel.charter.asked_at is None or not asks_now(outgoing, channel):
        return channel
    return replace(channel, charter=replace(channel.charter, asked_at=None))


async def _after(outgoing: Outgoing, channel: Channel | None, posted: str, house: House, now: datetime) -> None:
    """The introduction being out is what lets Kith listen; a check-in's being out is what its closing follows from. A
    question counts from when it was said: one that waited must not be followed too soon by the next."""

    def step(channel: Channel) -> Channel:
        if channel.charter.state is not CharterState.INVITED:
            return channel
        return replace(channel, charter=introduced(channel.charter, restraint_of(channel.settings, house), now))

    if outgoing.kind in CHECK_IN_KINDS and channel is not None:
        await check_in_saying.after(outgoing, channel, posted, house)
    if outgoing.kind is OutgoingKind.QUESTION:
        await house.store.ledger.said(outgoing.place.channel, outgoing.about, now)
    if outgoing.kind is OutgoingKind.INTRODUCTION:
        await change(outgoing.place.channel, step, house=house)


def _wait(busy: PlatformBusyError) -> timedelta:
    asked = busy.facts.get("seconds")
    seconds = float(asked) if isinstance(asked, int | float) and math.isfinite(asked) else UNSAID_WAIT
    return timedelta(seconds=min(max(seconds, SHORTEST_WAIT), LONGEST_WAIT))


def _named(outgoing: Outgoing) -> str:
    """Its kind and id for the log; of a talk not even the id, which names a person's message."""
    return outgoing.kind.value if outgoing.kind is OutgoingKind.DIALOGUE else f"{outgoing.kind} {outgoing.id}"
