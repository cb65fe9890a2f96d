"""The clock that calls back."""

from __future__ import annotations

import asyncio

from adapters.scheduler import ticking


async def test_a_tick_under_way_at_the_end_is_waited_for() -> None:
    begun, goes_on, done = asyncio.Event(), asyncio.Event(), list[str]()

    async def tick() -> None:
        begun.set()
        await goes_on.wait()
        done.append("noted")

    async with ticking(tick, every=0.01):
        await begun.wait()
        asyncio.get_running_loop().call_later(0.05, goes_on.set)
    assert done == ["noted"]


async def test_nothing_ticks_after_the_end() -> None:
    ticks = list[int]()
    ticked = asyncio.Event()

    async def tick() -> None:
        ticks.append(1)
        ticked.set()

    async with ticking(tick, every=0.01):
        await ticked.wait()
    before = len(ticks)
    await asyncio.sleep(0.05)
    assert len(ticks) == before
