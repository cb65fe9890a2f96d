"""The trail of changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.domain.audit import Change
from bot.domain.events import ChannelRef


class Changes(Protocol):
    """What was changed of how Kith is in a channel or a workspace; kept as long as the channel's ledger.

    A line is written by whatever writes the change it tells of, in the same transaction (`told=`): neither is ever
    there without the other. ValueError where a fact is anything but a short id; then nothing is written.
    """

    async def of(self, ref: ChannelRef, *, at_most: int = 20) -> Sequence[Change]:
        """The channel's lines and those of its whole workspace together, newest first."""
        ...
