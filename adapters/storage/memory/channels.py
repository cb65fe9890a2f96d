"""Channels and their ledger in memory; they stand together because asking claims the channel's turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from heapq import heappop, heappush, nlargest

from adapters.storage.channels import HISTORY
from adapters.storage.memory.addresses import MemoryAddresses
from adapters.storage.memory.check_ins import MemoryCheckIns
from adapters.storage.memory.dialogues import MemoryDialogues
from adapters.storage.memory.outbox import MemoryOutbox
from adapters.storage.memory.rounds import MemoryRounds
from adapters.storage.memory.traces import MemoryTraces
from adapters.storage.memory.workspaces import MemoryChanges
from adapters.storage.shapes import only_ids
from bot.domain.audit import Change
from bot.domain.channel import Asked, Channel, Run
from bot.domain.charter import HEARD_IN, CharterState
from bot.domain.events import ChannelRef
from bot.domain.ledger import Entry, HeldReason, Verdict
from bot.domain.outgoing import Outgoing
from bot.domain.patterns import Pattern
from bot.domain.restraint import LOOK_EVERY


class _Lines:
    """One channel's ledger: entries by id, and what already stands as held back."""

    __slots__ = ("by_id", "held")

    def __init__(self) -> None:
        self.by_id: dict[str, Entry] = {}
        self.held: set[tuple[Pattern, HeldReason, datetime]] = set()


class MemoryChannels:
    """`bot.ports.Channels` in memory."""

    def __init__(
        self,
        traces: MemoryTraces,
        outbox: MemoryOutbox,
        rounds: MemoryRounds,
        dialogues: MemoryDialogues,
        addresses: MemoryAddresses,
        check_ins: MemoryCheckIns,
        changes: MemoryChanges,
    ) -> None:
        self._addresses = addresses
        self._check_ins = check_ins
        self._changes = changes
        self._dialogues = dialogues
        self._traces = traces
        self._outbox = outbox
        self._rounds = rounds
        self._channels: dict[ChannelRef, Channel] = {}
        self._lines: dict[ChannelRef, _Lines] = {}
        self._looks: list[tuple[datetime, ChannelRef]] = []

    def __len__(self) -> int:
        return len(self._channels)

    async def get(self, ref: ChannelRef) -> Channel | None:
        return self._channels.get(ref)

    async def add(self, channel: Channel, *, told: Change | None = None) -> bool:
        if channel.ref in self._channels:
            return False
        self._changes.write(told)
        self._put(replace(channel, history=replace(channel.history, asked=())), None)
        self._lines[channel.ref] = _Lines()
        return True

    async def save(self, channel: Channel, *, told: Change | None = None) -> bool:
        known = self._channels.get(channel.ref)
        if known is None or known.version != channel.version:
            return False
        self._changes.write(told)
        history = replace(channel.history, asked=known.history.asked)
        self._put(replace(channel, history=history, version=channel.version + 1), known)
        return True

    def _put(self, channel: Channel, known: Channel | None) -> None:
        if channel.look_at is not None and (known is None or known.look_at != channel.look_at):
            heappush(self._looks, (channel.look_at, channel.ref))
        self._channels[channel.ref] = channel

    async def note_look(self, ref: ChannelRef, *, look_at: datetime | None, runs: Mapping[Pattern, Run]) -> None:
        if (known := self._channels.get(ref)) is not None:
            self._put(replace(known, look_at=look_at, history=replace(known.history, runs=runs)), known)

    async def all(self, workspace: str) -> Sequence[Channel]:
        here = (channel for channel in self._channels.values() if channel.ref.workspace == workspace)
        return sorted(here, key=lambda channel: (channel.name, channel.ref))

    async def due(self, now: datetime, *, at_most: int = 100) -> Sequence[Channel]:
        due: list[Channel] = []
        again = now + LOOK_EVERY
        while len(due) < at_most and self._looks and self._looks[0][0] <= now:
            look_at, ref = heappop(self._looks)
            channel = self._channels.get(ref)
            if channel is not None and channel.look_at == look_at:  # else it was moved or has gone meanwhile
                self._channels[ref] = replace(channel, look_at=again)
                due.append(self._channels[ref])
        for channel in due:
            heappush(self._looks, (again, channel.ref))
        return sorted(due, key=lambda channel: channel.ref)

    async def forget(self, ref: ChannelRef) -> None:
        self._channels.pop(ref, None)
        self._lines.pop(ref, None)
        self._traces.forget(ref)
        self._outbox.forget(ref)
        self._dialogues.forget(ref)
        self._rounds.forget(ref)
        self._addresses.drop(ref)
        self._check_ins.forget(ref)
        self._changes.forget(ref)

    async def forget_some(self, workspace: str, *, at_most: int = 20) -> int:
        places = {ref for ref in self._channels if ref.workspace == workspace}
        for kept in (self._traces, self._outbox, self._dialogues, self._rounds, self._addresses, self._changes):
            places |= kept.places(workspace)
        some = sorted(places)[:at_most]
        for ref in some:
            await self.forget(ref)
        return len(some)

    def listens(self, ref: ChannelRef) -> bool:
        """Whether Kith listens there."""
        return (channel := self._channels.get(ref)) is not None and channel.charter.state in HEARD_IN

    def lines(self, ref: ChannelRef) -> _Lines | None:
        """The channel's ledger; None if Kith is not in it."""
        return self._lines.get(ref)

    def note_asked(self, channel: Channel, entry: Entry) -> None:
        """Put a question at the end of the channel's history, and let go of those over 90 days older."""
        asked = Asked(at=entry.at, pattern=entry.pattern, question=entry.question or "")
        kept = tuple(a for a in channel.history.asked if a.at >= entry.at - HISTORY)
        history = replace(channel.history, asked=(*kept, asked))
        self._channels[channel.ref] = replace(channel, history=history)

    def note_rewritten(self, ref: ChannelRef) -> None:
        """Make the channel's history what its ledger says, after one of its questions was changed or taken out."""
        entries = sorted((e for e in self._lines[ref].by_id.values() if e.reason is None), key=lambda e: e.at)
        since = entries[-1].at - HISTORY if entries else None
        asked = tuple(
            Asked(at=e.at, pattern=e.pattern, question=e.question or "") for e in entries if since and e.at >= since
        )
        channel = self._channels[ref]
        self._channels[ref] = replace(channel, history=replace(channel.history, asked=asked))


