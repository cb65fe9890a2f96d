"""What a folder and a zip have in common: members with plain names, read whole and within limits, never written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.domain.archive import Trouble

LARGEST_FILE = 64 * 2**20
"""Bytes of one file; the largest day file seen in real exports is 1.3 MB."""

MUST_SHRINK_LESS = 200
"""Times that a member may have been compressed; real day files stay under 40, deflate can reach 1,032."""

ALWAYS_ALLOWED = 4 * 2**20
"""Bytes that a member may unpack to whatever its ratio."""

TOO_LARGE = f"is larger than {LARGEST_FILE // 2**20} MB when unpacked; it was not read."
BOMB = "unpacks to far more than a day of talk can be (a zip bomb); it was not read."
EMPTY = "is empty; nothing could be read from it."

_LONGEST_NAME = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """The names of all regular files, with "/" between their parts, and what is odd about the others."""

    names: tuple[str, ...]
    troubles: tuple[Trouble, ...] = ()


class Source(Protocol):
    """Where an export's files are read from."""

    def contents(self) -> Contents:
        """Every file that can be read, in the order of the source."""
        ...

    def read(self, name: str) -> bytes | Trouble:
        """One file of `contents`, whole, or why it cannot be read; never more than LARGEST_FILE bytes."""
        ...


def shown(name: str) -> str:
    """A name that is safe to show on one line: control characters replaced, overlong names cut."""
    clean = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name[: _LONGEST_NAME + 1])
    if not clean:
        return "?"
    return clean if len(clean) <= _LONGEST_NAME else f"{clean[:_LONGEST_NAME]}…"


def trouble(name: str, problem: str) -> Trouble:
    """A trouble with a name that is safe to show."""
    return Trouble(file=shown(name), problem=problem)
