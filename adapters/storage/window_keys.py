"""A small memory of windows lately used, so that hearing a message does not ask the database for its salt."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime

from bot.domain.events import ChannelRef
from bot.domain.window import WindowKey


class WindowKeys:
    """Keys of the windows of the `at_most` channels used last, the two newest windows of each."""

    def __init__(self, at_most: int = 1024) -> None:
        self._at_most = at_most
        self._keys: OrderedDict[ChannelRef, tuple[WindowKey, ...]] = OrderedDict()

    def get(self, channel: ChannelRef, at: datetime) -> WindowKey | None:
        """The remembered key of the window that covers `at`."""
        for key in self._keys.get(channel, ()):
            if key.covers(at):
                self._keys.move_to_end(channel)
                return key
        return None

    def add(self, channel: ChannelRef, key: WindowKey) -> None:
        """Remember `key`; the channel longest unused makes room."""
        others = [known for known in self._keys.get(channel, ()) if known.opened_at != key.opened_at]
        self._keys[channel] = tuple(sorted([*others, key], key=lambda k: k.opened_at, reverse=True)[:2])
        self._keys.move_to_end(channel)
        while len(self._keys) > self._at_most:
            self._keys.popitem(last=False)

    def forget(self, channel: ChannelRef) -> None:
        """Let go of everything about this channel."""
        self._keys.pop(channel, None)

    def forget_closed(self, before: datetime) -> None:
        """Let go of windows that closed at or before `before`: their salts must not outlive them."""
        for channel, keys in list(self._keys.items()):
            open_keys = tuple(key for key in keys if key.closes_at > before)
            if not open_keys:
                del self._keys[channel]
            elif len(open_keys) < len(keys):
                self._keys[channel] = open_keys
