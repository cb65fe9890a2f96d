"""Joins Kith to Teams: the door it is reached through, and the chat it speaks in."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Collection, Sequence
from contextlib import asynccontextmanager

import aiohttp
from starlette.routing import BaseRoute

from adapters.teams.acting import Acting
from adapters.teams.admission import Admission, Rules
from adapters.teams.bearer import Bearer, Request
from adapters.teams.chat import TeamsChat
from adapters.teams.connector import TIMEOUT, Connector
from adapters.teams.core import Core
from adapters.teams.door import door
from adapters.teams.hearing import Hearing, Places
from adapters.teams.interactions import acted_in, asked_about, command_in, spot_of
from adapters.teams.keys import PAUSE, Keys
from adapters.teams.markup import mentions
from adapters.teams.people import People
from adapters.teams.replies import Replies
from adapters.teams.rooms import Rooms
from adapters.teams.shapes import Json
from adapters.teams.translate import kith_in
from adapters.teams.turns import Answer, Turns
from bot.domain.content import Content
from bot.errors import PlatformError
from bot.ports import Addresses, Clock

_log = logging.getLogger("kith.teams")


class Teams:
    """All tenants of one app: `chat` to speak in, and, once it has a core, the door."""

    def __init__(self, connector: Connector, addresses: Addresses, rules: Rules) -> None:
        self.chat = TeamsChat(connector, addresses)
        self._connector = connector
        self._addresses = addresses
        self._rules = rules

    def door(
        self,
        core: Core,
        content: Content,
        clock: Clock,
        *,
        words: Collection[str],
        alone: Collection[str] = (),
        admins: frozenset[str] = frozenset(),
    ) -> Sequence[BaseRoute]:
        """The HTTP door. `words` are the commands that Kith obeys, `alone` those that need no channel, `admins` the ids
        that people have in the directory who may decide for the workspace."""
        people, places = People(self._connector, clock), Places(self._addresses, clock)
        rooms = Rooms(self._connector, content)
        hearing = Hearing(self._rules.app, core, people, rooms, places)
        replies = Replies(self._connector, self._addresses, core)
        acting = Acting(core, hearing, places, people, replies, clock, words, alone)
        ears = _Ears(self._rules.app, words, admins, hearing, acting)
        return door(Turns(ears.heard, ears.invoked).take, Admission(self._rules))


class _Ears:
    """Finds out whether somebody did something on purpose, or something happened."""

    def __init__(
        self, app: str, words: Collection[str], admins: frozenset[str], hearing: Hearing, acting: Acting
    ) -> None:
        self._app = app
        self._words = words
        self._admins = admins
        self._hearing = hearing
        self._acting = acting

    async def heard(self, activity: Json) -> None:
        """Whatever needs no answer of its own."""
        await self._hearing.once(activity, self._take)

    async def invoked(self, activity: Json) -> Answer:
        """A button, a form or an action that waits for its answer; 501 for what Kith does not offer."""
        spot = spot_of(activity, self._app, self._admins)
        if spot is not None and (about := asked_about(activity)) is not None:
            return await self._acting.about(about, spot)
        carried = acted_in(activity)
        if spot is None or carried is None:
            return Answer(status=501)
        return await self._acting.pressed(carried, spot)

    async def _take(self, activity: Json) -> None:
        spot = spot_of(activity, self._app, self._admins) if activity.get("type") == "message" else None
        if spot is None:
            await self._hearing.take(activity)
        elif (carried := acted_in(activity)) is not None:
            await _answered(self._acting.written(carried, spot))
        elif (words := command_in(activity, self._app, self._words)) is not None:
            await _answered(self._acting.command(words, spot))
        elif mentions(activity, kith_in(activity, self._app)) and await self._acting.is_outside(spot):
            await _answered(self._acting.say_how_to_join(spot))
        else:
            await self._hearing.take(activity)


async def _answered(answering: Awaitable[None]) -> None:
    """What was asked for has been done, whether or not its answer could be given."""
    try:
        await answering
    except PlatformError as exc:
        _log.warning("An answer was not taken. %s", exc)


@asynccontextmanager
async def connected(
    addresses: Addresses,
    *,
    app: str,
    tenants: frozenset[str],
    token: Request | None,
    keys_url: str | None,
    issuer: str,
    near: frozenset[str] = frozenset(),
    seconds: float = TIMEOUT,
    pause: float = PAUSE,
    paced: bool = True,
) -> AsyncIterator[Teams]:
    """Kith as the app with this id, in these tenants. Without `keys_url` nobody has to show a token, and without
    `token` Kith shows none: for development on this machine alone."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=64), trust_env=False) as session:
        keys = Keys(session, keys_url, pause=pause) if keys_url else None
        rules = Rules(app=app, tenants=tenants, keys=keys, issuer=issuer, near=near)
        connector = Connector(session, Bearer(session, token), rules.trusts, timeout=seconds, paced=paced)
        try:
            yield Teams(connector, addresses, rules)
        finally:
            if keys:
                await keys.close()
