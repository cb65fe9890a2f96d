"""Knows for a few minutes who in a workspace is a guest and who an admin."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.slack.shapes import Json, ident, part
from adapters.slack.web import Web
from bot.domain.events import Standing
from bot.errors import PlatformError
from bot.ports import Clock

KNOWN_FOR = timedelta(minutes=5)
"""How long an answer is believed; an admin who steps down may act as one for so long."""

MOST = 5000
"""How many people are known at once; the one asked about longest ago is forgotten first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What Slack says of somebody: whether they are a guest (or from outside, or a bot), and what they may decide."""

    guest: bool
    standing: Standing


UNKNOWN = Person(guest=True, standing=Standing.MEMBER)
"""Somebody whom Slack does not tell of: not read, and in charge of nothing."""


class People:
    """Looks people up, and keeps nothing of them but these two facts, in memory."""

    def __init__(self, web: Web, clock: Clock, workspace: str) -> None:
        self._web = web
        self._clock = clock
        self._workspace = workspace
        self._known: OrderedDict[str, tuple[datetime, Person]] = OrderedDict()

    async def person(self, user: str) -> Person:
        """Who this is; UNKNOWN where Slack does not say, so that a failure never makes Kith read too much."""
        now = self._clock.now()
        if user in self._known and self._known[user][0] > now:
            return self._known[user][1]
        try:
            answer = await self._web.ask("users.info", user=user)
        except PlatformError:
            return UNKNOWN
        person = person_in(part(answer, "user"), self._workspace)
        self._known[user] = (now + KNOWN_FOR, person)
        self._known.move_to_end(user)
        while len(self._known) > MOST:
            self._known.popitem(last=False)
        return person


def person_in(user: Json, workspace: str) -> Person:
    """What a user object says; people of another organisation are guests here, and never admins."""
    home = ident(user, "team_id")
    marks = ("is_restricted", "is_ultra_restricted", "is_stranger", "is_bot", "deleted")
    guest = not user or any(user.get(mark) is True for mark in marks) or home not in ("", workspace)
    leads = any(user.get(mark) is True for mark in ("is_admin", "is_owner", "is_primary_owner"))
    return Person(guest=guest, standing=Standing.ADMIN if leads and not guest else Standing.MEMBER)
