"""What a replay found: per channel what would have been asked, what was held back, and how people took part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.domain.channel import ChannelKind
from bot.domain.ledger import HeldReason
from bot.domain.patterns import Pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class Participation:
    """How people took part in one window, in counts that name nobody.

    `turns` are messages merged as READING 5 says. `shares` are fractions of the turns, descending, one a person;
    `answers` are (i, j, n): person i answered person j n times, both indexes into `shares`. Both are empty under
    SMALLEST_GROUP people. `acknowledged` is the fraction of turns that got an answer or a reaction.
    """

    opened_at: datetime
    closes_at: datetime
    turns: int
    people: int
    shares: tuple[float, ...] = ()
    answers: tuple[tuple[int, int, int], ...] = ()
    questions: int = 0
    open_questions: int = 0
    acknowledged: float | None = None
    evidence: Mapping[Pattern, int] = field(default_factory=dict)
    evidence_by_day: Mapping[date, Mapping[Pattern, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A pattern that the channel showed at some time, whether or not Kith would have spoken."""

    pattern: Pattern
    first_seen: datetime
    counts: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedInReplay:
    """A question that Kith would have asked."""

    at: datetime
    pattern: Pattern
    question_id: str
    question: str
    counts: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldInReplay:
    """A question that Kith would have kept to itself; `times` says how often this came up from `at` on."""

    at: datetime
    pattern: Pattern
    reason: HeldReason
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A message that carried a pattern, and the words that did; exists only where somebody asked to see text."""

    at: datetime
    pattern: Pattern
    text: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelReplay:
    """One channel, replayed; `windows` follow one another in time."""

    name: str
    kind: ChannelKind
    messages: int
    people: int
    windows: tuple[Participation, ...] = ()
    findings: tuple[Found, ...] = ()
    asked: tuple[AskedInReplay, ...] = ()
    held: tuple[HeldInReplay, ...] = ()
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A whole replay. `rows` are all rows of the archive, `left_out` counts those that are no event by reason
    (`LeftOut.key`), `troubles` are one line per file that could not be read, `seconds` is how long it took."""

    source: str
    profile: str
    channels: tuple[ChannelReplay, ...]
    rows: int
    left_out: Mapping[str, int]
    troubles: tuple[str, ...]
    seconds: float
