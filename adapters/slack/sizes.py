"""Remembers which channels people came into or left, so that their size is looked up anew, and not too often."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta

EVERY = timedelta(minutes=10)
"""How often a channel is looked up for its size at most: a whole company may join one within a minute."""

MOST = 10_000
"""Channels that are remembered; one that falls out keeps the size it had until somebody comes or goes again."""


class Sizes:
    """Says when a channel's size is to be looked up; the first time at once, then after EVERY at the soonest."""

    def __init__(self) -> None:
        self._stale: set[str] = set()
        self._next: OrderedDict[str, datetime] = OrderedDict()

    def changed(self, channel: str) -> None:
        """Somebody came into this channel or left it."""
        self._stale.add(channel)
        while len(self._stale) > MOST:
            self._stale.pop()

    def due(self, channel: str, now: datetime) -> bool:
        """Whether this is the moment to look its size up; whoever is told so does it."""
        if channel not in self._stale or self._next.get(channel, now) > now:
            return False
        self._stale.discard(channel)
        self._next[channel] = now + EVERY
        self._next.move_to_end(channel)
        while len(self._next) > MOST:
            self._next.popitem(last=False)
        return True
