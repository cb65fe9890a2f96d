"""What channels agreed to be asked, and when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.audit import Change
from bot.domain.check_in import CheckIn, Firing
from bot.domain.events import ChannelRef


class CheckIns(Protocol):
    """Check-ins of channels, kept until they are stopped or Kith leaves."""

    async def add(self, check_in: CheckIn, *, at_most: int, told: Change | None = None) -> bool:
        """Keep a new one; False, and nothing changed, if Kith is not in the channel, or it has `at_most` already.
        `told` is the line of the trail that says so, written together with it or not at all, here and below."""
        ...

    async def of(self, ref: ChannelRef) -> Sequence[CheckIn]:
        """The channel's, in the order in which they were made."""
        ...

    async def save(self, check_in: CheckIn, *, told: Change | None = None) -> bool:
        """Put it in the place of the one with its id, and raise the version; False, and nothing changed, if that has
        changed since it was loaded (another version: it was edited, or fell due) or was stopped."""
        ...

    async def stop(self, ref: ChannelRef, check_in: str, *, told: Change | None = None) -> bool:
        """Delete it with its runs and their answers; False if there is none."""
        ...

    async def claim(self, now: datetime, step: Callable[[CheckIn], Firing], *, at_most: int = 200) -> int:
        """Take check-ins whose slot has come, the oldest first, and do with each what `step` says, in one transaction:
        its next slot, its runs, and what is to be said of those that are new. Nobody else takes them meanwhile, and a
        slot has one run whatever happens. Says how many were taken."""
        ...

    async def upcoming(self, *, at_most: int = 100) -> Sequence[CheckIn]:
        """Those of all channels that come next, the soonest first."""
        ...

    async def next_due(self, workspace: str, after: datetime) -> datetime | None:
        """When the first slot comes in a workspace that is later than that moment."""
        ...
