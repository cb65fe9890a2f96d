"""What a reader says of one message: how probable each message pattern is, and which words carried it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.patterns import MESSAGE_PATTERNS, Pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A reading lives as long as the message is being heard; only `clear` probabilities and topics outlive it.

    `probabilities` has all seven message patterns; `clear` those over the reader's decision threshold, `evidence`
    the words that carried each of them, `topics` ids of the closed list in prompts/, `question` whether it asks.
    """

    probabilities: Mapping[Pattern, float]
    clear: frozenset[Pattern] = frozenset()
    evidence: Mapping[Pattern, tuple[str, ...]] = field(default_factory=dict)
    topics: tuple[str, ...] = ()
    question: bool = False


UNREAD = Reading(probabilities=dict.fromkeys(MESSAGE_PATTERNS, 0.0))
"""The reading of a message that is not read, a guest's for example."""
