"""What Kith takes up: python -m benchmarks.footprint [--channels 10000] [--traces 10000000].

Cold start to an open door, memory idle and after a while of messages, how large a PostgreSQL with so many channels and
traces is, how long the road's statements take in it, and whether any of them reads a whole table.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Table, text
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.storage import migrate
from adapters.storage.engine import build_engine
from adapters.storage.schema import beginnings, channels, dialogues, metadata, opted_out, taken_back, traces, windows
from adapters.storage.sql import SqlStore, open_store
from benchmarks.doors import WORKSPACE
from benchmarks.inbound import a_slack, door_of, run_at
from benchmarks.knocking import PEOPLE, Traffic
from bot.domain.channel import Channel
from bot.domain.charter import Charter, CharterState
from bot.domain.dialogue import Dialogue
from bot.domain.events import ChannelRef
from bot.domain.outgoing import Outgoing, OutgoingKind
from bot.domain.speech import Place
from bot.domain.window import Terms, Trace
from tests.postgres import postgres_server

ROAD = (beginnings, channels, dialogues, opted_out, taken_back, traces, windows)
"""The tables on the road of a message."""

ROUNDS = 200
FIRST = ChannelRef(WORKSPACE, "C0000")


def main() -> None:
    """Fill a database, measure, and print one JSON object."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--channels", type=int, default=10_000)
    asked.add_argument("--traces", type=int, default=10_000_000)
    asked.add_argument("--events", type=int, default=3000)
    given = asked.parse_args()
    with postgres_server() as url:
        print(json.dumps(asyncio.run(measured(url, given.channels, given.traces, given.events)), indent=1))


