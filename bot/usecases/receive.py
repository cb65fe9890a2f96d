"""The one door of the core: every event of every platform comes in here and finds its use case."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain import events
from bot.domain.channel import ChannelSettings
from bot.domain.speech import Reply
from bot.ports import House
from bot.usecases.asking.hear import hear, hear_deletion, hear_edit, hear_reaction, overhear
from bot.usecases.channels.arrive import arrive, depart, follow_change
from bot.usecases.choose import choose
from bot.usecases.command import obey
from bot.usecases.dialogue.talk import talk
from bot.usecases.submit import submit
from bot.usecases.workspaces.holding import at_home, in_office

Asked = events.CommandGiven | events.ChoiceMade | events.FormSubmitted
"""What somebody wants of Kith and is answered at once."""


async def receive(
    event: events.Event, *, house: House, now: datetime, settings: ChannelSettings | None = None
) -> Reply | None:
    """Handle one event; commands, choices and forms have an answer, the rest has none.

    `settings` are those that the deployment lets a new channel start with. What the workspace decided holds over what
    the deployment did, from the very next event on.
    """
    if settings is not None and settings is not house.newcomers:
        house = replace(house, newcomers=settings)
    match event:
        case events.MessagePosted():
            await _posted(event, house=house, now=now)
        case events.MessageEdited():
            await hear_edit(event, house=house, now=now)
        case events.MessageDeleted():
            await hear_deletion(event, house=house, now=now)
        case events.ReactionChanged():
            await hear_reaction(event, house=house, now=now)
        case events.KithInvited():
            house = await at_home(house, event.channel.workspace)
            await arrive(event, house=house, now=now, settings=house.newcomers)
        case events.KithRemoved():
            await depart(event, house=house, now=now)
        case events.ChannelChanged():
            await follow_change(event, house=house, now=now)
        case events.CommandGiven() | events.ChoiceMade() | events.FormSubmitted():
            return await _answer(event, await at_home(house, event.channel.workspace), now)
    return None


async def _posted(event: events.MessagePosted, *, house: House, now: datetime) -> None:
    """Most messages are overheard; what is said to Kith is answered, and the rest is heard."""
    if await overhear(event, house=house, now=now) or await talk(event, house=house, now=now):
        return
    await hear(event, house=house, now=now)


async def _answer(event: Asked, house: House, now: datetime) -> Reply:
    """What somebody asked for is answered in the house as it is in their workspace, and by their office there."""
    match event:
        case events.CommandGiven():
            return await obey(in_office(event, house), house=house, now=now)
        case events.ChoiceMade():
            return await choose(in_office(event, house), house=house, now=now)
        case events.FormSubmitted():
            return await submit(in_office(event, house), house=house, now=now)
