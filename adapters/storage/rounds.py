"""A team's rounds in a database: marks and counts in one transaction, and nothing that joins them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.storage.engine import Database
from adapters.storage.schema import round_marks, rounds
from adapters.storage.shapes import only_known, only_short_ids, some
from bot.domain.events import ChannelRef
from bot.domain.path_check import ROUND_LENGTH, TALLY_KEYS, Answered, Round, Tally, counted


class SqlRounds:
    """`bot.ports.Rounds` on a database."""

    def __init__(self, database: Database, salts: Callable[[], bytes]) -> None:
        self._db = database
        self._salts = salts

    async def open(self, ref: ChannelRef, round_id: str, now: datetime) -> Round:
        only_short_ids("a round", (round_id,))
        begin = self._db.insert(rounds).values(
            workspace=ref.workspace, channel=ref.channel, id=round_id, opened_at=now, salt=self._salts(), people=0
        )
        async with self._db.writing() as connection:
            await connection.execute(delete(rounds).where(_in_channel(ref), rounds.c.opened_at <= now - ROUND_LENGTH))
            await connection.execute(begin.on_conflict_do_nothing())
            return _round((await connection.execute(select(rounds).where(_in_channel(ref)))).one())

    async def current(self, ref: ChannelRef, now: datetime) -> Round | None:
        query = select(rounds).where(_in_channel(ref), rounds.c.opened_at > now - ROUND_LENGTH)
        async with self._db.reading() as connection:
            row = (await connection.execute(query)).first()
        return _round(row) if row else None

    async def answer(
        self, ref: ChannelRef, round_id: str, *, by: str, stands: Sequence[str], now: datetime
    ) -> Answered:
        only_known("an answer", some("an answer", stands), TALLY_KEYS)
        mark = self._db.insert(round_marks).values(workspace=ref.workspace, channel=ref.channel, person=by)
        async with self._db.writing() as connection:
            row = await _locked(connection, ref, round_id, now)
            if row is None:
                return Answered.OVER
            written = await connection.execute(mark.on_conflict_do_nothing().returning(round_marks.c.person))
            if written.first() is None:
                return Answered.BEFORE
            tally = counted(_tally(row), stands)
            values = {"people": tally.people, "counts": tally.counts}
            await connection.execute(update(rounds).where(_in_channel(ref)).values(**values))
        return Answered.COUNTED

    async def answered(self, ref: ChannelRef, round_id: str, by: str) -> bool:
        theirs = and_(
            round_marks.c.workspace == ref.workspace, round_marks.c.channel == ref.channel, round_marks.c.person == by
        )
        round_is_open = select(rounds.c.id).where(_in_channel(ref), rounds.c.id == round_id).exists()
        async with self._db.reading() as connection:
            found = await connection.execute(select(round_marks.c.person).where(theirs, round_is_open))
            return found.first() is not None

    async def finish(self, ref: ChannelRef, round_id: str, *, at_least: int, now: datetime) -> Tally | None:
        async with self._db.writing() as connection:
            row = await _locked(connection, ref, round_id, now)
            if row is None or _tally(row).most < at_least:
                return None
            await connection.execute(delete(rounds).where(_in_channel(ref)))
        await self._db.scrub()
        return _tally(row)

    async def close(self, before: datetime, *, at_most: int = 100) -> int:
        place = (rounds.c.workspace, rounds.c.channel)
        over = select(*place).where(rounds.c.opened_at <= before - ROUND_LENGTH).order_by(rounds.c.opened_at, *place)
        async with self._db.writing() as connection:
            gone = await connection.execute(delete(rounds).where(tuple_(*place).in_(over.limit(at_most))))
        if gone.rowcount:
            await self._db.scrub()
        return gone.rowcount


async def _locked(connection: AsyncConnection, ref: ChannelRef, round_id: str, now: datetime) -> Row[Any] | None:
    """The round, if it is open, held until the transaction ends."""
    still_open = and_(rounds.c.id == round_id, rounds.c.opened_at > now - ROUND_LENGTH)
    return (await connection.execute(select(rounds).where(_in_channel(ref), still_open).with_for_update())).first()


def _in_channel(ref: ChannelRef) -> ColumnElement[bool]:
    return and_(rounds.c.workspace == ref.workspace, rounds.c.channel == ref.channel)


def _round(row: Row[Any]) -> Round:
    return Round(id=row.id, opened_at=row.opened_at, salt=row.salt, people=_tally(row).most)


def _tally(row: Row[Any]) -> Tally:
    return Tally(people=row.people, counts=row.counts or {})
