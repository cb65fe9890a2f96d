"""Where channels are answered, on platforms that do not have one address for all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.domain.address import Address
from bot.domain.events import ChannelRef


class Addresses(Protocol):
    """The addresses of channels, and of chats with one person alone, so that Kith finds them after a restart; no name
    is among them. A channel's goes when the channel is forgotten."""

    async def find(self, ref: ChannelRef) -> Address | None:
        """Where it is answered; None if that is not known."""
        ...

    async def keep(self, ref: ChannelRef, address: Address) -> None:
        """Keep this in the place of any before."""
        ...

    async def within(self, workspace: str, group: str) -> Sequence[ChannelRef]:
        """The channels of a group whose addresses are kept."""
        ...

    async def forget(self, ref: ChannelRef) -> None:
        """Delete it; nothing remains."""
        ...
