"""What it costs to take in one message of Slack's: python -m benchmarks.inbound [--databases sqlite,postgres] ….

A signed message event to its 200 through the whole of Kith (verify, translate, read, remember, decide), beside (a) a
Starlette server that only verifies the signature and (b) a Bolt app with one empty listener, in the same run. Every
door is pinned to one core in turn; the client, a small Slack to look people up in, and PostgreSQL have the others.
With `--core -1 --replicas 1,2,4` several processes of Kith stand on one database, connections shared out among them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from adapters.storage import migrate
from adapters.storage.sql import open_store
from benchmarks.doors import KITH, WORKSPACE
from benchmarks.knocking import CHANNELS, PEOPLE, READ_ON_SHARE, Knocked, Traffic, as_fast_as_it_goes, at_a_rate, lines
from bot.domain.channel import Channel
from bot.domain.charter import Charter, CharterState
from bot.domain.events import ChannelRef
from tests.postgres import postgres_server

Figures = dict[str, float]
HERE = Path(__file__).resolve().parent.parent
HALF_LOAD_SECONDS = 4.0


@dataclass
class Door:
    """A door that is open: its processes and their ports."""

    name: str
    processes: list[int]
    ports: list[int]

    def cpu_seconds(self) -> float:
        """What its processes have used so far."""
        ticks = 0
        for process in self.processes:
            fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(") ")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def memory_mib(self) -> float:
        """Resident memory of all its processes."""
        pages = sum(
            int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]) for process in self.processes
        )
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def main() -> None:
    """Measure and print one JSON object: each door's figures, and ratios to both others."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--databases", default="sqlite,postgres")
    asked.add_argument("--events", type=int, default=6000, help="a run")
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--connections", type=int, default=32, help="to each process")
    asked.add_argument("--replicas", default="1", help="process counts of Kith, with commas between")
    asked.add_argument("--read-on", type=float, default=READ_ON_SHARE, help="how much of it goes to the encoder")
    asked.add_argument(
        "--core",
        type=int,
        default=0,
        help="the core the doors are pinned to; -1: none, for replicas to use all of them",
    )
    asked.add_argument("--plain", action="store_true", help="all doors on asyncio and h11, not uvloop and httptools")
    given = asked.parse_args()
    if hasattr(os, "sched_setaffinity") and given.core >= 0:
        others = os.sched_getaffinity(0) - {given.core}
        os.sched_setaffinity(0, others or {given.core})
    with asyncio.Runner(loop_factory=uvicorn.Config("").get_loop_factory()) as runner:  # the fastest there is
        print(json.dumps(runner.run(measured(given)), indent=1))


async def measured(given: argparse.Namespace) -> dict[str, Figures]:
    """The median of all rounds, door by door."""
    taken: dict[str, list[Figures]] = {}
    async with AsyncExitStack() as opened:
        doors = await _opened(opened, given)
        traffic = Traffic(seed=int(datetime.now(UTC).timestamp()), read_on=given.read_on)
        for door in doors:
            await run_at(
                door,
                traffic,
                given.connections * len(door.processes),
                2 * len(PEOPLE) * len(door.processes),
                people=PEOPLE,
            )
        for _ in range(given.rounds):
            for door in doors:
                taken.setdefault(door.name, []).append(await _measure(door, traffic, given))
    figures = {name: {key: _median(key, runs) for key in runs[0]} for name, runs in taken.items()}
    for name, own in figures.items():
        alone = figures.get(re.sub(r"_\d+$", "", name), own)
        if alone is not own:
            own["throughput_of_one_replica"] = round(own["per_second"] / alone["per_second"], 3)
            own["cpu_of_one_replica"] = round(own["cpu_ms_per_event"] / alone["cpu_ms_per_event"], 3)
        for other in ("bare", "bolt"):
            own[f"throughput_of_{other}"] = round(own["per_second"] / figures[other]["per_second"], 3)
            own[f"events_per_cpu_second_of_{other}"] = round(
                figures[other]["cpu_ms_per_event"] / own["cpu_ms_per_event"], 3
            )
    return figures


def _median(key: str, runs: list[Figures]) -> float:
    return round(statistics.median(run[key] for run in runs), 3)


