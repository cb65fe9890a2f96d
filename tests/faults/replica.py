"""Makes real processes of Kith quickly: `python -m tests.faults.replica` loads everything, then forks at each line.

A line is a replica's orders in JSON; its process id is said on a line in answer.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
from contextlib import AsyncExitStack
from datetime import time
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette

import adapters.slack  # noqa: F401 - so that no replica has to load it
from adapters.scheduler import ticking
from adapters.storage.sealing import new_key
from adapters.storage.sql import open_store
from adapters.switchboard import Switchboard
from bot.bootstrap.building import house_of
from bot.bootstrap.kith import Kith
from bot.bootstrap.serving import run
from bot.bootstrap.slack import join_slack
from bot.bootstrap.working import spare_the_loop
from bot.config import Settings, load_settings
from bot.domain.channel import ChannelSettings
from tests.faults.clocks import StormClock

TOKEN, SECRET = "xoxb-faults", "a secret of the faults"
TICK = 0.2
NEWCOMERS = ChannelSettings(profile="attentive", opens=time(0), closes=time(23, 59))
"""Whenever a storm is, channels are at work."""


def main() -> None:
    """Fork a replica for each line, until there are no more."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    logging.disable(logging.CRITICAL)  # a storm is loud
    for line in sys.stdin:
        orders = json.loads(line)
        if (child := os.fork()) == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            try:
                run(_live(orders))
            finally:
                os._exit(0)
        print(child, flush=True)


async def _live(orders: dict[str, Any]) -> None:
    settings = load_settings(
        database_url=orders["database"],
        secret_keys=new_key(),
        slack_bot_token=TOKEN,
        slack_signing_secret=SECRET,
        slack_api_url=f"{orders['slack']}/api/",
    )
    async with AsyncExitStack() as opened:
        store = await open_store(settings.database_url)
        opened.push_async_callback(store.close)
        app = await _joined(opened, settings, store, StormClock(Path(orders["clock"]), orders["place"]))
        spare_the_loop()
        config = uvicorn.Config(app, port=orders["port"], log_level="critical", access_log=False)
        await uvicorn.Server(config).serve()


async def _joined(opened: AsyncExitStack, settings: Settings, store: Any, clock: StormClock) -> Starlette:
    """Kith in Slack as bootstrap joins it, on a clock that can be wrong."""
    switchboard = Switchboard({})
    kith = Kith(house=house_of(settings, store), chat=switchboard, clock=clock, newcomers=NEWCOMERS)
    routes = await opened.enter_async_context(join_slack(settings, kith, switchboard))
    await opened.enter_async_context(ticking(kith.tick, every=TICK))
    opened.callback(kith.stop)
    return Starlette(routes=list(routes))


if __name__ == "__main__":
    main()
