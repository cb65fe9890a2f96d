"""Joins Kith to one Slack workspace: Bolt's listeners, the door they are reached through, and Socket Mode."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from slack_bolt import BoltResponse
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from starlette.routing import BaseRoute

from adapters.slack.acting import Acting, Handler
from adapters.slack.chat import Pacer, SlackChat
from adapters.slack.core import Core
from adapters.slack.door import door
from adapters.slack.hearing import Hearing
from adapters.slack.patience import SECONDS, Patience
from adapters.slack.people import People
from adapters.slack.replies import Replies
from adapters.slack.shapes import Json, ident
from adapters.slack.translate import Kith
from adapters.slack.web import TIMEOUT, Web
from bot.domain.content import Content
from bot.errors import KithError
from bot.ports import Clock

ANYTHING = re.compile(r".*", re.DOTALL)

_log = logging.getLogger("kith.slack")


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

    def _joined(self, core: Core, content: Content, clock: Clock, patience: Patience) -> tuple[AsyncApp, Hearing]:
        """A Bolt app whose listeners tell `core` of everything, and what hears its events."""
        people = People(self._web, clock, self.id)
        hearing = Hearing(self._web, self.kith, core, people, clock)
        replies = Replies(self._web, self.chat, content)
        acting = Acting(self._web, self.kith, core, hearing, people, replies, content, clock, patience)
        return _listening(self._web, self.kith, hearing, acting), hearing

    @asynccontextmanager
    async def door(
        self, core: Core, content: Content, clock: Clock, *, signing_secret: str, patience: float = SECONDS
    ) -> AsyncIterator[Sequence[BaseRoute]]:
        """The HTTP door for events, commands and interactions."""
        late = Patience(patience)
        bolt, hearing = self._joined(core, content, clock, late)
        yield door(bolt, hearing.take, clock, signing_secret=signing_secret)
        await late.close()

    @asynccontextmanager
    async def socket(self, core: Core, content: Content, clock: Clock, *, app_token: str) -> AsyncIterator[None]:
        """The same over a web socket that Kith opens, where no address of its own can be reached."""
        late = Patience()
        bolt, _ = self._joined(core, content, clock, late)
        handler = AsyncSocketModeHandler(bolt, app_token, web_client=self._web.client, logger=_quiet())
        await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
        try:
            yield
        finally:
            await handler.close_async()  # type: ignore[no-untyped-call]  # as above
            await late.close()


@asynccontextmanager
async def connected(
    token: str, *, base_url: str | None = None, seconds: float = TIMEOUT, pacer: Pacer | None = None
) -> AsyncIterator[Workspace]:
    """The workspace that a bot token opens; PlatformError if Slack does not know it. A call may take `seconds`."""
    web = Web(token, timeout=seconds) if base_url is None else Web(token, base_url=base_url, timeout=seconds)
    try:
        told = await web.call("auth.test")
        kith = Kith(workspace=ident(told, "team_id"), user=ident(told, "user_id"), bot=ident(told, "bot_id"))
        yield Workspace(web, kith, pacer=pacer)
    finally:
        await web.close()


def _listening(web: Web, kith: Kith, hearing: Hearing, acting: Acting) -> AsyncApp:
    """Bolt with one listener for each kind of thing; all of them answer once they are done, or within three seconds.

    The door checks signatures before anything is parsed, and `translate` knows Kith's own messages, so Bolt does
    neither again.
    """
    bolt = AsyncApp(
        logger=_quiet(),
        client=web.client,
        authorize=_authorizing(kith, web.client.token or ""),
        process_before_response=True,
        request_verification_enabled=False,
        ignoring_self_events_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )

    async def heard(body: Json) -> None:
        await hearing.take(body)

    async def failed(error: Exception, body: Json) -> BoltResponse:
        _log.error("Slack sent something that could not be taken: %s", _plainly(error))
        return BoltResponse(status=503 if isinstance(error, KithError) else 500)

    bolt.event(ANYTHING)(heard)
    bolt.command(ANYTHING)(_acknowledging(acting.command))
    bolt.action(ANYTHING)(_acknowledging(acting.choice))
    bolt.view(ANYTHING)(_acknowledging(acting.form))
    bolt.shortcut(ANYTHING)(_acknowledging(acting.shortcut))
    bolt.error(failed)
    return bolt


def _acknowledging(act: Handler) -> Callable[[AsyncAck, Json], Awaitable[BoltResponse]]:
    async def listener(ack: AsyncAck, body: Json) -> BoltResponse:
        answer = await act(body)
        return await ack(answer) if answer else await ack()

    return listener


def _authorizing(kith: Kith, token: str) -> Callable[[], Awaitable[AuthorizeResult]]:
    """One workspace, one token: nothing is asked of Slack for each request."""
    known = AuthorizeResult(
        enterprise_id=None, team_id=kith.workspace, bot_user_id=kith.user, bot_id=kith.bot or None, bot_token=token
    )

    async def authorize() -> AuthorizeResult:
        return known

    return authorize


def _plainly(error: Exception) -> str:
    """An error without anything that people wrote: Kith's own sentence, or only what kind of error it is."""
    return str(error) if isinstance(error, KithError) else type(error).__name__


def _quiet() -> logging.Logger:
    """A logger that leaves out what the libraries say of each request, bodies among it."""
    logger = logging.getLogger("kith.slack.bolt")
    logger.setLevel(logging.ERROR)
    return logger
