"""The names of the ten patterns (CODEBOOK): seven that a message can carry, three that a channel can show."""

from __future__ import annotations

from enum import StrEnum


class Pattern(StrEnum):
    """A pattern's id as it stands in prompts/, in the ledger and in every report; ids never change."""

    TECHNOLOGY_DRIVEN = "technology_driven"
    CUSTOMER_CENTRIC = "customer_centric"
    REACTIONARY = "reactionary"
    EXTOLS_EFFICIENCY = "extols_efficiency"
    VENDOR_DRIVEN = "vendor_driven"
    NUMBERS_OBSESSED = "numbers_obsessed"
    ALL_BUSINESS = "all_business"
    ONE_WAY_BROADCAST = "one_way_broadcast"
    FEW_VOICES = "few_voices"
    UNANSWERED_QUESTIONS = "unanswered_questions"


MESSAGE_PATTERNS: tuple[Pattern, ...] = tuple(Pattern)[:7]
"""Read from the words of single messages (A1, points 1 to 7), then added up over a window."""

CHANNEL_PATTERNS: tuple[Pattern, ...] = tuple(Pattern)[7:]
"""Seen in counts alone: who answers whom, reactions, questions left open (A2, path 3)."""
