"""A storm: three replicas under load, killed at random, on a database that is cut off and restarted; then the count."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters.scheduler import MachineClock
from adapters.storage.sql import open_store
from benchmarks.knocking import Line, signed_as
from bot.domain.charter import CharterState
from bot.domain.events import ChannelRef
from tests.faults.replica import SECRET
from tests.faults.slack import KITH, WORKSPACE, MoodySlack
from tests.postgres import free_port
from tests.slack.web_api import listening

REPLICAS = 3
CHANNELS = [f"C{number:03}" for number in range(8)]
CLEAR = "We need 500 posts in #ideas by March. I don't mind what's in them, the leaderboard goes up on Friday."
ORDINARY = ("morning all, is the build green again?", "done", "thanks! lunch at half twelve?", "ok")
JUMP = 45.0
"""Seconds that a replica's clock may be wrong. Leases bear it: they last two minutes, and posting 20 s at most."""


@dataclass(kw_only=True)
class Count:
    """What a storm came to."""

    kills: int = 0
    cuts: int = 0
    accepted: int = 0
    lost: int = 0
    invited: int = 0
    not_greeted: int = 0
    said: int = 0
    said_again: int = 0
    over_budget: int = 0
    waiting: int = 0


@dataclass(kw_only=True)
class Storm:
    """Everything that is under way."""

    database: str
    slack: str
    moody: MoodySlack
    rng: random.Random
    zygote: Process
    base: float
    ports: list[int] = field(default_factory=lambda: [free_port() for _ in range(REPLICAS)])
    running: dict[int, int] = field(default_factory=dict)
    accepted: dict[str, str] = field(default_factory=dict)
    count: Count = field(default_factory=Count)
    over: bool = False

    async def start(self, port: int, *, ahead: float = 0.0) -> None:
        """A replica at this port, in the place of one that was killed."""
        orders = {"database": self.database, "slack": self.slack, "port": port, "ahead": self.base + ahead}
        assert self.zygote.stdin is not None and self.zygote.stdout is not None
        self.zygote.stdin.write(json.dumps(orders).encode() + b"\n")
        self.running[port] = int(await self.zygote.stdout.readline())

    async def knock(self, body: dict[str, object]) -> None:
        """Deliver an event as Slack does: until somebody answers 200, and now and then once more."""
        payload, again = json.dumps(body).encode(), self.rng.random() < 0.1
        while True:
            now = MachineClock().now().timestamp() + self.base
            with suppress(OSError, TimeoutError):
                if await _delivered(self.rng.choice(self.ports), signed_as(SECRET, payload, stamp=str(int(now)))):
                    if not again:
                        return
                    again = False
            await asyncio.sleep(self.rng.uniform(0.02, 0.3))

    def event(self, event: Mapping[str, object], name: str) -> dict[str, object]:
        """An Events API body around `event`."""
        authorized = [{"team_id": WORKSPACE, "user_id": KITH, "is_bot": True}]
        around = {"type": "event_callback", "team_id": WORKSPACE, "event_id": name, "event_time": int(self.base)}
        return {**around, "authorizations": authorized, "event": event}


async def _delivered(port: int, request: bytes) -> bool:
    async with asyncio.timeout(3):
        _, line = await asyncio.get_running_loop().create_connection(Line, "127.0.0.1", port)
        try:
            return await line.ask(request) == 200
        finally:
            line.close()


@asynccontextmanager
async def _zygote() -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.faults.replica"), stdin=PIPE, stdout=PIPE, start_new_session=True
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # and all its replicas
        await process.wait()


async def storm(
    database: str, *, kills: int, seed: int, cut: Callable[[int], Awaitable[None]] | None = None, cuts: int = 0
) -> Count:
    """Kill so many replicas under load, `cut` the database so often, then let the rest finish, and count."""
    rng = random.Random(seed)  # noqa: S311, a storm needs no secrecy
    moody = MoodySlack(rng)
    monday = datetime(2026, 3, 2, 9, tzinfo=UTC)  # working hours, whenever this runs
    async with listening(moody.app) as slack, _zygote() as zygote:
        s = Storm(
            database=database,
            slack=slack,
            moody=moody,
            rng=rng,
            zygote=zygote,
            base=monday.timestamp() - MachineClock().now().timestamp(),
        )
        for port in s.ports:
            await s.start(port)
        await _invite(s, CHANNELS)
        await _agree(s)
        await _open(s)
        moody.well = False
        talkers = [asyncio.create_task(_talk(s, number)) for number in range(6)]
        await _fail(s, kills, cut, cuts)
        s.over = True
        await asyncio.gather(*talkers)
        await _let_finish(s)
        return await _counted(s)


