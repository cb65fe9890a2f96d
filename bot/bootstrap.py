"""The one place that builds adapters and joins them to the use cases."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import uvicorn
from pydantic import SecretStr
from starlette.applications import Starlette

from adapters.playground import MovableClock, World, rehearsal, shipped_script
from adapters.playground.world import WORKSPACE
from adapters.prompt_files import shipped_content
from adapters.scheduler import MachineClock, ticking
from adapters.storage import migrate
from adapters.storage.memory import MemoryStore
from adapters.storage.sql import open_store
from adapters.switchboard import Switchboard
from bot.config import Settings, sqlite_file
from bot.domain.channel import ChannelSettings
from bot.domain.content import Content
from bot.domain.events import ChannelRef, Event
from bot.domain.insight import Insight
from bot.domain.reading import Reading
from bot.domain.speech import Message, Reply
from bot.errors import BadInputError
from bot.ports import ChatPlatform, Clock, House, Reader, Store
from bot.reading.cascade import CascadeReader
from bot.usecases.command import COMMANDS
from bot.usecases.deliver import deliver
from bot.usecases.home import home_page
from bot.usecases.inspect import inspect
from bot.usecases.look import look_over_due
from bot.usecases.receive import receive

_log = logging.getLogger("kith.tick")  # types of errors alone: an error's own text may hold anything


@dataclass(frozen=True, slots=True, kw_only=True)
class Kith:
    """A house with a chat to speak in and a clock to go by: what a platform's adapter is given."""

    house: House
    chat: ChatPlatform
    clock: Clock
    newcomers: ChannelSettings

    async def receive(self, event: Event) -> Reply | None:
        """Handle one event at this moment."""
        return await receive(event, house=self.house, now=self.clock.now(), settings=self.newcomers)

    async def tick(self) -> None:
        """Do what is due and say what is waiting, whatever becomes of the other; neither raises."""
        try:
            await look_over_due(house=self.house, now=self.clock.now())
        except Exception as exc:  # noqa: BLE001, a boundary: what is decided already is to be said all the same
            _log.error("looking at what is due failed: %s", type(exc).__name__)
        try:
            await deliver(house=self.house, chat=self.chat, now=self.clock.now)
        except Exception as exc:  # noqa: BLE001, as above: the scheduler would log the error's text
            _log.error("delivering failed: %s", type(exc).__name__)

    async def insight(self, channel: ChannelRef) -> Insight | None:
        """What Kith sees of a channel now."""
        return await inspect(channel, house=self.house, now=self.clock.now())

    async def reading(self, text: str) -> Reading:
        """What the reader sees in a text; nothing is kept."""
        return await self.house.reader.read(text)

    async def channels(self, workspace: str) -> Sequence[ChannelRef]:
        """Where Kith is in a workspace."""
        return [channel.ref for channel in await self.house.store.channels.all(workspace)]

    async def home(self, workspace: str, person: str, among: frozenset[str]) -> tuple[Message, ChannelRef | None]:
        """Kith's own page for somebody who is in these channels, and the channel its buttons act in."""
        page = await home_page(workspace, person, among=among, house=self.house)
        return page.message, page.acts_in

    async def may_read(self, workspace: str, person: str) -> bool:
        """Whether this person has not asked Kith to leave their messages unread."""
        return not await self.house.store.choices.opted_out(workspace, person)


def reader() -> Reader:
    """The reader that ships with Kith."""
    return CascadeReader()


def content_of(settings: Settings) -> Content:
    """The words in the deployment's language."""
    return shipped_content(settings.locale)


def house_of(settings: Settings, store: Store) -> House:
    """The ports that use cases work with, on this store."""
    return House(
        store=store,
        reader=reader(),
        content=content_of(settings),
        rule=settings.charter_rule,
        human_help=settings.human_help,
    )


@asynccontextmanager
async def opened_store(settings: Settings) -> AsyncIterator[Store]:
    """The database, migrated first if it is the embedded one."""
    if (file := sqlite_file(settings.database_url)) is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        await migrate.upgrade(settings.database_url)
    store = await open_store(settings.database_url)
    try:
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def open_rehearsal(settings: Settings, *, pace: float | None = None) -> AsyncIterator[Starlette]:
    """The rehearsal workspace with a fresh start in the database; `pace` overrides the sample's seconds a line."""
    content = content_of(settings)
    clock = MovableClock(MachineClock())
    world = World(shipped_script(settings.locale), clock, zone=settings.zone)
    async with _rehearsal_store(settings) as store:
        await _forget_rehearsal(store)
        house = house_of(settings, store)
        newcomers = ChannelSettings(profile="rehearsal", zone=settings.zone, locale=settings.locale)
        kith = Kith(house=house, chat=world, clock=clock, newcomers=newcomers)
        async with ticking(kith.tick, every=settings.tick_seconds):
            yield rehearsal(world, kith, content) if pace is None else rehearsal(world, kith, content, pace=pace)


