"""Reads a message for what it carries."""

from __future__ import annotations

from typing import Protocol

from bot.domain.reading import Reading


class Reader(Protocol):
    """Reads one message for the seven message patterns, inside this process and offline."""

    async def read(self, text: str, *, explain: bool = False) -> Reading:
        """Probabilities per pattern for any text whatever: never raises, takes bounded time, keeps nothing. With
        `explain` also the words that carried what is clear, which takes many times as long."""
        ...
