"""Reads a message for what it carries."""

from __future__ import annotations

from typing import Protocol

from bot.domain.reading import Reading


class Reader(Protocol):
    """Reads one message for the seven message patterns, inside this process and offline."""

    async def read(self, text: str) -> Reading:
        """Evidence per pattern for any text whatever: never raises, takes bounded time, keeps nothing."""
        ...
