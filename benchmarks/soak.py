"""A long, even load on one Kith: python -m benchmarks.soak [--minutes 60] prints memory and waiting times over time."""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path

from benchmarks.inbound import a_slack, door_of, prepared, run_at
from benchmarks.knocking import PEOPLE, Traffic
from tests.postgres import postgres_server


def main() -> None:
    """Print one JSON object a line, each for one stretch of time."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--minutes", type=float, default=60)
    asked.add_argument("--per-second", type=float, default=100)
    asked.add_argument("--stretch", type=float, default=30, help="seconds that one line stands for")
    asked.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    asyncio.run(soaked(asked.parse_args()))


async def soaked(given: argparse.Namespace) -> None:
    """Until the time is over."""
    async with AsyncExitStack() as opened:
        folder = opened.enter_context(tempfile.TemporaryDirectory(prefix="kith-soak-"))
        url = f"sqlite:///{Path(folder) / 'kith.db'}"
        if given.database == "postgres":
            url = opened.enter_context(postgres_server(lasting=True))
        await prepared(url)
        slack = await opened.enter_async_context(a_slack())
        door = await opened.enter_async_context(door_of("kith", "kith", ["--database", url, "--slack", slack], 1))
        traffic = Traffic(seed=int(time.time()))
        await run_at(door, traffic, 8, 2 * len(PEOPLE), people=PEOPLE)
        begun = time.monotonic()
        while (minutes := (time.monotonic() - begun) / 60) < given.minutes:
            used = door.cpu_seconds()
            number = int(given.per_second * given.stretch)
            run = await run_at(door, traffic, 16, number, per_second=given.per_second)
            line = {
                "minute": round(minutes, 1),
                "memory_mib": round(door.memory_mib(), 1),
                "p50_ms": round(run.quantile(0.5), 2),
                "p99_ms": round(run.quantile(0.99), 2),
                "cpu_ms_per_event": round((door.cpu_seconds() - used) * 1000 / number, 3),
                "refused": run.refused,
            }
            print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
