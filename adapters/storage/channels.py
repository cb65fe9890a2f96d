"""Channels with their charter, settings and history in a database; the questions of the history are the ledger's."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, select, tuple_, union, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.storage.at_hand import AtHand
from adapters.storage.changes import write_line
from adapters.storage.engine import Database
from adapters.storage.schema import (
    addresses,
    answered,
    beginnings,
    changes,
    channels,
    dialogues,
    ledger,
    outbox,
    rounds,
)
from bot.domain.audit import Change
from bot.domain.channel import Asked, Channel, ChannelKind, ChannelSettings, History, Run
from bot.domain.charter import HEARD_IN, Charter, CharterState
from bot.domain.events import ChannelRef
from bot.domain.patterns import Pattern
from bot.domain.restraint import LOOK_EVERY

_log = logging.getLogger("kith.store")  # ids alone

HISTORY = timedelta(days=90)
"""How far before its newest question a channel's history reaches (the longest rest a question takes)."""


class SqlChannels:
    """`bot.ports.Channels` on a database."""

    def __init__(self, database: Database, at_hand: AtHand) -> None:
        self._db = database
        self._at_hand = at_hand

    async def get(self, ref: ChannelRef) -> Channel | None:
        since = self._at_hand.moment
        async with self._db.reading() as connection:
            rows = (await connection.execute(select(channels).where(_is(ref)))).all()
            found = await _with_history(connection, rows)
        if found and found[0].charter.state in HEARD_IN:
            self._at_hand.note_listening(ref, since=since)
        return found[0] if found else None

    async def add(self, channel: Channel, *, told: Change | None = None) -> bool:
        place = {"workspace": channel.ref.workspace, "channel": channel.ref.channel}
        statement = self._db.insert(channels).values(**place, **_values(channel)).on_conflict_do_nothing()
        async with self._db.writing() as connection:
            if (await connection.execute(statement.returning(channels.c.channel))).first() is None:
                return False
            await write_line(self._db, connection, told)
        return True

    async def save(self, channel: Channel, *, told: Change | None = None) -> bool:
        unchanged = and_(_is(channel.ref), channels.c.version == channel.version)
        values = {**_values(channel), "version": channel.version + 1}
        with self._at_hand.changing(channel.ref):
            async with self._db.writing() as connection:
                if (await connection.execute(update(channels).where(unchanged).values(values))).rowcount != 1:
                    return False
                await write_line(self._db, connection, told)
        return True

    async def note_look(self, ref: ChannelRef, *, look_at: datetime | None, runs: Mapping[Pattern, Run]) -> None:
        statement = update(channels).where(_is(ref)).values(look_at=look_at, runs=_runs(runs))
        async with self._db.writing() as connection:
            await connection.execute(statement)

    async def all(self, workspace: str) -> Sequence[Channel]:
        async with self._db.reading() as connection:
            rows = (await connection.execute(select(channels).where(channels.c.workspace == workspace))).all()
            found = await _with_history(connection, rows)
        return sorted(found, key=lambda channel: (channel.name, channel.ref))

    async def due(self, now: datetime, *, at_most: int = 100) -> Sequence[Channel]:
        place = (channels.c.workspace, channels.c.channel)
        waiting = (
            select(*place)
            .where(channels.c.look_at <= now)
            .order_by(channels.c.look_at, *place)
            .limit(at_most)
            .with_for_update(skip_locked=True)
            .cte("waiting")
        )
        claim = (
            update(channels)
            .where(tuple_(*place).in_(select(waiting)))
            .values(look_at=now + LOOK_EVERY)
            .returning(channels)
        )
        async with self._db.writing() as connection:
            rows = (await connection.execute(claim)).all()
            found = await _with_history(connection, [row for row in rows if _readable(row)])
        return sorted(found, key=lambda channel: channel.ref)

    async def forget(self, ref: ChannelRef) -> None:
        with self._at_hand.changing(ref):
            async with self._db.writing() as connection:
                await _forget(connection, ref)
        await self._db.scrub()

    async def forget_some(self, workspace: str, *, at_most: int = 20) -> int:
        places = union(*(select(table.c.channel).where(table.c.workspace == workspace) for table in _OF_A_CHANNEL))
        async with self._db.writing() as connection:
            found = (await connection.execute(places.limit(at_most))).scalars().all()
            for channel in found:
                self._at_hand.let_go(ChannelRef(workspace, channel))
                await _forget(connection, ChannelRef(workspace, channel))
        for channel in found:
            self._at_hand.let_go(ChannelRef(workspace, channel))
        await self._db.scrub()
        return len(found)


