"""The ways in: Bolt's listeners, each of which finds the workspace that something is for and hands it over there."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from slack_bolt import BoltResponse
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.acting import Acting, Handler
from adapters.slack.joined import Find, Household, Joined
from adapters.slack.shapes import Json, ident, word
from adapters.slack.whose import whose
from bot.errors import KithError

ANYTHING = re.compile(r".*", re.DOTALL)

_log = logging.getLogger("kith.slack")


class Ways:
    """Takes everything in, whichever workspace it is for, over HTTP or a web socket."""

    def __init__(self, find: Find, house: Household, client: AsyncWebClient, *, ended: Find | None = None) -> None:
        """`ended` is asked for a workspace again after Kith was taken out of it."""
        self._find = find
        self._ended = ended or find
        self._house = house
        self._client = client

    async def take(self, body: Json) -> None:
        """Take one body of the Events API; KithError where it could not be taken and should come again."""
        found, kind = await self._of(body), word(body, "event", "type")
        if found is not None:
            await found.hearing.take(body)
            if kind in ("app_uninstalled", "tokens_revoked"):
                await self._ended(found.kith.workspace)
        elif kind == "app_uninstalled" and (workspace := ident(body, "team_id")):
            await self._house.core.ended(workspace, revoked=False)  # its token may have been revoked a moment before

    def bolt(self) -> AsyncApp:
        """Bolt with one listener for each kind of thing; all of them answer once they are done, or within three
        seconds.

        The door checks signatures before anything is parsed, and `translate` knows Kith's own messages, so Bolt does
        neither again; whether Kith is in a workspace is found out for each request.
        """
        bolt = AsyncApp(
            logger=_quiet(),
            client=self._client,
            authorize=_authorize,
            process_before_response=True,
            request_verification_enabled=False,
            ignoring_self_events_enabled=False,
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
        bolt.event(ANYTHING)(self.take)
        bolt.command(ANYTHING)(self._acknowledging(lambda acting: acting.command, unknown=self._not_installed()))
        bolt.action(ANYTHING)(self._acknowledging(lambda acting: acting.choice))
        bolt.view(ANYTHING)(self._acknowledging(lambda acting: acting.form))
        bolt.shortcut(ANYTHING)(self._acknowledging(lambda acting: acting.shortcut))
        bolt.error(_failed)
        return bolt

    @asynccontextmanager
    async def socket(self, app_token: str) -> AsyncIterator[None]:
        """Everything over a web socket that Kith opens, where no address of its own can be reached."""
        handler = AsyncSocketModeHandler(self.bolt(), app_token, web_client=self._client, logger=_quiet())
        await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
        try:
            yield
        finally:
            await handler.close_async()  # type: ignore[no-untyped-call]  # as above

    async def _of(self, body: Json) -> Joined | None:
        for workspace in whose(body):
            if (found := await self._find(workspace)) is not None:
                return found
        return None

    def _not_installed(self) -> Json:
        return {"response_type": "ephemeral", "text": self._house.content.say("trouble.not_installed")}

    def _acknowledging(
        self, act: Callable[[Acting], Handler], unknown: Json | None = None
    ) -> Callable[[AsyncAck, Json], Awaitable[BoltResponse]]:
        async def listener(ack: AsyncAck, body: Json) -> BoltResponse:
            found = await self._of(body)
            answer = (unknown or {}) if found is None else await act(found.acting)(body)
            return await ack(answer) if answer else await ack()

        return listener


async def _authorize(team_id: str | None) -> AuthorizeResult:
    """Whoever is let in by the door is heard; Kith calls Slack with clients of its own, never with Bolt's."""
    return AuthorizeResult(enterprise_id=None, team_id=team_id)


async def _failed(error: Exception, body: Json) -> BoltResponse:
    _log.error("Slack sent something that could not be taken: %s", _plainly(error))
    return BoltResponse(status=503 if isinstance(error, KithError) else 500)


def _plainly(error: Exception) -> str:
    """An error without anything that people wrote: Kith's own sentence, or only what kind of error it is."""
    return str(error) if isinstance(error, KithError) else type(error).__name__


def _quiet() -> logging.Logger:
    """A logger that leaves out what the libraries say of each request, bodies among it."""
    logger = logging.getLogger("kith.slack.bolt")
    logger.setLevel(logging.ERROR)
    return logger
