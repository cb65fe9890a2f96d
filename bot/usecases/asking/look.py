"""Look over channels whose time has come: what was held back may now be asked, counts are read, charters move on."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import working_hours
from bot.domain.audit import What
from bot.domain.channel import Channel, ChannelKind
from bot.domain.charter import CharterState, agreed, asked_to_go_on, lapse_if_over, lapsed, must_ask_to_go_on
from bot.domain.last_look import ASKED_FOR, CHECK_INS
from bot.domain.outgoing import Outgoing, OutgoingKind, charter_message_id
from bot.domain.reflection import Decision
from bot.domain.speech import Place
from bot.ports import House
from bot.usecases.asking.reflect import reflect, restraint_of
from bot.usecases.channels.changing import change
from bot.usecases.keeping.tidy import tidy
from bot.usecases.workspaces.changes import line_of
from bot.usecases.workspaces.holding import at_home

LOOK_AGAIN = timedelta(minutes=15)
"""How soon a channel is looked at again after a look that failed."""

_log = logging.getLogger("kith.look")  # ids and types of errors alone: an error's own text may hold anything


async def look_over_due(*, house: House, now: datetime) -> int:
    """Claim the channels that are due and look at each; says how many. What is over is destroyed.

    A channel that cannot be looked at keeps no other from being looked at, and has its turn again after LOOK_AGAIN.
    """
    await tidy(house=house, now=now)
    due = await house.store.channels.due(now)
    for channel in due:
        await _look_safely(channel, house, now)
    return len(due)


async def _look_safely(channel: Channel, house: House, now: datetime) -> None:
    try:
        await look(channel, house=house, now=now)
        return
    except Exception as exc:  # noqa: BLE001, a boundary: one channel's trouble must not stop all others
        _log.error("looking at %s/%s failed: %s", channel.ref.workspace, channel.ref.channel, type(exc).__name__)
    try:
        await house.store.channels.note_look(channel.ref, look_at=now + LOOK_AGAIN, runs=channel.history.runs)
    except Exception as exc:  # noqa: BLE001, as above; its turn comes again after LOOK_EVERY
        _log.error("%s/%s could not be put back: %s", channel.ref.workspace, channel.ref.channel, type(exc).__name__)


async def look(channel: Channel, *, house: House, now: datetime) -> Decision:
    """Move the charter on if its time has come, then decide on everything that the window shows."""
    house = await at_home(house, channel.ref.workspace)
    if (since := house.workspace.kept_since(now)) is not None:
        await house.store.traces.drop_before(channel.ref, since)
    channel = await _charter_steps(channel, house, now)
    if channel.charter.state is CharterState.INVITED:
        return Decision()
    return await reflect(channel, house=house, now=now)


async def _charter_steps(channel: Channel, house: House, now: datetime) -> Channel:
    """Lapse, or ask whether to go on; in channels where Kith never asks anything, fall silent without a word, unless
    they have check-ins."""
    before = channel.charter
    after, kind = lapse_if_over(before, now), OutgoingKind.LAPSED
    if after is before:
        if not must_ask_to_go_on(before, restraint_of(channel.settings, house), now):
            return channel
        after = asked_to_go_on(before, now)
        kind = OutgoingKind.LISTENED if before.state is CharterState.LISTENING else OutgoingKind.RENEWAL
    conversation = channel.purpose is ChannelKind.CONVERSATION
    check_ins = not conversation and bool(await house.store.check_ins.of(channel.ref))
    if conversation or (check_ins and kind is not OutgoingKind.LISTENED):
        await _say(channel, kind, house, now, check_ins=check_ins)
    elif kind is OutgoingKind.LISTENED:
        # nobody is asked here; a check-in that people set up is their yes
        after = agreed(before, now) if check_ins else lapsed(before, now)

    def step(found: Channel) -> Channel:
        return replace(found, charter=after) if found.charter == before else found

    told = line_of(What.LAPSED, channel, None, now=now) if after.state is CharterState.LAPSED else None
    return await change(channel.ref, step, house=house, told=lambda *_: told) or channel


async def _say(channel: Channel, kind: OutgoingKind, house: House, now: datetime, *, check_ins: bool) -> None:
    """Queue a message about the charter for the channel's working hours; its id makes a second queueing harmless."""
    waits = restraint_of(channel.settings, house).working_hours
    outgoing = Outgoing(
        id=charter_message_id(kind, channel.ref, channel.charter.since),
        place=Place(channel=channel.ref),
        kind=kind,
        facts={ASKED_FOR: CHECK_INS} if check_ins else {},
        due_at=working_hours.next_opening(channel.settings, now) if waits else now,
    )
    await house.store.outbox.put(outgoing)
