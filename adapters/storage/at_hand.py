"""What this process knows about hearing a message, so that most of them are heard without asking the database first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from bot.domain.events import ChannelRef
from bot.domain.window import WindowKey

MOST_CHANNELS = 10_000
"""Channels that are known at once; the one longest unused makes room (about 1 kB each)."""

MOST_PEOPLE = 100_000
"""People that are known at once to be read (about 150 bytes each)."""


class AtHand:
    """In which channels Kith listens, the keys of the two newest windows there, and whose messages may be read.

    Only what lets a message be heard is kept, never what forbids it, and `Traces.remember` asks the database again at
    the moment of keeping: what another process changed meanwhile makes a message go the long way, and nothing else.
    Whoever notes what it read gives the `moment` it had before reading, so that a change meanwhile is not undone.
    """

    def __init__(self, *, most_channels: int = MOST_CHANNELS, most_people: int = MOST_PEOPLE) -> None:
        self._most_channels = most_channels
        self._most_people = most_people
        self._keys: OrderedDict[ChannelRef, tuple[WindowKey, ...]] = OrderedDict()
        self._listening: set[ChannelRef] = set()
        self._read: set[tuple[str, str]] = set()
        self.moment = 0

    def key(self, channel: ChannelRef, at: datetime, *, read: str | None) -> WindowKey | None:
        """The key of the window that covers `at`, if Kith is known to listen there and to read this person."""
        if channel not in self._listening or (read is not None and (channel.workspace, read) not in self._read):
            return None
        for key in self._keys.get(channel, ()):
            if key.covers(at):
                self._keys.move_to_end(channel)
                return key
        return None

    def note_listening(self, channel: ChannelRef, *, since: int) -> None:
        """Kith listens there, as it was read after the moment `since`."""
        if since == self.moment:
            if len(self._listening) >= self._most_channels:
                self._listening.clear()
            self._listening.add(channel)

    def note_key(self, channel: ChannelRef, key: WindowKey, *, since: int) -> None:
        """The window `key` is open there; the channel longest unused makes room."""
        if since != self.moment:
            return
        others = [known for known in self._keys.get(channel, ()) if known.opened_at != key.opened_at]
        self._keys[channel] = tuple(sorted([*others, key], key=lambda k: k.opened_at, reverse=True)[:2])
        self._keys.move_to_end(channel)
        while len(self._keys) > self._most_channels:
            self._keys.popitem(last=False)

    def note_read(self, workspace: str, person: str, *, since: int) -> None:
        """This person's messages may be read."""
        if since == self.moment:
            if len(self._read) >= self._most_people:
                self._read.clear()
            self._read.add((workspace, person))

    def let_go(self, channel: ChannelRef) -> None:
        """Something about the channel changes, or turned out to have changed."""
        self.moment += 1
        self._keys.pop(channel, None)
        self._listening.discard(channel)

    @contextmanager
    def changing(self, channel: ChannelRef) -> Iterator[None]:
        """Around a change of the channel: what is noted before its commit does not outlive it."""
        self.let_go(channel)
        try:
            yield
        finally:
            self.let_go(channel)

    def let_go_of_person(self, workspace: str, person: str) -> None:
        """This person's choice changes, or turned out to have changed."""
        self.moment += 1
        self._read.discard((workspace, person))

    def let_go_of_closed(self, before: datetime) -> None:
        """Windows that closed at or before `before`: their salts must not outlive them."""
        for channel, keys in list(self._keys.items()):
            open_keys = tuple(key for key in keys if key.closes_at > before)
            if len(open_keys) < len(keys):
                self.let_go(channel)
                if open_keys:
                    self._keys[channel] = open_keys
