"""What Teams needs from Kith: to hear events, and to know where it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from bot.domain.content import Content
from bot.domain.events import ChannelRef, Event
from bot.domain.speech import Reply


class Core(Protocol):
    """Kith itself, joined in bootstrap to the tenants."""

    async def receive(self, event: Event) -> Reply | None:
        """Take one event; commands, choices and forms may be answered. KithError if it cannot be taken."""
        ...

    async def names(self, workspace: str) -> Mapping[ChannelRef, str]:
        """The channels that Kith is in, or has been invited into and not yet left, with what people call them."""
        ...

    async def may_read(self, workspace: str, person: str) -> bool:
        """Whether this person's messages may be read; False for those who asked Kith not to."""
        ...

    async def words(self, channel: ChannelRef) -> Content:
        """The words in which Kith speaks in a channel: in its language, or its workspace's where Kith is not in it."""
        ...
