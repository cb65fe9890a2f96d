"""What people chose for themselves, in a database."""

from __future__ import annotations

from sqlalchemy import and_, delete, select

from adapters.storage.at_hand import AtHand
from adapters.storage.engine import Database
from adapters.storage.schema import opted_out


class SqlChoices:
    """`bot.ports.Choices` on a database."""

    def __init__(self, database: Database, at_hand: AtHand) -> None:
        self._db = database
        self._at_hand = at_hand

    async def opted_out(self, workspace: str, person: str) -> bool:
        query = select(opted_out.c.person).where(opted_out.c.workspace == workspace, opted_out.c.person == person)
        since = self._at_hand.moment
        async with self._db.reading() as connection:
            out = (await connection.execute(query)).first() is not None
        if not out:
            self._at_hand.note_read(workspace, person, since=since)
        return out

    async def opt_out(self, workspace: str, person: str) -> None:
        row = self._db.insert(opted_out).values(workspace=workspace, person=person)
        self._at_hand.let_go_of_person(workspace, person)
        async with self._db.writing() as connection:
            await connection.execute(row.on_conflict_do_nothing())
        self._at_hand.let_go_of_person(workspace, person)

    async def opt_in(self, workspace: str, person: str) -> None:
        theirs = and_(opted_out.c.workspace == workspace, opted_out.c.person == person)
        async with self._db.writing() as connection:
            await connection.execute(delete(opted_out).where(theirs))