@asynccontextmanager
async def _rehearsal_store(settings: Settings) -> AsyncIterator[Store]:
    """The database; or memory alone where a real workspace is in the database, because the rehearsal's clock can be
    moved, and moving it must never make a real channel's days pass or speak for it."""
    if settings.slack_bot_token is not None:
        yield MemoryStore()
        return
    async with opened_store(settings) as store:
        yield store


async def _forget_rehearsal(store: Store) -> None:
    """Delete what an earlier rehearsal left."""
    for channel in await store.channels.all(WORKSPACE):
        await store.channels.forget(channel.ref)
    await store.own_words.take_back(WORKSPACE)


@asynccontextmanager
async def open_slack(settings: Settings) -> AsyncIterator[Starlette | None]:
    """Kith in the Slack workspace of the settings, until it is closed; gives the HTTP door, None in Socket Mode alone.

    What is said goes through a switchboard, by the workspace's id. PlatformError if Slack does not know the token.
    """
    from adapters.slack import connected  # only now: nothing but a real workspace needs Slack's libraries

    token, content, clock = _told(settings.slack_bot_token), content_of(settings), MachineClock()
    async with AsyncExitStack() as opened:
        store = await opened.enter_async_context(opened_store(settings))
        await _forget_rehearsal(store)
        workspace = await opened.enter_async_context(connected(token, base_url=settings.slack_api_url))
        kith = Kith(
            house=house_of(settings, store),
            chat=Switchboard({workspace.id: workspace.chat}),
            clock=clock,
            newcomers=ChannelSettings(zone=settings.zone, locale=settings.locale),
        )
        await opened.enter_async_context(ticking(kith.tick, every=settings.tick_seconds))
        if settings.slack_app_token is not None:
            listening = workspace.socket(kith, content, clock, app_token=_told(settings.slack_app_token))
            await opened.enter_async_context(listening)
        if settings.slack_signing_secret is None:
            yield None
            return
        secret = _told(settings.slack_signing_secret)
        yield await opened.enter_async_context(workspace.door(kith, content, clock, signing_secret=secret))


def slack_manifest(settings: Settings, *, url: str | None) -> dict[str, object]:
    """What sets Kith up in Slack; see `adapters.slack.manifest`."""
    from adapters.slack import manifest  # as above

    return manifest(content_of(settings), url=url, words=COMMANDS)


def _told(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret is not None else ""


async def serve(
    settings: Settings, *, announce: Callable[[str], None], announce_slack: Callable[[str | None], None] | None = None
) -> None:
    """Run the rehearsal workspace, and Slack where a token is set, until it is stopped. `announce` is told the
    rehearsal's address once it answers, `announce_slack` the door's (None: it is connected over a web socket)."""
    _refuse_taken(settings.host, settings.port)
    async with AsyncExitStack() as opened:
        servers: list[uvicorn.Server] = []
        said = announce_slack or (lambda _: None)
        if settings.slack_bot_token is not None:
            door = await opened.enter_async_context(open_slack(settings))
            if door is not None:
                servers.append(_server(door, settings.slack_host, settings.slack_port, said))
            else:
                said(None)
        app = await opened.enter_async_context(open_rehearsal(settings))
        servers.append(_server(app, settings.host, settings.port, announce))
        await asyncio.gather(*(server.serve() for server in servers))


def _refuse_taken(host: str, port: int) -> None:
    """BadInputError if somebody listens there; a fresh start in the database would wipe a running rehearsal."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as exc:
            raise BadInputError(problem=f"port {port} is taken; choose another with --port, or --port 0.") from exc


def _server(app: Starlette, host: str, port: int, announce: Callable[[str], None]) -> uvicorn.Server:
    config = uvicorn.Config(app, host=host, port=port, log_level="warning", access_log=False)
    return _AnnouncingServer(config, announce)


class _AnnouncingServer(uvicorn.Server):
    """Tells its address when it has begun to listen, whichever port it was given."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[str], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup()
        if self.started:
            port = self.servers[0].sockets[0].getsockname()[1]
            host = f"[{self.config.host}]" if ":" in self.config.host else self.config.host
            self._announce(f"http://{host}:{port}/")