async def _opened(opened: AsyncExitStack, given: argparse.Namespace) -> list[Door]:
    folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="kith-benchmark-")))
    slack = await opened.enter_async_context(a_slack())
    common = ["--core", str(given.core), *(["--plain"] if given.plain else [])]
    doors = [await opened.enter_async_context(door_of(name, name, common, 1)) for name in ("bare", "bolt")]
    for database in filter(None, given.databases.split(",")):
        for replicas in map(int, given.replicas.split(",")):
            name = f"kith_{database}" + (f"_{replicas}" if replicas > 1 else "")
            url = f"sqlite:///{folder}/{name}.db"
            if database == "postgres":
                url = opened.enter_context(postgres_server(lasting=True))
            await prepared(url)
            words = [*common, "--database", url, "--slack", slack]
            doors.append(await opened.enter_async_context(door_of(name, "kith", words, replicas)))
    return doors


async def _measure(door: Door, traffic: Traffic, given: argparse.Namespace) -> Figures:
    before = door.cpu_seconds()
    full = await run_at(door, traffic, given.connections * len(door.processes), given.events)
    used = door.cpu_seconds() - before
    half = full.per_second / 2
    calm = await run_at(
        door, traffic, given.connections * len(door.processes), int(half * HALF_LOAD_SECONDS), per_second=half
    )
    return {
        "per_second": full.per_second,
        "p50_ms": full.quantile(0.5),
        "p99_ms": full.quantile(0.99),
        "cpu_ms_per_event": used * 1000 / given.events,
        "half_load_p50_ms": calm.quantile(0.5),
        "half_load_p99_ms": calm.quantile(0.99),
        "half_load_most_ms": calm.waits[-1],
        "memory_mib": door.memory_mib(),
        "refused": full.refused + calm.refused,
    }


async def run_at(
    door: Door,
    traffic: Traffic,
    connections: int,
    events: int,
    *,
    people: Sequence[str] = (),
    per_second: float = 0.0,
) -> Knocked:
    """So many requests, as fast as they are answered or so many per second."""
    requests = traffic.requests(events, people=people)
    held = await lines(door.ports, connections)
    try:
        if per_second:
            return await at_a_rate(held, requests, per_second)
        return await as_fast_as_it_goes(held, requests)
    finally:
        for line in held:
            line.close()


@asynccontextmanager
async def door_of(name: str, kind: str, words: list[str], replicas: int) -> AsyncIterator[Door]:
    """So many processes of a door, open until the end."""
    command = [sys.executable, "-m", "benchmarks.doors", kind, *words]
    processes: list[Process] = []
    ports: list[int] = []
    try:
        for _ in range(replicas):
            process = await asyncio.create_subprocess_exec(*command, cwd=HERE, stdout=subprocess.PIPE)
            processes.append(process)
            assert process.stdout is not None  # noqa: S101, it was asked for
            ports.append(int(await process.stdout.readline()))
        yield Door(name, [process.pid for process in processes], ports)
    finally:
        for process in processes:
            if process.returncode is None:
                process.terminate()
            await process.wait()


async def prepared(url: str) -> None:
    """A database with Kith in every channel, speaking."""
    await migrate.upgrade(url)
    store = await open_store(url)
    now = datetime.now(UTC)
    charter = Charter(
        state=CharterState.SPEAKING,
        since=now - timedelta(days=20),
        listening_since=now - timedelta(days=40),
        speaks_until=now + timedelta(days=60),
    )
    for channel in CHANNELS:
        await store.channels.add(Channel(ref=ChannelRef(WORKSPACE, channel), name=channel.lower(), charter=charter))
    await store.close()


@asynccontextmanager
async def a_slack() -> AsyncIterator[str]:
    """The address of a Slack that says who Kith and the people are, and takes whatever is posted."""

    async def method(request: Request) -> JSONResponse:
        match request.path_params["method"]:
            case "auth.test":
                return JSONResponse({"ok": True, "team_id": WORKSPACE, "user_id": KITH, "bot_id": "B0KITH"})
            case "users.info":
                user = {"id": request.query_params["user"], "team_id": WORKSPACE}
                return JSONResponse({"ok": True, "user": user})
            case _:
                return JSONResponse({"ok": True, "ts": "1772445600.000001"})

    app = Starlette(routes=[Route("/api/{method}", method, methods=["GET", "POST"])])
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", access_log=False))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110, uvicorn tells nobody when it has begun
        await asyncio.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving


if __name__ == "__main__":
    main()
