"""The one place that builds adapters and joins them to the use cases."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import uvicorn
from starlette.applications import Starlette

from adapters.playground import MovableClock, World, rehearsal, shipped_script
from adapters.playground.world import WORKSPACE
from adapters.prompt_files import shipped_content
from adapters.scheduler import MachineClock, ticking
from adapters.storage import migrate
from adapters.storage.sql import open_store
from bot.config import Settings, sqlite_file
from bot.domain.channel import ChannelSettings
from bot.domain.content import Content
from bot.domain.events import ChannelRef, Event
from bot.domain.insight import Insight
from bot.domain.reading import Reading
from bot.domain.speech import Reply
from bot.ports import ChatPlatform, Clock, House, Reader, Store
from bot.reading.cascade import CascadeReader
from bot.usecases.deliver import deliver
from bot.usecases.inspect import inspect
from bot.usecases.look import look_over_due
from bot.usecases.receive import receive


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
        """Do what is due and say what is waiting."""
        await look_over_due(house=self.house, now=self.clock.now())
        await deliver(house=self.house, chat=self.chat, now=self.clock.now())

    async def insight(self, channel: ChannelRef) -> Insight | None:
        """What Kith sees of a channel now."""
        return await inspect(channel, house=self.house, now=self.clock.now())

    async def reading(self, text: str) -> Reading:
        """What the reader sees in a text; nothing is kept."""
        return await self.house.reader.read(text)


def reader() -> Reader:
    """The reader that ships with Kith."""
    return CascadeReader()


def content_of(settings: Settings) -> Content:
    """The words in the deployment's language."""
    return shipped_content(settings.locale)


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
    async with opened_store(settings) as store:
        for channel in await store.channels.all(WORKSPACE):
            await store.channels.forget(channel.ref)
        await store.own_words.take_back(WORKSPACE)
        house = House(
            store=store,
            reader=reader(),
            content=content,
            rule=settings.charter_rule,
            human_help=settings.human_help,
        )
        newcomers = ChannelSettings(profile="rehearsal", zone=settings.zone, locale=settings.locale)
        kith = Kith(house=house, chat=world, clock=clock, newcomers=newcomers)
        async with ticking(kith.tick, every=settings.tick_seconds):
            yield rehearsal(world, kith, content) if pace is None else rehearsal(world, kith, content, pace=pace)


async def serve(settings: Settings, *, announce: Callable[[str], None]) -> None:
    """Run the rehearsal workspace until it is stopped; `announce` is told the address once it answers."""
    async with open_rehearsal(settings) as app:
        config = uvicorn.Config(app, host=settings.host, port=settings.port, log_level="warning", access_log=False)
        server = _AnnouncingServer(config, announce)
        await server.serve()


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
