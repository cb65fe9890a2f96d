"""Joins Kith to Slack, and writes what sets it up there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from pydantic import SecretStr
from starlette.routing import BaseRoute

from adapters.switchboard import Switchboard
from bot.bootstrap.building import content_of
from bot.bootstrap.kith import Kith
from bot.config import Settings
from bot.usecases.command import COMMANDS


@asynccontextmanager
async def join_slack(settings: Settings, kith: Kith, switchboard: Switchboard) -> AsyncIterator[Sequence[BaseRoute]]:
    """The workspace of the settings' token, over HTTP, a web socket, or both."""
    if settings.slack_bot_token is None:
        yield ()
        return
    from adapters.slack import connected  # only now: nothing but a real workspace needs Slack's libraries

    async with AsyncExitStack() as opened:
        token, content, clock = _told(settings.slack_bot_token), kith.house.content, kith.clock
        workspace = await opened.enter_async_context(connected(token, base_url=settings.slack_api_url))
        switchboard.connect(workspace.id, workspace.chat)
        if settings.slack_app_token is not None:
            listening = workspace.socket(kith, content, clock, app_token=_told(settings.slack_app_token))
            await opened.enter_async_context(listening)
        if settings.slack_signing_secret is None:
            yield ()
            return
        secret = _told(settings.slack_signing_secret)
        yield await opened.enter_async_context(workspace.door(kith, content, clock, signing_secret=secret))


def slack_manifest(settings: Settings, *, url: str | None) -> dict[str, object]:
    """What sets Kith up in Slack; see `adapters.slack.manifest`."""
    from adapters.slack import manifest  # as above

    return manifest(content_of(settings), url=url, words=COMMANDS)


def _told(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret is not None else ""
