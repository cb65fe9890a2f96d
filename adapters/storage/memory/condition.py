"""How the store in memory stands."""

from __future__ import annotations

from datetime import datetime

from adapters.storage.memory.channels import MemoryChannels
from adapters.storage.memory.outbox import MemoryOutbox
from adapters.storage.memory.traces import MemoryTraces
from bot.domain.condition import Figures


class MemoryCondition:
    """`bot.ports.Condition` in memory, which is always as it must be."""

    def __init__(self, traces: MemoryTraces, channels: MemoryChannels, outbox: MemoryOutbox) -> None:
        self._traces = traces
        self._channels = channels
        self._outbox = outbox

    async def up_to_date(self) -> bool:
        return True

    async def figures(self, now: datetime) -> Figures:
        due, dead = self._outbox.condition(now)
        return Figures(
            waiting=len(due),
            oldest_due_at=min(due, default=None),
            dead=dead,
            windows=self._traces.windows_kept(),
            channels=len(self._channels),
        )
