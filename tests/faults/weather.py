"""What goes wrong in a storm: kills, clocks that jump, deliveries that break and repeat, a database that is gone."""

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
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from benchmarks.knocking import Line, signed_as
from bot.domain.check_in import CheckIn
from tests.faults.clocks import StormClock
from tests.faults.replica import SECRET
from tests.faults.slack import KITH, WORKSPACE, MoodySlack
from tests.postgres import free_port

REPLICAS = 3
CHANNELS = [f"C{number:03}" for number in range(8)]
BEGINS = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""A Monday's working hours, whenever this runs."""

JUMP = 45.0
"""Seconds that a replica's clock may be wrong. Leases bear it: they last two minutes, and posting 20 s at most."""

KILLS_A_JUMP = 12
"""So many kills, and then all clocks jump ahead."""

A_KILL = 6
"""So many messages at least are accepted between two kills, if it takes no longer than four seconds."""

_DAWN = time(8, 59, 58)


@dataclass(kw_only=True)
class Count:
    """What a storm came to. `slots` are the check-ins' that came; `missed` the runs noted as too late."""

    kills: int = 0
    cuts: int = 0
    jumps: int = 0
    accepted: int = 0
    lost: int = 0
    taken_back: int = 0
    kept_all_the_same: int = 0
    invited: int = 0
    not_greeted: int = 0
    said: int = 0
    said_again: int = 0
    unanswered: int = 0
    over_budget: int = 0
    waiting: int = 0
    slots: int = 0
    edits: int = 0
    runs_said: int = 0
    runs_late: int = 0
    runs_silent: int = 0
    runs_missing: int = 0
    runs_too_many: int = 0
    runs_wrong: int = 0
    examples: list[str] = field(default_factory=list)


@dataclass(kw_only=True)
class Storm:
    """Everything that is under way."""

    database: str
    slack: str
    moody: MoodySlack
    rng: random.Random
    zygote: Process
    clock: StormClock
    clock_file: Path
    ports: list[int] = field(default_factory=lambda: [free_port() for _ in range(REPLICAS)])
    running: dict[int, int] = field(default_factory=dict)
    accepted: dict[str, str] = field(default_factory=dict)
    taken_back: set[str] = field(default_factory=set)
    check_ins: dict[str, CheckIn] = field(default_factory=dict)
    skipped: set[tuple[str, str]] = field(default_factory=set)
    paused: set[str] = field(default_factory=set)
    count: Count = field(default_factory=Count)
    said_before: int = 0
    over: bool = False

    async def start(self, port: int) -> None:
        """A replica at this port, in the place of one that was killed."""
        orders = {"database": self.database, "slack": self.slack, "port": port, "clock": str(self.clock_file)}
        assert self.zygote.stdin is not None and self.zygote.stdout is not None
        self.zygote.stdin.write(json.dumps({**orders, "place": self.place(port)}).encode() + b"\n")
        self.running[port] = int(await self.zygote.stdout.readline())

    def place(self, port: int) -> int:
        """Where the clock of the replica at this port stands among the storm's."""
        return self.ports.index(port) + 1

    async def knock(self, body: dict[str, object]) -> None:
        """Deliver an event as Slack does: until somebody answers 200, now and then once more, and now and then with a
        connection that breaks before the answer."""
        payload, again = json.dumps(body).encode(), self.rng.random() < 0.1
        while True:
            stamp, breaks = str(int(self.clock.now().timestamp())), self.rng.random() < 0.03
            with suppress(OSError, TimeoutError):
                request = signed_as(SECRET, payload, stamp=stamp)
                if await _delivered(self.rng.choice(self.ports), request, breaks=breaks):
                    if not again:
                        return
                    again = False
            await asyncio.sleep(self.rng.uniform(0.02, 0.3))

    def event(self, event: Mapping[str, object], name: str) -> dict[str, object]:
        """An Events API body around `event`."""
        authorized = [{"team_id": WORKSPACE, "user_id": KITH, "is_bot": True}]
        at = int(self.clock.now().timestamp())
        around = {"type": "event_callback", "team_id": WORKSPACE, "event_id": name, "event_time": at}
        return {**around, "authorizations": authorized, "event": event}

    def nap(self) -> None:
        """The machines sleep for twenty minutes: what fell due meanwhile is late, and not too late."""
        self._jump(self.clock.now() + timedelta(minutes=20))

    def dawn(self, days: int = 1) -> None:
        """The next morning, or the one after it, just before check-ins fall due."""
        self._jump(datetime.combine(self.clock.now().date() + timedelta(days=days), _DAWN, UTC))

    def oversleep(self) -> None:
        """The next afternoon, when the day's check-ins are past all grace."""
        self._jump(datetime.combine(self.clock.now().date() + timedelta(days=1), time(15), UTC))

    def _jump(self, to: datetime) -> None:
        if to.date() != self.clock.now().date():
            self.said_before = self.moody.runs.total()
        self.clock.set_to(to)
        self.count.jumps += 1