class MemoryLedger:
    """`bot.ports.Ledger` in memory."""

    def __init__(self, channels: MemoryChannels, outbox: MemoryOutbox) -> None:
        self._channels = channels
        self._outbox = outbox

    async def ask(self, ref: ChannelRef, entry: Entry, outgoing: Outgoing, *, last_spoke_at: datetime | None) -> bool:
        _only_ids(entry)
        channel = await self._channels.get(ref)
        lines = self._channels.lines(ref)
        if channel is None or lines is None or channel.history.last_spoke_at != last_spoke_at:
            return False
        if channel.charter.state is not CharterState.SPEAKING:
            return False
        if (last_spoke_at is not None and entry.at <= last_spoke_at) or entry.id in lines.by_id:
            return False
        if not await self._outbox.put(outgoing):
            return False
        lines.by_id[entry.id] = replace(entry, reason=None, verdicts=_pressed(entry))
        self._channels.note_asked(channel, entry)
        return True

    async def hold(self, ref: ChannelRef, entry: Entry) -> bool:
        if entry.reason is None:
            raise ValueError("a question held back needs a reason")
        lines = self._channels.lines(ref)
        what = (entry.pattern, entry.reason, entry.window)
        if lines is None or what in lines.held or entry.id in lines.by_id:
            return False
        _only_ids(entry)
        lines.held.add(what)
        lines.by_id[entry.id] = replace(entry, verdicts=_pressed(entry))
        return True

    async def entries(self, ref: ChannelRef, *, at_most: int = 20, asked: bool | None = None) -> Sequence[Entry]:
        lines = self._channels.lines(ref)
        wanted = [e for e in lines.by_id.values() if asked in (None, e.reason is None)] if lines else []
        return nlargest(at_most, wanted, key=lambda e: (e.at, e.id))

    async def entry(self, ref: ChannelRef, entry_id: str) -> Entry | None:
        lines = self._channels.lines(ref)
        return lines.by_id.get(entry_id) if lines else None

    async def answer(self, ref: ChannelRef, entry_id: str, verdict: Verdict) -> int:
        lines = self._channels.lines(ref)
        entry = lines.by_id.get(entry_id) if lines else None
        if lines is None or entry is None:
            return 0
        times = entry.verdicts.get(verdict, 0) + 1
        lines.by_id[entry_id] = replace(entry, verdicts={**entry.verdicts, verdict: times})
        return times

    async def withdraw(self, ref: ChannelRef, entry_id: str) -> bool:
        lines = self._channels.lines(ref)
        if lines is None or entry_id not in lines.by_id or lines.by_id[entry_id].reason is not None:
            return False
        del lines.by_id[entry_id]
        self._channels.note_rewritten(ref)
        return True

    async def said(self, ref: ChannelRef, entry_id: str, at: datetime) -> None:
        lines = self._channels.lines(ref)
        entry = lines.by_id.get(entry_id) if lines else None
        if lines is None or entry is None or entry.reason is not None or entry.at >= at:
            return
        lines.by_id[entry_id] = replace(entry, at=at)
        self._channels.note_rewritten(ref)


def _only_ids(entry: Entry) -> None:
    only_ids("a ledger entry", (entry.id, entry.question, entry.topic, *entry.counts))


def _pressed(entry: Entry) -> dict[Verdict, int]:
    return {verdict: n for verdict, n in entry.verdicts.items() if n}
