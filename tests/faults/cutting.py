"""Takes a database away: PostgreSQL's connections, then the whole server, by turns; SQLite's one writer's place."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from sqlalchemy import text

from adapters.storage.engine import build_engine

_CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'kith' AND pid <> pg_backend_pid()"
)

Cut = Callable[[int], Awaitable[None]]
HELD = 1.5
"""Seconds for which nobody may write to SQLite."""


def cutter(url: str, restart: Any) -> Cut:
    """What cuts the database at `url` off at its nth call; `restart` makes its server crash and come back."""
    turns = 0

    async def cut(_: int) -> None:
        nonlocal turns
        turns += 1
        if turns % 2:
            engine = build_engine(url, for_migration=True)
            async with engine.connect() as connection:
                await connection.execute(text(_CUT))
            await engine.dispose()
        else:
            await asyncio.to_thread(restart)

    return cut


def holder(file: Path) -> Cut:
    """What keeps everybody from writing to this SQLite for a while, as another program at its file may."""

    def hold() -> None:
        connection = sqlite3.connect(file, isolation_level=None, timeout=30)
        connection.execute("BEGIN IMMEDIATE")
        time.sleep(HELD)
        connection.execute("ROLLBACK")
        connection.close()

    async def cut(_: int) -> None:
        await asyncio.to_thread(hold)  # the storm writes too

    return cut
