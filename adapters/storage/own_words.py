"""The words that organisations gave of themselves, in a database."""

from __future__ import annotations

from sqlalchemy import delete, select

from adapters.storage.changes import write_line
from adapters.storage.engine import Database
from adapters.storage.schema import own_words
from bot.domain.audit import Change
from bot.domain.own_words import OwnWords


class SqlOwnWords:
    """`bot.ports.OwnWordsKept` on a database."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def of(self, workspace: str) -> OwnWords:
        async with self._db.reading() as connection:
            row = (await connection.execute(select(own_words).where(own_words.c.workspace == workspace))).first()
        return OwnWords(stands_for=row.stands_for, for_one_another=row.for_one_another) if row else OwnWords()

    async def give(self, workspace: str, words: OwnWords, *, told: Change | None = None) -> None:
        if not words:
            await self.take_back(workspace, told=told)
            return
        values = {"stands_for": words.stands_for, "for_one_another": words.for_one_another}
        row = self._db.insert(own_words).values(workspace=workspace, **values)
        async with self._db.writing() as connection:
            await connection.execute(row.on_conflict_do_update(index_elements=["workspace"], set_=values))
            await write_line(self._db, connection, told)

    async def take_back(self, workspace: str, *, told: Change | None = None) -> None:
        async with self._db.writing() as connection:
            await connection.execute(delete(own_words).where(own_words.c.workspace == workspace))
            await write_line(self._db, connection, told)
