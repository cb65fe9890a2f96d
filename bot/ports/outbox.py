"""Everything decided and not yet said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.outgoing import Outcome, Outgoing


class Outbox(Protocol):
    """Everything decided and not yet said."""

    async def put(self, outgoing: Outgoing) -> bool:
        """Queue it; False if its id was queued before and is still kept."""
        ...

    async def take(self, now: datetime, *, lease: timedelta, at_most: int = 20) -> Sequence[Outgoing]:
        """Lease rows that are due, oldest first and at most one a channel; others see them again after the lease."""
        ...

    async def next_due(self, workspace: str, after: datetime) -> datetime | None:
        """When the first message of a workspace falls due that waits for later than that moment."""
        ...

    async def settle(self, outgoing: Outgoing, outcome: Outcome, *, retry_at: datetime | None = None) -> None:
        """SENT and DROPPED delete the row; LATER frees it for `retry_at` and counts an attempt, PUT_OFF counts none;
        NEVER keeps it as a dead letter."""
        ...

    async def dead(self, *, at_most: int = 100) -> Sequence[Outgoing]:
        """Dead letters, the oldest first."""
        ...

    async def revive(self, outgoing: Outgoing, now: datetime) -> bool:
        """Let a dead letter be sent again from `now` on, as if it had never been tried; False if it is none."""
        ...
