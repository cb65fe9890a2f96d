"""Everything that is kept of a workspace, a channel or a person: given out as plain rows, and deleted."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.storage.engine import Database
from adapters.storage.schema import metadata

SECRET = frozenset({"salt"})
"""Columns whose values are given to nobody: with them, pseudonyms would lead back to people."""

SEALED = "sealed"
"""The column that holds what is sealed; nothing here opens it."""

THEIRS_ALONE = frozenset({"check_in_answers"})
"""Tables whose rows are shown to the person themselves (`/kith data`) and to nobody who gives out the database: these
lead to a person only while a check-in is open, when not even that somebody answered is to be known. Forgetting a
person deletes them without counting them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """The table names a person by the platform's id in `column`; forgetting them empties that column (`row` False) or
    deletes the row."""

    column: str
    row: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The table has a list of people in `column`."""

    column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """The table knows a person by a pseudonym in `column`, made with the `salt` of a row in the table `salted`; `by`
    maps the columns here to those of that row."""

    column: str
    salted: str
    by: Mapping[str, str]


_HERE = {"workspace": "workspace", "channel": "channel"}

PEOPLE: Mapping[str, Named | Listed | Hidden | str] = {
    "opted_out": Named(column="person"),
    "channels": Named(column="steward", row=False),
    "workspaces": Listed(column="admins"),
    "traces": Hidden(column="author", salted="windows", by={**_HERE, "opened_at": "opened_at"}),
    "dialogues": Hidden(column="by", salted="dialogues", by={**_HERE, "thread": "thread"}),
    "round_marks": Hidden(column="person", salted="rounds", by=_HERE),
    "check_in_answers": Hidden(column="person", salted="check_in_runs", by={**_HERE, "run": "id"}),
    "beginnings": "a channel's first moment, nobody's",
    "windows": "a channel's window and its secret",
    "taken_back": "pseudonyms of messages; whose they were is not kept",
    "ledger": "what Kith asked and held back, from counts of the room",
    "outbox": "ids of what Kith is about to say",
    "rounds": "counts of a team",
    "own_words": "an organisation's words, which it gave for all to read",
    "answered": "pseudonyms of messages that have their answer",
    "installations": "Kith's own ids and tokens",
    "handshakes": "the hash of a word of our own, for ten minutes",
    "addresses": "where a channel is answered",
    "changes": "what was changed and in which role; never who",
    "spendings": "what a language model cost a workspace",
    "check_ins": "what a channel agreed to be asked",
    "check_in_runs": "each time it was asked",
}
"""For each table, how a person is found in it, or why nobody is; a test fails if one is missing."""

OF_NOBODY = frozenset({"handshakes"})
"""Tables that belong to no workspace."""


class Records:
    """All rows of a database by whose they are."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def of_place(self, workspace: str, channel: str | None = None) -> AsyncIterator[tuple[str, dict[str, Any]]]:
        """Every row of a workspace, or of one channel of it, with its table: parents first, secrets and what is sealed
        left out."""
        for table in metadata.sorted_tables:
            where = _within(table, workspace, channel)
            if where is None:
                continue
            async with self._db.streaming() as connection:
                rows = await connection.stream(select(table).where(where).order_by(*table.primary_key.columns))
                async for row in rows:
                    yield table.name, _told(dict(row._mapping))

    async def of_person(self, workspace: str, person: str) -> AsyncIterator[tuple[str, dict[str, Any]]]:
        """Every row about a person in a workspace, with its table, but for THEIRS_ALONE."""
        async with self._db.reading() as connection:
            for table in metadata.sorted_tables:
                if table.name in THEIRS_ALONE:
                    continue
                for row in await self._theirs(connection, table, workspace, person):
                    told = _told(row)
                    if isinstance(how := PEOPLE[table.name], Listed):
                        told = {"workspace": workspace, how.column: [person]}
                    yield table.name, told

    async def forget_place(self, workspace: str, channel: str | None = None) -> Mapping[str, int]:
        """Delete every row of a workspace, or of one channel of it; says how many went, by table."""
        gone: dict[str, int] = {}
        async with self._db.writing() as connection:
            for table in reversed(metadata.sorted_tables):
                if (where := _within(table, workspace, channel)) is not None:
                    gone[table.name] = (await connection.execute(delete(table).where(where))).rowcount
        await self._wipe()
        return {name: n for name, n in gone.items() if n}

    async def forget_person(self, workspace: str, person: str, *, unread: bool) -> Mapping[str, int]:
        """Delete every row about a person in a workspace, or take them out of it; says how many, by table. That they
        asked not to be read goes only if `unread` is False: without it Kith would read them again."""
        gone: dict[str, int] = {}
        async with self._db.writing() as connection:
            for table in reversed(metadata.sorted_tables):
                if table.name == "opted_out" and unread:
                    continue
                rows = await self._theirs(connection, table, workspace, person)
                for row in rows:
                    await _taken_out(connection, table, row, person)
                gone[table.name] = 0 if table.name in THEIRS_ALONE else len(rows)
        await self._wipe()
        return {name: n for name, n in gone.items() if n}

    async def _theirs(
        self, connection: AsyncConnection, table: Table, workspace: str, person: str
    ) -> list[dict[str, Any]]:
        """The rows of a table that are about a person."""
        how = PEOPLE[table.name]
        here = table.c.workspace == workspace if "workspace" in table.c else None
        if isinstance(how, str) or here is None:
            return []
        query = select(table).where(here)
        if isinstance(how, Named):
            query = query.where(table.c[how.column] == person)
        rows = [dict(row._mapping) for row in (await connection.execute(query)).all()]
        if isinstance(how, Listed):
            return [row for row in rows if person in (row[how.column] or ())]
        if isinstance(how, Hidden):
            hidden = await _pseudonyms(connection, how, workspace, person)
            return [row for row in rows if hidden.get(tuple(row[name] for name in how.by)) == row[how.column]]
        return rows

    async def _wipe(self) -> None:
        """On SQLite the log still holds what was deleted, until it is written back and cut."""
        if self._db.is_sqlite:
            async with self._db.reading() as connection:
                await connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))


