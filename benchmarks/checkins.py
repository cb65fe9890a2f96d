"""100,000 check-ins due in one minute: python -m benchmarks.checkins [--check-ins N] [--processes 1,2].

Every channel has one check-in, all of them due within the same minute. Real processes, each with connections of its
own, claim what is due until nothing is left, as `Kith.tick` does: the runs, what is to be said and the next slots in
the same transactions. Then the database is asked whether any slot was claimed twice or not at all. Prints one JSON
object; seconds are from the first claim of the first process to the last of the last.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url

from adapters.almanac import LibraryAlmanac
from adapters.prompt_files import shipped_content
from adapters.storage import migrate
from adapters.storage.engine import build_engine
from adapters.storage.sql import open_store
from bot.domain.firing import fired
from bot.usecases.check_ins.clock import AT_ONCE
from tests.postgres import postgres_server

HERE = Path(__file__).resolve().parent.parent
DUE = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""The minute's beginning, a Monday at nine."""

ZONES = ("UTC", "Africa/Abidjan", "Atlantic/Reykjavik", "Europe/Dublin", "Europe/Lisbon", "Atlantic/Canary")
"""Zones in which it is nine o'clock then."""

FILL = """
INSERT INTO channels (workspace, channel, name, kind, charter_state, charter_since, profile, opens, closes, zone,
                      locale, not_here_in_a_row, version)
SELECT 'T' || n % 50, 'C' || n, 'channel', 'conversation', 'speaking', now(), 'gentle', '09:00', '17:00', 'UTC',
       'en', 0, 0
FROM generate_series(1, {n}) n;
INSERT INTO check_ins (workspace, channel, id, made, rhythm, at, zone, country, asks, own_question, answering,
                       open_minutes, reminds, turn, next_day, next_at, version)
SELECT 'T' || n % 50, 'C' || n, lpad(to_hex(n), 12, '0'), 1, '{{"every":1,"on":[0,2],"since":"2026-01-05"}}',
       time '09:00' + n % 60 * interval '1 second', (ARRAY{zones})[1 + n % {zone_count}],
       (ARRAY['', '', 'DE-BY', 'US'])[1 + n % 4], 'rotation', '', 'form', 1440, false, 0,
       date '2026-03-02', timestamptz '2026-03-02 09:00:00+00' + n % 60 * interval '1 second', 0
FROM generate_series(1, {n}) n;
ANALYZE;
"""


def main() -> None:
    """Measure with as many processes as asked for, each time on a fresh copy of the same database."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--check-ins", type=int, default=100_000)
    asked.add_argument("--processes", default="1,2")
    asked.add_argument("--worker", help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.worker:
        print(json.dumps(asyncio.run(claim_all(given.worker))))
        return
    with postgres_server(lasting=True) as server:
        asyncio.run(filled(server, given.check_ins))
        counts = [int(count) for count in given.processes.split(",")]
        runs = [measured(server, count, given.check_ins) for count in counts]
    print(json.dumps({"check_ins": given.check_ins, "claimed_at_once": AT_ONCE, "runs": runs}, indent=2))


async def filled(server: str, n: int) -> None:
    """The database that all others are copies of."""
    await administered(server, "CREATE DATABASE filled TEMPLATE template0")
    url = named(server, "filled")
    await migrate.upgrade(url)
    zones = "[" + ",".join(f"'{zone}'" for zone in ZONES) + "]"
    script = FILL.format(n=n, zones=zones, zone_count=len(ZONES))
    await administered(url, *(part for part in script.split(";") if part.strip()))


def measured(server: str, processes: int, n: int) -> dict[str, object]:
    """Claim everything with so many processes, and look at what is in the database afterwards."""
    name = f"with_{processes}"
    asyncio.run(administered(server, f"CREATE DATABASE {name} TEMPLATE filled"))
    url = named(server, name)
    command = (sys.executable, "-m", "benchmarks.checkins", "--worker", url)
    running = [subprocess.Popen(command, cwd=HERE, stdout=subprocess.PIPE, text=True) for _ in range(processes)]
    workers = [json.loads(process.communicate()[0]) for process in running]
    seconds = max(worker["ended"] for worker in workers) - min(worker["began"] for worker in workers)
    found = asyncio.run(counted(url))
    if found != {"runs": n, "queued": n, "turns": n, "still_due": 0}:
        raise SystemExit(f"something was claimed twice, or not at all: {found}")
    return {
        "processes": processes,
        "seconds": round(seconds, 2),
        "per_second": round(n / seconds),
        "cpu_seconds": round(sum(worker["cpu"] for worker in workers), 2),
        "claimed": [worker["claimed"] for worker in workers],
        "longest_stall_ms": round(max(worker["stall"] for worker in workers) * 1000),
        "twice": 0,
        "missed": 0,
    }


async def claim_all(url: str) -> dict[str, float]:
    """One process's share: when it began and ended, the CPU it used, and how long its loop stood still at most."""
    store, almanac, content = await open_store(url), LibraryAlmanac(), shipped_content()
    for country in ("DE-BY", "US"):  # the library takes half a second to load, once a process
        almanac.is_holiday(country, DUE.date())
    now = DUE + timedelta(minutes=1)
    step = partial(fired, now=now, almanac=almanac, content=content)
    stalls: list[float] = []
    watching = asyncio.create_task(watch(stalls))
    began, cpu, claimed = time.time(), used(), 0
    while taken := await store.check_ins.claim(now, step, at_most=AT_ONCE):
        claimed += taken
    ended = time.time()
    watching.cancel()
    await store.close()
    return {"began": began, "ended": ended, "cpu": used() - cpu, "claimed": claimed, "stall": max(stalls, default=0)}


async def watch(stalls: list[float]) -> None:
    """Note by how much the loop was late, a hundred times a second."""
    while True:
        before = time.perf_counter()
        await asyncio.sleep(0.01)
        stalls.append(time.perf_counter() - before - 0.01)


async def counted(url: str) -> dict[str, int]:
    """Runs, outbox rows and turns taken, each check-in's own once, and what is due still."""
    queries = {
        "runs": "SELECT count(DISTINCT (workspace, channel, check_in)) FROM check_in_runs WHERE state = 'waiting'",
        "queued": "SELECT count(DISTINCT about) FROM outbox WHERE kind = 'check_in'",
        "turns": "SELECT sum(turn) FROM check_ins WHERE turn = 1",
        "still_due": "SELECT count(*) FROM check_ins WHERE next_at <= '2026-03-02 09:01:00+00'",
    }
    engine = build_engine(url, for_migration=True)
    async with engine.connect() as connection:
        found = {
            name: int((await connection.execute(text(query))).scalar_one() or 0) for name, query in queries.items()
        }
        rows = (await connection.execute(text("SELECT count(*) FROM check_in_runs"))).scalar_one()
    await engine.dispose()
    return found if rows == found["runs"] else found | {"runs": int(rows)}


async def administered(url: str, *statements: str) -> None:
    """Run statements one by one, outside any transaction."""
    engine = build_engine(url, for_migration=True).execution_options(isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        for statement in statements:
            await connection.execute(text(statement.replace(":", r"\:")))
    await engine.dispose()


def named(server: str, database: str) -> str:
    """The URL of a database of this server."""
    return make_url(server).set(database=database).render_as_string(hide_password=False)


def used() -> float:
    """CPU seconds of this process so far."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main()
