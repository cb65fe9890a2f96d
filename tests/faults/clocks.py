"""The clocks of a storm: everybody's moves with the storm's, each replica's is wrong besides, and both may jump."""

from __future__ import annotations

import mmap
import struct
from datetime import datetime, timedelta
from pathlib import Path

from adapters.scheduler import MachineClock

_ONE = struct.Struct("=d")


class StormClock:
    """The machine's time, moved by seconds that stand in a file, so that a clock jumps in a process that is running.

    Place 0 of the file is the storm's own clock, each other place how far one replica's is off it.
    """

    def __init__(self, file: Path, place: int = 0) -> None:
        self._place = place
        with file.open("r+b") as opened:
            self._seconds = mmap.mmap(opened.fileno(), 0)

    def now(self) -> datetime:
        """What this clock shows."""
        ahead = self._at(0) + (self._at(self._place) if self._place else 0.0)
        return MachineClock().now() + timedelta(seconds=ahead)

    def set_to(self, moment: datetime) -> None:
        """All clocks jump: the storm's shows `moment` now."""
        self._put(0, (moment - MachineClock().now()).total_seconds())

    def put_off(self, place: int, seconds: float) -> None:
        """One replica's clock jumps: it is so far ahead of the storm's now."""
        self._put(place, seconds)

    def _at(self, place: int) -> float:
        return float(_ONE.unpack_from(self._seconds, place * _ONE.size)[0])

    def _put(self, place: int, seconds: float) -> None:
        _ONE.pack_into(self._seconds, place * _ONE.size, seconds)


def clocks(file: Path, *, replicas: int, begins: datetime) -> StormClock:
    """The storm's own clock, which shows `begins` now, in a new file that so many replicas can look at too."""
    file.write_bytes(bytes(_ONE.size * (replicas + 1)))
    clock = StormClock(file)
    clock.set_to(begins)
    return clock
