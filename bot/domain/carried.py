"""Which passages of a text carried a pattern: the reader's words as they stand together in it."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORD = re.compile(r"\S+")
_EDGES = re.compile(r"^\W+|\W+$")
SMALL_WORDS = frozenset(
    """
    a am an and are as at be been being but by can could did do does for from had has have he her his i if in into is it
    its me my of off on or our she so some than that the their them then there these they this those to up us was we
    were what when which while who will with would you your
    """.split()
)
"""Words that hold a sentence together and say nothing by themselves."""

_MOST_BETWEEN = 2
"""So many small words may stand between two words of one passage."""


def passages(text: str, words: Iterable[str]) -> tuple[str, ...]:
    """Runs of words of `text` that are among `words`, as written there, each once, in their order.

    Small words ("so", "by the") carry nothing by themselves: they may stand within a run, and never at its ends.
    """
    carrying = {_bare(word) for phrase in words for word in phrase.split()} - {""} - SMALL_WORDS
    runs: dict[str, None] = {}
    begun: int | None = None
    ended = between = 0
    for found in _WORD.finditer(text):
        carries = _bare(found[0]) in carrying
        between = 0 if carries else between + 1
        goes_on = carries or (_bare(found[0]) in SMALL_WORDS and between <= _MOST_BETWEEN)
        if begun is not None and (not goes_on or "\n" in text[ended : found.start()]):
            runs.setdefault(_EDGES.sub("", text[begun:ended]))
            begun = None
        if carries:
            begun = found.start() if begun is None else begun
            ended = found.end()
    if begun is not None:
        runs.setdefault(_EDGES.sub("", text[begun:ended]))
    return tuple(run for run in runs if run)


def _bare(word: str) -> str:
    return _EDGES.sub("", word).casefold()
