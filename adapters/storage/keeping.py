"""Keeps traces and counts reactions, as many as there are, in one transaction with a handful of statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import bindparam, case, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.storage.columns import packed
from adapters.storage.engine import Database
from adapters.storage.schema import traces
from bot.domain.charter import HEARD_IN
from bot.domain.events import ChannelRef
from bot.domain.window import Kept, Terms, Trace, WindowKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """A trace to keep, if its window is open, the message was not taken back, and the terms hold."""

    channel: ChannelRef
    key: WindowKey
    trace: Trace
    terms: Terms | None


@dataclass(frozen=True, slots=True, kw_only=True)
class React:
    """A reaction to count."""

    channel: ChannelRef
    key: WindowKey
    trace_key: str
    by: str
    change: int


Job = Keep | React

_COLUMNS = {
    "n": "integer",
    "workspace": "text",
    "channel": "text",
    "opened_at": "timestamp with time zone",
    "salt": "text",
    "key": "text",
    "author": "text",
    "at": "timestamp with time zone",
    "thread": "text",
    "question": "boolean",
    "edited": "boolean",
    "reactions": "integer",
    "evidence": "text",
    "topics": "text",
    "terms": "boolean",
    "reads": "text",
    "talk": "text",
}
"""What comes in with one row, by its type in PostgreSQL."""

_KEPT = "workspace channel opened_at key author at thread question edited reactions evidence topics".split()
_PLACE = "{0}.workspace = new.workspace AND {0}.channel = new.channel"
_WINDOW = _PLACE.format("w") + " AND w.opened_at = new.opened_at AND {salt} = new.salt"
_MESSAGE = _PLACE.format("{0}") + " AND {0}.opened_at = new.opened_at AND {0}.key = new.key"
_HEARD_IN = ", ".join(f"'{state.value}'" for state in sorted(HEARD_IN))


class Keeping:
    """The statements of one kind of database, built once.

    Each asks by `(SELECT 1 … LIMIT 1)` in the place of EXISTS or a join: those a planner may turn into reading a whole
    table for a group of messages, these it answers by the primary key for each.
    """

    def __init__(self, database: Database) -> None:
        self._db = database
        self._is_sqlite = database.is_sqlite
        salt = "lower(hex(w.salt))" if self._is_sqlite else "encode(w.salt, 'hex')"
        source = self._source()
        window = f"SELECT 1 FROM windows w WHERE {_WINDOW.format(salt=salt)} LIMIT 1"
        gone = f"(SELECT 1 FROM taken_back g WHERE {_MESSAGE.format('g')} LIMIT 1)"
        self._open = f"{source} SELECT new.n FROM new WHERE ({window}) IS NOT NULL"
        if not self._is_sqlite:
            self._open = f"{source} SELECT new.n FROM new CROSS JOIN LATERAL ({window} FOR KEY SHARE) held"
        self._known = (
            f"{source} SELECT new.n FROM new WHERE {gone} IS NOT NULL "
            f"OR (SELECT 1 FROM traces t WHERE {_MESSAGE.format('t')} LIMIT 1) IS NOT NULL"
        )
        self._keep = (
            f"{source} INSERT INTO traces ({', '.join(_KEPT)}) SELECT {', '.join(f'new.{name}' for name in _KEPT)} "
            f"FROM new WHERE ({window}) IS NOT NULL AND {gone} IS NULL AND {_TERMS} "
            "ON CONFLICT DO NOTHING RETURNING workspace, channel, opened_at, key"
        )
        self._react = _react()

    async def write(self, jobs: Sequence[Job]) -> Sequence[Kept]:
        """What became of each, in order, committed."""
        keeps = [(n, job) for n, job in enumerate(jobs) if isinstance(job, Keep)]
        reacts = [(n, job) for n, job in enumerate(jobs) if isinstance(job, React)]
        outcomes = [Kept.REFUSED] * len(jobs)
        async with self._db.writing() as connection:
            if reacts or not self._is_sqlite:  # on PostgreSQL nobody may take a message back meanwhile
                windows = [self._window(n, job) for n, job in enumerate(jobs)]
                windows.sort(key=_in_order)  # whoever holds several takes them in the same order as all others
                rows = orjson.dumps(windows).decode()
                still_open = {row[0] for row in await self._run(connection, self._open, rows)}
                for n, _ in reacts:
                    outcomes[n] = Kept.NEW if n in still_open else Kept.REFUSED
            if keeps:
                await self._insert(connection, keeps, outcomes)
            if reacts:
                await connection.execute(self._react, [_values_of(job) for _, job in reacts])
        return outcomes

    async def _insert(self, connection: AsyncConnection, keeps: list[tuple[int, Keep]], outcomes: list[Kept]) -> None:
        given = [self._row(n, keep) for n, keep in keeps]
        rows = orjson.dumps(given).decode()
        written = {tuple(row) for row in await self._run(connection, self._keep, rows)}
        again = False
        for (n, keep), row in zip(keeps, given, strict=True):
            opened_at = row["opened_at"] if self._is_sqlite else keep.key.opened_at
            place = (keep.channel.workspace, keep.channel.channel, opened_at, keep.trace.key)
            if place in written:
                outcomes[n] = Kept.NEW
                written.discard(place)  # the same message twice in one group is new once
            else:
                again = True
        if again:
            for row in await self._run(connection, self._known, rows):
                if outcomes[row[0]] is not Kept.NEW:
                    outcomes[row[0]] = Kept.BEFORE

    async def _run(self, connection: AsyncConnection, statement: str, rows: str) -> Sequence[Any]:
        return (await connection.exec_driver_sql(statement, (rows,))).all()

    def _source(self) -> str:
        """A table `new` out of the one parameter, a list of objects in JSON."""
        if self._is_sqlite:
            fields = ", ".join(f"json_extract(value, '$.{name}') AS {name}" for name in _COLUMNS)
            return f"WITH new AS (SELECT {fields} FROM json_each(?))"
        fields = ", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())
        return f"WITH new AS (SELECT * FROM json_to_recordset(CAST($1 AS text)::json) AS given({fields}))"

    def _window(self, n: int, job: Job) -> dict[str, Any]:
        return {
            "n": n,
            "workspace": job.channel.workspace,
            "channel": job.channel.channel,
            "opened_at": self._stamp(job.key.opened_at),
            "salt": job.key.salt.hex(),
        }

    def _row(self, n: int, keep: Keep) -> dict[str, Any]:
        trace, terms = keep.trace, keep.terms
        return {
            **self._window(n, keep),
            "key": trace.key,
            "author": trace.author,
            "at": self._stamp(trace.at),
            "thread": trace.thread,
            "question": trace.question,
            "edited": trace.edited,
            "reactions": trace.reactions,
            "evidence": packed(dict(trace.evidence)),
            "topics": packed(list(trace.topics)),
            "terms": terms is not None,
            "reads": terms.reads if terms else None,
            "talk": terms.thread if terms else None,
        }

    def _stamp(self, moment: datetime) -> str:
        """A moment as the database writes it."""
        utc = moment.astimezone(UTC)
        return utc.replace(tzinfo=None).isoformat(" ", "microseconds") if self._is_sqlite else utc.isoformat()


_TERMS = f"""(NOT new.terms OR (
    SELECT 1 FROM channels c WHERE {_PLACE.format("c")} AND c.charter_state IN ({_HEARD_IN}) LIMIT 1
) IS NOT NULL) AND (new.reads IS NULL OR (
    SELECT 1 FROM opted_out o WHERE o.workspace = new.workspace AND o.person = new.reads LIMIT 1
) IS NULL) AND (new.talk IS NULL OR (
    SELECT 1 FROM dialogues d WHERE {_PLACE.format("d")} AND d.thread = new.talk LIMIT 1
) IS NULL)"""


def _in_order(window: dict[str, Any]) -> tuple[str, str, str]:
    return window["workspace"], window["channel"], window["opened_at"]


def _react() -> Any:
    """Add to the reactions of one trace by somebody else; never below 0."""
    changed = traces.c.reactions + bindparam("more")
    names = ("workspace", "channel", "opened_at", "key")
    one = [traces.c[name] == bindparam(f"one_{name}", type_=traces.c[name].type) for name in names]
    return (
        update(traces)
        .where(*one, traces.c.author != bindparam("by"))
        .values(reactions=case((changed < 0, text("0")), else_=changed))
    )


def _values_of(react: React) -> dict[str, Any]:
    return {
        "one_workspace": react.channel.workspace,
        "one_channel": react.channel.channel,
        "one_opened_at": react.key.opened_at,
        "one_key": react.trace_key,
        "by": react.by,
        "more": react.change,
    }
