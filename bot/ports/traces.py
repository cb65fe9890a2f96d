"""What was noticed of each message."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.domain.events import ChannelRef
from bot.domain.window import Kept, Terms, Trace, Window, WindowKey


class Traces(Protocol):
    """The windows: what was noticed of each message, for 14 days."""

    async def window_key(self, channel: ChannelRef, at: datetime) -> WindowKey:
        """The window that covers `at`, opened now if there is none; windows of a channel follow one another without
        overlap from its first trace on (`domain.window.window_start`)."""
        ...

    def key_at_hand(self, channel: ChannelRef, at: datetime, *, read: str | None = None) -> WindowKey | None:
        """The same without asking the database, where this process knows that Kith listens there and that the person
        `read` may be read; None if it does not. It may be out of date: what is done with it says so (REFUSED)."""
        ...

    async def remember(self, channel: ChannelRef, key: WindowKey, trace: Trace, terms: Terms | None = None) -> Kept:
        """Keep one trace, once it is committed: BEFORE, and nothing changed, if its key was kept or taken back in this
        window before; REFUSED if the window is over or the `terms` do not hold."""
        ...

    async def amend(self, channel: ChannelRef, key: WindowKey, trace: Trace) -> bool:
        """Put `trace` in the place of the one with its key, all but its reactions; False if there is none."""
        ...

    async def find(self, channel: ChannelRef, key: WindowKey, trace_key: str) -> Trace | None:
        """The trace with this key in that window."""
        ...

    async def drop(self, channel: ChannelRef, key: WindowKey, trace_key: str) -> None:
        """Forget one trace, and let none come in its place in this window, not even one that is on its way."""
        ...

    async def count_reaction(self, channel: ChannelRef, key: WindowKey, trace_key: str, by: str, change: int) -> bool:
        """Add `change` (1 or -1) to the trace's reactions, never below 0, unless the pseudonym `by` is its author;
        False if the window is over."""
        ...

    async def window(self, channel: ChannelRef, at: datetime) -> Window:
        """The traces of the window that covers `at`, ordered by time; an empty window if there are none.
        `members` is left None; the channel knows them."""
        ...

    async def drop_author(self, channel: ChannelRef, key: WindowKey, author: str) -> int:
        """Forget every trace under this pseudonym in that window; says how many went."""
        ...

    async def drop_before(self, channel: ChannelRef, before: datetime) -> int:
        """Forget every trace of a message written before that moment, where less is kept than a window; says how many
        went."""
        ...

    async def close_windows(self, before: datetime, *, at_most: int = 100) -> int:
        """Delete windows that closed at or before `before`, with their traces and salts; says how many went."""
        ...
