"""The addresses of channels in memory."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.address import Address
from bot.domain.events import ChannelRef


class MemoryAddresses:
    """`bot.ports.Addresses` in memory."""

    def __init__(self) -> None:
        self._kept: dict[ChannelRef, Address] = {}

    async def find(self, ref: ChannelRef) -> Address | None:
        return self._kept.get(ref)

    async def keep(self, ref: ChannelRef, address: Address) -> None:
        self._kept[ref] = address

    async def within(self, workspace: str, group: str) -> Sequence[ChannelRef]:
        here = ((ref, kept) for ref, kept in self._kept.items() if ref.workspace == workspace)
        return sorted(ref for ref, kept in here if group and kept.group == group)

    async def forget(self, ref: ChannelRef) -> None:
        self.drop(ref)

    def drop(self, ref: ChannelRef) -> None:
        """Let go of a channel's address."""
        self._kept.pop(ref, None)

    def places(self, workspace: str) -> set[ChannelRef]:
        """Where there is one, in a workspace."""
        return {ref for ref in self._kept if ref.workspace == workspace}
