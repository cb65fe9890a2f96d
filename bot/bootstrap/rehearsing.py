"""The rehearsal workspace in the browser, with a clock that can be moved."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette

from adapters.playground import MovableClock, World, rehearsal, shipped_script
from adapters.playground.world import WORKSPACE
from adapters.scheduler import MachineClock, ticking
from adapters.storage.memory.store import MemoryStore
from bot.bootstrap.building import content_of, house_of, opened_store
from bot.bootstrap.kith import Kith
from bot.config import Settings
from bot.domain.channel import ChannelSettings
from bot.ports import Store


@asynccontextmanager
async def open_rehearsal(settings: Settings, *, pace: float | None = None) -> AsyncIterator[Starlette]:
    """The rehearsal workspace with a fresh start in the database; `pace` overrides the sample's seconds a line."""
    content = content_of(settings)
    clock = MovableClock(MachineClock())
    world = World(shipped_script(settings.locale), clock, zone=settings.zone)
    async with _rehearsal_store(settings) as store:
        await forget_rehearsal(store)
        house = house_of(settings, store)
        newcomers = ChannelSettings(profile="rehearsal", zone=settings.zone, locale=settings.locale)
        kith = Kith(house=house, chat=world, clock=clock, newcomers=newcomers)
        async with ticking(kith.tick, every=settings.tick_seconds):
            yield rehearsal(world, kith, content) if pace is None else rehearsal(world, kith, content, pace=pace)


@asynccontextmanager
async def _rehearsal_store(settings: Settings) -> AsyncIterator[Store]:
    """The database; or memory alone where a real workspace is in the database, because the rehearsal's clock can be
    moved, and moving it must never make a real channel's days pass or speak for it."""
    if settings.joins_a_workspace:
        yield MemoryStore()
        return
    async with opened_store(settings) as store:
        yield store


async def forget_rehearsal(store: Store) -> None:
    """Delete what an earlier rehearsal left."""
    for channel in await store.channels.all(WORKSPACE):
        await store.channels.forget(channel.ref)
    await store.own_words.take_back(WORKSPACE)
