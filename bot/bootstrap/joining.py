"""Joins one Kith to every workspace of the settings: one store, one outbox, one clock, one public door."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace

from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from adapters.scheduler import MachineClock, ticking
from adapters.switchboard import Switchboard
from bot.bootstrap.building import house_of, opened_companion, opened_store
from bot.bootstrap.kith import Kith
from bot.bootstrap.rehearsing import forget_rehearsal
from bot.bootstrap.slack import join_slack
from bot.bootstrap.teams import join_teams
from bot.bootstrap.watching import Watch, WatchedSwitchboard, watched
from bot.config import Settings
from bot.domain.channel import ChannelSettings


@asynccontextmanager
async def open_platforms(settings: Settings, *, watch: Watch | None = None) -> AsyncIterator[ASGIApp | None]:
    """Kith in every workspace that the settings name, until it is closed; gives its public door, None where nothing
    comes in over HTTP. PlatformError if a platform does not know its token. `watch` sees what passes."""
    watch = watch or Watch(settings)
    async with AsyncExitStack() as opened:
        store = await opened.enter_async_context(opened_store(settings))
        await forget_rehearsal(store)
        companion = await opened.enter_async_context(opened_companion(settings))
        switchboard = Switchboard({})
        newcomers = ChannelSettings(zone=settings.zone, locale=settings.locale)
        house = replace(house_of(settings, store), companion=companion, newcomers=newcomers)
        kith = Kith(house=watch.over(house), chat=switchboard, clock=MachineClock(), newcomers=newcomers)
        routes: list[BaseRoute] = []
        for name, join in PLATFORMS.items():
            board = WatchedSwitchboard(switchboard, name, watch)
            routes += await opened.enter_async_context(join(settings, watched(kith, name, watch), board))
        tick = await opened.enter_async_context(watch.running(kith))
        await opened.enter_async_context(ticking(tick, every=settings.tick_seconds))
        opened.callback(kith.stop)
        yield watch.door(routes) if routes else None


PLATFORMS = {"slack": join_slack, "teams": join_teams}
"""One line a platform, under the name that figures have for it: opened with the settings, Kith and the switchboard,
each connects the chats of its workspaces and gives the routes it is reached by; without a setting of its own it does
nothing."""
