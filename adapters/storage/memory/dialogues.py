"""Dialogues in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from adapters.storage.memory.outbox import MemoryOutbox
from adapters.storage.shapes import only_ids
from bot.domain.dialogue import Dialogue
from bot.domain.events import ChannelRef
from bot.domain.outgoing import Outgoing


@dataclass(slots=True)
class _Talks:
    """One channel's dialogues by thread, and when each message to Kith was answered."""

    by_thread: dict[str, Dialogue] = field(default_factory=dict)
    answered: dict[str, datetime] = field(default_factory=dict)


class MemoryDialogues:
    """`bot.ports.Dialogues` in memory."""

    def __init__(self, outbox: MemoryOutbox) -> None:
        self._outbox = outbox
        self._talks: dict[ChannelRef, _Talks] = {}

    async def find(self, ref: ChannelRef, thread: str) -> Dialogue | None:
        talks = self._talks.get(ref)
        return talks.by_thread.get(thread) if talks else None

    async def of(self, ref: ChannelRef) -> Sequence[Dialogue]:
        talks = self._talks.get(ref)
        return sorted(talks.by_thread.values(), key=lambda d: (d.started_at, d.thread)) if talks else []

    async def answer(
        self,
        outgoing: Outgoing,
        *,
        heard: str,
        at: datetime,
        before: Dialogue | None = None,
        after: Dialogue | None = None,
    ) -> bool:
        if after is not None:
            only_ids("a dialogue", (after.thread, after.topic, *after.asked))
        talks = self._talks.setdefault(outgoing.place.channel, _Talks())
        if heard in talks.answered:
            return False
        if before is not None:
            stands = talks.by_thread.get(before.thread)
            if stands is None or stands.last_heard != before.last_heard:
                return False
        if not await self._outbox.put(outgoing):
            return False
        talks.answered[heard] = at
        if before is not None:
            del talks.by_thread[before.thread]
        if after is not None:
            talks.by_thread[after.thread] = after
        return True

    async def drop(self, ref: ChannelRef, thread: str) -> None:
        if (talks := self._talks.get(ref)) is not None:
            talks.by_thread.pop(thread, None)

    async def sweep(self, before: datetime, *, at_most: int = 1000) -> int:
        old = [
            (dialogue.started_at, ref, thread)
            for ref, talks in self._talks.items()
            for thread, dialogue in talks.by_thread.items()
            if dialogue.started_at <= before
        ]
        noted = [
            (at, ref, message)
            for ref, talks in self._talks.items()
            for message, at in talks.answered.items()
            if at <= before
        ]
        for _, ref, thread in sorted(old)[:at_most]:
            del self._talks[ref].by_thread[thread]
        for _, ref, message in sorted(noted)[:at_most]:
            del self._talks[ref].answered[message]
        return min(at_most, max(len(old), len(noted)))

    def forget(self, ref: ChannelRef) -> None:
        """Everything about a channel goes."""
        self._talks.pop(ref, None)

    def stands(self, ref: ChannelRef, thread: str) -> bool:
        """Whether there is a dialogue in this thread."""
        return ref in self._talks and thread in self._talks[ref].by_thread

    def places(self, workspace: str) -> set[ChannelRef]:
        """Where anything of this is kept in a workspace."""
        return {ref for ref in self._talks if ref.workspace == workspace}
