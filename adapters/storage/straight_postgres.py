"""The straight way to PostgreSQL: asyncpg itself, on one connection that is kept out of the pool."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import asyncpg
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from adapters.storage.engine import UNFIT, one_line, told_plainly
from adapters.storage.group_commit import NotTakenError
from adapters.storage.straight import Ask, Outcome, Step, Steps, Write
from bot.errors import StoreError

_AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InterfaceError,
    OSError,  # TimeoutError is one
)
"""The database is not there; that says nothing about what was brought."""


class PostgresStraight:
    """One connection, taken out of the engine's pool when it is first needed, and anew when it was cut off."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._held: AsyncConnection | None = None
        self._driver: Any = None

    async def take(self, steps: Steps[Outcome]) -> Outcome:
        try:
            await self._begin()
            try:
                outcome = await self._walk(steps)
                await self._driver.execute("COMMIT")
            except BaseException as exc:
                await self._undo(exc)
                raise
        except _AWAY as exc:
            raise StoreError(problem=one_line(exc)) from exc
        except asyncpg.DataError as exc:
            raise NotTakenError(problem=UNFIT) from exc
        except asyncpg.PostgresError as exc:
            raise NotTakenError(problem=one_line(exc)) from exc
        return outcome

    async def close(self) -> None:
        if self._held is not None:
            await self._held.close()
            self._held = None

    async def _begin(self) -> None:
        """Begin a transaction, on a new connection if the one that is held was cut off since the last time."""
        if self._held is not None:
            try:
                await self._driver.execute("BEGIN")
            except _AWAY:
                await self._let_go()
            else:
                return
        with told_plainly():
            self._held = await self._engine.connect()
            self._driver = (await self._held.get_raw_connection()).driver_connection
        await self._driver.execute("BEGIN")

    async def _undo(self, exc: BaseException) -> None:
        """Roll back; where it is not known how the connection stands, let go of it."""
        if isinstance(exc, Exception) and not isinstance(exc, _AWAY):
            with suppress(*_AWAY):
                await self._driver.execute("ROLLBACK")
                return
        await self._let_go()

    async def _let_go(self) -> None:
        held, self._held = self._held, None
        self._driver.terminate()
        if held is not None:
            with suppress(SQLAlchemyError, OSError):
                await held.invalidate()
                await held.close()

    async def _walk(self, steps: Steps[Outcome]) -> Outcome:
        gave: Any = None
        while True:
            try:
                step = steps.send(gave)
            except StopIteration as done:
                outcome: Outcome = done.value
                return outcome
            gave = await self._do(step)

    async def _do(self, step: Step) -> Any:
        match step:
            case Ask():
                return await self._driver.fetch(step.statement, step.given)
            case Write():
                told = await self._driver.execute(step.statement, step.given)  # "INSERT 0 32", "UPDATE 3"
                return int(told.rpartition(" ")[2])
            case _:
                return await self._driver.executemany(step.statement, step.rows)
