"""The two texts that an organisation gave."""

from __future__ import annotations

from typing import Protocol

from bot.domain.audit import Change
from bot.domain.own_words import OwnWords


class OwnWordsKept(Protocol):
    """The two texts that an organisation gave, kept until it takes them back."""

    async def of(self, workspace: str) -> OwnWords:
        """Its words; both texts empty if it gave none."""
        ...

    async def give(self, workspace: str, words: OwnWords, *, told: Change | None = None) -> None:
        """Keep these in the place of any before; two empty texts leave nothing. `told` is the line of the trail that
        says so, written together with them or not at all."""
        ...

    async def take_back(self, workspace: str, *, told: Change | None = None) -> None:
        """Delete them, and write `told`, as above; nothing of them remains."""
        ...
