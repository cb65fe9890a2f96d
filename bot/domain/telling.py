"""Numbers told in words: the one sentence on what was counted that "why this question?" and every report share."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.content import Content
from bot.domain.patterns import CHANNEL_PATTERNS, Pattern


def counts_sentence(pattern: Pattern, counts: Mapping[str, float], content: Content) -> str:
    """What a detector counted (`Finding.counts`), in one sentence."""
    facts: dict[str, object] = {name: number(value) for name, value in counts.items()}
    if pattern in CHANNEL_PATTERNS:
        return content.say(f"counts.{pattern}", **facts)
    if counts["messages"] == 1:
        return content.say("counts.one_message")
    return content.say("counts.messages", n=counts["days"], **facts)


def number(count: float) -> str:
    """A whole number with thin spaces between thousands, or a share as whole per cents."""
    return f"{count:.0%}" if isinstance(count, float) else f"{count:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
