"""Joins Kith to Slack, and writes what sets it up there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from pydantic import SecretStr
from starlette.routing import BaseRoute

from adapters.scheduler import ticking
from adapters.switchboard import Switchboard
from bot.bootstrap.building import content_of
from bot.bootstrap.kith import Kith
from bot.config import Settings
from bot.usecases.command import COMMANDS
from bot.usecases.workspaces.install import resume

SYNC = 60.0
"""Seconds between two looks at which workspaces there are; other processes install Kith and renew tokens too."""


@asynccontextmanager
async def join_slack(settings: Settings, kith: Kith, switchboard: Switchboard) -> AsyncIterator[Sequence[BaseRoute]]:
    """The workspace of the settings' token, or all that installed Kith, over HTTP, a web socket, or both."""
    if settings.slack_client_id is not None:
        async with _join_installed(settings, kith, switchboard) as routes:
            yield routes
        return
    if settings.slack_bot_token is None:
        yield ()
        return
    from adapters.slack import connected  # only now: nothing but a real workspace needs Slack's libraries

    async with AsyncExitStack() as opened:
        token, content, clock = _told(settings.slack_bot_token), kith.house.content, kith.clock
        workspace = await opened.enter_async_context(connected(token, base_url=settings.slack_api_url))
        switchboard.connect(workspace.id, workspace.chat)
        await resume(workspace.id, house=kith.house, now=clock.now())
        if settings.slack_app_token is not None:
            listening = workspace.socket(kith, content, clock, app_token=_told(settings.slack_app_token))
            await opened.enter_async_context(listening)
        if settings.slack_signing_secret is None:
            yield ()
            return
        secret = _told(settings.slack_signing_secret)
        yield await opened.enter_async_context(workspace.door(kith, content, clock, signing_secret=secret))


@asynccontextmanager
async def _join_installed(
    settings: Settings, kith: Kith, switchboard: Switchboard
) -> AsyncIterator[Sequence[BaseRoute]]:
    from adapters.slack import App, installed  # as above

    app = App(
        client_id=settings.slack_client_id or "",
        client_secret=_told(settings.slack_client_secret),
        signing_secret=_told(settings.slack_signing_secret),
        app_token=_told(settings.slack_app_token),
        redirect_uri=f"{settings.door_url}/slack/oauth_redirect" if settings.door_url else None,
        base_url=settings.slack_api_url,
    )
    joining = installed(
        app,
        kith.house.store,
        kith,
        kith.house.content,
        kith.clock,
        connected=switchboard.connect,
        gone=switchboard.disconnect,
    )
    async with joining as slack, ticking(slack.sync, every=SYNC):
        yield slack.routes


def slack_manifest(settings: Settings, *, url: str | None, many: bool = False) -> dict[str, object]:
    """What sets Kith up in Slack; see `adapters.slack.manifest`."""
    from adapters.slack import manifest  # as above

    return manifest(content_of(settings), url=url, words=COMMANDS, many=many)


def _told(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret is not None else ""
