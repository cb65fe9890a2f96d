"""Joins Kith to every Slack workspace that installed it, and lets more of them do so."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from starlette.routing import BaseRoute

from adapters.slack.chat import Pacer, SlackChat
from adapters.slack.core import Core
from adapters.slack.door import door
from adapters.slack.joined import Household
from adapters.slack.listening import Ways
from adapters.slack.oauth import install_routes
from adapters.slack.patience import Patience
from adapters.slack.web import TIMEOUT, Line
from adapters.slack.workspaces import Workspaces
from bot.domain.content import Content
from bot.domain.installation import Installation
from bot.ports import Clock, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """Kith's app at Slack: its id and secrets ("" where a way is not used), and where it is reached."""

    client_id: str
    client_secret: str = field(repr=False)
    signing_secret: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    redirect_uri: str | None = None
    base_url: str | None = None
    seconds: float = TIMEOUT


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """The routes it is reached by, and what is to be called every minute: it sees what other processes changed, and
    renews tokens."""

    routes: Sequence[BaseRoute]
    sync: Callable[[], Awaitable[None]]


@asynccontextmanager
async def installed(
    app: App,
    store: Store,
    core: Core,
    content: Content,
    clock: Clock,
    *,
    connected: Callable[[str, SlackChat], None],
    gone: Callable[[str], None],
    pacer: Pacer | None = None,
) -> AsyncIterator[Installed]:
    """Kith in all its workspaces, until it is closed; `connected` and `gone` are told of each that comes and goes."""
    line = Line(timeout=app.seconds) if app.base_url is None else Line(base_url=app.base_url, timeout=app.seconds)
    keys = (app.client_id, app.client_secret)
    async with AsyncExitStack() as opened:
        opened.push_async_callback(line.close)
        late = Patience()
        opened.push_async_callback(late.close)
        house = Household(core=core, content=content, clock=clock, patience=late)
        workspaces = Workspaces(store.installations, house, line, connected=connected, gone=gone, app=keys, pacer=pacer)
        await workspaces.sync()
        ways = Ways(workspaces.find, house, line.client(""), ended=workspaces.look)

        async def keep(installation: Installation) -> None:
            await core.installed(installation)
            await workspaces.look(installation.workspace)

        routes = [*install_routes(keys, keep, store.handshakes, content, clock, line, redirect_uri=app.redirect_uri)]
        if app.signing_secret:
            routes += door(ways.bolt(), ways.take, clock, signing_secret=app.signing_secret)
        if app.app_token:
            await opened.enter_async_context(ways.socket(app.app_token))
        yield Installed(routes=routes, sync=workspaces.sync)
