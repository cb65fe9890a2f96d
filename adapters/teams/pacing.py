"""Paces what Kith sends and asks, so that the connector need not refuse it."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict, deque
from collections.abc import Sequence

from bot.errors import PlatformBusyError

SENDING = ((7, 1.0), (8, 2.0), (60, 30.0), (1800, 3600.0))
"""How many messages one conversation takes in so many seconds (EVIDENCE 5.4)."""

TENANT = ((30, 1.0),)
"""How many requests of one app a tenant takes, by the lower of two numbers that Microsoft gives (EVIDENCE 5.4)."""

PATIENCE = 5.0
"""Seconds that somebody waits for a turn; what has to wait longer is put off."""

MOST_NAMES = 2000


class Pacer:
    """Hands out turns for each name, at most so many in so many seconds."""

    def __init__(self, limits: Sequence[tuple[int, float]], *, patience: float = PATIENCE) -> None:
        self._limits = tuple(limits)
        self._patience = patience
        self._turns: OrderedDict[str, deque[float]] = OrderedDict()

    async def turn(self, name: str) -> None:
        """Wait until it is this name's turn; PlatformBusyError if that is too long to wait for."""
        now = asyncio.get_running_loop().time()
        turns = self._turns.setdefault(name, deque(maxlen=max((n for n, _ in self._limits), default=1)))
        self._turns.move_to_end(name)
        while len(self._turns) > MOST_NAMES:
            self._turns.popitem(last=False)
        free = now
        for many, seconds in self._limits:
            if len(turns) >= many:
                free = max(free, turns[-many] + seconds)
        if free - now > self._patience:
            raise PlatformBusyError(problem="enough has been sent there for now", seconds=free - now)
        turns.append(free)
        if free > now:
            await asyncio.sleep(free - now)


def patience(attempt: int, name: str) -> float:
    """Seconds before the next try: 1, 2, 4, … and up to half of that more, different for each name, so that many who
    were refused together do not come again together."""
    spread = hashlib.blake2b(f"{attempt}/{name}".encode(), digest_size=2).digest()
    return float(2**attempt * (1 + int.from_bytes(spread) / 0x1FFFE))
