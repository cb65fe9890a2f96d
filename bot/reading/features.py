"""Which hashed features a message's words have: the words, their neighbours, and pieces of their spelling."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

BITS = 18
"""A feature falls into one of 2**18 rows of the table."""

ROWS = 1 << BITS
SIGNED = 2 * ROWS - 1
"""A feature's number has one bit more than its row: the sign with which the row counts (Weinberger et al. 2009)."""

MOST_WORDS = 200
"""So many words and sentence marks of a message are scored; the rest is dropped, so any input takes bounded time."""

_MIX = 0x9E3779B1
_NEXT, _AFTER_NEXT, _PIECE = 0x51ED270B, 0x2545F491, 0x1B873593
_DIGITS = re.compile(r"\d+")
_LONGEST_SPELLING = 24


@dataclass(frozen=True, slots=True)
class Word:
    """A word's share: numbers of its own features, and what it puts in when it is the first or second of two."""

    own: tuple[int, ...]
    first: int
    after: int
    second: int


EDGE = Word((), _MIX & 0xFFFFFFFF, _AFTER_NEXT, 0)
"""Stands before a message's first word and after its last."""


def word_of(token: str) -> Word:
    """The share of one lower-case token; every run of digits counts as the same number."""
    shape = _DIGITS.sub("0", token)
    code = _hash(shape)
    pieces = (_hash(piece) ^ _PIECE for piece in _pieces(shape))
    own = (_number(code), *dict.fromkeys(_number(piece) for piece in pieces))
    return Word(own, (code * _MIX + _NEXT) & 0xFFFFFFFF, (code * _MIX + _AFTER_NEXT) & 0xFFFFFFFF, code)


def features(tokens: Sequence[str]) -> list[int]:
    """Numbers (row and sign) of all features of the first MOST_WORDS lower-case `tokens`, with repetition."""
    return features_of([word_of(token) for token in tokens[:MOST_WORDS]])


def features_of(words: Sequence[Word]) -> list[int]:
    """The same, from the shares of the words."""
    shares = [EDGE, *words, EDGE]
    found = [number for share in shares for number in share.own]
    found += [_number(a.first ^ b.second) for a, b in pairwise(shares)]
    found += [_number(a.after ^ b.second) for a, b in zip(shares, shares[2:], strict=False)]
    return found


def _pieces(shape: str) -> list[str]:
    """Three to five neighbouring letters of a word with its edges."""
    if len(shape) < 4 or len(shape) > _LONGEST_SPELLING:
        return []
    edged = f"<{shape}>"
    return [edged[k : k + size] for size in (3, 4, 5) for k in range(len(edged) - size + 1)]


def _hash(text: str) -> int:
    return (zlib.crc32(text.encode("utf-8", "surrogatepass")) * _MIX) & 0xFFFFFFFF


def _number(code: int) -> int:
    return (code ^ code >> 15) & SIGNED