_OF_A_CHANNEL = (channels, beginnings, outbox, rounds, dialogues, answered, addresses, changes)
"""What goes with a channel; what hangs on these goes with its parents."""


async def _forget(connection: AsyncConnection, ref: ChannelRef) -> None:
    for table in _OF_A_CHANNEL:
        here = and_(table.c.workspace == ref.workspace, table.c.channel == ref.channel)
        await connection.execute(delete(table).where(here))


async def _with_history(connection: AsyncConnection, rows: Sequence[Row[Any]]) -> list[Channel]:
    """The channels of `rows` with what each asked in the 90 days before its newest question, oldest first."""
    since = {_ref(row): row.last_spoke_at - HISTORY for row in rows if row.last_spoke_at is not None}
    asked: dict[ChannelRef, list[Asked]] = {}
    if since:
        places = tuple_(ledger.c.workspace, ledger.c.channel).in_([(ref.workspace, ref.channel) for ref in since])
        query = (
            select(ledger.c.workspace, ledger.c.channel, ledger.c.at, ledger.c.pattern, ledger.c.question)
            .where(places, ledger.c.reason.is_(None), ledger.c.at >= min(since.values()))
            .order_by(ledger.c.at)
        )
        for entry in (await connection.execute(query)).all():
            if entry.at >= since[_ref(entry)]:
                question = Asked(at=entry.at, pattern=Pattern(entry.pattern), question=entry.question or "")
                asked.setdefault(_ref(entry), []).append(question)
    return [_channel(row, tuple(asked.get(_ref(row), ()))) for row in rows]


def _readable(row: Row[Any]) -> bool:
    """Whether this Kith knows all that a row says; a newer one beside it may have written what this one does not."""
    try:
        _channel(row, ())
    except ValueError:
        _log.warning("%s/%s is left to a newer Kith", row.workspace, row.channel)
        return False
    return True


def _ref(row: Any) -> ChannelRef:
    return ChannelRef(row.workspace, row.channel)


def _is(ref: ChannelRef) -> ColumnElement[bool]:
    return and_(channels.c.workspace == ref.workspace, channels.c.channel == ref.channel)


def _values(channel: Channel) -> dict[str, Any]:
    charter, settings, history = channel.charter, channel.settings, channel.history
    return {
        "name": channel.name,
        "kind": channel.kind.value,
        "members": channel.members,
        "charter_state": charter.state.value,
        "charter_since": charter.since,
        "steward": charter.steward,
        "listening_since": charter.listening_since,
        "speaks_until": charter.speaks_until,
        "asked_at": charter.asked_at,
        "profile": settings.profile,
        "patterns_off": sorted(settings.patterns_off),
        "opens": settings.opens,
        "closes": settings.closes,
        "zone": settings.zone,
        "announcement_only": settings.announcement_only,
        "kind_said": settings.kind.value if settings.kind else None,
        "locale": settings.locale,
        "stilled": {pattern: until.isoformat() for pattern, until in history.stilled.items()},
        "not_here_in_a_row": history.not_here_in_a_row,
        "runs": _runs(history.runs),
        "look_at": channel.look_at,
        "version": channel.version,
    }


def _runs(runs: Mapping[Pattern, Run]) -> dict[str, list[Any]]:
    return {pattern: [run.window.isoformat(), run.windows] for pattern, run in runs.items()}


def _channel(row: Row[Any], asked: tuple[Asked, ...]) -> Channel:
    return Channel(
        ref=_ref(row),
        name=row.name,
        kind=ChannelKind(row.kind),
        members=row.members,
        charter=Charter(
            state=CharterState(row.charter_state),
            since=row.charter_since,
            steward=row.steward,
            listening_since=row.listening_since,
            speaks_until=row.speaks_until,
            asked_at=row.asked_at,
        ),
        settings=ChannelSettings(
            profile=row.profile,
            patterns_off=frozenset(Pattern(pattern) for pattern in row.patterns_off or ()),
            opens=row.opens,
            closes=row.closes,
            zone=row.zone,
            announcement_only=row.announcement_only,
            kind=ChannelKind(row.kind_said) if row.kind_said else None,
            locale=row.locale,
        ),
        history=History(
            asked=asked,
            stilled={Pattern(p): datetime.fromisoformat(until) for p, until in (row.stilled or {}).items()},
            not_here_in_a_row=row.not_here_in_a_row,
            runs={
                Pattern(p): Run(window=datetime.fromisoformat(window), windows=windows)
                for p, (window, windows) in (row.runs or {}).items()
            },
        ),
        look_at=row.look_at,
        version=row.version,
    )
