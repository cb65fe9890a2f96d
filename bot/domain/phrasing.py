"""Several phrasings of one thing, and which of them is said: varied for people, the same for the same occasion."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from bot.domain.content import Content


def phrasings(prefix: str, content: Content) -> tuple[str, ...]:
    """The keys of all phrasings under `prefix` (`dialogue.thanks.` has `dialogue.thanks.1`, …), in their order."""
    numbered = (key for key in content.interface if key.startswith(prefix) and key[len(prefix) :].isdigit())
    return tuple(sorted(numbered, key=lambda key: int(key[len(prefix) :])))


def pick(prefix: str, seed: str, content: Content) -> str:
    """One of the phrasings under `prefix`, by `seed`; KeyError if there is none, found by the content linter."""
    keys = phrasings(prefix, content)
    if not keys:
        raise KeyError(prefix)
    return keys[_number(f"{seed}/{prefix}") % len(keys)]


def in_turn(prefix: str, seed: str, turn: int, content: Content) -> str:
    """One after the other from one turn to the next, begun where `seed` says; KeyError if there is none."""
    keys = phrasings(prefix, content)
    if not keys:
        raise KeyError(prefix)
    return keys[(_number(f"{seed}/{prefix}") + turn) % len(keys)]


def fresh(prefix: str, said: Collection[str], seed: str, content: Content, *, again: bool = True) -> str:
    """One that is not among `said`; when all are, any of them, or none ("") unless one may be said `again`."""
    left = [key for key in phrasings(prefix, content) if key not in said]
    if not left:
        return pick(prefix, seed, content) if again else ""
    return left[_number(f"{seed}/{prefix}") % len(left)]


def _number(seed: str) -> int:
    return int.from_bytes(hashlib.blake2b(seed.encode(), digest_size=8).digest())
