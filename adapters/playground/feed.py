"""Tells every open page what changed, in order, and lets a page that was away catch up."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

REMEMBERED = 500
"""How many changes a page may have missed and still catch up; beyond that it gets everything anew."""

BACKLOG = 1000
"""How many changes may wait for one slow page before it is sent away to come back."""

MOST_PAGES = 32
"""How many pages may listen at once; one person rehearses on a few."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change: `kind` says what of, `data` is JSON, `id` is unique over all runs of the rehearsal."""

    id: str
    kind: str
    data: Mapping[str, object]


class Listener:
    """One page's place in the feed; iterating ends when the feed closes or the page fell too far behind."""

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[Change | None] = asyncio.Queue(BACKLOG)
        self._lost = False

    def tell(self, change: Change | None) -> None:
        """Queue a change (None ends the listening) and never wait."""
        try:
            self._waiting.put_nowait(change)
        except asyncio.QueueFull:
            self._lost = True

    async def __aiter__(self) -> AsyncIterator[Change]:
        while not self._lost and (change := await self._waiting.get()) is not None:
            yield change


class Feed:
    """The list of latest changes and the pages that wait for more; `run` must differ from start to start."""

    def __init__(self, run: str) -> None:
        self._run = run
        self._numbers = count(1)
        self._latest: deque[Change] = deque(maxlen=REMEMBERED)
        self._listeners: set[Listener] = set()
        self._last = 0

    @property
    def last(self) -> str:
        """The id of the newest change, for a page that has just been given everything."""
        return f"{self._run}-{self._last}"

    @property
    def crowded(self) -> bool:
        """Whether no more pages fit."""
        return len(self._listeners) >= MOST_PAGES

    def publish(self, kind: str, data: Mapping[str, object]) -> None:
        """Tell all listeners, in order."""
        self._last = next(self._numbers)
        change = Change(id=self.last, kind=kind, data=data)
        self._latest.append(change)
        for listener in tuple(self._listeners):
            listener.tell(change)

    def since(self, last: str | None) -> tuple[Change, ...] | None:
        """The changes after the one with the id `last`; None if it is unknown or too long ago."""
        if last == self.last:
            return ()
        ids = [change.id for change in self._latest]
        return tuple(self._latest)[ids.index(last) + 1 :] if last in ids else None

    @contextmanager
    def listening(self) -> Iterator[Listener]:
        """A listener that hears everything published from now on, until the block is left."""
        listener = Listener()
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)

    def close(self) -> None:
        """End all listening."""
        for listener in tuple(self._listeners):
            listener.tell(None)