async def _delivered(port: int, request: bytes, *, breaks: bool) -> bool:
    async with asyncio.timeout(3):
        _, line = await asyncio.get_running_loop().create_connection(Line, "127.0.0.1", port)
        try:
            answer = line.ask(request)
            if breaks:
                await asyncio.sleep(0.002)
                answer.cancel()
                return False
            return await answer == 200
        finally:
            line.close()


@asynccontextmanager
async def zygote() -> AsyncIterator[Process]:
    """The process that makes replicas; at the end it is gone, and all of them."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.faults.replica"), stdin=PIPE, stdout=PIPE, start_new_session=True
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # and all its replicas
        await process.wait()


def jumps_for(kills: int) -> int:
    """How often the clocks jump in a storm of so many kills."""
    return max(4, kills // KILLS_A_JUMP)


async def rage(s: Storm, kills: int, cut: Callable[[int], Awaitable[None]] | None, cuts: int) -> None:
    """Kill so many replicas, `cut` the database so often, and let clocks jump, all at random or by turns."""
    cut_after = _spread(cuts if cut else 0, kills)
    jump_after = _spread(jumps_for(kills), kills)
    jumps = (s.nap, s.dawn, s.nap, s.oversleep, s.dawn, s.nap, lambda: s.dawn(days=2), s.nap)
    for number in range(kills):
        await asyncio.sleep(s.rng.uniform(0.3, 1.5))
        await _heard_something(s)
        for port, pid in list(s.running.items()):
            if not Path(f"/proc/{pid}").exists():  # its database was away as it began: whoever runs it begins it anew
                await s.start(port)
        port = s.rng.choice(s.ports)
        os.kill(s.running[port], signal.SIGKILL)
        s.count.kills += 1
        s.clock.put_off(s.place(port), s.rng.choice((-JUMP, 0.0, 0.0, JUMP)))
        await s.start(port)
        s.clock.put_off(s.rng.randint(1, REPLICAS), s.rng.choice((-JUMP, 0.0, JUMP)))
        if cut is not None and number in cut_after:
            await cut(number)
            s.count.cuts += 1
        if number in jump_after:
            await _asked_something(s)
            jumps[s.count.jumps % len(jumps)]()


async def _heard_something(s: Storm) -> None:
    """Wait, for a while, until messages have been accepted since the last kill: who is not at work yet is not worth
    killing, and on a busy machine nobody would ever be."""
    before = len(s.accepted)
    for _ in range(40):
        if len(s.accepted) >= before + A_KILL:
            break
        await asyncio.sleep(0.1)


async def _asked_something(s: Storm) -> None:
    """Wait, for a while, until half of a morning's check-ins are said, before the morning is over."""
    for _ in range(100):
        if s.clock.now().hour != BEGINS.hour or s.moody.runs.total() >= s.said_before + len(s.check_ins) / 2:
            break
        await asyncio.sleep(0.1)


def _spread(times: int, kills: int) -> set[int]:
    return {round((n + 1) * kills / (times + 1)) for n in range(times)}


def sqlite(folder: Path) -> str:
    """The address of a database in `folder`."""
    return f"sqlite:///{folder / 'kith.db'}"
