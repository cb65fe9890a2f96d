"""The ledger in a database: questions asked, with the claim that lets only one replica ask, and questions held back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Executable, Row, and_, delete, func, select, update

from adapters.storage.engine import Database, as_new, new
from adapters.storage.outbox import queued
from adapters.storage.schema import channels, ledger
from adapters.storage.shapes import only_ids
from bot.domain.charter import CharterState
from bot.domain.events import ChannelRef
from bot.domain.ledger import Entry, HeldReason, Verdict
from bot.domain.outgoing import Outgoing
from bot.domain.patterns import Pattern


class SqlLedger:
    """`bot.ports.Ledger` on a database."""

    def __init__(self, database: Database) -> None:
        self._db = database
        here = select(channels.c.workspace).where(
            channels.c.workspace == new(ledger.c.workspace), channels.c.channel == new(ledger.c.channel)
        )
        self._hold = database.insert_if(ledger, here).returning(ledger.c.id)

    async def ask(self, ref: ChannelRef, entry: Entry, outgoing: Outgoing, *, last_spoke_at: datetime | None) -> bool:
        _only_ids(entry)
        if last_spoke_at is not None and entry.at <= last_spoke_at:
            return False  # the claim moves forward or not at all, else two replicas could hold it
        spoke = channels.c.last_spoke_at
        unclaimed = spoke.is_(None) if last_spoke_at is None else spoke == last_spoke_at
        here = and_(channels.c.workspace == ref.workspace, channels.c.channel == ref.channel)
        may_speak = channels.c.charter_state == CharterState.SPEAKING.value
        claim = update(channels).where(here, unclaimed, may_speak).values(last_spoke_at=entry.at)
        line = self._db.insert(ledger).values(**_values(ref, entry), reason=None)
        async with self._db.writing() as connection:
            if (await connection.execute(claim)).rowcount != 1:
                return False
            written = await connection.execute(line.on_conflict_do_nothing().returning(ledger.c.id))
            put = await connection.execute(queued(self._db, outgoing))
            if written.first() is None or put.first() is None:
                await connection.rollback()
                return False
        return True

    async def hold(self, ref: ChannelRef, entry: Entry) -> bool:
        if entry.reason is None:
            raise ValueError("a question held back needs a reason")
        _only_ids(entry)
        row = {**_values(ref, entry), "reason": entry.reason.value}
        async with self._db.writing() as connection:
            return (await connection.execute(self._hold, as_new(row))).first() is not None

    async def entries(self, ref: ChannelRef, *, at_most: int = 20, asked: bool | None = None) -> Sequence[Entry]:
        query = select(ledger).where(_in_channel(ref)).order_by(ledger.c.at.desc(), ledger.c.id.desc()).limit(at_most)
        if asked is not None:
            query = query.where(ledger.c.reason.is_(None) if asked else ledger.c.reason.is_not(None))
        async with self._db.reading() as connection:
            return [_entry(row) for row in (await connection.execute(query)).all()]

    async def entry(self, ref: ChannelRef, entry_id: str) -> Entry | None:
        async with self._db.reading() as connection:
            row = (await connection.execute(select(ledger).where(_in_channel(ref), ledger.c.id == entry_id))).first()
        return _entry(row) if row else None

    async def answer(self, ref: ChannelRef, entry_id: str, verdict: Verdict) -> int:
        count = ledger.c[verdict.value]
        statement = update(ledger).where(_in_channel(ref), ledger.c.id == entry_id).values({count: count + 1})
        async with self._db.writing() as connection:
            return (await connection.execute(statement.returning(count))).scalar() or 0

    async def withdraw(self, ref: ChannelRef, entry_id: str) -> bool:
        line = delete(ledger).where(_asked(ref), ledger.c.id == entry_id).returning(ledger.c.id)
        return await self._rewritten(ref, line)

    async def said(self, ref: ChannelRef, entry_id: str, at: datetime) -> None:
        line = update(ledger).where(_asked(ref), ledger.c.id == entry_id, ledger.c.at < at).values(at=at)
        await self._rewritten(ref, line.returning(ledger.c.id))

    async def _rewritten(self, ref: ChannelRef, line: Executable) -> bool:
        """Change one line, and let the channel's turn be that of its newest question; whether there was such a line."""
        here = and_(channels.c.workspace == ref.workspace, channels.c.channel == ref.channel)
        turn = select(channels.c.channel).where(here).with_for_update()  # a question asked meanwhile waits
        newest = select(func.max(ledger.c.at)).where(_asked(ref)).scalar_subquery()
        async with self._db.writing() as connection:
            await connection.execute(turn)
            if (await connection.execute(line)).first() is None:
                return False
            await connection.execute(update(channels).where(here).values(last_spoke_at=newest))
        return True


def _in_channel(ref: ChannelRef) -> ColumnElement[bool]:
    return and_(ledger.c.workspace == ref.workspace, ledger.c.channel == ref.channel)


def _asked(ref: ChannelRef) -> ColumnElement[bool]:
    return and_(_in_channel(ref), ledger.c.reason.is_(None))


def _only_ids(entry: Entry) -> None:
    only_ids("a ledger entry", (entry.id, entry.question, entry.topic, *entry.counts))


def _values(ref: ChannelRef, entry: Entry) -> dict[str, Any]:
    return {
        "workspace": ref.workspace,
        "channel": ref.channel,
        "id": entry.id,
        "at": entry.at,
        "pattern": entry.pattern.value,
        "question": entry.question,
        "counts": dict(entry.counts),
        "window_opened_at": entry.window,
        "topic": entry.topic,
        **{verdict.value: entry.verdicts.get(verdict, 0) for verdict in Verdict},
    }


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        id=row.id,
        at=row.at,
        pattern=Pattern(row.pattern),
        question=row.question,
        counts=row.counts or {},
        window=row.window_opened_at,
        topic=row.topic,
        reason=HeldReason(row.reason) if row.reason else None,
        verdicts={verdict: n for verdict in Verdict if (n := getattr(row, verdict.value))},
    )
