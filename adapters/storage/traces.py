"""Windows and their traces in a database."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, case, delete, select, text, tuple_, update

from adapters.storage.engine import Database, as_new, new
from adapters.storage.schema import beginnings, traces, windows
from adapters.storage.shapes import only_ids
from adapters.storage.window_keys import WindowKeys
from bot.domain.events import ChannelRef
from bot.domain.patterns import Pattern
from bot.domain.window import WINDOW_LENGTH, Trace, Window, WindowKey, window_start


def new_salt() -> bytes:
    """16 random bytes that nobody has seen."""
    return secrets.token_bytes(16)


class SqlTraces:
    """`bot.ports.Traces` on a database; keys of windows lately used are held in `keys`."""

    def __init__(self, database: Database, keys: WindowKeys, salts: Callable[[], bytes]) -> None:
        self._db = database
        self._keys = keys
        self._salts = salts
        open_window = select(windows.c.workspace).where(
            windows.c.workspace == new(traces.c.workspace),
            windows.c.channel == new(traces.c.channel),
            windows.c.opened_at == new(traces.c.opened_at),
            windows.c.salt == bindparam("salt", type_=windows.c.salt.type),
        )
        self._remember = database.insert_if(traces, open_window).returning(traces.c.key)

    async def window_key(self, channel: ChannelRef, at: datetime) -> WindowKey:
        key = self._keys.get(channel, at) or await self._kept_key(channel, at) or await self._opened_key(channel, at)
        self._keys.add(channel, key)
        return key

    async def _kept_key(self, channel: ChannelRef, at: datetime) -> WindowKey | None:
        covers = and_(windows.c.opened_at <= at, windows.c.opened_at > at - WINDOW_LENGTH)
        query = select(windows.c.opened_at, windows.c.salt).where(_in_channel(windows, channel), covers)
        async with self._db.reading() as connection:
            row = (await connection.execute(query)).first()
        return WindowKey(opened_at=row.opened_at, salt=row.salt) if row else None

    async def _opened_key(self, channel: ChannelRef, at: datetime) -> WindowKey:
        """Open the window; of several replicas that try at once, the first to commit wins and all get its salt."""
        place = {"workspace": channel.workspace, "channel": channel.channel}
        async with self._db.writing() as connection:
            begin = self._db.insert(beginnings).values(**place, first_at=at).on_conflict_do_nothing()
            await connection.execute(begin)
            first = (await connection.execute(_first_at(channel))).scalar_one()
            opened_at = window_start(first, at)
            row = {**place, "opened_at": opened_at, "salt": self._salts()}
            await connection.execute(self._db.insert(windows).values(**row).on_conflict_do_nothing())
            kept = select(windows.c.salt).where(_in_channel(windows, channel), windows.c.opened_at == opened_at)
            salt = (await connection.execute(kept)).scalar_one()
        return WindowKey(opened_at=opened_at, salt=salt)

    async def remember(self, channel: ChannelRef, key: WindowKey, trace: Trace) -> bool:
        only_ids("topics", trace.topics)
        row = {
            "workspace": channel.workspace,
            "channel": channel.channel,
            "opened_at": key.opened_at,
            "key": trace.key,
            **_values(trace),
        }
        async with self._db.writing() as connection:
            kept = (await connection.execute(self._remember, {**as_new(row), "salt": key.salt})).first() is not None
        if not kept:  # a repeated delivery, or the window is gone and this key must not be used again
            self._keys.forget(channel)
        return kept

    async def amend(self, channel: ChannelRef, key: WindowKey, trace: Trace) -> bool:
        only_ids("topics", trace.topics)
        statement = update(traces).where(_one(channel, key, trace.key)).values(**_values(trace))
        async with self._db.writing() as connection:
            return (await connection.execute(statement)).rowcount == 1

    async def find(self, channel: ChannelRef, key: WindowKey, trace_key: str) -> Trace | None:
        async with self._db.reading() as connection:
            row = (await connection.execute(select(traces).where(_one(channel, key, trace_key)))).first()
        return _trace(row) if row else None

    async def drop(self, channel: ChannelRef, key: WindowKey, trace_key: str) -> None:
        async with self._db.writing() as connection:
            await connection.execute(delete(traces).where(_one(channel, key, trace_key)))

    async def count_reaction(self, channel: ChannelRef, key: WindowKey, trace_key: str, by: str, change: int) -> None:
        changed = traces.c.reactions + change
        statement = (
            update(traces)
            .where(_one(channel, key, trace_key), traces.c.author != by)
            .values(reactions=case((changed < 0, 0), else_=changed))
        )
        async with self._db.writing() as connection:
            await connection.execute(statement)

    async def window(self, channel: ChannelRef, at: datetime) -> Window:
        key = self._keys.get(channel, at)
        async with self._db.reading() as connection:
            opened_at = key.opened_at if key else None
            if opened_at is None:
                first = (await connection.execute(_first_at(channel))).scalar_one_or_none()
                opened_at = at.astimezone(UTC) if first is None else window_start(first, at)
            query = select(traces).where(_in_channel(traces, channel), traces.c.opened_at == opened_at)
            rows = (await connection.execute(query.order_by(traces.c.at, traces.c.key))).all()
        return Window(opened_at=opened_at, traces=tuple(_trace(row) for row in rows))

    async def drop_author(self, channel: ChannelRef, key: WindowKey, author: str) -> int:
        theirs = and_(_in_channel(traces, channel), traces.c.opened_at == key.opened_at, traces.c.author == author)
        async with self._db.writing() as connection:
            return (await connection.execute(delete(traces).where(theirs))).rowcount

    async def close_windows(self, before: datetime, *, at_most: int = 100) -> int:
        self._keys.forget_closed(before)
        place = (windows.c.workspace, windows.c.channel, windows.c.opened_at)
        closed = (
            select(*place)
            .where(windows.c.opened_at <= before - WINDOW_LENGTH)
            .order_by(windows.c.opened_at, windows.c.workspace, windows.c.channel)
            .limit(at_most)
            .with_for_update(skip_locked=True)
            .cte("closed")
        )
        async with self._db.writing() as connection:
            statement = delete(windows).where(tuple_(*place).in_(select(closed))).returning(windows.c.opened_at)
            gone = len((await connection.execute(statement)).all())
        if gone and self._db.is_sqlite:  # the log still holds the salts until it is written back and cut
            async with self._db.reading() as connection:
                await connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        return gone


def _in_channel(table: Any, channel: ChannelRef) -> ColumnElement[bool]:
    return and_(table.c.workspace == channel.workspace, table.c.channel == channel.channel)


def _one(channel: ChannelRef, key: WindowKey, trace_key: str) -> ColumnElement[bool]:
    return and_(_in_channel(traces, channel), traces.c.opened_at == key.opened_at, traces.c.key == trace_key)


def _first_at(channel: ChannelRef) -> Any:
    return select(beginnings.c.first_at).where(_in_channel(beginnings, channel))


def _values(trace: Trace) -> dict[str, Any]:
    return {
        "author": trace.author,
        "at": trace.at,
        "thread": trace.thread,
        "question": trace.question,
        "calls_everyone": trace.calls_everyone,
        "edited": trace.edited,
        "reactions": trace.reactions,
        "evidence": dict(trace.evidence),
        "topics": list(trace.topics),
    }


def _trace(row: Row[Any]) -> Trace:
    return Trace(
        key=row.key,
        author=row.author,
        at=row.at,
        thread=row.thread,
        question=row.question,
        calls_everyone=row.calls_everyone,
        edited=row.edited,
        reactions=row.reactions,
        evidence={Pattern(pattern): probability for pattern, probability in (row.evidence or {}).items()},
        topics=tuple(row.topics or ()),
    )
