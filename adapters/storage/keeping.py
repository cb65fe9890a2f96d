"""Keeps traces and counts reactions, as many as there are, in one transaction with a handful of statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from adapters.storage.columns import packed
from adapters.storage.straight import Ask, Steps, Straight, Write, WriteEach
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

_OPENED_AT = list(_COLUMNS).index("opened_at")

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

    def __init__(self, straight: Straight, *, sqlite: bool) -> None:
        self._straight = straight
        self._is_sqlite = sqlite
        salt = "lower(hex(w.salt))" if sqlite else "encode(w.salt, 'hex')"
        source = self._source()
        window = f"SELECT 1 FROM windows w WHERE {_WINDOW.format(salt=salt)} LIMIT 1"
        gone = f"(SELECT 1 FROM taken_back g WHERE {_MESSAGE.format('g')} LIMIT 1)"
        self._open = f"{source} SELECT new.n FROM new WHERE ({window}) IS NOT NULL"
        if not sqlite:
            self._open = f"{source} SELECT new.n FROM new CROSS JOIN LATERAL ({window} FOR KEY SHARE) held"
        self._known = (
            f"{source} SELECT new.n FROM new WHERE {gone} IS NOT NULL "
            f"OR (SELECT 1 FROM traces t WHERE {_MESSAGE.format('t')} LIMIT 1) IS NOT NULL"
        )
        self._keep = (
            f"{source} INSERT INTO traces ({', '.join(_KEPT)}) SELECT {', '.join(f'new.{name}' for name in _KEPT)} "
            f"FROM new WHERE ({window}) IS NOT NULL AND {gone} IS NULL AND {_TERMS} ON CONFLICT DO NOTHING"
        )
        self._keep_and_tell = f"{self._keep} RETURNING workspace, channel, opened_at, key"
        self._react = _react("?" if sqlite else "$")

    async def write(self, jobs: Sequence[Job]) -> Sequence[Kept]:
        """What became of each, in order, committed. Nearly always all traces are new, and to see that
        costs less than to be told of each."""
        try:
            return await self._straight.take(self._written(jobs))
        except _NotAllNewError:
            return await self._straight.take(self._written(jobs, looking=True))

    def _written(self, jobs: Sequence[Job], *, looking: bool = False) -> Steps[list[Kept]]:
        """Write them all; unless it is `looking` at what became of each, _NotAllNewError where a trace is not new."""
        keeps = [(n, job) for n, job in enumerate(jobs) if isinstance(job, Keep)]
        reacts = [(n, job) for n, job in enumerate(jobs) if isinstance(job, React)]
        outcomes = [Kept.REFUSED] * len(jobs)
        if reacts or not self._is_sqlite:  # on PostgreSQL nobody may take a message back meanwhile
            windows = [self._window(n, job) for n, job in enumerate(jobs)]
            windows.sort(key=_in_order)  # whoever holds several takes them in the same order as all others
            still_open = {row[0] for row in (yield Ask(self._open, _given(windows)))}
            for n, _ in reacts:
                outcomes[n] = Kept.NEW if n in still_open else Kept.REFUSED
        if keeps and looking:
            yield from self._looked_at(keeps, outcomes)
        elif keeps:
            if (yield Write(self._keep, _given([self._row(n, keep) for n, keep in keeps]))) < len(keeps):
                raise _NotAllNewError
            for n, _ in keeps:
                outcomes[n] = Kept.NEW
        if reacts:
            yield WriteEach(self._react, [self._reaction(job) for _, job in reacts])
        return outcomes

    def _looked_at(self, keeps: list[tuple[int, Keep]], outcomes: list[Kept]) -> Steps[None]:
        """Keep them and note what became of each."""
        rows = [self._row(n, keep) for n, keep in keeps]
        written = {tuple(row) for row in (yield Ask(self._keep_and_tell, _given(rows)))}
        again = False
        for (n, keep), row in zip(keeps, rows, strict=True):
            opened_at = row[_OPENED_AT] if self._is_sqlite else keep.key.opened_at
            place = (keep.channel.workspace, keep.channel.channel, opened_at, keep.trace.key)
            if place in written:
                outcomes[n] = Kept.NEW
                written.discard(place)  # the same message twice in one group is new once
            else:
                again = True
        if again:
            for row in (yield Ask(self._known, _given(rows))):
                if outcomes[row[0]] is not Kept.NEW:
                    outcomes[row[0]] = Kept.BEFORE

    def _source(self) -> str:
        """A table `new` out of the one parameter, a list of rows in JSON with a value for each of _COLUMNS."""
        if self._is_sqlite:
            fields = ", ".join(f"value ->> {n} AS {name}" for n, name in enumerate(_COLUMNS))
            return f"WITH new AS MATERIALIZED (SELECT {fields} FROM json_each(?))"
        fields = ", ".join(
            f"CAST(value ->> {n} AS {kind}) AS {name}" for n, (name, kind) in enumerate(_COLUMNS.items())
        )
        return f"WITH new AS MATERIALIZED (SELECT {fields} FROM jsonb_array_elements(CAST($1 AS text)::jsonb))"

    def _window(self, n: int, job: Job) -> list[Any]:
        """The first of _COLUMNS."""
        return [n, job.channel.workspace, job.channel.channel, self._stamp(job.key.opened_at), job.key.salt.hex()]

    def _row(self, n: int, keep: Keep) -> list[Any]:
        """All of _COLUMNS."""
        trace, terms = keep.trace, keep.terms
        return [
            *self._window(n, keep),
            trace.key,
            trace.author,
            self._stamp(trace.at),
            trace.thread,
            trace.question,
            trace.edited,
            trace.reactions,
            packed(dict(trace.evidence)),
            packed(list(trace.topics)),
            terms is not None,
            terms.reads if terms else None,
            terms.thread if terms else None,
        ]

    def _reaction(self, react: React) -> list[Any]:
        place = react.channel.workspace, react.channel.channel, self._stamp(react.key.opened_at), react.trace_key
        return [*place, react.by, react.change]

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


class _NotAllNewError(Exception):
    """Some of the traces were kept before, or are not to be kept."""


def _given(rows: Sequence[Sequence[Any]]) -> str:
    return orjson.dumps(rows).decode()


def _in_order(window: Sequence[Any]) -> tuple[str, str, str]:
    return window[1], window[2], window[3]


def _react(mark: str) -> str:
    """Add to the reactions of one trace by somebody else; never below 0."""
    workspace, channel, opened_at, key, by = (f"CAST({mark}{n} AS text)" for n in range(1, 6))
    changed = f"reactions + CAST({mark}6 AS integer)"
    if mark == "$":
        opened_at = f"{opened_at}::timestamptz"
    return (
        f"UPDATE traces SET reactions = CASE WHEN {changed} < 0 THEN 0 ELSE {changed} END "
        f"WHERE workspace = {workspace} AND channel = {channel} AND opened_at = {opened_at} "
        f"AND key = {key} AND author <> {by}"
    )
