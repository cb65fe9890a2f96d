"""Puts what Kith sees into words and numbers for the panel: no names, no texts, nothing about one person."""

from __future__ import annotations

from adapters.playground.view import Json
from bot.domain.channel import ChannelKind
from bot.domain.content import Content, spoken
from bot.domain.insight import Insight
from bot.domain.ledger import Entry
from bot.domain.patterns import MESSAGE_PATTERNS, Pattern
from bot.domain.reading import Reading
from bot.domain.telling import counts_sentence


def insight_seen(insight: Insight, content: Content) -> Json:
    """A channel's insight as JSON, worded; times are ISO 8601 in UTC."""
    channel, charter = insight.channel, insight.channel.charter
    exempt = channel.purpose is not ChannelKind.CONVERSATION
    return {
        "charter": {
            "state": charter.state.value,
            "says": _known(content, f"state.{charter.state}"),
            "since": charter.since.isoformat(),
            "until": charter.speaks_until.isoformat() if charter.speaks_until else None,
            "profile": _known(content, f"profile.{channel.settings.profile}"),
            "exempt": content.interface.get(f"kind.{channel.purpose}", channel.purpose.value) if exempt else None,
            "look_at": channel.look_at.isoformat() if channel.look_at else None,
        },
        "window": {
            "opened_at": insight.window_opened_at.isoformat(),
            "closes_at": insight.window_closes_at.isoformat(),
            "messages": insight.messages,
            "people": insight.people,
            "open_questions": insight.open_questions,
        },
        "evidence": [
            {"pattern": pattern.value, "title": _title(pattern, content), "count": insight.evidence[pattern]}
            for pattern in Pattern
            if insight.evidence.get(pattern)
        ],
        "findings": [
            {
                "pattern": finding.pattern.value,
                "title": _title(finding.pattern, content),
                "counts": counts_sentence(finding.pattern, finding.counts, content),
            }
            for finding in insight.findings
        ],
        "asked": [_entry(entry, content) for entry in insight.entries if entry.reason is None],
        "held": [_entry(entry, content) for entry in insight.entries if entry.reason is not None],
    }


def reading_seen(reading: Reading, content: Content) -> Json:
    """One message's reading: all seven patterns in their fixed order, with the words that carried the clear ones."""
    return {
        "question": reading.question,
        "patterns": [
            {
                "pattern": pattern.value,
                "title": _title(pattern, content),
                "probability": round(reading.probabilities.get(pattern, 0.0), 3),
                "clear": pattern in reading.clear,
                "words": list(reading.evidence.get(pattern, ())) if pattern in reading.clear else [],
            }
            for pattern in MESSAGE_PATTERNS
        ],
    }


def _entry(entry: Entry, content: Content) -> Json:
    question = content.question(entry.question) if entry.question else None
    return {
        "id": entry.id,
        "at": entry.at.isoformat(),
        "title": _title(entry.pattern, content),
        "question": spoken(question, entry.topic, content) if question else None,
        "reason": content.interface.get(f"held.{entry.reason}", str(entry.reason)) if entry.reason else None,
    }


def _title(pattern: Pattern, content: Content) -> str:
    words = content.patterns.get(pattern)
    return words.title if words else pattern.value


def _known(content: Content, key: str) -> str:
    return content.interface.get(f"rehearsal.{key}", key.rpartition(".")[2].replace("_", " "))
