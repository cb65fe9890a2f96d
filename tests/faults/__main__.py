"""`python -m tests.faults --kills 200`: the long storm, on both databases, with what it came to as JSON."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from adapters.storage import migrate
from tests.faults.cutting import cutter
from tests.faults.storm import REPLICAS, Count, sqlite, storm
from tests.postgres import restartable_postgres


def main() -> None:
    """Storm, print, and end with 1 if anything was lost, said too often, or left unsaid."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--kills", type=int, default=20, help="on each database")
    asked.add_argument("--cuts", type=int, default=4, help="of the database's connections, or restarts, by turns")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--databases", default="sqlite,postgres")
    given = asked.parse_args()
    counts = {name: run(name, given.kills, given.cuts, given.seed) for name in given.databases.split(",")}
    print(json.dumps({name: asdict(count) for name, count in counts.items()}, indent=1))
    sys.exit(any(faults(count) for count in counts.values()))


def run(database: str, kills: int, cuts: int, seed: int) -> Count:
    """One storm on a database of its own."""
    if database == "sqlite":
        with tempfile.TemporaryDirectory(prefix="kith-faults-") as folder:
            return asyncio.run(_prepared(sqlite(Path(folder)), kills, seed))
    with restartable_postgres() as (url, restart):
        return asyncio.run(_prepared(url, kills, seed, cuts, restart))


async def _prepared(url: str, kills: int, seed: int, cuts: int = 0, restart: object = None) -> Count:
    await migrate.upgrade(url)
    return await storm(url, kills=kills, seed=seed, cut=cutter(url, restart) if restart else None, cuts=cuts)


def faults(count: Count) -> list[str]:
    """What must never be; a kill, or a cut at each replica, may have one message said twice."""
    rules = {
        "an accepted event was lost": count.lost == 0,
        "somebody was not greeted": count.not_greeted == 0,
        "a question was asked over budget": count.over_budget == 0,
        "something was left unsaid": count.waiting == 0,
        "more was said twice than a kill explains": count.said_again <= count.kills + REPLICAS * count.cuts,
    }
    return [what for what, held in rules.items() if not held]


if __name__ == "__main__":
    main()
