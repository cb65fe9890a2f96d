"""The rehearsal workspace in the browser, with a clock that can be moved."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime

from starlette.applications import Starlette

from adapters.playground import MovableClock, World, rehearsal, shipped_script
from adapters.playground.world import WORKSPACE
from adapters.scheduler import MachineClock, ticking
from adapters.storage.memory.store import MemoryStore
from bot.bootstrap.building import content_of, house_of, opened_companion, opened_store
from bot.bootstrap.kith import Kith
from bot.config import Settings
from bot.domain.channel import ChannelSettings
from bot.domain.companion import Ceiling
from bot.ports import Spendings, Store


@asynccontextmanager
async def open_rehearsal(settings: Settings, *, pace: float | None = None) -> AsyncIterator[Starlette]:
    """The rehearsal workspace with a fresh start in the database; `pace` overrides the sample's seconds a line."""
    content = content_of(settings)
    clock = MovableClock(MachineClock())
    world = World(shipped_script(settings.locale), clock, zone=settings.zone)
    async with _rehearsal_store(settings) as store, opened_companion(settings) as companion:
        await forget_rehearsal(store)
        house = replace(house_of(settings, store), companion=companion)
        newcomers = ChannelSettings(profile="rehearsal", zone=settings.zone, locale=settings.locale)
        kith = Kith(house=house, chat=world, clock=clock, newcomers=newcomers)
        async with ticking(kith.tick, every=settings.tick_seconds):
            yield rehearsal(world, kith, content) if pace is None else rehearsal(world, kith, content, pace=pace)


@asynccontextmanager
async def _rehearsal_store(settings: Settings) -> AsyncIterator[Store]:
    """The database; or memory alone where a real workspace is in the database, because the rehearsal's clock can be
    moved, and moving it must never make a real channel's days pass or speak for it."""
    if settings.joins_a_workspace:
        remembered = MemoryStore()
        remembered.spendings = SpentInRealTime(remembered.spendings)
        yield remembered
        return
    async with opened_store(settings) as store:
        store.spendings = SpentInRealTime(store.spendings)
        yield store


class SpentInRealTime:
    """`bot.ports.Spendings` by the machine's clock: moving the rehearsal's must not raise what a model may cost."""

    def __init__(self, spendings: Spendings) -> None:
        self._spendings = spendings
        self._clock = MachineClock()

    async def reserve(self, workspace: str, tokens: int, *, ceiling: Ceiling, now: datetime) -> bool:
        del now
        return await self._spendings.reserve(workspace, tokens, ceiling=ceiling, now=self._clock.now())

    async def correct(self, workspace: str, change: int, *, now: datetime) -> None:
        del now
        await self._spendings.correct(workspace, change, now=self._clock.now())

    async def spent(self, workspace: str, now: datetime) -> tuple[int, int]:
        del now
        return await self._spendings.spent(workspace, self._clock.now())

    async def forget(self, workspace: str) -> None:
        await self._spendings.forget(workspace)


async def forget_rehearsal(store: Store) -> None:
    """Delete what an earlier rehearsal left, but for what a language model has cost."""
    for channel in await store.channels.all(WORKSPACE):
        await store.channels.forget(channel.ref)
    while await store.channels.forget_some(WORKSPACE):
        pass
    await store.own_words.take_back(WORKSPACE)
    await store.workspaces.take_back(WORKSPACE)
