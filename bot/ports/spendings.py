"""What a language model has cost each workspace."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.domain.companion import Ceiling


class Spendings(Protocol):
    """Tokens a workspace has spent by day, so that no ceiling is passed, whichever process spends them."""

    async def reserve(self, workspace: str, tokens: int, *, ceiling: Ceiling, now: datetime) -> bool:
        """In one transaction: count these tokens as spent today, unless that would pass the day's or the month's
        ceiling; then False, and nothing counted. Days two months old go."""
        ...

    async def correct(self, workspace: str, change: int, *, now: datetime) -> None:
        """Add what was reserved too little, or give back (negative) what was reserved too much, today."""
        ...

    async def spent(self, workspace: str, now: datetime) -> tuple[int, int]:
        """How many tokens today and this month, both in UTC."""
        ...

    async def forget(self, workspace: str) -> None:
        """Delete a workspace's; nothing remains."""
        ...
