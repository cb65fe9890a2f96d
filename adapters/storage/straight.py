"""The straight way to a database's driver, for what every message needs: one connection of its own, one turn a group.

What is to be done is written once, as steps that either driver takes; how it is taken is all that differs.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from adapters.storage.group_commit import NotTakenError
from bot.errors import StoreError


@dataclass(frozen=True, slots=True)
class Ask:
    """A statement with one text; it gives its rows."""

    statement: str
    given: str


@dataclass(frozen=True, slots=True)
class Write:
    """A statement with one text; it gives how many rows it wrote."""

    statement: str
    given: str


@dataclass(frozen=True, slots=True)
class WriteEach:
    """A statement for each of some rows of values, in order; it gives nothing."""

    statement: str
    rows: Sequence[Sequence[Any]]


Step = Ask | Write | WriteEach
Outcome = TypeVar("Outcome")
Steps = Generator[Step, Any, Outcome]
"""Yields what to do next and is sent what that gave; what it returns is the outcome."""


class Straight(Protocol):
    """Takes steps in one transaction."""

    async def take(self, steps: Steps[Outcome]) -> Outcome:
        """The outcome, committed; whatever the steps raise undoes them and comes out. NotTakenError where the database
        refuses a value, StoreError where it does not answer as it should."""
        ...

    async def close(self) -> None:
        """Let go of the connection."""
        ...


class SqliteStraight:
    """One thread with one connection, opened when it is first needed.

    The thread lets go of the interpreter at each call of SQLite and has to wait for it afterwards, so a step is one
    call, however many rows it writes.
    """

    def __init__(self, file: str, pragmas: Sequence[str]) -> None:
        self._file = file
        self._pragmas = pragmas
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="kith-writer")
        self._connection: sqlite3.Connection | None = None

    async def take(self, steps: Steps[Outcome]) -> Outcome:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._take, steps)

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._hang_up)
        self._thread.shutdown(wait=False)

    def _take(self, steps: Steps[Outcome]) -> Outcome:
        try:
            connection = self._connection = self._connection or self._opened()
            connection.execute("BEGIN IMMEDIATE")  # waits its turn here, and nowhere later
            try:
                outcome = _walked(connection, steps)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
        except (sqlite3.IntegrityError, sqlite3.DataError) as exc:
            raise NotTakenError(problem=str(exc)) from exc
        except sqlite3.Error as exc:
            self._hang_up()
            raise StoreError(problem=str(exc)) from exc
        return outcome

    def _opened(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._file, isolation_level=None)
        for pragma in self._pragmas:
            connection.execute(f"PRAGMA {pragma}")
        return connection

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _walked(connection: sqlite3.Connection, steps: Steps[Outcome]) -> Outcome:
    gave: Any = None
    while True:
        try:
            step = steps.send(gave)
        except StopIteration as done:
            outcome: Outcome = done.value
            return outcome
        match step:
            case Ask():
                gave = connection.execute(step.statement, (step.given,)).fetchall()
            case Write():
                before = connection.total_changes
                connection.execute(step.statement, (step.given,))
                gave = connection.total_changes - before
            case WriteEach():
                gave = None
                connection.executemany(step.statement, step.rows)
