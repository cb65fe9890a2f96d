"""Questions asked and held back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.events import ChannelRef
from bot.domain.ledger import Entry, Verdict
from bot.domain.outgoing import Outgoing


class Ledger(Protocol):
    """Questions asked and held back, with the outbox row that each asked one needs."""

    async def ask(self, ref: ChannelRef, entry: Entry, outgoing: Outgoing, *, last_spoke_at: datetime | None) -> bool:
        """In one transaction: claim the channel's turn, write `entry` (reason None) and `outgoing`.

        False, and nothing written, if the channel has spoken since `last_spoke_at` or may no longer be spoken in.
        """
        ...

    async def hold(self, ref: ChannelRef, entry: Entry) -> bool:
        """Write a question held back; False if one stands already for that pattern, reason and window."""
        ...

    async def entries(self, ref: ChannelRef, *, at_most: int = 20, asked: bool | None = None) -> Sequence[Entry]:
        """Newest first; with `asked`, only what was asked (True) or held back (False)."""
        ...

    async def entry(self, ref: ChannelRef, entry_id: str) -> Entry | None:
        """One entry of this channel's ledger; None for an id that is stale, forged, or another channel's."""
        ...

    async def answer(self, ref: ChannelRef, entry_id: str, verdict: Verdict) -> int:
        """Add one to the entry's `verdict` count and say how many there are now; 0 if there is no such entry."""
        ...

    async def withdraw(self, ref: ChannelRef, entry_id: str) -> bool:
        """Delete the entry of a question that was never said, and give its turn back; False if there is none asked."""
        ...

    async def said(self, ref: ChannelRef, entry_id: str, at: datetime) -> None:
        """Count an asked question from `at` on, when it was said, if that is later than it was decided on."""
        ...
