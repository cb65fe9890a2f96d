"""The organisation's own words: two short texts that it gives Kith, for questions to stand on (A2, paths 3 and 4)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.paths import SocialPath

LONGEST = 300
"""Characters of each text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWords:
    """What an organisation makes or stands for, and what its people want to be for one another; either may be empty."""

    stands_for: str = ""
    for_one_another: str = ""

    def __bool__(self) -> bool:
        return bool(self.stands_for or self.for_one_another)

    def on(self, path: SocialPath) -> str:
        """The text that questions of `path` stand on; empty for the two paths that engage no such words, or if none
        was given."""
        if path is SocialPath.PRODUCT_RESONANCE:
            return self.stands_for
        return self.for_one_another if path is SocialPath.COLLECTIVE_VALUES else ""


def one_line(text: str) -> str:
    """What somebody typed, on one line: no control characters, single spaces, nothing around it."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
