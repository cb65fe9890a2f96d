"""A rehearsal on a free port of this machine, with the real core on the in-memory store and a reader of marks."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import uvicorn
from starlette.applications import Starlette

from adapters.almanac import LibraryAlmanac
from adapters.playground import MovableClock, World, rehearsal, shipped_script
from adapters.prompt_files import shipped_content
from adapters.storage.memory.store import MemoryStore
from bot.bootstrap import Kith
from bot.domain.channel import ChannelSettings
from bot.domain.events import ChannelRef, Event
from bot.domain.insight import Insight
from bot.domain.reading import Reading
from bot.domain.speech import Reply
from bot.ports import House
from tests.readers import MarkedReader

TUESDAY = datetime(2026, 3, 3, 10, tzinfo=UTC)


class StillClock:
    """A clock that stands at ten on a Tuesday."""

    def now(self) -> datetime:
        return TUESDAY


@dataclass
class ListeningCore:
    """The real core, with a list of what it was told and how often it looked at what is due."""

    kith: Kith
    told: list[Event] = field(default_factory=list)
    ticks: list[datetime] = field(default_factory=list)

    async def receive(self, event: Event) -> Reply | None:
        self.told.append(event)
        return await self.kith.receive(event)

    async def tick(self) -> None:
        self.ticks.append(self.kith.clock.now())
        await self.kith.tick()

    async def next_due(self, workspace: str) -> datetime | None:
        return await self.kith.next_due(workspace)

    async def insight(self, channel: ChannelRef) -> Insight | None:
        return await self.kith.insight(channel)

    async def reading(self, text: str) -> Reading:
        return await self.kith.reading(text)


class Rehearsal:
    """One rehearsal and what it is made of; `pace` is the sample's seconds a line."""

    def __init__(self, *, pace: float = 3600) -> None:
        content = shipped_content()
        self.world = World(shipped_script(), MovableClock(StillClock()))
        house = House(store=MemoryStore(), reader=MarkedReader(), content=content, almanac=LibraryAlmanac())
        newcomers = ChannelSettings(profile="rehearsal")
        self.core = ListeningCore(Kith(house=house, chat=self.world, clock=self.world.clock, newcomers=newcomers))
        self.app = rehearsal(self.world, self.core, content, pace=pace)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Starlette]:
        """The app, as bootstrap hands it over."""
        yield self.app


@asynccontextmanager
async def opened_app(app: Starlette) -> AsyncIterator[Starlette]:
    """An app that needs no opening, for `serving`."""
    yield app


class _Server(uvicorn.Server):
    """Says when it listens, and on which port."""

    def __init__(self, app: Starlette) -> None:
        super().__init__(uvicorn.Config(app, port=0, log_level="warning", timeout_graceful_shutdown=1, ws="none"))
        self.listening = threading.Event()
        self.port = 0

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup()
        self.port = self.servers[0].sockets[0].getsockname()[1]
        self.listening.set()


@contextmanager
def serving(opened: Callable[[], AbstractAsyncContextManager[Starlette]]) -> Iterator[str]:
    """Serve an app in a thread of its own and give its address; the app is opened on the server's own loop."""
    running: list[_Server] = []
    begun = threading.Event()

    async def run() -> None:
        async with opened() as app:
            running.append(_Server(app))
            begun.set()
            await running[0].serve()

    thread = threading.Thread(target=asyncio.run, args=(run(),))
    thread.start()
    assert begun.wait(20) and running[0].listening.wait(20)
    try:
        yield f"http://127.0.0.1:{running[0].port}"
    finally:
        running[0].should_exit = True
        thread.join(20)
        assert not thread.is_alive()
