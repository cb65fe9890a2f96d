"""Check-ins in a database: claimed with their runs, the outbox and their next slots in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.storage.changes import write_line
from adapters.storage.check_in_rows import check_in_from, check_in_values, run_values
from adapters.storage.engine import Database
from adapters.storage.outbox import queue_all
from adapters.storage.schema import channels, check_in_runs, check_ins
from adapters.storage.shapes import only_short_ids
from bot.domain.audit import Change
from bot.domain.check_in import CheckIn, Firing, Run, RunState
from bot.domain.events import ChannelRef


class SqlCheckIns:
    """`bot.ports.CheckIns` on a database."""

    def __init__(self, database: Database, salts: Callable[[], bytes]) -> None:
        self._db = database
        self._salts = salts

    async def add(self, check_in: CheckIn, *, at_most: int, told: Change | None = None) -> bool:
        _only_ids(check_in)
        ref = check_in.ref
        here = and_(channels.c.workspace == ref.workspace, channels.c.channel == ref.channel)
        room = select(func.count(), func.coalesce(func.max(check_ins.c.made), 0)).where(_in_channel(ref))
        async with self._db.writing() as connection:
            # whoever adds one to the same channel waits here, so that two at once are counted one after the other
            held = await connection.execute(select(channels.c.channel).where(here).with_for_update())
            if held.first() is None:
                return False
            there, last = (await connection.execute(room)).one()
            if there >= at_most:
                return False
            new = self._db.insert(check_ins).values(**check_in_values(check_in), made=last + 1)
            written = await connection.execute(new.on_conflict_do_nothing().returning(check_ins.c.id))
            if written.first() is None:
                return False
            await write_line(self._db, connection, told)
        return True

    async def of(self, ref: ChannelRef) -> Sequence[CheckIn]:
        query = select(check_ins).where(_in_channel(ref)).order_by(check_ins.c.made)
        async with self._db.reading() as connection:
            return [check_in_from(row) for row in (await connection.execute(query)).all()]

    async def save(self, check_in: CheckIn, *, told: Change | None = None) -> bool:
        _only_ids(check_in)
        this = and_(_in_channel(check_in.ref), check_ins.c.id == check_in.id)
        values = {**check_in_values(check_in), "version": check_in.version + 1}
        change = update(check_ins).where(this, check_ins.c.version == check_in.version).values(**values)
        async with self._db.writing() as connection:
            if (await connection.execute(change)).rowcount != 1:
                return False
            await write_line(self._db, connection, told)
        return True

    async def stop(self, ref: ChannelRef, check_in: str, *, told: Change | None = None) -> bool:
        this = delete(check_ins).where(_in_channel(ref), check_ins.c.id == check_in)
        async with self._db.writing() as connection:
            stopped = (await connection.execute(this)).rowcount == 1
            await write_line(self._db, connection, told if stopped else None)
        await self._db.scrub()  # with its runs went their salts
        return stopped

    async def claim(self, now: datetime, step: Callable[[CheckIn], Firing], *, at_most: int = 200) -> int:
        # rows another process holds are passed over; SQLite, which knows no such locks, has one writer at a time
        oldest = select(check_ins).where(check_ins.c.next_at <= now).order_by(check_ins.c.next_at).limit(at_most)
        async with self._db.writing() as connection:
            rows = (await connection.execute(oldest.with_for_update(skip_locked=True))).all()
            if rows:
                await self._written(connection, [step(check_in_from(row)) for row in rows])
        return len(rows)

    async def _written(self, connection: AsyncConnection, firings: Sequence[Firing]) -> None:
        await connection.execute(_GOES_ON, [_going_on(firing.check_in) for firing in firings])
        runs = [self._salted(run) for firing in firings for run in firing.runs]
        if not runs:
            return
        new = self._db.insert(check_in_runs).on_conflict_do_nothing()
        columns = (check_in_runs.c.workspace, check_in_runs.c.channel, check_in_runs.c.id)
        written = await connection.execute(new.returning(*columns), [run_values(run) for run in runs])
        fresh = {tuple(row) for row in written.all()}
        said = [(firing.check_in.ref, run, out) for firing in firings for run, out in firing.said.items()]
        await queue_all(
            self._db, connection, [out for ref, run, out in said if (ref.workspace, ref.channel, run) in fresh]
        )

    def _salted(self, run: Run) -> Run:
        return replace(run, salt=self._salts()) if run.state is RunState.WAITING else run

    async def upcoming(self, *, at_most: int = 100) -> Sequence[CheckIn]:
        query = select(check_ins).where(check_ins.c.next_at.is_not(None)).order_by(check_ins.c.next_at).limit(at_most)
        async with self._db.reading() as connection:
            return [check_in_from(row) for row in (await connection.execute(query)).all()]

    async def next_due(self, workspace: str, after: datetime) -> datetime | None:
        later = and_(check_ins.c.workspace == workspace, check_ins.c.next_at > after)
        async with self._db.reading() as connection:
            first: datetime | None = (
                await connection.execute(select(func.min(check_ins.c.next_at)).where(later))
            ).scalar()
        return first


def _in_channel(ref: ChannelRef) -> ColumnElement[bool]:
    return and_(check_ins.c.workspace == ref.workspace, check_ins.c.channel == ref.channel)


_GOES_ON = (
    update(check_ins)
    .where(
        check_ins.c.workspace == bindparam("in_workspace"),
        check_ins.c.channel == bindparam("in_channel"),
        check_ins.c.id == bindparam("of_id"),
    )
    .values(
        next_day=bindparam("to_day", type_=check_ins.c.next_day.type),
        next_at=bindparam("to_at", type_=check_ins.c.next_at.type),
        turn=bindparam("to_turn", type_=Integer()),
        version=check_ins.c.version + 1,
    )
)
"""Sets a claimed check-in's next slot; its version rises, so that an edit under way sees that it has moved."""


def _going_on(check_in: CheckIn) -> dict[str, Any]:
    coming = check_in.next
    return {
        "in_workspace": check_in.ref.workspace,
        "in_channel": check_in.ref.channel,
        "of_id": check_in.id,
        "to_day": coming.day if coming else None,
        "to_at": coming.at if coming else None,
        "to_turn": check_in.turn,
    }


def _only_ids(check_in: CheckIn) -> None:
    timing = check_in.timing
    only_short_ids("a check-in", (check_in.id, check_in.asks, timing.zone, timing.country))
