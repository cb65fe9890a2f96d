"""Cuts a PostgreSQL off: its connections first, then the whole server, by turns."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import text

from adapters.storage.engine import build_engine

_CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'kith' AND pid <> pg_backend_pid()"
)


def cutter(url: str, restart: Any) -> Callable[[int], Awaitable[None]]:
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
