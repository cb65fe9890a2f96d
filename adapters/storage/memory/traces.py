"""Windows and their traces in memory: appending is cheap, late arrivals are put in order, closed windows go whole."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from heapq import heappop, heappush

from adapters.storage.shapes import only_ids
from bot.domain.events import ChannelRef
from bot.domain.window import WINDOW_LENGTH, Kept, Terms, Trace, Window, WindowKey, window_start


class _OpenWindow:
    """One window: its traces in order of (at, key), beside the stamps that order them."""

    __slots__ = ("by_key", "key", "stamps", "taken_back", "traces")

    def __init__(self, key: WindowKey) -> None:
        self.key = key
        self.stamps: list[tuple[datetime, str]] = []
        self.traces: list[Trace] = []
        self.by_key: dict[str, Trace] = {}
        self.taken_back: set[str] = set()

    def add(self, trace: Trace) -> None:
        stamp = (trace.at, trace.key)
        if not self.stamps or stamp > self.stamps[-1]:
            self.stamps.append(stamp)
            self.traces.append(trace)
        else:
            place = bisect_left(self.stamps, stamp)
            self.stamps.insert(place, stamp)
            self.traces.insert(place, trace)
        self.by_key[trace.key] = trace

    def remove(self, trace: Trace) -> None:
        place = bisect_left(self.stamps, (trace.at, trace.key))
        del self.stamps[place], self.traces[place], self.by_key[trace.key]

    def swap(self, old: Trace, new: Trace) -> None:
        if new.at != old.at:
            self.remove(old)
            self.add(new)
            return
        self.traces[bisect_left(self.stamps, (old.at, old.key))] = new
        self.by_key[old.key] = new


class MemoryTraces:
    """`bot.ports.Traces` in memory."""

    def __init__(self, salts: Callable[[], bytes], terms_hold: Callable[[ChannelRef, Terms], bool]) -> None:
        self._salts = salts
        self._terms_hold = terms_hold
        self._beginnings: dict[ChannelRef, datetime] = {}
        self._windows: dict[ChannelRef, dict[datetime, _OpenWindow]] = {}
        self._closing: list[tuple[datetime, ChannelRef]] = []

    async def window_key(self, channel: ChannelRef, at: datetime) -> WindowKey:
        opened_at = window_start(self._beginnings.setdefault(channel, at.astimezone(UTC)), at)
        windows = self._windows.setdefault(channel, {})
        window = windows.get(opened_at)
        if window is None:
            window = windows[opened_at] = _OpenWindow(WindowKey(opened_at=opened_at, salt=self._salts()))
            heappush(self._closing, (opened_at, channel))
        return window.key

    def key_at_hand(self, channel: ChannelRef, at: datetime, *, read: str | None = None) -> WindowKey | None:
        if not self._terms_hold(channel, Terms(reads=read)) or channel not in self._beginnings:
            return None
        window = self._window(channel, window_start(self._beginnings[channel], at))
        return window.key if window else None

    async def remember(self, channel: ChannelRef, key: WindowKey, trace: Trace, terms: Terms | None = None) -> Kept:
        if trace.topics:
            only_ids("topics", trace.topics)
        window = self._window(channel, key.opened_at)
        if window and (trace.key in window.by_key or trace.key in window.taken_back):
            return Kept.BEFORE
        if window is None or window.key.salt != key.salt or (terms and not self._terms_hold(channel, terms)):
            return Kept.REFUSED
        window.add(trace)
        return Kept.NEW

    async def amend(self, channel: ChannelRef, key: WindowKey, trace: Trace) -> bool:
        only_ids("topics", trace.topics)
        window = self._window(channel, key.opened_at)
        old = window.by_key.get(trace.key) if window else None
        if window is None or old is None:
            return False
        window.swap(old, replace(trace, reactions=old.reactions))
        return True

    async def find(self, channel: ChannelRef, key: WindowKey, trace_key: str) -> Trace | None:
        window = self._window(channel, key.opened_at)
        return window.by_key.get(trace_key) if window else None

    async def drop(self, channel: ChannelRef, key: WindowKey, trace_key: str) -> None:
        window = self._window(channel, key.opened_at)
        if window is None or window.key.salt != key.salt:
            return
        window.taken_back.add(trace_key)
        if trace := window.by_key.get(trace_key):
            window.remove(trace)

    async def count_reaction(self, channel: ChannelRef, key: WindowKey, trace_key: str, by: str, change: int) -> bool:
        window = self._window(channel, key.opened_at)
        if window is None or window.key.salt != key.salt:
            return False
        trace = window.by_key.get(trace_key)
        if trace and trace.author != by:
            window.swap(trace, replace(trace, reactions=max(0, trace.reactions + change)))
        return True

    async def window(self, channel: ChannelRef, at: datetime) -> Window:
        opened_at = window_start(self._beginnings.get(channel, at.astimezone(UTC)), at)
        window = self._window(channel, opened_at)
        return Window(opened_at=opened_at, traces=tuple(window.traces) if window else ())

    async def drop_author(self, channel: ChannelRef, key: WindowKey, author: str) -> int:
        window = self._window(channel, key.opened_at)
        theirs = [trace for trace in window.traces if trace.author == author] if window else []
        for trace in theirs:
            if window:
                window.remove(trace)
        return len(theirs)

    async def drop_before(self, channel: ChannelRef, before: datetime) -> int:
        gone = 0
        for window in self._windows.get(channel, {}).values():
            for trace in [trace for trace in window.traces if trace.at < before]:
                window.remove(trace)
                gone += 1
        return gone

    async def close_windows(self, before: datetime, *, at_most: int = 100) -> int:
        gone = 0
        while gone < at_most and self._closing and self._closing[0][0] + WINDOW_LENGTH <= before:
            opened_at, channel = heappop(self._closing)
            gone += self._windows.get(channel, {}).pop(opened_at, None) is not None
        return gone

    def forget(self, channel: ChannelRef) -> None:
        """Everything about a channel goes: its windows, their salts, and when it was first heard."""
        self._windows.pop(channel, None)
        self._beginnings.pop(channel, None)

    def windows_kept(self) -> int:
        """How many windows there are."""
        return sum(len(windows) for windows in self._windows.values())

    def places(self, workspace: str) -> set[ChannelRef]:
        """Where anything of this is kept in a workspace."""
        return {ref for ref in self._beginnings if ref.workspace == workspace}

    def _window(self, channel: ChannelRef, opened_at: datetime) -> _OpenWindow | None:
        windows = self._windows.get(channel)
        return windows.get(opened_at) if windows else None
