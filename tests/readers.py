"""A reader for tests: it finds the patterns that a message names in square brackets."""

from __future__ import annotations

import re

from bot.domain.patterns import MESSAGE_PATTERNS, Pattern
from bot.domain.reading import Reading


class MarkedReader:
    """Reads "500 posts [numbers_obsessed]" as clearly numbers_obsessed; keeps nothing."""

    async def read(self, text: str, *, explain: bool = False) -> Reading:
        del explain
        clear = frozenset(Pattern(mark) for mark in re.findall(r"\[(\w+)\]", text) if mark in set(MESSAGE_PATTERNS))
        return Reading(
            probabilities={pattern: 0.95 if pattern in clear else 0.01 for pattern in MESSAGE_PATTERNS},
            clear=clear,
            evidence={pattern: (text.split()[0],) for pattern in clear},
            question=text.rstrip().endswith("?"),
        )
