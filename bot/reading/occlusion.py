"""The words that carried a pattern: those whose removal lowers its probability most, checked by removing them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.domain.carried import SMALL_WORDS
from bot.reading.clean import SENTENCE_MARKS, words_of

MOST_SPANS = 14
"""A message is cut into at most so many spans of neighbouring words."""

MOST_NAMED = 4
"""So many spans are named at most, more only if the check asks for it."""

ENOUGH = 0.35
"""A span belongs to the evidence when its removal lowers the logit by this part of what the strongest one does."""

Score = Callable[[str], float]
"""One pattern's logit for a text."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """One word of a text and where it stands."""

    word: str
    begin: int
    end: int


def spoken(cleaned: str) -> list[Spoken]:
    """The words of a cleaned text in order; sentence marks are left out."""
    found, at = [], 0
    for word in words_of(cleaned):
        begin = cleaned.index(word, at)
        at = begin + len(word)
        if word not in SENTENCE_MARKS and word != "%":
            found.append(Spoken(word, begin, at))
    return found


def spans(words: Sequence[Spoken]) -> list[Sequence[Spoken]]:
    """Neighbouring words together, as evenly as it goes, in at most MOST_SPANS spans."""
    size = max(1, -(-len(words) // MOST_SPANS))
    return [words[at : at + size] for at in range(0, len(words), size)]


def cut(cleaned: str, gone: Sequence[Spoken]) -> str:
    """The text without these words, which are in its order."""
    left, at = [], 0
    for one in gone:
        left.append(cleaned[at : one.begin])
        at = one.end
    return "".join([*left, cleaned[at:]])


def without(cleaned: str, words: Sequence[str]) -> str:
    """The text with every occurrence of `words` gone, in capitals or not."""
    gone = {word.lower() for word in words}
    return cut(cleaned, [one for one in spoken(cleaned) if one.word.lower() in gone])


def evidence(cleaned: str, drops: Sequence[float], *, score: Score, before: float) -> tuple[str, ...]:
    """The words that carried the pattern, in their order: without any of them its logit is below `before`.

    `drops` says for each span of the text how far its removal lowers the logit. Spans are added until the check holds
    or every word is named: with every word gone there is nothing left to read. Small words ("the", "to") are left out
    if the check holds without them.
    """
    parts = spans(spoken(cleaned))
    ranked = sorted(range(len(parts)), key=lambda k: (-drops[k], k))
    enough = ENOUGH * drops[ranked[0]] if ranked else 0.0
    taken = [k for k in ranked[:MOST_NAMED] if drops[k] >= enough > 0.0] or ranked[:1]
    while len(taken) < len(ranked) and score(without(cleaned, _words(parts, taken))) >= before:
        taken.append(ranked[len(taken)])
    named = tuple(dict.fromkeys(_words(parts, sorted(taken))))
    telling = tuple(word for word in named if word.lower() not in SMALL_WORDS)
    if telling and len(telling) < len(named) and score(without(cleaned, telling)) < before:
        return telling
    return named


def _words(parts: Sequence[Sequence[Spoken]], taken: Sequence[int]) -> list[str]:
    return [one.word for k in taken for one in parts[k]]
