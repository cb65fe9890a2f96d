"""How a database stands: whether it has the form that this Kith needs, and how many of everything there are."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from adapters.storage.engine import Database
from adapters.storage.migrate import is_up_to_date
from adapters.storage.schema import channels, outbox, windows
from bot.domain.condition import Figures


class SqlCondition:
    """`bot.ports.Condition` on a database."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def up_to_date(self) -> bool:
        async with self._db.reading() as connection:
            return await connection.run_sync(is_up_to_date)

    async def figures(self, now: datetime) -> Figures:
        due = select(func.count(), func.min(outbox.c.due_at)).where(outbox.c.dead.is_(False), outbox.c.due_at <= now)
        dead = select(func.count()).select_from(outbox).where(outbox.c.dead.is_(True))
        async with self._db.reading() as connection:
            waiting, oldest = (await connection.execute(due)).one()
            given_up = (await connection.execute(dead)).scalar_one()
            counts = [(await connection.execute(select(func.count()).select_from(t))).scalar_one() for t in _COUNTED]
        return Figures(waiting=waiting, oldest_due_at=oldest, dead=given_up, windows=counts[0], channels=counts[1])


_COUNTED = (windows, channels)
