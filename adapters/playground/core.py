"""What the rehearsal needs from Kith: to hear events, to do what is due, and to let people look over its shoulder."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.domain.events import ChannelRef, Event
from bot.domain.insight import Insight
from bot.domain.reading import Reading
from bot.domain.speech import Reply


class Core(Protocol):
    """Kith itself, joined in bootstrap to this rehearsal's world and clock."""

    async def receive(self, event: Event) -> Reply | None:
        """Take one event; commands, choices and forms may be answered. KithError if it cannot be taken."""
        ...

    async def tick(self) -> None:
        """Do all looks that are due by the rehearsal's clock and say everything in the outbox, through the world."""
        ...

    async def next_due(self, workspace: str) -> datetime | None:
        """When something falls due next by the rehearsal's clock; None if nothing waits."""
        ...

    async def insight(self, channel: ChannelRef) -> Insight | None:
        """What Kith sees of a channel now; None where it is not."""
        ...

    async def reading(self, text: str) -> Reading:
        """What the reader sees in a text; nothing of it is kept."""
        ...
