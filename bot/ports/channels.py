"""Channels with their charter, settings and history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.audit import Change
from bot.domain.channel import Channel, Run
from bot.domain.events import ChannelRef
from bot.domain.patterns import Pattern


class Channels(Protocol):
    """Channels with their charter, settings and history."""

    async def get(self, ref: ChannelRef) -> Channel | None:
        """The channel, with its history of the last 90 days before its newest question; None if Kith is not in it."""
        ...

    async def add(self, channel: Channel, *, told: Change | None = None) -> bool:
        """Keep a channel that Kith comes into; False, and nothing changed, if it is there already.

        `told` is the line of the trail that says so, written together with it or not at all, here and below."""
        ...

    async def save(self, channel: Channel, *, told: Change | None = None) -> bool:
        """Write everything but `history.asked`, which the ledger owns, and raise the version; False, and nothing
        changed, if the channel has changed since it was loaded (another version) or is gone."""
        ...

    async def note_look(self, ref: ChannelRef, *, look_at: datetime | None, runs: Mapping[Pattern, Run]) -> None:
        """Write these two alone, whatever else has changed meanwhile."""
        ...

    async def all(self, workspace: str) -> Sequence[Channel]:
        """The channels of a workspace, by name."""
        ...

    async def due(self, now: datetime, *, at_most: int = 100) -> Sequence[Channel]:
        """Claim channels whose `look_at` has come: each is handed out once, its `look_at` set to `now` + LOOK_EVERY."""
        ...

    async def forget(self, ref: ChannelRef) -> None:
        """Delete the channel and all that hangs on it: windows, traces, ledger, outbox."""
        ...

    async def forget_some(self, workspace: str, *, at_most: int = 20) -> int:
        """Do the same for so many channels of a workspace, those included where people talked with Kith alone; says
        how many, so that calling it until it says 0 forgets them all in small steps."""
        ...
