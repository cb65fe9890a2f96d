"""A channel as Kith knows it: its kind, its charter, its settings, and what Kith has said there lately."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum

from bot.domain.charter import Charter
from bot.domain.events import ChannelRef
from bot.domain.patterns import Pattern


class ChannelKind(StrEnum):
    """What a channel is for; Kith asks unasked questions in conversations alone (EVIDENCE 2 row 6, 3.5, 3.8)."""

    CONVERSATION = "conversation"
    ANNOUNCEMENT = "announcement"
    INCIDENT = "incident"
    SOCIAL = "social"
    EXTERNAL = "external"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSettings:
    """What a channel's steward may set. Hours are wall time in `zone` (an IANA name), Monday to Friday."""

    profile: str = "gentle"
    patterns_off: frozenset[Pattern] = frozenset()
    opens: time = time(9)
    closes: time = time(17)
    zone: str = "UTC"
    announcement_only: bool | None = None
    """None: Kith judges by the channel's name and purpose."""
    kind: ChannelKind | None = None
    """What the channel is for in its steward's word; None: as `announcement_only` says, else Kith judges."""
    locale: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question that Kith put to the channel, and when."""

    at: datetime
    pattern: Pattern
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """In how many windows in a row a channel pattern stood, the last of them opened at `window`."""

    window: datetime
    windows: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What restraint must know: questions of the last 90 days (oldest first), stilled patterns and until when,
    "not here" in a row, and how long each channel pattern has been standing."""

    asked: tuple[Asked, ...] = ()
    stilled: Mapping[Pattern, datetime] = field(default_factory=dict)
    not_here_in_a_row: int = 0
    runs: Mapping[Pattern, Run] = field(default_factory=dict)

    @property
    def last_spoke_at(self) -> datetime | None:
        return self.asked[-1].at if self.asked else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Everything about one channel that a decision needs. `look_at` is when its counts are next due for a look;
    `version` goes up with every change, so that a change to what has changed meanwhile is refused."""

    ref: ChannelRef
    name: str
    charter: Charter
    kind: ChannelKind = ChannelKind.CONVERSATION
    members: int | None = None
    settings: ChannelSettings = field(default_factory=ChannelSettings)
    history: History = field(default_factory=History)
    look_at: datetime | None = None
    version: int = 0

    @property
    def purpose(self) -> ChannelKind:
        """Its kind, the steward's word being stronger than the guess, but never than that people from outside read."""
        if self.settings.kind is not None and self.kind is not ChannelKind.EXTERNAL:
            return self.settings.kind
        if self.kind is ChannelKind.EXTERNAL or self.settings.announcement_only is None:
            return self.kind
        if self.settings.announcement_only:
            return ChannelKind.ANNOUNCEMENT
        return ChannelKind.CONVERSATION if self.kind is ChannelKind.ANNOUNCEMENT else self.kind


_NAME_PARTS = re.compile(r"[^a-z0-9]+")
_KIND_BY_NAME: dict[ChannelKind, frozenset[str]] = {
    ChannelKind.ANNOUNCEMENT: frozenset(
        ("announce", "announcement", "announcements", "broadcast", "broadcasts", "news")
    ),
    ChannelKind.INCIDENT: frozenset(
        ("incident", "incidents", "inc", "outage", "outages", "oncall", "alert", "alerts", "alarms", "sev1", "sev2")
    ),
    ChannelKind.SOCIAL: frozenset(
        ("random", "social", "watercooler", "offtopic", "banter", "pets", "memes", "music", "lunch", "fun", "kudos")
    ),
}
_SAYS_ANNOUNCEMENT = re.compile(
    r"\b(announcements? only|only announcements|read[- ]only|one[- ]way|no (replies|discussion)"
    r"|(for|company-wide|workspace-wide|important|official|all) announcements)\b",
    re.IGNORECASE,
)


def kind_of(name: str, purpose: str, *, external: bool = False) -> ChannelKind:
    """Guess a channel's kind from whole words of its name, or from a purpose that plainly says "announcements only".

    The guess only ever makes Kith quieter; a steward can put it right in the settings.
    """
    if external:
        return ChannelKind.EXTERNAL
    parts = frozenset(_NAME_PARTS.split(name.lower()))
    for kind, words in _KIND_BY_NAME.items():
        if parts & words:
            return kind
    return ChannelKind.ANNOUNCEMENT if _SAYS_ANNOUNCEMENT.search(purpose) else ChannelKind.CONVERSATION
