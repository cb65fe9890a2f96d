"""The times a check-in was put to its channel, and what people answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.check_in import Run, RunState
from bot.domain.events import ChannelRef
from bot.domain.outgoing import Outgoing


class CheckInRuns(Protocol):
    """Runs of check-ins, one a slot, and answers by a pseudonym that leads to nobody once the run is closed."""

    async def run(self, ref: ChannelRef, run: str) -> Run | None:
        """The run with this id; None for an id that is stale, forged, or another channel's."""
        ...

    async def newest(self, ref: ChannelRef, *, at_most: int = 10) -> Sequence[Run]:
        """The channel's runs, said and missed, newest first."""
        ...

    async def move(
        self, run: Run, *, was: RunState, then: Sequence[Outgoing] = (), forget_answers: bool = False
    ) -> bool:
        """In one transaction: put `run` in the place of the one with its id, queue `then`, and delete its answers if
        they are to be forgotten. False, and nothing changed, if that is no longer in the state `was`."""
        ...

    async def answer(self, ref: ChannelRef, run: str, *, by: str, text: str, now: datetime) -> bool:
        """Keep what the pseudonym `by` answers, sealed, in the place of what they answered before; "" takes it back.
        False, and nothing changed, if the run takes no answers `now`."""
        ...

    async def answered(self, ref: ChannelRef, run: str, by: str) -> bool:
        """Whether this pseudonym has answered."""
        ...

    async def answers(self, ref: ChannelRef, run: str) -> Mapping[str, str]:
        """What was answered, by pseudonym; an answer sealed under a key that is gone is left out."""
        ...

    async def sweep(self, now: datetime, *, at_most: int = 1000) -> int:
        """Forget answers of runs that closed `check_in.KEPT` before `now` or earlier; says how many."""
        ...
