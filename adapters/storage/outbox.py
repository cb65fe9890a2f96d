"""The outbox in a database: what is decided and not yet said, leased to one worker at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    and_,
    delete,
    exists,
    func,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningInsert

from adapters.storage.engine import Database
from adapters.storage.schema import outbox
from adapters.storage.shapes import only_ids, only_short_ids
from bot.domain.events import ChannelRef
from bot.domain.outgoing import Outcome, Outgoing, OutgoingKind
from bot.domain.speech import Place

_KINDS = tuple(kind.value for kind in OutgoingKind)
"""What this Kith can say. Rows of other kinds are left, unseen, to a newer Kith beside it."""


class SqlOutbox:
    """`bot.ports.Outbox` on a database.

    A channel's rows go out in the order they fell due. While one is leased or waits to be tried again, those behind it
    wait too, so that no message overtakes another and a platform that asked for patience is given it.
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    async def put(self, outgoing: Outgoing) -> bool:
        async with self._db.writing() as connection:
            return (await connection.execute(queued(self._db, outgoing))).first() is not None

    async def take(self, now: datetime, *, lease: timedelta, at_most: int = 20) -> Sequence[Outgoing]:
        heads = _heads(now).limit(at_most).with_for_update(skip_locked=True).cte("heads")
        claim = (
            update(outbox)
            .where(tuple_(outbox.c.workspace, outbox.c.channel, outbox.c.id).in_(select(heads)))
            .values(free_at=now + lease)
            .returning(outbox)
        )
        async with self._db.writing() as connection:
            rows = (await connection.execute(claim)).all()
        return sorted((_outgoing(row) for row in rows), key=lambda o: (o.due_at, o.place.channel))

    async def next_due(self, workspace: str, after: datetime) -> datetime | None:
        waits = and_(outbox.c.workspace == workspace, outbox.c.dead.is_(False), outbox.c.due_at > after)
        async with self._db.reading() as connection:
            first: datetime | None = (await connection.execute(select(func.min(outbox.c.due_at)).where(waits))).scalar()
        return first

    async def settle(self, outgoing: Outgoing, outcome: Outcome, *, retry_at: datetime | None = None) -> None:
        ref = outgoing.place.channel
        this = and_(outbox.c.workspace == ref.workspace, outbox.c.channel == ref.channel, outbox.c.id == outgoing.id)
        free_at = outgoing.due_at if retry_at is None else retry_at
        waits = update(outbox).where(this, outbox.c.dead.is_(False))
        statements = {
            Outcome.SENT: delete(outbox).where(this),
            Outcome.LATER: waits.values(free_at=free_at, attempts=outbox.c.attempts + 1),
            Outcome.PUT_OFF: waits.values(free_at=free_at),
            Outcome.NEVER: update(outbox).where(this).values(dead=True),
            Outcome.DROPPED: delete(outbox).where(this),
        }
        async with self._db.writing() as connection:
            await connection.execute(statements[outcome])

    async def dead(self, *, at_most: int = 100) -> Sequence[Outgoing]:
        given_up = select(outbox).where(outbox.c.dead.is_(True)).order_by(outbox.c.due_at, outbox.c.id).limit(at_most)
        async with self._db.reading() as connection:
            return [_outgoing(row) for row in await connection.execute(given_up)]

    async def revive(self, outgoing: Outgoing, now: datetime) -> bool:
        ref = outgoing.place.channel
        this = and_(outbox.c.workspace == ref.workspace, outbox.c.channel == ref.channel, outbox.c.id == outgoing.id)
        again = update(outbox).where(this, outbox.c.dead.is_(True)).values(dead=False, attempts=0, free_at=now)
        async with self._db.writing() as connection:
            return (await connection.execute(again)).rowcount > 0


def queued(database: Database, outgoing: Outgoing) -> ReturningInsert[Any]:
    """The INSERT that queues `outgoing` behind its channel's others, returning its id unless that is queued already."""
    ref = outgoing.place.channel
    here = and_(outbox.c.workspace == ref.workspace, outbox.c.channel == ref.channel)
    row = {**_row(outgoing), "place_in_line": _last_in_line(here)}
    return database.insert(outbox).values(row).on_conflict_do_nothing().returning(outbox.c.id)


async def queue_all(database: Database, connection: AsyncConnection, messages: Sequence[Outgoing]) -> None:
    """Queue many in the transaction of `connection`, each as `queued` does; those that are queued already stay.

    The ends of all their lines are asked for in one statement: asked for row by row, a plan made while the outbox was
    empty would read all of it for each of thousands.
    """
    if not messages:
        return
    place = (outbox.c.workspace, outbox.c.channel)
    channels = {(message.place.channel.workspace, message.place.channel.channel) for message in messages}
    ends = select(*place, func.max(outbox.c.place_in_line)).where(tuple_(*place).in_(sorted(channels))).group_by(*place)
    last = {(workspace, channel): end for workspace, channel, end in (await connection.execute(ends)).all()}
    rows = []
    for message in messages:
        row = _row(message)
        here = row["workspace"], row["channel"]
        last[here] = last.get(here, 0) + 1
        rows.append({**row, "place_in_line": last[here]})
    await connection.execute(database.insert(outbox).on_conflict_do_nothing(), rows)


def _last_in_line(here: ColumnElement[bool]) -> ScalarSelect[Any]:
    return select(func.coalesce(func.max(outbox.c.place_in_line), 0) + 1).where(here).scalar_subquery()


def _row(outgoing: Outgoing) -> dict[str, Any]:
    only_ids("an outbox row", (outgoing.id, outgoing.place.thread))
    only_short_ids("an outbox row", (outgoing.about, *outgoing.facts, *outgoing.facts.values()))
    return {
        "workspace": outgoing.place.channel.workspace,
        "channel": outgoing.place.channel.channel,
        "id": outgoing.id,
        "thread": outgoing.place.thread,
        "kind": outgoing.kind.value,
        "due_at": outgoing.due_at,
        "free_at": outgoing.due_at,
        "about": outgoing.about,
        "facts": dict(outgoing.facts),
        "attempts": outgoing.attempts,
        "dead": False,
    }


def _heads(now: datetime) -> Select[Any]:
    """The row of each channel that may go out now: due, free, and with none before it or under way beside it."""
    other = outbox.alias("other")
    same_channel = and_(other.c.workspace == outbox.c.workspace, other.c.channel == outbox.c.channel)
    in_the_way = or_(_line(other) < _line(outbox), other.c.free_at > now)
    blocked = exists().where(
        same_channel, other.c.dead.is_(False), other.c.due_at <= now, in_the_way, other.c.kind.in_(_KINDS)
    )
    return (
        select(outbox.c.workspace, outbox.c.channel, outbox.c.id)
        .where(outbox.c.dead.is_(False), outbox.c.due_at <= now, outbox.c.free_at <= now, ~blocked)
        .where(outbox.c.kind.in_(_KINDS))
        .order_by(outbox.c.due_at, outbox.c.workspace, outbox.c.channel)
    )


def _line(table: Any) -> ColumnElement[Any]:
    return tuple_(table.c.due_at, table.c.place_in_line, table.c.id)


def _outgoing(row: Row[Any]) -> Outgoing:
    return Outgoing(
        id=row.id,
        place=Place(channel=ChannelRef(row.workspace, row.channel), thread=row.thread),
        kind=OutgoingKind(row.kind),
        due_at=row.due_at,
        about=row.about,
        facts=row.facts or {},
        attempts=row.attempts,
    )
