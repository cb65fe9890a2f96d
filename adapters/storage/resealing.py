"""Seals everything that is sealed anew under the newest key, so that older keys can be thrown away."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Column, Table, and_, select, tuple_, update

from adapters.storage.engine import Database, build_engine
from adapters.storage.schema import check_in_answers, installations
from adapters.storage.sealing import Sealer
from bot.errors import SealError

SEALED: tuple[tuple[Table, str], ...] = ((installations, "sealed"), (check_in_answers, "sealed"))
"""Each table and its sealed column; whoever seals something new adds a line."""

BATCH = 200
"""Rows of one step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resealed:
    """How many values stand under the newest key now, and how many no key opened."""

    anew: int = 0
    lost: int = 0


async def reseal(url: str, sealer: Sealer) -> Resealed:
    """Reseal all of the database at `url`, in small steps; safe while Kith runs and to be run again. StoreError if the
    database does not answer."""
    database = Database(build_engine(url))
    anew = lost = 0
    try:
        for table, name in SEALED:
            last: tuple[object, ...] = ()
            while True:
                step = await _step(database, sealer, table, table.c[name], last)
                anew, lost, last = anew + step[0], lost + step[1], step[2]
                if not last:
                    break
    finally:
        await database.close()
    return Resealed(anew=anew, lost=lost)


async def unopened(url: str, sealer: Sealer) -> int:
    """How many sealed values of the database none of the keys opens; nothing is changed."""
    database = Database(build_engine(url))
    lost = 0
    try:
        for table, name in SEALED:
            async with database.streaming() as connection:
                rows = await connection.stream(select(table.c[name]).where(table.c[name].is_not(None)))
                async for (sealed,) in rows:
                    lost += not _opens(sealer, bytes(sealed))
    finally:
        await database.close()
    return lost


def _opens(sealer: Sealer, sealed: bytes) -> bool:
    try:
        sealer.open(sealed)
    except SealError:
        return False
    return True


async def _step(
    database: Database, sealer: Sealer, table: Table, sealed: Column[bytes], after: tuple[object, ...]
) -> tuple[int, int, tuple[object, ...]]:
    """The next rows by key: how many were resealed, how many could not be, and the last key (empty: that was all)."""
    key = tuple(table.primary_key.columns)
    query = select(*key, sealed).where(sealed.is_not(None)).order_by(*key).limit(BATCH)
    query = query.where(tuple_(*key) > tuple_(*after)) if after else query
    async with database.reading() as connection:
        rows = (await connection.execute(query)).all()
    anew = lost = 0
    for row in rows:
        *place, old = row
        try:
            new = sealer.reseal(bytes(old))
        except SealError:
            lost += 1
            continue
        same = and_(*(column == value for column, value in zip(key, place, strict=True)), sealed == old)
        async with database.writing() as connection:  # one that changed meanwhile is under the newest key already
            await connection.execute(update(table).where(same).values({sealed: new}))
        anew += 1
    return anew, lost, tuple(rows[-1][:-1]) if len(rows) == BATCH else ()
