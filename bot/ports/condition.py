"""How the store itself stands."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.domain.condition import Figures


class Condition(Protocol):
    """How the store itself stands, for those who run Kith."""

    async def up_to_date(self) -> bool:
        """Whether the store answers and has the form this Kith needs, or a newer one; False if it is older."""
        ...

    async def figures(self, now: datetime) -> Figures:
        """How many of everything there are."""
        ...
