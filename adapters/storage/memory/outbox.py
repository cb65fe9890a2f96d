"""The outbox in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from adapters.storage.shapes import only_ids, only_short_ids
from bot.domain.events import ChannelRef
from bot.domain.outgoing import Outcome, Outgoing


@dataclass(slots=True)
class _Row:
    """A queued message: where it stands among its channel's, when it may be taken, and whether it was given up."""

    outgoing: Outgoing
    place_in_line: int
    free_at: datetime
    dead: bool = False

    @property
    def line(self) -> tuple[datetime, int]:
        return self.outgoing.due_at, self.place_in_line


class MemoryOutbox:
    """`bot.ports.Outbox` in memory; a channel's rows go out in order, one at a time, as in the databases."""

    def __init__(self) -> None:
        self._rows: dict[ChannelRef, dict[str, _Row]] = {}
        self._put = 0

    async def put(self, outgoing: Outgoing) -> bool:
        only_ids("an outbox row", (outgoing.id, outgoing.place.thread))
        only_short_ids("an outbox row", (outgoing.about, *outgoing.facts, *outgoing.facts.values()))
        rows = self._rows.setdefault(outgoing.place.channel, {})
        if outgoing.id in rows:
            return False
        self._put += 1
        rows[outgoing.id] = _Row(outgoing=outgoing, place_in_line=self._put, free_at=outgoing.due_at)
        return True

    async def take(self, now: datetime, *, lease: timedelta, at_most: int = 20) -> Sequence[Outgoing]:
        heads = [head for rows in self._rows.values() if (head := _head(rows.values(), now))]
        heads.sort(key=lambda row: (row.outgoing.due_at, row.outgoing.place.channel))
        for row in heads[:at_most]:
            row.free_at = now + lease
        return [row.outgoing for row in heads[:at_most]]

    async def next_due(self, workspace: str, after: datetime) -> datetime | None:
        here = (rows.values() for ref, rows in self._rows.items() if ref.workspace == workspace)
        waits = (row.outgoing.due_at for rows in here for row in rows if not row.dead)
        return min((due_at for due_at in waits if due_at > after), default=None)

    async def settle(self, outgoing: Outgoing, outcome: Outcome, *, retry_at: datetime | None = None) -> None:
        rows = self._rows.get(outgoing.place.channel, {})
        row = rows.get(outgoing.id)
        if row is None:
            return
        if outcome in (Outcome.SENT, Outcome.DROPPED):
            del rows[outgoing.id]
            if not rows:
                del self._rows[outgoing.place.channel]
        elif outcome is Outcome.NEVER:
            row.dead = True
        elif not row.dead:
            failed = outcome is Outcome.LATER
            row.outgoing = replace(row.outgoing, attempts=row.outgoing.attempts + failed)
            row.free_at = outgoing.due_at if retry_at is None else retry_at

    async def dead(self, *, at_most: int = 100) -> Sequence[Outgoing]:
        given_up = [row.outgoing for rows in self._rows.values() for row in rows.values() if row.dead]
        return sorted(given_up, key=lambda outgoing: (outgoing.due_at, outgoing.id))[:at_most]

    async def revive(self, outgoing: Outgoing, now: datetime) -> bool:
        row = self._rows.get(outgoing.place.channel, {}).get(outgoing.id)
        if row is None or not row.dead:
            return False
        row.dead, row.free_at, row.outgoing = False, now, replace(row.outgoing, attempts=0)
        return True

    def condition(self, now: datetime) -> tuple[Sequence[datetime], int]:
        """Since when messages that may go out now have been due, and how many were given up."""
        rows = [row for of_channel in self._rows.values() for row in of_channel.values()]
        due = [row.outgoing.due_at for row in rows if not row.dead and row.outgoing.due_at <= now]
        return due, sum(row.dead for row in rows)

    def forget(self, channel: ChannelRef) -> None:
        """Nothing waits for this channel any more, dead letters included."""
        self._rows.pop(channel, None)

    def places(self, workspace: str) -> set[ChannelRef]:
        """Where anything of this is kept in a workspace."""
        return {ref for ref in self._rows if ref.workspace == workspace}


def _head(rows: Iterable[_Row], now: datetime) -> _Row | None:
    """The first of a channel's due rows, unless one of them is leased or waits to be tried again."""
    due = [row for row in rows if not row.dead and row.outgoing.due_at <= now]
    if not due or any(row.free_at > now for row in due):
        return None
    return min(due, key=lambda row: row.line)
