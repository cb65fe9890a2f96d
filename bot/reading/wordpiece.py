"""WordPiece: cuts a text into the numbered pieces that the encoder was trained on, as BERT's uncased tokenizer does."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

LONGEST_WORD = 100
"""A word with more characters is unknown as a whole, as in the original."""

_IDEOGRAPHS = ((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F))
_CACHED = 50_000


class WordPiece:
    """A vocabulary and the rule by which words are cut; words that were seen are remembered, up to a bound."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self._ids = {piece: number for number, piece in enumerate(vocabulary)}
        self.pad, self.unknown = self._ids["[PAD]"], self._ids["[UNK]"]
        self.first, self.last = self._ids["[CLS]"], self._ids["[SEP]"]
        self._known: dict[str, tuple[int, ...]] = {}

    def encode(self, text: str, *, longest: int) -> list[int]:
        """The pieces of `text` between [CLS] and [SEP], at most `longest` numbers with both; the rest is dropped."""
        pieces: list[int] = [self.first]
        for word in words(text):
            if len(pieces) >= longest - 1:
                break
            pieces.extend(self._pieces(word))
        return [*pieces[: longest - 1], self.last]

    def _pieces(self, word: str) -> tuple[int, ...]:
        found = self._known.get(word)
        if found is None:
            found = self._cut(word)
            if len(self._known) >= _CACHED:
                self._known.clear()
            self._known[word] = found
        return found

    def _cut(self, word: str) -> tuple[int, ...]:
        """The longest pieces from the left; the whole word is unknown if one part of it is."""
        if len(word) > LONGEST_WORD:
            return (self.unknown,)
        pieces: list[int] = []
        start = 0
        while start < len(word):
            mark = "##" if start else ""
            for end in range(len(word), start, -1):
                if (number := self._ids.get(mark + word[start:end])) is not None:
                    break
            else:
                return (self.unknown,)
            pieces.append(number)
            start = end
        return tuple(pieces)


def load_vocabulary(path: Path) -> WordPiece:
    """The tokenizer of a vocab.txt: one piece a line, its number the line's."""
    return WordPiece(path.read_text(encoding="utf-8").rstrip("\n").split("\n"))


def words(text: str) -> Iterator[str]:
    """Lower-case words without accents, every punctuation mark and ideograph on its own."""
    plain = text.lower() if text.isascii() else _without_accents(text)
    for chunk in plain.split():
        if chunk.isalnum() and chunk.isascii():
            yield chunk
        else:
            yield from _parts(chunk)


def _without_accents(text: str) -> str:
    spread = "".join(f" {letter} " if _ideograph(letter) else letter for letter in text)
    decomposed = unicodedata.normalize("NFD", spread)
    return "".join(letter for letter in decomposed if unicodedata.category(letter) != "Mn").lower()


def _parts(chunk: str) -> Iterator[str]:
    run = ""
    for letter in chunk:
        if _control(letter):
            continue
        if _punctuation(letter) or _ideograph(letter):
            if run:
                yield run
            yield letter
            run = ""
        else:
            run += letter
    if run:
        yield run


def _control(letter: str) -> bool:
    return letter == "\ufffd" or unicodedata.category(letter)[0] == "C"


def _punctuation(letter: str) -> bool:
    if letter.isascii():
        return not letter.isalnum()
    return unicodedata.category(letter)[0] == "P"


def _ideograph(letter: str) -> bool:
    return letter > "\u2e7f" and any(low <= ord(letter) <= high for low, high in _IDEOGRAPHS)
