"""A team's rounds on why it goes social."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.events import ChannelRef
from bot.domain.path_check import Answered, Round, Tally


class Rounds(Protocol):
    """A team's rounds on why it goes social: how many stand where, and a mark for each who answered; at most one a
    channel, for 30 days."""

    async def open(self, ref: ChannelRef, round_id: str, now: datetime) -> Round:
        """Begin a round under this id, or give the one that is open there at `now`."""
        ...

    async def current(self, ref: ChannelRef, now: datetime) -> Round | None:
        """The round that is open at `now`; None if there is none, or its time is over."""
        ...

    async def answer(
        self, ref: ChannelRef, round_id: str, *, by: str, stands: Sequence[str], now: datetime
    ) -> Answered:
        """In one transaction: mark that the pseudonym `by` answered, and add one to the tally for each of `stands`
        (`path_check.TALLY_KEYS`, one at least: a blank is a ValueError). Nothing joins the two."""
        ...

    async def answered(self, ref: ChannelRef, round_id: str, by: str) -> bool:
        """Whether this pseudonym has answered that round."""
        ...

    async def finish(self, ref: ChannelRef, round_id: str, *, at_least: int, now: datetime) -> Tally | None:
        """Delete the round with its marks and salt, and give its tally once; None, and nothing changed, if fewer than
        `at_least` people answered whichever part most did, or it is not open."""
        ...

    async def close(self, before: datetime, *, at_most: int = 100) -> int:
        """Delete rounds whose time was over at `before`, unseen; says how many went."""
        ...
