"""The trail of changes, in a database."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.storage.engine import Database
from adapters.storage.schema import changes
from adapters.storage.shapes import only_short_ids
from bot.domain.audit import WHOLE_WORKSPACE, Change, Role, What
from bot.domain.events import ChannelRef


async def write_line(database: Database, connection: AsyncConnection, change: Change | None) -> None:
    """Write a line of the trail, if there is one, in a transaction that is under way; the very same one is there once.

    ValueError where a fact is anything but a short id.
    """
    if change is None:
        return
    only_short_ids("a change", (*change.facts, *change.facts.values()))
    row = database.insert(changes).values(
        workspace=change.ref.workspace,
        channel=change.ref.channel,
        id=change.id,
        at=change.at,
        what=change.what.value,
        by=change.by.value,
        facts=dict(change.facts),
    )
    await connection.execute(row.on_conflict_do_nothing())


class SqlChanges:
    """`bot.ports.Changes` on a database."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def of(self, ref: ChannelRef, *, at_most: int = 20) -> Sequence[Change]:
        here = changes.c.channel.in_((ref.channel, WHOLE_WORKSPACE))
        query = select(changes).where(changes.c.workspace == ref.workspace, here)
        async with self._db.reading() as connection:
            rows = (
                await connection.execute(query.order_by(changes.c.at.desc(), changes.c.id.desc()).limit(at_most))
            ).all()
        return [
            Change(
                ref=ChannelRef(row.workspace, row.channel),
                at=row.at,
                what=What(row.what),
                by=Role(row.by),
                facts=row.facts or {},
            )
            for row in rows
        ]
