"""A replay as JSON, for other programs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson

from bot.domain.replayed import ChannelReplay, Replayed


def render(replayed: Replayed) -> str:
    """JSON with a line break at its end; times are ISO 8601 in UTC. It never holds a word of any message."""
    report = {
        "profile": replayed.profile,
        "rows": replayed.rows,
        "left_out": dict(replayed.left_out),
        "troubles": list(replayed.troubles),
        "channels": [_channel(channel) for channel in replayed.channels],
    }
    return orjson.dumps(report, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def _channel(channel: ChannelReplay) -> dict[str, Any]:
    return {
        "name": channel.name,
        "messages": channel.messages,
        "people": channel.people,
        "findings": [
            {"pattern": found.pattern, "first_seen": _iso(found.first_seen), "counts": dict(found.counts)}
            for found in channel.findings
        ],
        "asked": [
            {
                "at": _iso(asked.at),
                "pattern": asked.pattern,
                "question_id": asked.question_id,
                "question": asked.question,
            }
            for asked in channel.asked
        ],
        "held": [{"at": _iso(held.at), "pattern": held.pattern, "reason": held.reason} for held in channel.held],
    }


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
