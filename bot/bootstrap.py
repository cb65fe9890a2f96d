"""The one place that builds adapters and joins them to the use cases."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from adapters.exports import SlackExport, open_export
from adapters.playground import MovableClock, World, rehearsal, shipped_script
from adapters.playground.world import WORKSPACE
from adapters.prompt_files import shipped_content
from adapters.scheduler import MachineClock, ticking
from adapters.storage import migrate
from adapters.storage.memory import MemoryStore
from adapters.storage.sql import open_store
from adapters.transcript import Transcript
from bot.config import Settings, sqlite_file
from bot.domain.archive import Account, ExportedChannel
from bot.domain.channel import ChannelSettings
from bot.domain.content import Content
from bot.domain.events import ChannelRef, Event
from bot.domain.insight import Insight
from bot.domain.reading import Reading
from bot.domain.replayed import ChannelReplay
from bot.domain.speech import Reply
from bot.errors import BadInputError
from bot.ports import ChatPlatform, Clock, House, Reader, Store
from bot.reading.lexical import LexicalReader
from bot.usecases.deliver import deliver
from bot.usecases.inspect import inspect
from bot.usecases.look import look_over_due
from bot.usecases.receive import receive
from bot.usecases.replay import ReplayOptions, replay_channel


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
    return LexicalReader()


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
        house = House(store=store, reader=reader(), content=content, rule=settings.charter_rule)
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
            self._announce(f"http://{self.config.host}:{port}/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which channels of an export to replay, and which of them are for announcements alone; names as in the export."""

    channels: Sequence[str] = ()
    announcement_only: Sequence[str] = ()


class Replay:
    """One export, opened for replaying through a house of its own that keeps everything in memory."""

    def __init__(self, path: Path, selection: Selection, options: ReplayOptions, content: Content) -> None:
        self.export: SlackExport = open_export(path)
        self.account = Account()
        self.content = content
        self._selection = selection
        self._options = options
        self._house = House(store=MemoryStore(), reader=reader(), content=content)
        for trouble in self.export.troubles:
            self.account.take(trouble)
        self.channels = tuple(self._chosen())

    @property
    def days(self) -> int:
        """How many day files there are to go through."""
        return sum(channel.days for channel in self.channels)

    async def run(self, after_day: Callable[[], None]) -> list[ChannelReplay]:
        """Replay channel after channel; `after_day` is called once for every day file."""
        return [await self._replay(channel, after_day) for channel in self.channels]

    async def _replay(self, channel: ExportedChannel, after_day: Callable[[], None]) -> ChannelReplay:
        settings = self._options.settings
        if channel.name in self._selection.announcement_only:
            settings = replace(settings, announcement_only=True)
        since, until = self._options.since, self._options.until
        rows = self.export.rows(
            channel, since=since.date() if since else None, until=until.date() if until else None, after_day=after_day
        )
        return await replay_channel(
            channel,
            rows,
            house=self._house,
            chat=Transcript(),
            account=self.account,
            options=replace(self._options, settings=settings),
        )

    def _chosen(self) -> Iterator[ExportedChannel]:
        """Channels Kith could have been in, or exactly those named; a name that is not there is an error."""
        every = self.export.channels()
        names = {channel.name for channel in every}
        for wanted in (*self._selection.channels, *self._selection.announcement_only):
            if wanted.lstrip("#") not in names:
                raise BadInputError(problem=f"there is no channel {wanted} in this export; there are: {_list(names)}")
        chosen = {name.lstrip("#") for name in self._selection.channels}
        for channel in every:
            if channel.name in chosen or (not chosen and channel.open_to_kith):
                yield channel


def _list(names: set[str]) -> str:
    shown = sorted(names)
    return ", ".join(shown[:20]) + (" …" if len(shown) > 20 else "")


def replay_options(
    *, profile: str, zone: str, locale: str, since: datetime | None, until: datetime | None, show_text: bool
) -> ReplayOptions:
    """The options of a replay, from what was asked on the command line."""
    settings = ChannelSettings(profile=profile, zone=zone, locale=locale)
    return ReplayOptions(settings=settings, since=since, until=until, show_text=show_text)
