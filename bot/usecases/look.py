"""Look over channels whose time has come: what was held back may now be asked, counts are read, charters move on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain import working_hours
from bot.domain.channel import Channel
from bot.domain.charter import CharterState, asked_to_go_on, lapse_if_over, must_ask_to_go_on
from bot.domain.dialogue import LASTS
from bot.domain.outgoing import Outgoing, OutgoingKind
from bot.domain.reflection import Decision
from bot.domain.speech import Place
from bot.ports import House
from bot.usecases.reflect import reflect, restraint_of


async def look_over_due(*, house: House, now: datetime) -> int:
    """Claim the channels that are due and look at each; says how many. What is over is destroyed."""
    await house.store.traces.close_windows(now)
    await house.store.rounds.close(now)
    await house.store.dialogues.sweep(now - LASTS)
    due = await house.store.channels.due(now)
    for channel in due:
        await look(channel, house=house, now=now)
    return len(due)


async def look(channel: Channel, *, house: House, now: datetime) -> Decision:
    """Move the charter on if its time has come, then decide on everything that the window shows."""
    channel = await _charter_steps(channel, house, now)
    if channel.charter.state in (CharterState.INVITED, CharterState.LEFT):
        return Decision()
    return await reflect(channel, house=house, now=now)


async def _charter_steps(channel: Channel, house: House, now: datetime) -> Channel:
    charter = lapse_if_over(channel.charter, now)
    if charter is not channel.charter:
        return await _say(replace(channel, charter=charter), OutgoingKind.LAPSED, house, now)
    restraint = restraint_of(channel.settings)
    if not must_ask_to_go_on(charter, restraint, now):
        return channel
    if restraint.working_hours and not working_hours.is_open(channel.settings, now):
        waiting = replace(channel, look_at=working_hours.next_opening(channel.settings, now))
        await house.store.channels.save(waiting)
        return waiting
    kind = OutgoingKind.LISTENED if charter.state is CharterState.LISTENING else OutgoingKind.RENEWAL
    return await _say(replace(channel, charter=asked_to_go_on(charter, now)), kind, house, now)


async def _say(channel: Channel, kind: OutgoingKind, house: House, now: datetime) -> Channel:
    """Queue a message about the charter, then keep the step; its id makes a second queueing harmless."""
    outgoing = Outgoing(
        id=f"{kind}-{channel.ref.workspace}-{channel.ref.channel}-{channel.charter.since.isoformat()}",
        place=Place(channel=channel.ref),
        kind=kind,
        due_at=now,
    )
    await house.store.outbox.put(outgoing)
    await house.store.channels.save(channel)
    return channel
