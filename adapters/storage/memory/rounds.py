"""A team's rounds, and the words that organisations gave of themselves, in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from adapters.storage.memory.workspaces import MemoryChanges
from adapters.storage.shapes import only_known, only_short_ids, some
from bot.domain.audit import Change
from bot.domain.events import ChannelRef
from bot.domain.own_words import OwnWords
from bot.domain.path_check import ROUND_LENGTH, TALLY_KEYS, Answered, Round, Tally, counted


@dataclass(slots=True)
class _Open:
    """A round with what it counted and who answered."""

    round: Round
    tally: Tally = field(default_factory=Tally)
    marks: set[str] = field(default_factory=set)


class MemoryRounds:
    """`bot.ports.Rounds` in memory."""

    def __init__(self, salts: Callable[[], bytes]) -> None:
        self._salts = salts
        self._open: dict[ChannelRef, _Open] = {}

    async def open(self, ref: ChannelRef, round_id: str, now: datetime) -> Round:
        only_short_ids("a round", (round_id,))
        salt = self._salts()
        if self._running(ref, now) is None:
            self._open[ref] = _Open(Round(id=round_id, opened_at=now, salt=salt))
        return self._open[ref].round

    async def current(self, ref: ChannelRef, now: datetime) -> Round | None:
        running = self._running(ref, now)
        return running.round if running else None

    async def answer(
        self, ref: ChannelRef, round_id: str, *, by: str, stands: Sequence[str], now: datetime
    ) -> Answered:
        only_known("an answer", some("an answer", stands), TALLY_KEYS)
        running = self._running(ref, now)
        if running is None or running.round.id != round_id:
            return Answered.OVER
        if by in running.marks:
            return Answered.BEFORE
        running.marks.add(by)
        running.tally = counted(running.tally, stands)
        running.round = replace(running.round, people=running.tally.most)
        return Answered.COUNTED

    async def answered(self, ref: ChannelRef, round_id: str, by: str) -> bool:
        running = self._open.get(ref)
        return running is not None and running.round.id == round_id and by in running.marks

    async def finish(self, ref: ChannelRef, round_id: str, *, at_least: int, now: datetime) -> Tally | None:
        running = self._running(ref, now)
        if running is None or running.round.id != round_id or running.tally.most < at_least:
            return None
        del self._open[ref]
        return running.tally

    async def close(self, before: datetime, *, at_most: int = 100) -> int:
        over = [ref for ref, running in self._open.items() if running.round.closes_at <= before]
        over.sort(key=lambda ref: (self._open[ref].round.opened_at, ref))
        for ref in over[:at_most]:
            del self._open[ref]
        return len(over[:at_most])

    def forget(self, ref: ChannelRef) -> None:
        """Let go of a channel's round."""
        self._open.pop(ref, None)

    def places(self, workspace: str) -> set[ChannelRef]:
        """Where anything of this is kept in a workspace."""
        return {ref for ref in self._open if ref.workspace == workspace}

    def _running(self, ref: ChannelRef, now: datetime) -> _Open | None:
        known = self._open.get(ref)
        return known if known and known.round.opened_at > now - ROUND_LENGTH else None


class MemoryOwnWords:
    """`bot.ports.OwnWordsKept` in memory."""

    def __init__(self, changes: MemoryChanges) -> None:
        self._changes = changes
        self._given: dict[str, OwnWords] = {}

    async def of(self, workspace: str) -> OwnWords:
        return self._given.get(workspace, OwnWords())

    async def give(self, workspace: str, words: OwnWords, *, told: Change | None = None) -> None:
        if not words:
            await self.take_back(workspace, told=told)
            return
        self._changes.write(told)
        self._given[workspace] = words

    async def take_back(self, workspace: str, *, told: Change | None = None) -> None:
        self._changes.write(told)
        self._given.pop(workspace, None)
