"""What Kith sees of a channel at this moment, for people to look at: no names, no texts, no counts per person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.channel import Channel
from bot.domain.findings import Finding
from bot.domain.ledger import Entry
from bot.domain.patterns import Pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class Insight:
    """A look over Kith's shoulder. `evidence` counts clear messages per pattern in the window; `messages`, `people`
    and `open_questions` are the window's; `findings` are what stands now, `entries` the ledger's newest lines."""

    channel: Channel
    window_opened_at: datetime
    window_closes_at: datetime
    messages: int
    people: int
    open_questions: int
    evidence: Mapping[Pattern, int]
    findings: tuple[Finding, ...]
    entries: tuple[Entry, ...]
