"""Runs of check-ins in a database, and what people answered, sealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.storage.check_in_rows import run_from, run_values
from adapters.storage.engine import Database
from adapters.storage.outbox import queue_all
from adapters.storage.schema import check_in_answers, check_in_runs
from adapters.storage.sealing import Sealer
from adapters.storage.shapes import only_ids
from bot.domain.check_in import KEPT, LONGEST_ANSWER, Run, RunState
from bot.domain.events import ChannelRef
from bot.domain.outgoing import Outgoing
from bot.errors import SealError


class SqlCheckInRuns:
    """`bot.ports.CheckInRuns` on a database."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._db = database
        self._sealer = sealer

    async def run(self, ref: ChannelRef, run: str) -> Run | None:
        async with self._db.reading() as connection:
            row = (await connection.execute(select(check_in_runs).where(_this(ref, run)))).first()
        return run_from(row) if row else None

    async def newest(self, ref: ChannelRef, *, at_most: int = 10) -> Sequence[Run]:
        runs = check_in_runs.c
        here = and_(runs.workspace == ref.workspace, runs.channel == ref.channel)
        query = select(check_in_runs).where(here).order_by(runs.slot_at.desc(), runs.id.desc()).limit(at_most)
        async with self._db.reading() as connection:
            return [run_from(row) for row in (await connection.execute(query)).all()]

    async def move(
        self, run: Run, *, was: RunState, then: Sequence[Outgoing] = (), forget_answers: bool = False
    ) -> bool:
        only_ids("a run", (run.message,))
        this = and_(_this(run.ref, run.id), check_in_runs.c.state == was.value)
        async with self._db.writing() as connection:
            moved = await connection.execute(update(check_in_runs).where(this).values(**run_values(run)))
            if moved.rowcount != 1:
                return False
            if forget_answers:
                await connection.execute(delete(check_in_answers).where(_of(run.ref, run.id)))
            elif not run.salt:
                await self._put_in_order(connection, run)
            await queue_all(self._db, connection, then)
        if not run.salt:
            await self._db.scrub()
        return True

    async def _put_in_order(self, connection: AsyncConnection, run: Run) -> None:
        """Write the answers anew, all at once and in the order of their pseudonyms: as the rows lie then, nothing tells
        in which order people answered."""
        gone = delete(check_in_answers).where(_of(run.ref, run.id)).returning(check_in_answers)
        rows = [dict(row._mapping) for row in (await connection.execute(gone)).all()]
        if rows:
            await connection.execute(check_in_answers.insert(), sorted(rows, key=lambda row: str(row["person"])))

    async def answer(self, ref: ChannelRef, run: str, *, by: str, text: str, now: datetime) -> bool:
        if len(text) > LONGEST_ANSWER:
            raise ValueError("an answer must be short")
        theirs = and_(_of(ref, run), check_in_answers.c.person == by)
        async with self._db.writing() as connection:
            held = select(check_in_runs).where(_this(ref, run)).with_for_update()  # it cannot close meanwhile
            row = (await connection.execute(held)).first()
            if row is None or not run_from(row).takes_answers(now):
                return False
            await connection.execute(delete(check_in_answers).where(theirs))
            if text:
                place = {"workspace": ref.workspace, "channel": ref.channel, "run": run, "person": by}
                kept = {"sealed": self._sealer.seal(text), "forget_at": row.closes_at + KEPT}
                await connection.execute(self._db.insert(check_in_answers).values(**place, **kept))
        return True

    async def answered(self, ref: ChannelRef, run: str, by: str) -> bool:
        theirs = select(check_in_answers.c.run).where(_of(ref, run), check_in_answers.c.person == by)
        async with self._db.reading() as connection:
            return (await connection.execute(theirs)).first() is not None

    async def answers(self, ref: ChannelRef, run: str) -> Mapping[str, str]:
        answers = check_in_answers.c
        query = select(answers.person, answers.sealed).where(_of(ref, run)).order_by(answers.person)
        async with self._db.reading() as connection:
            rows = (await connection.execute(query)).all()
        opened: dict[str, str] = {}
        for row in rows:
            try:
                opened[row.person] = self._sealer.open(row.sealed)
            except SealError:
                continue  # nobody can read it any more
        return opened

    async def sweep(self, now: datetime, *, at_most: int = 1000) -> int:
        answer = (check_in_answers.c.workspace, check_in_answers.c.channel, check_in_answers.c.run)
        whole = (*answer, check_in_answers.c.person)
        over = select(*whole).where(check_in_answers.c.forget_at <= now).order_by(check_in_answers.c.forget_at)
        async with self._db.writing() as connection:
            gone = await connection.execute(delete(check_in_answers).where(tuple_(*whole).in_(over.limit(at_most))))
        return gone.rowcount


def _this(ref: ChannelRef, run: str) -> ColumnElement[bool]:
    runs = check_in_runs.c
    return and_(runs.workspace == ref.workspace, runs.channel == ref.channel, runs.id == run)


def _of(ref: ChannelRef, run: str) -> ColumnElement[bool]:
    answers = check_in_answers.c
    return and_(answers.workspace == ref.workspace, answers.channel == ref.channel, answers.run == run)
