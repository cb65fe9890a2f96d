"""APScheduler as a clock that calls back; what is due stands in our own tables, never in its job store (PLATFORM F)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler


class MachineClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """The present moment in UTC."""
        return datetime.now(UTC)  # noqa: TID251, this is the one place that asks the machine


@asynccontextmanager
async def ticking(tick: Callable[[], Awaitable[object]], *, every: float) -> AsyncIterator[None]:
    """Call `tick` every so many seconds while the block runs; a slow one is not overtaken, a missed one not made up.

    A tick that is under way at the end is waited for: cut off, it might have said something and not noted it.
    """
    under_way = asyncio.Lock()

    async def once() -> None:
        async with under_way:
            await tick()

    scheduler = AsyncIOScheduler(timezone=UTC)
    scheduler.add_job(once, "interval", seconds=every, max_instances=1, coalesce=True)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.pause()
        async with under_way:
            scheduler.shutdown(wait=False)
