"""Come into a channel, follow its changes, and leave it with nothing kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.audit import Change, Role, What
from bot.domain.channel import Channel, ChannelSettings, kind_of
from bot.domain.charter import CharterState, invited
from bot.domain.events import ChannelChanged, KithInvited, KithRemoved
from bot.domain.outgoing import Outgoing, OutgoingKind, charter_message_id
from bot.domain.restraint import LOOK_EVERY
from bot.domain.speech import Place
from bot.ports import House
from bot.usecases.channels.changing import change


async def arrive(event: KithInvited, *, house: House, now: datetime, settings: ChannelSettings) -> None:
    """Queue the introduction; Kith listens only once that is out. A second invitation while Kith is in does nothing."""
    channel = Channel(
        ref=event.channel,
        name=event.name,
        charter=invited(event.by, now),
        kind=kind_of(event.name, event.purpose, external=event.external),
        members=event.members,
        settings=settings,
        look_at=now + LOOK_EVERY,
    )
    told = Change(ref=channel.ref, at=now, what=What.STEWARD, by=Role.STEWARD)
    if not await house.store.channels.add(channel, told=told):
        known = await house.store.channels.get(event.channel)
        if known is None or known.charter.state is not CharterState.INVITED:
            return
        channel = known  # a delivery that broke off may have left it without its introduction
    await house.store.outbox.put(
        Outgoing(
            id=charter_message_id(OutgoingKind.INTRODUCTION, channel.ref, channel.charter.since),
            place=Place(channel=channel.ref),
            kind=OutgoingKind.INTRODUCTION,
            due_at=now,
        )
    )


async def follow_change(event: ChannelChanged, *, house: House, now: datetime) -> None:
    """Take over a channel's new name, purpose and size; people from outside make Kith silent there."""
    del now

    def step(channel: Channel) -> Channel:
        kind = kind_of(event.name, event.purpose, external=event.external)
        return replace(channel, name=event.name, kind=kind, members=event.members)

    await change(event.channel, step, house=house)


async def depart(event: KithRemoved, *, house: House, now: datetime) -> None:
    """Forget the channel: windows, ledger, settings and everything still waiting to be said."""
    del now
    await house.store.channels.forget(event.channel)
