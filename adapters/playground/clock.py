"""A clock that a rehearsal can move forward, so that two weeks of listening need not take two weeks."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.ports import Clock

FARTHEST = timedelta(days=3 * 366)
"""How far a rehearsal may move in all: enough for every rest and term there is, far from the calendar's end."""


class MovableClock:
    """Real time, as `real` tells it, and an offset that only grows."""

    def __init__(self, real: Clock) -> None:
        self._real = real
        self._ahead = timedelta(0)

    @property
    def ahead(self) -> timedelta:
        """How far this clock is ahead of the real one."""
        return self._ahead

    def now(self) -> datetime:
        """The rehearsal's present moment, aware, in UTC."""
        return self._real.now() + self._ahead

    def forward(self, by: timedelta) -> None:
        """Move on by `by`; ValueError for a step back or one beyond FARTHEST in all."""
        if by < timedelta(0):
            raise ValueError("a rehearsal's clock never goes back")
        if self._ahead + by > FARTHEST:
            raise ValueError("a rehearsal's clock goes no farther")
        self._ahead += by
