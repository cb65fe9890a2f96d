"""Cuts a text into the numbered pieces that the encoder was trained on: the likeliest ones, as SentencePiece does."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path

MARK = "▁"
"""Stands for the space before a word."""

LONGEST_WORD = 100
"""Characters of one word that are read; the rest is dropped, so any input takes bounded time."""

UNKNOWN_COST = 10.0
"""How much less likely than the rarest piece a letter without a piece is, as in the original."""

FIRST, PAD, LAST, UNKNOWN = range(4)
"""Numbers of the pieces that stand for no letters."""

_CACHED = 50_000
_SPACES = frozenset("\u200b\u200c\u200d\u200e\u200f\ufeff\ufffd" + MARK)


class Unigram:
    """Pieces with the logarithm of how likely each is; words that were seen are remembered, up to a bound."""

    pad = PAD

    def __init__(self, pieces: Sequence[tuple[str, float]]) -> None:
        """The first four pieces are the start, padding, the end and the unknown."""
        self._known_pieces = {
            piece: (number, score) for number, (piece, score) in enumerate(pieces) if number > UNKNOWN
        }
        self._longest = max(map(len, self._known_pieces))
        self._unknown_score = min(score for _, score in pieces) - UNKNOWN_COST
        self._known: dict[str, tuple[int, ...]] = {}

    def encode(self, text: str, *, longest: int) -> list[int]:
        """The pieces of `text` between start and end, at most `longest` numbers with both; the rest is dropped."""
        pieces: list[int] = [FIRST]
        for word in normalised(text).split():
            if len(pieces) >= longest - 1:
                break
            pieces.extend(self._pieces(word))
        return [*pieces[: longest - 1], LAST]

    def _pieces(self, word: str) -> tuple[int, ...]:
        found = self._known.get(word)
        if found is None:
            found = self._cut(MARK + word[:LONGEST_WORD])
            if len(self._known) >= _CACHED:
                self._known.clear()
            self._known[word] = found
        return found

    def _cut(self, word: str) -> tuple[int, ...]:
        """The likeliest way to cut the word (Viterbi); neighbouring unknown letters count as one."""
        best: list[tuple[float, int, int]] = [(0.0, 0, 0)]
        for end in range(1, len(word) + 1):
            chosen = (best[end - 1][0] + self._unknown_score, end - 1, UNKNOWN)
            for begin in range(max(0, end - self._longest), end):
                piece = self._known_pieces.get(word[begin:end])
                if piece is not None and best[begin][0] + piece[1] > chosen[0]:
                    chosen = (best[begin][0] + piece[1], begin, piece[0])
            best.append(chosen)
        numbers: list[int] = []
        end = len(word)
        while end:
            _, end, number = best[end]
            if not (number == UNKNOWN and numbers and numbers[-1] == UNKNOWN):
                numbers.append(number)
        return tuple(reversed(numbers))


def load_pieces(path: Path) -> Unigram:
    """The cutter of a pieces file: one piece and its score a line, a tab between; its number is the line's."""
    lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    parted = (line.split("\t") for line in lines)
    return Unigram([(piece, float(score)) for piece, score in parted])


def write_pieces(path: Path, pieces: Sequence[tuple[str, float]]) -> None:
    """The file that `load_pieces` reads."""
    path.write_text("".join(f"{piece}\t{score:.6g}\n" for piece, score in pieces), encoding="utf-8")


def normalised(text: str) -> str:
    """Letters in their plain form (NFKC, each by itself), control characters gone, what divides words as a space."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_plain, text))


def _plain(letter: str) -> str:
    if letter in _SPACES or letter.isspace() or letter in "\u2028\u2029":
        return " "
    if unicodedata.category(letter) == "Cc":
        return ""
    return unicodedata.normalize("NFKC", letter)
