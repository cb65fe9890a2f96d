"""`kith serve --workers`: several processes behind one door, which stop without losing what they accepted."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, suppress
from pathlib import Path

import httpx2

from adapters.scheduler import MachineClock
from adapters.storage import migrate
from adapters.storage.sql import open_store
from bot.domain.charter import Charter, CharterState
from bot.domain.events import ChannelRef
from tests.postgres import free_port
from tests.slack.web_api import KITH, TOKEN, WORKSPACE, FakeSlack, listening
from tests.slack.workspace import SECRET, signed
from tests.storage.samples import a_channel

C1 = ChannelRef(WORKSPACE, "C1")


@asynccontextmanager
async def serving(folder: Path, slack: str, *words: str, **more: str) -> AsyncIterator[tuple[Process, str]]:
    """Kith as people start it, and the address of its door."""
    settings = {
        "KITH_DATABASE_URL": f"sqlite:///{folder}/kith.db",
        "KITH_SLACK_BOT_TOKEN": TOKEN,
        "KITH_SLACK_SIGNING_SECRET": SECRET,
        "KITH_SLACK_API_URL": f"{slack}/api/",
        "KITH_DOOR_PORT": "0",
        **more,
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.cli", "serve", *words),
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(Path.cwd()), "PYTHONUNBUFFERED": "1", **settings},
        cwd=folder,
        stdout=PIPE,
        stderr=DEVNULL,
        start_new_session=True,
    )
    assert process.stdout is not None
    try:
        while b"/slack/events" not in (line := await asyncio.wait_for(process.stdout.readline(), 30)):
            assert line, "Kith ended before its door was open"
        yield process, line.decode().split()[-1]
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


def message(number: int) -> str:
    ts = f"{int(MachineClock().now().timestamp())}.{number:06d}"
    posted = {"type": "message", "user": "U1ANA", "text": "morning all", "ts": ts, "channel": "C1"}
    around = {"type": "event_callback", "team_id": WORKSPACE, "event_id": f"Ev{number}", "event_time": 1}
    return json.dumps({**around, "authorizations": [{"team_id": WORKSPACE, "user_id": KITH}], "event": posted})


async def test_two_processes_share_a_door_and_stop_without_losing_what_they_accepted(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/kith.db"
    await migrate.upgrade(url)
    store = await open_store(url)
    now = MachineClock().now()
    await store.channels.add(a_channel(C1, charter=Charter(state=CharterState.LISTENING, since=now)))
    statuses: list[int] = []
    some = asyncio.Event()

    async def knock(client: httpx2.AsyncClient, door: str, number: int) -> None:
        body = message(number)
        headers = {"content-type": "application/json", **signed(body, MachineClock().now())}
        with suppress(httpx2.HTTPError):  # came after the door was shut: not accepted
            statuses.append((await client.post(door, content=body, headers=headers)).status_code)
            some.set() if len(statuses) == 10 else None

    async with (
        listening(FakeSlack().app) as slack,
        serving(tmp_path, slack, "--workers", "2") as (process, door),
        httpx2.AsyncClient(trust_env=False, verify=False, timeout=60) as client,
    ):
        await knock(client, door, 0)
        assert statuses == [200]
        work = [asyncio.create_task(knock(client, door, number)) for number in range(1, 60)]
        await some.wait()
        process.send_signal(signal.SIGTERM)
        await asyncio.gather(*work)
        assert await asyncio.wait_for(process.wait(), 20) == 0
    accepted = statuses.count(200)
    window = await store.traces.window(C1, MachineClock().now())
    await store.close()
    assert set(statuses) == {200}
    assert len(window.traces) == accepted


def two_free_ports() -> int:
    """The first of three ports in a row that nobody listens at."""
    while True:
        port = free_port()
        with suppress(OSError), ExitStack() as held:
            for number in range(3):
                held.enter_context(socket.socket()).bind(("127.0.0.1", port + number))
            return port


async def begun_at(client: httpx2.AsyncClient, port: int) -> str:
    """When the process began whose figures are at this port, once it is ready."""
    async with asyncio.timeout(40):
        while True:
            with suppress(httpx2.HTTPError):
                if (await client.get(f"http://127.0.0.1:{port}/readyz")).status_code == 200:
                    page = (await client.get(f"http://127.0.0.1:{port}/metrics")).text
                    assert "kith_tick_seconds_count" in page
                    return next(line for line in page.splitlines() if line.startswith("process_start_time_seconds "))
            await asyncio.sleep(0.1)


def workers_of(process: int) -> list[int]:
    """The processes that it has begun to serve."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    return [int(c) for c in children if b"spawn_main" in Path(f"/proc/{c}/cmdline").read_bytes()]


async def test_each_process_tells_its_own_figures_and_who_takes_its_place_takes_its_port(tmp_path: Path) -> None:
    port = two_free_ports()
    async with (
        listening(FakeSlack().app) as slack,
        serving(tmp_path, slack, "--workers", "2", KITH_METRICS_PORT=str(port)) as (process, _),
        httpx2.AsyncClient(trust_env=False, verify=False, timeout=60) as client,
    ):
        before = [await begun_at(client, port), await begun_at(client, port + 1)]  # both may begin in the same tick
        os.kill(workers_of(process.pid)[0], signal.SIGKILL)
        async with asyncio.timeout(60):
            while (after := [await begun_at(client, port), await begun_at(client, port + 1)]) == before:
                pass  # their parent looks after them twice a second
        assert [one == other for one, other in zip(before, after, strict=True)].count(True) == 1
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 20) == 0
