"""A window: what Kith remembers of a channel for 14 days, without a word of what was said."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from bot.domain.patterns import Pattern

WINDOW_LENGTH = timedelta(days=14)
"""How long traces are kept; the pseudonyms change with every window (DESIGN 4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowKey:
    """A window's place in time and the secret that its pseudonyms are made with; destroyed when the window closes."""

    opened_at: datetime
    salt: bytes

    @property
    def closes_at(self) -> datetime:
        return self.opened_at + WINDOW_LENGTH

    def covers(self, at: datetime) -> bool:
        return self.opened_at <= at < self.closes_at

    def pseudonym(self, platform_id: str) -> str:
        """A 16-character stand-in for a person's or message's id, the same all through this window, never after."""
        return hashlib.blake2b(platform_id.encode(), key=self.salt, digest_size=8).hexdigest()

    def secret_of(self, platform_id: str) -> bytes:
        """16 bytes that stand for one thread and nothing else: the salt of a dialogue in it."""
        return hashlib.blake2b(platform_id.encode(), key=self.salt, digest_size=16, person=b"dialogue").digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One message as Kith keeps it: when, where, a pseudonym, flags, and evidence per pattern (0 to 1).

    `key` and `thread` are pseudonyms of message ids; `reactions` counts reactions by others than the author.
    `evidence` holds only patterns that the reader found clear.
    """

    key: str
    author: str
    at: datetime
    thread: str | None = None
    question: bool = False
    edited: bool = False
    reactions: int = 0
    evidence: Mapping[Pattern, float] = field(default_factory=dict)
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What must hold still at the moment a trace is kept, whatever was known when the message came: Kith listens in the
    channel; `reads`, whose words were read, has not opted out; in `thread` (the platform's id) no dialogue stands."""

    reads: str | None = None
    thread: str | None = None


class Kept(Enum):
    """What became of a trace; only NEW is true. REFUSED: its window is over, or the terms do not hold any more."""

    NEW = "new"
    BEFORE = "before"
    REFUSED = "refused"

    def __bool__(self) -> bool:
        return self is Kept.NEW


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A channel's traces since `opened_at`, by time; `members` is how many people could post, if known, and `zone` the
    IANA zone that its days are counted in."""

    opened_at: datetime
    traces: tuple[Trace, ...] = ()
    members: int | None = None
    zone: str = "UTC"

    @property
    def closes_at(self) -> datetime:
        return self.opened_at + WINDOW_LENGTH


def window_start(first: datetime, at: datetime) -> datetime:
    """When the window that covers `at` opened, windows following one another from `first` on.

    An `at` before `first` (deliveries can be late) falls into the window that would have come before.
    """
    return first + WINDOW_LENGTH * ((at - first) // WINDOW_LENGTH)
