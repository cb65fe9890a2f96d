"""A storm: three replicas under load and all that goes wrong; then what is left is finished, and counted."""

from __future__ import annotations

import asyncio
import logging
import os
import random
import signal
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from adapters.storage.sql import open_store
from tests.faults.agreed import arrange, disturb
from tests.faults.clocks import clocks
from tests.faults.counting import counted, unfinished
from tests.faults.slack import MoodySlack
from tests.faults.talking import TALKERS, begin, talk
from tests.faults.weather import BEGINS, REPLICAS, Count, Storm, rage, zygote
from tests.slack.web_api import listening

STEP = timedelta(seconds=30)
"""By so much the clocks go on at each look whether all is said, so that leases and waits come to an end."""


async def storm(
    database: str, *, kills: int, seed: int, cut: Callable[[int], Awaitable[None]] | None = None, cuts: int = 0
) -> Count:
    """Kill so many replicas under load, `cut` the database so often, then let the rest finish, and count."""
    rng = random.Random(seed)  # noqa: S311, a storm needs no secrecy
    moody = MoodySlack(rng)
    with tempfile.TemporaryDirectory(prefix="kith-storm-") as folder:
        file = Path(folder) / "clocks"
        clock = clocks(file, replicas=REPLICAS, begins=BEGINS)
        async with listening(moody.app) as slack, zygote() as made:
            logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # a platform that hangs up is no news here
            s = Storm(database=database, slack=slack, moody=moody, rng=rng, zygote=made, clock=clock, clock_file=file)
            for port in s.ports:
                await s.start(port)
            await begin(s)
            await arrange(s, kills)
            moody.well = False
            people = [asyncio.create_task(talk(s, number)) for number in range(TALKERS)]
            people.append(asyncio.create_task(disturb(s)))
            await rage(s, kills, cut, cuts)
            s.over = True
            await asyncio.gather(*people)
            return await counted(s, await _finished(s))


async def _finished(s: Storm) -> datetime:
    """The platform is well, one replica is left, and time goes by until all leases are over and all that waits is
    said; when that was."""
    s.moody.well = True
    for pid in s.running.values():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    for place in range(1, REPLICAS + 1):
        s.clock.put_off(place, 0.0)
    await s.start(s.ports[0])
    store = await open_store(s.database)
    for _ in range(200):
        s.clock.set_to(s.clock.now() + STEP)
        await asyncio.sleep(0.2)
        now = s.clock.now()
        if not await unfinished(store, now):
            break
    await store.close()
    return now
