"""The two texts that an organisation gave."""

from __future__ import annotations

from typing import Protocol

from bot.domain.own_words import OwnWords


class OwnWordsKept(Protocol):
    """The two texts that an organisation gave, kept until it takes them back."""

    async def of(self, workspace: str) -> OwnWords:
        """Its words; both texts empty if it gave none."""
        ...

    async def give(self, workspace: str, words: OwnWords) -> None:
        """Keep these in the place of any before; two empty texts leave nothing."""
        ...

    async def take_back(self, workspace: str) -> None:
        """Delete them; nothing remains."""
        ...
