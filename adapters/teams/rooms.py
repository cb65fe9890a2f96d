"""Looks up what an event about a channel or chat leaves out: its name, its size, whether it has people from outside."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.teams.connector import Connector
from adapters.teams.shapes import ident, part, word
from bot.domain.address import Address
from bot.domain.content import Content
from bot.domain.events import ChannelRef

MOST_MEMBERS = 500
"""People of a chat that are looked at; no chat may have more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A channel or chat as the connector describes it; `members` leaves Kith out."""

    name: str
    members: int | None
    external: bool


class Rooms:
    """Looks channels and chats up; nothing is kept."""

    def __init__(self, connector: Connector, content: Content) -> None:
        self._connector = connector
        self._content = content

    async def room(self, ref: ChannelRef, address: Address) -> Room:
        """The channel or chat; PlatformError if the connector does not tell."""
        if address.group:
            return await self._channel(ref, address)
        people = await self._connector.members(address.url, ref.channel, most=MOST_MEMBERS)
        outside = any(ident(one, "tenantId") not in ("", ref.workspace) for one in people)
        name = self._content.say("teams.place.group_chat")
        return Room(name=name, members=len(people) or None, external=outside)

    async def _channel(self, ref: ChannelRef, address: Address) -> Room:
        """A team's channel; the first of all has no name of its own. A channel that is shared counts as external."""
        listed = await self._connector.channels(address.url, address.group)
        found = next((one for one in listed if ident(one, "id") == ref.channel), {})
        team = await self._connector.team(address.url, address.group)
        count = part(team).get("memberCount")
        return Room(
            name=word(found, "name").strip()[:255] or self._content.say("teams.place.general"),
            members=count if isinstance(count, int) and not isinstance(count, bool) and count > 0 else None,
            external=word(found, "type").lower() == "shared",
        )
