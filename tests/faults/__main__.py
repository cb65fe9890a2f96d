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
from tests.faults.counting import faults
from tests.faults.cutting import Cut, cutter, holder
from tests.faults.storm import storm
from tests.faults.weather import Count, sqlite
from tests.postgres import restartable_postgres


def main() -> None:
    """Storm, print, and end with 1 if anything was lost, said too often, or left unsaid."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--kills", type=int, default=20, help="on each database")
    asked.add_argument("--cuts", type=int, default=4, help="of the database, each for a moment")
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
            url = sqlite(Path(folder))
            return asyncio.run(_prepared(url, kills, seed, cuts, holder(Path(folder) / "kith.db")))
    with restartable_postgres() as (url, restart):
        return asyncio.run(_prepared(url, kills, seed, cuts, cutter(url, restart)))


async def _prepared(url: str, kills: int, seed: int, cuts: int, cut: Cut) -> Count:
    await migrate.upgrade(url)
    return await storm(url, kills=kills, seed=seed, cut=cut, cuts=cuts)


if __name__ == "__main__":
    main()
