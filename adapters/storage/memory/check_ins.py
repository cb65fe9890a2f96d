"""Check-ins, their runs and what was answered, in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from adapters.storage.memory.outbox import MemoryOutbox
from adapters.storage.memory.workspaces import MemoryChanges
from adapters.storage.shapes import only_ids, only_short_ids
from bot.domain.audit import Change
from bot.domain.check_in import KEPT, LONGEST_ANSWER, CheckIn, Firing, Run, RunState, check_in_of
from bot.domain.events import ChannelRef
from bot.domain.outgoing import Outgoing

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True)
class Kept:
    """One channel's check-ins in the order they were made, its runs, and the answers of each."""

    check_ins: dict[str, CheckIn] = field(default_factory=dict)
    runs: dict[str, Run] = field(default_factory=dict)
    answers: dict[str, dict[str, str]] = field(default_factory=dict)


class MemoryCheckIns:
    """`bot.ports.CheckIns` in memory; `there` says whether Kith is in a channel."""

    def __init__(
        self,
        outbox: MemoryOutbox,
        changes: MemoryChanges,
        there: Callable[[ChannelRef], bool],
        salts: Callable[[], bytes],
    ) -> None:
        self._changes = changes
        self.kept: dict[ChannelRef, Kept] = {}
        self._outbox = outbox
        self._there = there
        self._salts = salts

    async def add(self, check_in: CheckIn, *, at_most: int, told: Change | None = None) -> bool:
        _only_ids(check_in)
        if not self._there(check_in.ref):
            return False
        here = self.kept.setdefault(check_in.ref, Kept()).check_ins
        if len(here) >= at_most or check_in.id in here:
            return False
        self._changes.write(told)
        here[check_in.id] = check_in
        return True

    async def of(self, ref: ChannelRef) -> Sequence[CheckIn]:
        kept = self.kept.get(ref)
        return list(kept.check_ins.values()) if kept else []

    async def save(self, check_in: CheckIn, *, told: Change | None = None) -> bool:
        _only_ids(check_in)
        here = self.kept.get(check_in.ref, Kept()).check_ins
        known = here.get(check_in.id)
        if known is None or known.version != check_in.version:
            return False
        self._changes.write(told)
        here[check_in.id] = replace(check_in, version=check_in.version + 1)
        return True

    async def stop(self, ref: ChannelRef, check_in: str, *, told: Change | None = None) -> bool:
        kept = self.kept.get(ref, Kept())
        self._changes.write(told if check_in in kept.check_ins else None)
        for run in [run for run in kept.runs if check_in_of(run) == check_in]:
            del kept.runs[run]
            kept.answers.pop(run, None)
        return kept.check_ins.pop(check_in, None) is not None

    async def claim(self, now: datetime, step: Callable[[CheckIn], Firing], *, at_most: int = 200) -> int:
        due = sorted((check_in for check_in in self._all() if _coming(check_in) <= now), key=_coming)[:at_most]
        for check_in in due:
            await self._go_on(step(check_in))
        return len(due)

    async def _go_on(self, firing: Firing) -> None:
        after, kept = firing.check_in, self.kept[firing.check_in.ref]
        kept.check_ins[after.id] = replace(after, version=after.version + 1)
        for run in firing.runs:
            if run.id in kept.runs:
                continue
            kept.runs[run.id] = replace(run, salt=self._salts()) if run.state is RunState.WAITING else run
            if run.id in firing.said:
                await self._outbox.put(firing.said[run.id])

    async def upcoming(self, *, at_most: int = 100) -> Sequence[CheckIn]:
        return sorted((check_in for check_in in self._all() if check_in.next), key=_coming)[:at_most]

    async def next_due(self, workspace: str, after: datetime) -> datetime | None:
        slots = (check_in.next.at for check_in in self._all() if check_in.next and check_in.ref.workspace == workspace)
        return min((at for at in slots if at > after), default=None)

    def forget(self, ref: ChannelRef) -> None:
        """Let go of everything of a channel."""
        self.kept.pop(ref, None)

    def _all(self) -> list[CheckIn]:
        return [check_in for kept in self.kept.values() for check_in in kept.check_ins.values()]


class MemoryCheckInRuns:
    """`bot.ports.CheckInRuns` in memory, which needs no seal."""

    def __init__(self, check_ins: MemoryCheckIns, outbox: MemoryOutbox) -> None:
        self._check_ins = check_ins
        self._outbox = outbox

    async def run(self, ref: ChannelRef, run: str) -> Run | None:
        return self._of(ref).runs.get(run)

    async def newest(self, ref: ChannelRef, *, at_most: int = 10) -> Sequence[Run]:
        runs = self._of(ref).runs.values()
        return sorted(runs, key=lambda run: (run.slot.at, run.id), reverse=True)[:at_most]

    async def move(
        self, run: Run, *, was: RunState, then: Sequence[Outgoing] = (), forget_answers: bool = False
    ) -> bool:
        only_ids("a run", (run.message,))
        kept = self._of(run.ref)
        known = kept.runs.get(run.id)
        if known is None or known.state is not was:
            return False
        kept.runs[run.id] = run
        if forget_answers:
            kept.answers.pop(run.id, None)
        for outgoing in then:
            await self._outbox.put(outgoing)
        return True

    async def answer(self, ref: ChannelRef, run: str, *, by: str, text: str, now: datetime) -> bool:
        if len(text) > LONGEST_ANSWER:
            raise ValueError("an answer must be short")
        kept = self._of(ref)
        known = kept.runs.get(run)
        if known is None or not known.takes_answers(now):
            return False
        answers = kept.answers.setdefault(run, {})
        answers.pop(by, None)
        if text:
            answers[by] = text
        return True

    async def answered(self, ref: ChannelRef, run: str, by: str) -> bool:
        return by in self._of(ref).answers.get(run, {})

    async def answers(self, ref: ChannelRef, run: str) -> Mapping[str, str]:
        return dict(sorted(self._of(ref).answers.get(run, {}).items()))

    async def sweep(self, now: datetime, *, at_most: int = 1000) -> int:
        gone = 0
        for kept in self._check_ins.kept.values():
            for run in [run for run in kept.answers if _forgotten(kept.runs[run], now)]:
                gone += len(kept.answers.pop(run)) if gone < at_most else 0
        return gone

    def _of(self, ref: ChannelRef) -> Kept:
        return self._check_ins.kept.get(ref) or Kept()


def _coming(check_in: CheckIn) -> datetime:
    return check_in.next.at if check_in.next else _NEVER


def _forgotten(run: Run, now: datetime) -> bool:
    return run.closes_at is not None and run.closes_at + KEPT <= now


def _only_ids(check_in: CheckIn) -> None:
    timing = check_in.timing
    only_short_ids("a check-in", (check_in.id, check_in.asks, timing.zone, timing.country))
