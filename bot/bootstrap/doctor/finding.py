"""One line of what the doctor found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """How it stands: well, well with something to know, or wrong."""

    OK = "ok"
    NOTE = "note"
    WRONG = "WRONG"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """How it stands with one thing, in one sentence; where it is wrong, the sentence says what to do."""

    mark: Mark
    text: str
