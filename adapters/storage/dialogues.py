"""Dialogues in a database: where each talk stands, and which messages to Kith have their answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.storage.engine import Database
from adapters.storage.outbox import queued
from adapters.storage.schema import answered, dialogues
from adapters.storage.shapes import only_ids
from bot.domain.dialogue import Dialogue, Step
from bot.domain.events import ChannelRef
from bot.domain.outgoing import Outgoing
from bot.domain.patterns import Pattern


class SqlDialogues:
    """`bot.ports.Dialogues` on a database."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def find(self, ref: ChannelRef, thread: str) -> Dialogue | None:
        async with self._db.reading() as connection:
            row = (await connection.execute(select(dialogues).where(_one(ref, thread)))).first()
        return _dialogue(row) if row else None

    async def of(self, ref: ChannelRef) -> Sequence[Dialogue]:
        here = and_(dialogues.c.workspace == ref.workspace, dialogues.c.channel == ref.channel)
        query = select(dialogues).where(here).order_by(dialogues.c.started_at, dialogues.c.thread)
        async with self._db.reading() as connection:
            return [_dialogue(row) for row in (await connection.execute(query)).all()]

    async def answer(
        self,
        outgoing: Outgoing,
        *,
        heard: str,
        at: datetime,
        before: Dialogue | None = None,
        after: Dialogue | None = None,
    ) -> bool:
        if after is not None:
            only_ids("a dialogue", (after.thread, after.topic, *after.asked))
        ref = outgoing.place.channel
        async with self._db.writing() as connection:
            written = (
                await self._noted(connection, ref, heard, at)
                and await self._moved(connection, ref, before, after)
                and (await connection.execute(queued(self._db, outgoing))).first() is not None
            )
            if not written:
                await connection.rollback()
        return written

    async def drop(self, ref: ChannelRef, thread: str) -> None:
        async with self._db.writing() as connection:
            gone = (await connection.execute(delete(dialogues).where(_one(ref, thread)))).rowcount
        if gone:
            await self._db.scrub()

    async def sweep(self, before: datetime, *, at_most: int = 1000) -> int:
        talk = (dialogues.c.workspace, dialogues.c.channel, dialogues.c.thread)
        old = select(*talk).where(dialogues.c.started_at <= before).order_by(dialogues.c.started_at, *talk)
        note = (answered.c.workspace, answered.c.channel, answered.c.message)
        noted = select(*note).where(answered.c.at <= before).order_by(answered.c.at, *note)
        async with self._db.writing() as connection:
            talks = await connection.execute(delete(dialogues).where(tuple_(*talk).in_(old.limit(at_most))))
            notes = await connection.execute(delete(answered).where(tuple_(*note).in_(noted.limit(at_most))))
        if talks.rowcount:
            await self._db.scrub()
        return max(talks.rowcount, notes.rowcount)

    async def _noted(self, connection: AsyncConnection, ref: ChannelRef, heard: str, at: datetime) -> bool:
        row = {"workspace": ref.workspace, "channel": ref.channel, "message": heard, "at": at}
        note = self._db.insert(answered).values(row).on_conflict_do_nothing().returning(answered.c.message)
        return (await connection.execute(note)).first() is not None

    async def _moved(
        self, connection: AsyncConnection, ref: ChannelRef, before: Dialogue | None, after: Dialogue | None
    ) -> bool:
        if before is None:
            if after is not None:
                place = {"workspace": ref.workspace, "channel": ref.channel, "thread": after.thread}
                insert = self._db.insert(dialogues).values(**place, **_values(after))
                await connection.execute(insert.on_conflict_do_update(index_elements=list(place), set_=_values(after)))
            return True
        stands = and_(_one(ref, before.thread), dialogues.c.last_heard == before.last_heard)
        change = update(dialogues).values(**_values(after)) if after is not None else delete(dialogues)
        return (await connection.execute(change.where(stands))).rowcount == 1


def _one(ref: ChannelRef, thread: str) -> ColumnElement[bool]:
    return and_(
        dialogues.c.workspace == ref.workspace, dialogues.c.channel == ref.channel, dialogues.c.thread == thread
    )


def _values(dialogue: Dialogue) -> dict[str, Any]:
    return {
        "by": dialogue.by,
        "salt": dialogue.salt,
        "started_at": dialogue.started_at,
        "last_heard": dialogue.last_heard,
        "replies_at": dialogue.replies_at,
        "step": dialogue.step.value,
        "turns": dialogue.turns,
        "pattern": dialogue.pattern.value if dialogue.pattern else None,
        "topic": dialogue.topic,
        "asked": list(dialogue.asked),
    }


def _dialogue(row: Row[Any]) -> Dialogue:
    return Dialogue(
        thread=row.thread,
        by=row.by,
        salt=row.salt,
        started_at=row.started_at,
        last_heard=row.last_heard,
        replies_at=row.replies_at,
        step=Step(row.step),
        turns=row.turns,
        pattern=Pattern(row.pattern) if row.pattern else None,
        topic=row.topic,
        asked=tuple(row.asked or ()),
    )
