"""Windows and their traces in a database."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, select, tuple_, update

from adapters.storage.at_hand import AtHand
from adapters.storage.engine import Database
from adapters.storage.group_commit import GroupCommit
from adapters.storage.keeping import Job, Keep, Keeping, React
from adapters.storage.schema import beginnings, taken_back, traces, windows
from adapters.storage.shapes import only_ids
from bot.domain.events import ChannelRef
from bot.domain.patterns import Pattern
from bot.domain.window import WINDOW_LENGTH, Kept, Terms, Trace, Window, WindowKey, window_start


def new_salt() -> bytes:
    """16 random bytes that nobody has seen."""
    return secrets.token_bytes(16)


class SqlTraces:
    """`bot.ports.Traces` on a database; traces and reactions are written in groups."""

    def __init__(self, database: Database, at_hand: AtHand, salts: Callable[[], bytes]) -> None:
        self._db = database
        self._at_hand = at_hand
        self._salts = salts
        self._straight = database.straight()
        self._group: GroupCommit[Job, Kept] = GroupCommit(Keeping(self._straight, sqlite=database.is_sqlite).write)

    def key_at_hand(self, channel: ChannelRef, at: datetime, *, read: str | None = None) -> WindowKey | None:
        return self._at_hand.key(channel, at, read=read)

    async def window_key(self, channel: ChannelRef, at: datetime) -> WindowKey:
        since = self._at_hand.moment
        key = await self._kept_key(channel, at) or await self._opened_key(channel, at)
        self._at_hand.note_key(channel, key, since=since)
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

    async def remember(self, channel: ChannelRef, key: WindowKey, trace: Trace, terms: Terms | None = None) -> Kept:
        only_ids("topics", trace.topics)
        kept = await self._group.do(Keep(channel=channel, key=key, trace=trace, terms=terms))
        if kept is Kept.REFUSED:
            self._at_hand.let_go(channel)
            if terms and terms.reads:
                self._at_hand.let_go_of_person(channel.workspace, terms.reads)
        return kept

    async def amend(self, channel: ChannelRef, key: WindowKey, trace: Trace) -> bool:
        only_ids("topics", trace.topics)
        values = {name: value for name, value in _values(trace).items() if name != "reactions"}
        statement = update(traces).where(_one(channel, key, trace.key)).values(**values)
        async with self._db.writing() as connection:
            return (await connection.execute(statement)).rowcount == 1

    async def find(self, channel: ChannelRef, key: WindowKey, trace_key: str) -> Trace | None:
        async with self._db.reading() as connection:
            row = (await connection.execute(select(traces).where(_one(channel, key, trace_key)))).first()
        return _trace(row) if row else None

    async def drop(self, channel: ChannelRef, key: WindowKey, trace_key: str) -> None:
        place = {"workspace": channel.workspace, "channel": channel.channel, "opened_at": key.opened_at}
        turn = select(windows.c.salt).where(_in_channel(windows, channel), windows.c.opened_at == key.opened_at)
        note = self._db.insert(taken_back).values(**place, key=trace_key).on_conflict_do_nothing()
        async with self._db.writing() as connection:
            salt = (await connection.execute(turn.with_for_update())).scalar()  # whoever keeps one there is through
            if salt == key.salt:
                await connection.execute(note)
                await connection.execute(delete(traces).where(_one(channel, key, trace_key)))

    async def count_reaction(self, channel: ChannelRef, key: WindowKey, trace_key: str, by: str, change: int) -> bool:
        react = React(channel=channel, key=key, trace_key=trace_key, by=by, change=change)
        counted = bool(await self._group.do(react))
        if not counted:
            self._at_hand.let_go(channel)
        return counted

    async def window(self, channel: ChannelRef, at: datetime) -> Window:
        async with self._db.reading() as connection:
            first = (await connection.execute(_first_at(channel))).scalar_one_or_none()
            opened_at = at.astimezone(UTC) if first is None else window_start(first, at)
            query = select(traces).where(_in_channel(traces, channel), traces.c.opened_at == opened_at)
            rows = (await connection.execute(query.order_by(traces.c.at, traces.c.key))).all()
        return Window(opened_at=opened_at, traces=tuple(_trace(row) for row in rows))

    async def drop_author(self, channel: ChannelRef, key: WindowKey, author: str) -> int:
        theirs = and_(_in_channel(traces, channel), traces.c.opened_at == key.opened_at, traces.c.author == author)
        async with self._db.writing() as connection:
            return (await connection.execute(delete(traces).where(theirs))).rowcount

    async def drop_before(self, channel: ChannelRef, before: datetime) -> int:
        old = and_(_in_channel(traces, channel), traces.c.at < before)
        async with self._db.writing() as connection:
            return (await connection.execute(delete(traces).where(old))).rowcount

    async def close_windows(self, before: datetime, *, at_most: int = 100) -> int:
        self._at_hand.let_go_of_closed(before)
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
        await (self._db.scrub() if gone else self._db.scrub_again())
        return gone

    async def close(self) -> None:
        """Write what has gathered; nothing is kept any more."""
        await self._group.close()
        await self._straight.close()


_PATTERNS = {pattern.value: pattern for pattern in Pattern}
"""The patterns this Kith knows; a newer one beside it may have written others."""


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
        edited=row.edited,
        reactions=row.reactions,
        evidence={_PATTERNS[p]: chance for p, chance in (row.evidence or {}).items() if p in _PATTERNS},
        topics=tuple(row.topics or ()),
    )
