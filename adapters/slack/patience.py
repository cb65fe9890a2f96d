"""Answers within Slack's three seconds, and lets work that takes longer finish and report afterwards."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

SECONDS = 2.3
"""How long Slack is kept waiting; it gives up after 3 (EVIDENCE 5.1)."""

_log = logging.getLogger("kith.slack")
T = TypeVar("T")


class Patience:
    """Work that may be slow; what is still under way at the end is waited for."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._under_way: set[asyncio.Task[None]] = set()

    async def answer(self, work: Coroutine[Any, Any, T], *, late: Callable[[T], Awaitable[None]]) -> T | None:
        """What `work` gives, if it is done in time; None if not, and then `late` is told of it once it is."""
        task = asyncio.ensure_future(work)
        done, _ = await asyncio.wait({task}, timeout=self._seconds)
        if done:
            return task.result()
        follow = asyncio.ensure_future(_follow(task, late))
        self._under_way.add(follow)
        follow.add_done_callback(self._under_way.discard)
        return None

    async def close(self) -> None:
        """Wait for everything that is under way."""
        while self._under_way:
            await asyncio.wait(set(self._under_way))


async def _follow(task: asyncio.Future[T], late: Callable[[T], Awaitable[None]]) -> None:
    try:
        await late(await task)
    except Exception as exc:  # noqa: BLE001, nobody waits for it any more; its kind and place are noted, no text of it
        _log.error("A late answer could not be given: %s", type(exc).__name__)
