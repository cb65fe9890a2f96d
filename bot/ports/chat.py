"""A chat that Kith speaks in."""

from __future__ import annotations

from typing import Protocol

from bot.domain.speech import Message, Place


class ChatPlatform(Protocol):
    """A chat that Kith can speak in."""

    async def post(self, place: Place, message: Message) -> str:
        """Say `message` there and return the platform's id of it. PlatformBusyError if it cannot yet, PlatformGoneError
        if it never can, PlatformUnsureError if it may have been said, PlatformError if it was not."""
        ...
