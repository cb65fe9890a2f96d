"""Invented replays to report on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.channel import ChannelKind
from bot.domain.ledger import HeldReason
from bot.domain.patterns import Pattern
from bot.domain.replayed import (
    AskedInReplay,
    ChannelReplay,
    Found,
    HeldInReplay,
    Participation,
    Quote,
    Replayed,
)

START = datetime(2024, 1, 1, 9, 30, tzinfo=UTC)
COUNTS = {"messages": 6, "people": 4, "days": 3, "share": 0.75, "of": 120}


def window(number: int = 0, **more: Any) -> Participation:
    """Two weeks in which six people spoke."""
    opened = START + timedelta(days=14 * number)
    facts: dict[str, Any] = {
        "opened_at": opened,
        "closes_at": opened + timedelta(days=14),
        "turns": 40,
        "people": 6,
        "shares": (0.4, 0.2, 0.15, 0.125, 0.075, 0.05),
        "answers": ((0, 1, 5), (1, 0, 3), (2, 0, 1)),
        "questions": 8,
        "open_questions": 3,
        "acknowledged": 0.6,
        "evidence": {Pattern.NUMBERS_OBSESSED: 3},
        "evidence_by_day": {opened.date() + timedelta(days=2): {Pattern.NUMBERS_OBSESSED: 3}},
    }
    return Participation(**(facts | more))


def asked(**more: Any) -> AskedInReplay:
    """One question."""
    facts: dict[str, Any] = {
        "at": START,
        "pattern": Pattern.NUMBERS_OBSESSED,
        "question_id": "numbers-obsessed-01",
        "question": "What would we like to be true that no number here can show?",
        "counts": COUNTS,
    }
    return AskedInReplay(**(facts | more))


def held(day: int = 0, **more: Any) -> HeldInReplay:
    """One question kept back."""
    facts: dict[str, Any] = {
        "at": START + timedelta(days=day),
        "pattern": Pattern.NUMBERS_OBSESSED,
        "reason": HeldReason.LISTENING,
        "times": 2,
    }
    return HeldInReplay(**(facts | more))


def found(**more: Any) -> Found:
    """One finding."""
    facts: dict[str, Any] = {"pattern": Pattern.NUMBERS_OBSESSED, "first_seen": START, "counts": COUNTS}
    return Found(**(facts | more))


def quote(text: str, *words: str) -> Quote:
    """One message, quoted."""
    return Quote(at=START, pattern=Pattern.NUMBERS_OBSESSED, text=text, words=words)


def channel(name: str = "plans", **more: Any) -> ChannelReplay:
    """A channel in which nothing came up, unless `more` says otherwise."""
    facts: dict[str, Any] = {"name": name, "kind": ChannelKind.CONVERSATION, "messages": 120, "people": 6}
    return ChannelReplay(**(facts | more))


def eventful(name: str = "plans", **more: Any) -> ChannelReplay:
    """A channel with everything in it."""
    facts: dict[str, Any] = {
        "asked": (asked(),),
        "held": (held(), held(20), held(3, reason=HeldReason.OUTSIDE_HOURS, times=1)),
        "findings": (found(),),
        "windows": (window(0), window(1), window(2, people=4, shares=(), answers=())),
    }
    return channel(name, **(facts | more))


def replayed(*channels: ChannelReplay, **more: Any) -> Replayed:
    """A whole replay."""
    facts: dict[str, Any] = {
        "source": "our-team",
        "profile": "gentle",
        "channels": channels,
        "rows": 150,
        "left_out": {"bot": 20, "notice:channel_join": 10},
        "troubles": ("plans/2024-01-02.json: is empty; nothing could be read from it.",),
        "seconds": 1.25,
    }
    return Replayed(**(facts | more))
