"""Joins Kith to one Slack workspace under one token: the door it is reached through, and Socket Mode."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from starlette.routing import BaseRoute

from adapters.slack.chat import Pacer, SlackChat
from adapters.slack.core import Core
from adapters.slack.door import door
from adapters.slack.joined import Household, Joined, join
from adapters.slack.listening import Ways
from adapters.slack.patience import SECONDS, Patience
from adapters.slack.shapes import ident
from adapters.slack.translate import Kith
from adapters.slack.web import TIMEOUT, Line, Web
from bot.domain.content import Content
from bot.ports import Clock


class Workspace:
    """One workspace under one token: `chat` to speak in, and, once it has a core, the ways in."""

    def __init__(self, web: Web, kith: Kith, *, pacer: Pacer | None = None) -> None:
        self.kith = kith
        self.chat = SlackChat(web, kith.workspace, pacer=pacer)
        self._web = web

    @property
    def id(self) -> str:
        """The workspace's id, as in every ChannelRef of it."""
        return self.kith.workspace

    @asynccontextmanager
    async def door(
        self, core: Core, content: Content, clock: Clock, *, signing_secret: str, patience: float = SECONDS
    ) -> AsyncIterator[Sequence[BaseRoute]]:
        """The HTTP door for events, commands and interactions."""
        late = Patience(patience)
        ways = self._ways(Household(core=core, content=content, clock=clock, patience=late))
        yield door(ways.bolt(), ways.take, clock, signing_secret=signing_secret)
        await late.close()

    @asynccontextmanager
    async def socket(self, core: Core, content: Content, clock: Clock, *, app_token: str) -> AsyncIterator[None]:
        """The same over a web socket that Kith opens, where no address of its own can be reached."""
        late = Patience()
        async with self._ways(Household(core=core, content=content, clock=clock, patience=late)).socket(app_token):
            yield
        await late.close()

    def _ways(self, house: Household) -> Ways:
        joined = join(self._web, self.kith, house, chat=self.chat)

        async def find(workspace: str) -> Joined | None:
            return joined if workspace == self.id else None

        return Ways(find, house, self._web.client)


@asynccontextmanager
async def connected(
    token: str, *, base_url: str | None = None, seconds: float = TIMEOUT, pacer: Pacer | None = None
) -> AsyncIterator[Workspace]:
    """The workspace that a bot token opens; PlatformError if Slack does not know it. A call may take `seconds`."""
    line = Line(timeout=seconds) if base_url is None else Line(base_url=base_url, timeout=seconds)
    web = Web(token, line=line)
    try:
        told = await web.call("auth.test")
        kith = Kith(workspace=ident(told, "team_id"), user=ident(told, "user_id"), bot=ident(told, "bot_id"))
        yield Workspace(web, kith, pacer=pacer)
    finally:
        await line.close()