async def _invite(s: Storm, channels: list[str]) -> None:
    joined = {"type": "member_joined_channel", "user": KITH, "inviter": "U1"}
    stamp = f"{int(MachineClock().now().timestamp() + s.base)}.000001"
    events = [s.event({**joined, "channel": c, "event_ts": stamp}, f"Ev-{c}") for c in channels]
    await asyncio.gather(*(s.knock(event) for event in events))
    s.count.invited += len(channels)


async def _agree(s: Storm) -> None:
    """Wait for the first channels' introductions, then let Kith speak there, as after fourteen days and a yes."""
    store = await open_store(s.database)
    now = MachineClock().now() + timedelta(seconds=s.base)
    while True:
        channels = await store.channels.all(WORKSPACE)
        for channel in channels:
            if channel.charter.state is CharterState.LISTENING:
                charter = replace(channel.charter, state=CharterState.SPEAKING, speaks_until=now + timedelta(days=60))
                await store.channels.save(replace(channel, charter=charter))
        if len(channels) == len(CHANNELS) and all(c.charter.state is CharterState.SPEAKING for c in channels):
            break
        await asyncio.sleep(0.2)
    await store.close()


async def _open(s: Storm) -> None:
    """The first message of each channel opens its first window; what was written before that is over already."""
    for channel in CHANNELS:
        ts = f"{int(MachineClock().now().timestamp() + s.base) - 60}.{CHANNELS.index(channel):06}"
        posted = {"type": "message", "user": "U0", "text": "hello", "ts": ts, "channel": channel}
        await s.knock(s.event(posted, f"Ev-{channel}-first"))
        s.accepted[ts] = channel


async def _talk(s: Storm, talker: int) -> None:
    """One person after another says something, most of it ordinary; channels are joined by the way."""
    number = 0
    while not s.over:
        number += 1
        channel, now = s.rng.choice(CHANNELS), MachineClock().now().timestamp() + s.base
        ts = f"{int(now)}.{talker:02}{number:04}"
        text = CLEAR if s.rng.random() < 0.02 else s.rng.choice(ORDINARY)
        posted = {"type": "message", "user": f"U{talker}", "text": text, "ts": ts, "channel": channel}
        await s.knock(s.event({**posted, "channel_type": "channel"}, f"Ev-{talker}-{number}"))
        s.accepted[ts] = channel
        if number % 12 == 0:
            await _invite(s, [f"CNEW{talker}{number:04}"])


async def _fail(s: Storm, kills: int, cut: Callable[[int], Awaitable[None]] | None, cuts: int) -> None:
    cut_after = {round((n + 1) * kills / (cuts + 1)) for n in range(cuts)} if cut else set()
    for number in range(kills):
        await asyncio.sleep(s.rng.uniform(0.3, 1.5))
        for port, pid in list(s.running.items()):
            if not Path(f"/proc/{pid}").exists():  # its database was away as it began: whoever runs it begins it anew
                await s.start(port)
        port = s.rng.choice(s.ports)
        os.kill(s.running[port], signal.SIGKILL)
        s.count.kills += 1
        await s.start(port, ahead=s.rng.choice((-JUMP, 0.0, 0.0, JUMP)))
        if cut is not None and number in cut_after:
            await cut(number)
            s.count.cuts += 1


async def _let_finish(s: Storm) -> None:
    """All leases run out, the platform is well, and what waits is said: replicas whose clocks are a while ahead."""
    s.moody.well = True
    for pid in s.running.values():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    await s.start(s.ports[0], ahead=3 * 3600)
    store = await open_store(s.database)
    for _ in range(150):
        await asyncio.sleep(0.2)
        async with store._db.reading() as connection:
            s.count.waiting = (await connection.exec_driver_sql("SELECT count(*) FROM outbox")).scalar_one()
        if not s.count.waiting:
            break
    await store.close()


async def _counted(s: Storm) -> Count:
    store, count = await open_store(s.database), s.count
    at = MachineClock().now() + timedelta(seconds=s.base)
    for channel in CHANNELS:
        ref = ChannelRef(WORKSPACE, channel)
        key = await store.traces.window_key(ref, at)
        kept = {trace.key for trace in (await store.traces.window(ref, at)).traces}
        told = [ts for ts, where in s.accepted.items() if where == channel]
        count.accepted += len(told)
        count.lost += sum(key.pseudonym(ts) not in kept for ts in told)
        count.over_budget += max(0, len(await store.ledger.entries(ref, at_most=99, asked=True)) - 1)
    greeted = {channel for channel, _ in s.moody.said}
    count.not_greeted = sum(c.ref.channel not in greeted for c in await store.channels.all(WORKSPACE))
    count.not_greeted += count.invited - len(await store.channels.all(WORKSPACE))
    count.said = s.moody.said.total()
    count.said_again = sum(times - 1 for times in s.moody.said.values())
    await store.close()
    return count


def sqlite(folder: Path) -> str:
    """The address of a database in `folder`."""
    return f"sqlite:///{folder / 'kith.db'}"
