"""The ledger: every question Kith asked and every one it held back, with the reason, for all members to read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.patterns import Pattern

FEW = 3
"""A line that is told by its pattern rests on messages by so many people, as `gentle` asks for (EVIDENCE 3.8)."""


class HeldReason(StrEnum):
    """Why Kith kept a question to itself; prompts/ says each in one sentence (`held.<reason>`)."""

    NOT_A_CONVERSATION = "not_a_conversation"
    PAUSED = "paused"
    LAPSED = "lapsed"
    LISTENING = "listening"
    PATTERN_OFF = "pattern_off"
    STILLED = "stilled"
    TOO_FEW_MESSAGES = "too_few_messages"
    TOO_FEW_PEOPLE = "too_few_people"
    TOO_FEW_DAYS = "too_few_days"
    SMALL_SHARE = "small_share"
    ONE_WINDOW_ONLY = "one_window_only"
    DAILY_CEILING = "daily_ceiling"
    BUDGET_SPENT = "budget_spent"
    PATTERN_RESTS = "pattern_rests"
    OUTSIDE_HOURS = "outside_hours"
    PEOPLE_ARE_TALKING = "people_are_talking"
    NO_FRESH_QUESTION = "no_fresh_question"


THIN = frozenset(
    {HeldReason.TOO_FEW_MESSAGES, HeldReason.TOO_FEW_PEOPLE, HeldReason.TOO_FEW_DAYS, HeldReason.SMALL_SHARE}
)
"""Reasons that say how little there was."""


class Verdict(StrEnum):
    """What somebody answered to a question, kept without who answered."""

    USEFUL = "useful"
    NOT_NOW = "not_now"
    NOT_HERE = "not_here"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the ledger. Asked when `reason` is None, else held back; `counts` are the finding's.

    A question held back for one reason in one window is one line, however often it came up: `window` is the
    window's opening. `verdicts` counts the answers pressed, nobody's in particular.
    """

    id: str
    at: datetime
    pattern: Pattern
    question: str | None
    counts: Mapping[str, float]
    window: datetime
    topic: str | None = None
    reason: HeldReason | None = None
    verdicts: Mapping[Verdict, int] = field(default_factory=dict)


def tells_of_few(entry: Entry) -> bool:
    """Whether a line held back rests on so little that somebody who posts alone could work out from it how a message
    of theirs was read; such lines are told together, without a pattern, once their window is over."""
    return entry.reason is not None and (entry.reason in THIN or entry.counts.get("people", FEW) < FEW)
