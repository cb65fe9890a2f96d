"""Group commit: many small writes that arrive at about the same time share one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from bot.errors import StoreError

LINGER = 0.003
"""Seconds that the first of a group waits for company."""

MOST = 500
"""Writes in one transaction."""


class NotTakenError(StoreError):
    """The database does not take this: {problem}."""


Job = TypeVar("Job")
Outcome = TypeVar("Outcome")


class GroupCommit(Generic[Job, Outcome]):
    """One writer at a time takes what has gathered and writes it together; each waits for the commit of its own.

    A group that fails fails for all who wait, except that where the database does not take what one of them brought
    (NotTakenError), each is tried alone, so that nobody pays for another's mistake.
    """

    def __init__(
        self,
        write: Callable[[Sequence[Job]], Awaitable[Sequence[Outcome]]],
        *,
        linger: float = LINGER,
        most: int = MOST,
    ) -> None:
        """`write` writes a group in one transaction and gives an outcome for each, in order."""
        self._write = write
        self._linger = linger
        self._most = most
        self._waiting: list[tuple[Job, asyncio.Future[Outcome]]] = []
        self._writer: asyncio.Task[None] | None = None
        self._closed = False

    async def do(self, job: Job) -> Outcome:
        """The outcome, once it is committed; StoreError if it could not be written."""
        if self._closed:
            raise StoreError(problem="it is closed")
        done: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((job, done))
        if self._writer is None:
            self._writer = asyncio.create_task(self._run())
        return await done

    async def close(self) -> None:
        """Write what has gathered; nothing is taken any more."""
        self._closed = True
        if self._writer is not None:
            await self._writer

    async def _run(self) -> None:
        try:
            while self._waiting:
                if len(self._waiting) < self._most and not self._closed:
                    await asyncio.sleep(self._linger)
                group, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                await self._settle(group)
        finally:
            self._writer = None
            for _, done in self._waiting:  # only if this task was cancelled
                _fail(done, StoreError(problem="it was stopped"))
            self._waiting = []

    async def _settle(self, group: Sequence[tuple[Job, asyncio.Future[Outcome]]]) -> None:
        try:
            outcomes = await self._write([job for job, _ in group])
        except BaseException as exc:
            if len(group) > 1 and isinstance(exc, NotTakenError):
                for one in group:
                    await self._settle([one])
                return
            error = exc if isinstance(exc, Exception) else StoreError(problem="it was stopped")
            for _, done in group:
                _fail(done, error)
            if not isinstance(exc, Exception):
                raise
            return
        for (_, done), outcome in zip(group, outcomes, strict=True):
            if not done.done():
                done.set_result(outcome)


def _fail(done: asyncio.Future[Outcome], error: Exception) -> None:
    if not done.done():
        done.set_exception(error)