async def measured(url: str, many: int, traces_in_all: int, events: int) -> dict[str, Any]:
    """Everything, in the order in which it can be measured."""
    await migrate.upgrade(url)
    now = datetime.now(UTC)
    begun = time.perf_counter()
    await _filled(url, many, traces_in_all // many, now)
    figures: dict[str, Any] = {"channels": many, "traces": many * (traces_in_all // many)}
    figures["filling_seconds"] = round(time.perf_counter() - begun, 1)
    figures["database_mib"] = round(await _number(url, "SELECT pg_database_size(current_database())") / 2**20)
    figures["bytes_a_trace"] = round(await _number(url, "SELECT pg_total_relation_size('traces')") / figures["traces"])
    before = await _whole_reads(url)
    figures["statement_ms"] = await _timed(url, now)
    after = await _whole_reads(url)
    figures["tables_read_whole"] = {name: n - before[name] for name, n in after.items() if n != before[name]}
    return figures | await _process(url, events)


async def _filled(url: str, many: int, each: int, now: datetime) -> None:
    """One channel by the store's own ways, then as many copies of its rows as there are to be."""
    store = await open_store(url)
    charter = Charter(state=CharterState.SPEAKING, since=now, speaks_until=now + timedelta(days=60))
    await store.channels.add(Channel(ref=FIRST, name="talk", charter=charter, look_at=now + timedelta(days=1)))
    key = await store.traces.window_key(FIRST, now - timedelta(days=7))
    await store.traces.remember(FIRST, key, Trace(key="0" * 16, author="a" * 16, at=now - timedelta(days=7)))
    await store.traces.drop(FIRST, key, "f" * 16)
    await store.choices.opt_out(WORKSPACE, "U-out-0")
    talk = Dialogue(thread="t", by="b", salt=b"s" * 16, started_at=now, last_heard="h", replies_at=now)
    said = Outgoing(id="o", place=Place(channel=FIRST), kind=OutgoingKind.DIALOGUE, due_at=now + timedelta(days=1))
    await store.dialogues.answer(said, heard="h", at=now, after=talk)
    await store.close()
    engine = build_engine(url, for_migration=True)
    async with engine.begin() as connection:
        for table in (beginnings, channels, windows, taken_back, dialogues):
            await _copied(
                connection, table, f"generate_series(1, {many - 1}) n", channel="'C' || lpad(n::text, 4, '0')"
            )
        await _copied(connection, opted_out, f"generate_series(1, {many - 1}) n", person="'U-out-' || n")
        source = f"generate_series(1, {each - 1}) k, generate_series(0, {many - 1}) n"
        where = {"channel": "'C' || lpad(n::text, 4, '0')", "key": "lpad(to_hex(k), 16, '0')"}
        moment = "made.at + k * interval '1 second'"
        await _copied(connection, traces, source, **where, author="lpad(to_hex(k % 20), 16, 'a')", at=moment)
    async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        await connection.execute(text("VACUUM ANALYZE"))
    await engine.dispose()


async def _copied(connection: AsyncConnection, table: Table, source: str, **changed: str) -> None:
    """Rows like the one in `table`, with these columns worked out anew for each of `source`."""
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    values = ", ".join(changed.get(column.name, f'made."{column.name}"') for column in table.columns)
    one = f"(SELECT * FROM {table.name} LIMIT 1) made"  # noqa: S608, our own names
    await connection.exec_driver_sql(
        f"INSERT INTO {table.name} ({names}) SELECT {values} FROM {one}, {source} ON CONFLICT DO NOTHING"  # noqa: S608, as above
    )


async def _timed(url: str, now: datetime) -> dict[str, float]:
    """Median milliseconds of each step of the road, by the store's own ways."""
    store = await open_store(url)
    place = [ChannelRef(WORKSPACE, f"C{n:04}") for n in range(ROUNDS)]
    taken = {
        "channel": await _median(lambda n: store.channels.get(place[n])),
        "opted_out": await _median(lambda n: store.choices.opted_out(WORKSPACE, f"U{n}")),
        "window_key": await _median(lambda n: store.traces.window_key(place[n], now)),
        "remember": await _median(lambda n: _remembered(store, place[n], now)),
        "reaction": await _median(lambda n: _reacted(store, place[n], now)),
        "dialogue": await _median(lambda n: store.dialogues.find(place[n], "7")),
        "channels_due": await _median(lambda n: store.channels.due(now)),
        "outbox": await _median(lambda n: store.outbox.take(now, lease=timedelta(minutes=2))),
        "window": await _median(lambda n: store.traces.window(place[n], now), rounds=10),
    }
    await store.close()
    return taken


async def _remembered(store: SqlStore, ref: ChannelRef, now: datetime) -> None:
    key = store.traces.key_at_hand(ref, now, read="U1") or await store.traces.window_key(ref, now)
    trace = Trace(key="e" * 16, author="b" * 16, at=now)
    await store.traces.remember(ref, key, trace, Terms(reads="U1", thread="7"))


async def _reacted(store: SqlStore, ref: ChannelRef, now: datetime) -> None:
    key = store.traces.key_at_hand(ref, now) or await store.traces.window_key(ref, now)
    await store.traces.count_reaction(ref, key, "e" * 16, "c" * 16, 1)


async def _median(step: Callable[[int], Awaitable[object]], *, rounds: int = ROUNDS) -> float:
    took = []
    for n in range(rounds):
        begun = time.perf_counter()
        await step(n)
        took.append((time.perf_counter() - begun) * 1000)
    return round(statistics.median(took), 2)


async def _whole_reads(url: str) -> dict[str, float]:
    """How often each table of the road has been read from end to end."""
    await asyncio.sleep(1.5)  # PostgreSQL counts with a second's delay
    names = {table.name for table in ROAD}
    engine = build_engine(url, for_migration=True)
    async with engine.connect() as connection:
        rows = (await connection.execute(text("SELECT relname, seq_scan FROM pg_stat_user_tables"))).all()
    await engine.dispose()
    return {row.relname: row.seq_scan for row in rows if row.relname in names and row.relname in metadata.tables}


async def _number(url: str, query: str) -> float:
    engine = build_engine(url, for_migration=True)
    async with engine.connect() as connection:
        found = float((await connection.execute(text(query))).scalar_one())
    await engine.dispose()
    return found


async def _process(url: str, events: int) -> dict[str, float]:
    """A process of Kith on this database: until its door is open, idle, and after so many messages."""
    async with AsyncExitStack() as opened:
        slack = await opened.enter_async_context(a_slack())
        begun = time.perf_counter()
        words = ["--database", url, "--slack", slack]
        door = await opened.enter_async_context(door_of("kith", "kith", words, 1))
        ready = time.perf_counter() - begun
        await asyncio.sleep(5)
        idle = door.memory_mib()
        await run_at(door, Traffic(seed=1), 16, events, people=PEOPLE)
        return {
            "cold_start_seconds": round(ready, 2),
            "idle_mib": round(idle, 1),
            "mib_after_events": round(door.memory_mib(), 1),
        }


if __name__ == "__main__":
    main()
