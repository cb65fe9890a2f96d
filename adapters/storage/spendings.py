"""What a language model has cost each workspace, in a database."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.storage.engine import Database
from adapters.storage.schema import spendings
from bot.domain.companion import KEPT, Ceiling, day_of, month_of


class SqlSpendings:
    """`bot.ports.Spendings` on a database."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def reserve(self, workspace: str, tokens: int, *, ceiling: Ceiling, now: datetime) -> bool:
        async with self._db.writing() as connection:
            if not self._db.is_sqlite:  # there a writer has the file to itself already
                await connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:of))"), {"of": workspace})
            today, month = await _spent(connection, workspace, now)
            if today + tokens > ceiling.a_day or month + tokens > ceiling.a_month:
                return False
            await self._add(connection, workspace, tokens, now)
            old = spendings.c.day < day_of(now) - KEPT
            await connection.execute(delete(spendings).where(spendings.c.workspace == workspace, old))
        return True

    async def correct(self, workspace: str, change: int, *, now: datetime) -> None:
        async with self._db.writing() as connection:
            await self._add(connection, workspace, change, now)

    async def spent(self, workspace: str, now: datetime) -> tuple[int, int]:
        async with self._db.reading() as connection:
            return await _spent(connection, workspace, now)

    async def forget(self, workspace: str) -> None:
        async with self._db.writing() as connection:
            await connection.execute(delete(spendings).where(spendings.c.workspace == workspace))

    async def _add(self, connection: AsyncConnection, workspace: str, tokens: int, now: datetime) -> None:
        row = self._db.insert(spendings).values(workspace=workspace, day=day_of(now), tokens=max(tokens, 0))
        more = {"tokens": spendings.c.tokens + tokens}
        await connection.execute(row.on_conflict_do_update(index_elements=["workspace", "day"], set_=more))


async def _spent(connection: AsyncConnection, workspace: str, now: datetime) -> tuple[int, int]:
    total = func.coalesce(func.sum(spendings.c.tokens), 0)
    here = spendings.c.workspace == workspace
    today = (await connection.execute(select(total).where(here, spendings.c.day == day_of(now)))).scalar_one()
    month = (await connection.execute(select(total).where(here, spendings.c.day >= month_of(now)))).scalar_one()
    return int(today), int(month)
