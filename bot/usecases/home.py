"""Kith's own page for one person: what it does in their channels, what it said there last, and their own choices."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.channel import Channel
from bot.domain.events import ChannelRef
from bot.domain.speech import Choice, Emphasis, Listing, Message, Paragraph, Part
from bot.ports import House
from bot.usecases.ledger_page import ledger_line

MOST_CHANNELS = 12
"""So many channels are shown, by name; more would not be read on one page."""

NEWEST = 3
"""So many lines of each channel's ledger, newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """The page, and the channel in which its buttons act (None: it has none)."""

    message: Message
    acts_in: ChannelRef | None = None


async def home_page(workspace: str, person: str, *, among: frozenset[str], house: House) -> HomePage:
    """The page of somebody who is in the channels `among` (platform ids); other channels are not on it."""
    say = house.content.say
    channels = [channel for channel in await house.store.channels.all(workspace) if channel.ref.channel in among]
    parts: list[Part] = [
        Paragraph(text=say("help.hello")),
        Paragraph(text=say("home.opening"), emphasis=Emphasis.HEADING),
    ]
    if not channels:
        parts.append(Paragraph(text=say("home.nowhere")))
    else:
        parts.append(Listing(items=tuple(_line(channel, house) for channel in channels[:MOST_CHANNELS])))
    for channel in channels[:MOST_CHANNELS]:
        parts += await _newest(channel, house)
    parts += await _own(workspace, person, house)
    choices = await _choices(workspace, person, house) if channels else ()
    return HomePage(
        message=Message(body=(*parts, Paragraph(text=say("home.note"), emphasis=Emphasis.NOTE)), choices=choices),
        acts_in=channels[0].ref if channels else None,
    )


def _line(channel: Channel, house: House) -> str:
    state = house.content.say(f"state.{channel.charter.state}")
    return house.content.say("home.channel", channel=channel.name, state=state)


async def _newest(channel: Channel, house: House) -> list[Part]:
    entries = await house.store.ledger.entries(channel.ref, at_most=NEWEST)
    if not entries:
        return []
    lines = tuple(ledger_line(entry, channel.settings.zone, house.content) for entry in entries)
    heading = Paragraph(text=house.content.say("home.newest", channel=channel.name), emphasis=Emphasis.HEADING)
    return [heading, Listing(items=lines)]


async def _own(workspace: str, person: str, house: House) -> list[Part]:
    out = await house.store.choices.opted_out(workspace, person)
    say = house.content.say
    return [
        Paragraph(text=say("home.yours"), emphasis=Emphasis.HEADING),
        Paragraph(text=say("data.opted_out" if out else "data.read")),
    ]


async def _choices(workspace: str, person: str, house: House) -> tuple[Choice, ...]:
    """The one choice that holds for all channels."""
    act = "opt_in" if await house.store.choices.opted_out(workspace, person) else "opt_out"
    return (Choice(id=act, label=house.content.say(f"choice.{act}")),)
