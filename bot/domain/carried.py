"""Which passages of a text carried a pattern: the reader's words as they stand together in it."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORD = re.compile(r"\S+")
_EDGES = re.compile(r"^\W+|\W+$")
_LONG_ENOUGH = 4


def passages(text: str, words: Iterable[str]) -> tuple[str, ...]:
    """Runs of neighbouring words of `text` that are among `words`, as written there, each once, in their order.

    A run of nothing but small words ("so", "by the") says nothing by itself and is left out.
    """
    carrying = {_bare(word) for phrase in words for word in phrase.split()} - {""}
    runs: dict[str, None] = {}
    begun: int | None = None
    ended = 0
    for found in _WORD.finditer(text):
        carries = _bare(found[0]) in carrying
        if begun is not None and (not carries or "\n" in text[ended : found.start()]):
            runs.setdefault(_EDGES.sub("", text[begun:ended]))
            begun = None
        if carries:
            begun = found.start() if begun is None else begun
            ended = found.end()
    if begun is not None:
        runs.setdefault(_EDGES.sub("", text[begun:ended]))
    return tuple(run for run in runs if any(_says_something(word) for word in run.split()))


def _bare(word: str) -> str:
    return _EDGES.sub("", word).casefold()


def _says_something(word: str) -> bool:
    return len(_bare(word)) >= _LONG_ENOUGH or any(character.isdigit() for character in word)
