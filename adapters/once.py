"""Does a piece of work once for each name, however often and however closely together it is asked for."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable

MOST = 20_000
"""Names remembered; platforms repeat an event within minutes, and the busiest sends 30,000 an hour (EVIDENCE 5.1)."""


class Once:
    """Remembers what was done in this process.

    Messages are recognised by the store too, across restarts and replicas; reactions and removals by this alone.
    """

    def __init__(self, *, most: int = MOST) -> None:
        self._most = most
        self._begun: OrderedDict[str, asyncio.Future[None]] = OrderedDict()

    async def do(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Do `work` unless it was done under this `name`; wait for it if it is under way, and fail as it fails.

        Work that failed may be tried again. An empty name is nobody's: its work is always done.
        """
        if not name:
            return await work()
        if (begun := self._begun.get(name)) is not None:
            return await asyncio.shield(begun)
        future = asyncio.get_running_loop().create_future()
        self._begun[name] = future
        while len(self._begun) > self._most:
            self._begun.popitem(last=False)
        try:
            await work()
        except BaseException as exc:
            self._begun.pop(name, None)
            future.set_exception(exc if isinstance(exc, Exception) else RuntimeError("was interrupted"))
            future.exception()  # whoever waited has it; nobody else needs to be told
            raise
        future.set_result(None)
        return None
