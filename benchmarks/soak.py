"""A long, even load on one Kith: python -m benchmarks.soak [--minutes 60] prints memory and waiting times over time.

A bare server is asked meanwhile, a quarter as often, so that a machine that gets busier is told from a Kith that gets
slower. At the end come the medians of the first, second and last third of the time.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
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
        bare = await opened.enter_async_context(door_of("bare", "bare", [], 1))
        await run_at(door, traffic, 8, 2 * len(PEOPLE), people=PEOPLE)
        lines: list[dict[str, float]] = []
        begun = time.monotonic()
        while (minutes := (time.monotonic() - begun) / 60) < given.minutes:
            used = door.cpu_seconds()
            number = int(given.per_second * given.stretch)
            run, beside = await asyncio.gather(
                run_at(door, traffic, 16, number, per_second=given.per_second),
                run_at(bare, traffic, 4, number // 4, per_second=given.per_second / 4),
            )
            line = {
                "minute": round(minutes, 1),
                "memory_mib": round(door.memory_mib(), 1),
                "p50_ms": round(run.quantile(0.5), 2),
                "p99_ms": round(run.quantile(0.99), 2),
                "bare_p50_ms": round(beside.quantile(0.5), 2),
                "bare_p99_ms": round(beside.quantile(0.99), 2),
                "p50_of_bare": round(run.quantile(0.5) / beside.quantile(0.5), 2),
                "cpu_ms_per_event": round((door.cpu_seconds() - used) * 1000 / number, 3),
                "refused": run.refused,
            }
            lines.append(line)
            print(json.dumps(line), flush=True)
        print(json.dumps({"thirds": thirds(lines)}, indent=1))


def thirds(lines: list[dict[str, float]]) -> dict[str, list[float]]:
    """Each figure's median in the first, second and last third of the time."""
    each = max(1, len(lines) // 3)
    parts = lines[:each], lines[each:-each] or lines[:each], lines[-each:]
    return {name: [round(statistics.median(line[name] for line in part), 2) for part in parts] for name in lines[0]}


if __name__ == "__main__":
    main()