async def _pseudonyms(
    connection: AsyncConnection, how: Hidden, workspace: str, person: str
) -> dict[tuple[Any, ...], str]:
    """The person's pseudonym under each secret, by the key of the row that holds it."""
    salted = metadata.tables[how.salted]
    keys = [salted.c[name] for name in how.by.values()]
    rows = (await connection.execute(select(salted.c.salt, *keys).where(salted.c.workspace == workspace))).all()
    return {tuple(row[1:]): _pseudonym(person, row[0]) for row in rows if row[0]}


def _pseudonym(person: str, salt: bytes) -> str:
    """What windows, rounds, runs and dialogues call a person (`domain.window.WindowKey.pseudonym` and its like)."""
    return hashlib.blake2b(person.encode(), key=salt, digest_size=8).hexdigest()


async def _taken_out(connection: AsyncConnection, table: Table, row: Mapping[str, Any], person: str) -> None:
    this = and_(*(column == row[column.name] for column in table.primary_key.columns))
    match PEOPLE[table.name]:
        case Named(column=column, row=False):
            await connection.execute(update(table).where(this).values({column: None, **_overtaking(table)}))
        case Listed(column=column):
            others = [other for other in row[column] if other != person]
            await connection.execute(update(table).where(this).values({column: others, **_overtaking(table)}))
        case _:
            await connection.execute(delete(table).where(this))


def _overtaking(table: Table) -> dict[str, Any]:
    """What lets a change that was begun before fail, so that it does not bring the person back."""
    return {"version": table.c.version + 1}


def _within(table: Table, workspace: str, channel: str | None) -> ColumnElement[bool] | None:
    """Whose rows they are; None where a table has none of a channel, or of a workspace."""
    if "workspace" not in table.c or (channel is not None and "channel" not in table.c):
        return None
    here = table.c.workspace == workspace
    return here if channel is None else and_(here, table.c.channel == channel)


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as plain values: moments as text, no secret, and of what is sealed that it is there."""
    return {name: _plain(name, value) for name, value in row.items() if name not in SECRET and value is not None}


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return "(sealed)" if name == SEALED or isinstance(value, bytes) else value
