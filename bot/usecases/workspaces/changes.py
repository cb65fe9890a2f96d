"""The trail of changes: how what somebody changed of how Kith is here is told, to whoever wants to know."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.audit import Change, Role, What, everywhere
from bot.domain.channel import Channel
from bot.domain.content import Content
from bot.domain.events import ChoiceMade, CommandGiven, FormSubmitted, Standing
from bot.domain.speech import Emphasis, Listing, Message, Paragraph, Reply
from bot.ports import House

Asker = CommandGiven | ChoiceMade | FormSubmitted

LINES = 20
"""So many lines, newest first; more would not be read in a chat."""

_OF_EVERYONE = frozenset({What.PAUSED, What.CHECK_IN_SKIPPED})
"""What anyone may do with one word; who did it is told by no role either, since a channel may have one steward."""


def line_of(
    what: What, channel: Channel, asker: Asker | None, *, now: datetime, facts: Mapping[str, str] | None = None
) -> Change:
    """A line of the channel's trail; `asker` None: Kith did it by itself. Whatever changes how Kith is in a channel
    hands one to the store with the change. `facts` hold ids and numbers alone."""
    role = Role.MEMBER if what in _OF_EVERYONE and asker else role_of(asker, channel)
    return Change(ref=channel.ref, at=now, what=what, by=role, facts=facts or {})


def line_for_all(what: What, asker: Asker, *, now: datetime, facts: Mapping[str, str] | None = None) -> Change:
    """A line of the trail of the whole workspace."""
    role = Role.ADMIN if asker.standing is Standing.ADMIN else Role.STEWARD
    return Change(ref=everywhere(asker.channel), at=now, what=what, by=role, facts=facts or {})


def role_of(asker: Asker | None, channel: Channel) -> Role:
    """In which role somebody acts here."""
    if asker is None:
        return Role.KITH
    if asker.standing is Standing.ADMIN:
        return Role.ADMIN
    steward = asker.standing is Standing.STEWARD or asker.by == channel.charter.steward
    return Role.STEWARD if steward else Role.MEMBER


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """What has another value afterwards."""
    return {name: value for name, value in after.items() if before.get(name) != value}


async def show_changes(channel: Channel, asker: CommandGiven | ChoiceMade, *, house: House, now: datetime) -> Reply:
    """The trail, open to every member of the channel."""
    del asker, now
    say = house.content.say
    lines = await house.store.changes.of(channel.ref, at_most=LINES)
    shown = Listing(items=tuple(change_line(line, channel.settings.zone, house.content) for line in lines))
    return Reply(
        message=Message(
            body=(
                Paragraph(text=say("changes.heading"), emphasis=Emphasis.HEADING),
                shown if lines else Paragraph(text=say("changes.none")),
                Paragraph(text=say("changes.note"), emphasis=Emphasis.NOTE),
            )
        )
    )


def change_line(change: Change, zone: str, content: Content) -> str:
    """One change in one line: when, what, in which role, and the settings as they are since then."""
    when = f"{change.at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"
    what, by = content.say(f"changes.what.{change.what}"), content.say(f"changes.by.{change.by}")
    told = "; ".join(_fact(name, value, change.what, content) for name, value in change.facts.items())
    return content.say("changes.line_told" if told else "changes.line", when=when, what=what, by=by, told=told)


def _fact(name: str, value: str, what: What, content: Content) -> str:
    """A setting with its value, in the words that the forms have for them."""
    groups = ("numbers", "workspace", "settings") if what is not What.CHANNEL_SETTINGS else ("settings",)
    keys = (f"{group}.{name}.short" for group in groups), (f"{group}.{name}.label" for group in groups)
    label = next((content.interface[key] for kind in keys for key in kind if key in content.interface), name)
    said = content.interface.get(f"{name}.{value or 'by_name'}", value)
    return content.say("changes.fact", name=label, value=said) if said else label
