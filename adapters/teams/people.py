"""Knows for a while who in a tenant is a guest, and who is in which conversation."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.teams.connector import Connector
from adapters.teams.shapes import Json, ident, word
from adapters.teams.whence import Whence
from bot.errors import PlatformError, PlatformGoneError
from bot.ports import Clock

KNOWN_FOR = timedelta(hours=1)
"""How long an answer is believed."""

UNSURE_FOR = timedelta(minutes=1)
"""How long somebody stays unknown of whom the connector does not tell, so that it is not asked with every message."""

MOST = 5000
"""How many people are known at once; the one asked about longest ago is forgotten first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What the connector says of somebody: their id in conversations, and whether they are a guest or from outside."""

    id: str
    guest: bool


class People:
    """Looks people up, and keeps nothing of them but that, in memory."""

    def __init__(self, connector: Connector, clock: Clock) -> None:
        self._connector = connector
        self._clock = clock
        self._known: OrderedDict[tuple[str, str], tuple[datetime, Person]] = OrderedDict()

    async def person(self, who: str, where: Whence) -> Person:
        """Who this is; a guest where the connector does not say, so that a failure never makes Kith read too much.
        `who` may also be their id in the tenant's directory."""
        now, name = self._clock.now(), (where.ref.workspace, who)
        if name in self._known and self._known[name][0] > now:
            return self._known[name][1]
        try:
            member = await self._connector.member(where.service_url, where.ref.channel, who)
            person, until = person_in(member, where.ref.workspace), now + KNOWN_FOR
        except PlatformError:
            person, until = Person(id="", guest=True), now + UNSURE_FOR
        self._known[name] = (until, person)
        self._known.move_to_end(name)
        while len(self._known) > MOST:
            self._known.popitem(last=False)
        return person

    async def is_in(self, who: str, channel: str, service_url: str) -> bool:
        """Whether somebody is in a conversation at this moment. PlatformError if the connector does not say."""
        try:
            await self._connector.member(service_url, channel, who)
        except PlatformGoneError:
            return False
        return True


def person_in(member: Json, workspace: str) -> Person:
    """What a member object says; people of another tenant are guests here."""
    home = ident(member, "tenantId")
    outside = bool(home) and home != workspace
    role = word(member, "userRole").lower()
    guest = role in ("guest", "anonymous") or "#ext#" in word(member, "userPrincipalName").lower()
    return Person(id=ident(member, "id"), guest=guest or outside or not ident(member, "id"))
