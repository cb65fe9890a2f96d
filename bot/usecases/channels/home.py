"""Kith's own page for one person: what it does in their channels, what it said there last, and their own choices."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.channel import Channel
from bot.domain.charter import SILENT, CharterState
from bot.domain.events import Standing
from bot.domain.home import HomePage
from bot.domain.speech import Choice, Emphasis, Listing, Message, Paragraph, Part
from bot.ports import House
from bot.usecases.channels.ledger_page import ledger_line, told_of_many
from bot.usecases.check_ins.words import described
from bot.usecases.workspaces.holding import at_home

MOST_CHANNELS = 12
"""So many channels are shown, by name; more would not be read on one page."""

MOST_CHECK_INS = 6
"""So many check-ins that come next."""

NEWEST = 3
"""So many lines of each channel's ledger, newest first."""


async def home_page(
    workspace: str,
    person: str,
    *,
    among: frozenset[str],
    house: House,
    standing: Standing = Standing.MEMBER,
    acts_in: str = "",
) -> HomePage:
    """The page of somebody who is in the channels `among` (platform ids); other channels are not on it. Its buttons act
    in `acts_in`, or in the first where that is none of them. Admins find the way to what holds in the whole workspace,
    which needs no channel."""
    house = await at_home(house, workspace)
    leads = standing is Standing.ADMIN or person in house.workspace.admins
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
    parts += await _check_ins(channels[:MOST_CHANNELS], house)
    parts += await _own(workspace, person, house)
    first = channels[0] if channels else None
    chosen = next((channel for channel in channels if channel.ref.channel == acts_in), first)
    choices = (*_acts(chosen, house), *await _choices(workspace, person, house)) if chosen else ()
    if leads:
        choices += (Choice(id="workspace", label=say("choice.workspace")),)
    return HomePage(
        message=Message(body=(*parts, Paragraph(text=say("home.note"), emphasis=Emphasis.NOTE)), choices=choices),
        acts_in=chosen.ref if chosen else None,
        among=tuple((channel.ref, channel.name) for channel in channels),
    )


def _acts(channel: Channel, house: House) -> tuple[Choice, ...]:
    """What can be done in a channel from here; each checks who may, as anywhere."""
    silent = channel.charter.state is CharterState.PAUSED
    labels = {
        "settings": "home.settings",
        "checkin_list": "home.check_ins",
        **({"resume": "home.resume"} if silent else {"pause": "home.pause"}),
    }
    return tuple(Choice(id=act, label=house.content.say(key, channel=channel.name[:40])) for act, key in labels.items())


def _line(channel: Channel, house: House) -> str:
    state = house.content.say(f"state.{channel.charter.state}")
    return house.content.say("home.channel", channel=channel.name, state=state)


async def _newest(channel: Channel, house: House) -> list[Part]:
    entries = told_of_many(await house.store.ledger.entries(channel.ref, at_most=10 * NEWEST))[:NEWEST]
    if not entries:
        return []
    lines = tuple(ledger_line(entry, channel.settings.zone, house.content) for entry in entries)
    heading = Paragraph(text=house.content.say("home.newest", channel=channel.name), emphasis=Emphasis.HEADING)
    return [heading, Listing(items=lines)]


async def _check_ins(channels: Sequence[Channel], house: House) -> list[Part]:
    """What these channels will be asked next, the soonest first; a channel where Kith is silent is asked nothing."""
    speaking = [channel for channel in channels if channel.charter.state not in SILENT]
    coming = [
        (check_in.next.at, channel.name, check_in)
        for channel in speaking
        for check_in in await house.store.check_ins.of(channel.ref)
        if check_in.next is not None
    ]
    if not coming:
        return []
    say, content = house.content.say, house.content
    soonest = sorted(coming, key=lambda one: (one[0], one[1], one[2].id))[:MOST_CHECK_INS]
    lines = tuple(say("checkin.home.line", channel=name, **described(one, content)) for _, name, one in soonest)
    return [Paragraph(text=say("checkin.home.heading"), emphasis=Emphasis.HEADING), Listing(items=lines)]


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
