"""A finding: a pattern that a whole window shows, with the counts that say so; never about one person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.patterns import Pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a detector saw.

    `counts` are whole numbers or shares between 0 and 1, keyed by names that prompts/ can show (`messages`,
    `people`, `days`, `of`, …). `strength` orders findings of one window: larger is plainer. `topics` are ids of
    the closed list in prompts/, most frequent first. `last_seen` is when the latest trace that counts was written.
    """

    pattern: Pattern
    counts: Mapping[str, float]
    strength: float
    last_seen: datetime
    topics: tuple[str, ...] = field(default=())
