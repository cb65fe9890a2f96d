"""Which of the lexicon's phrases and cues a message holds, and with which of its words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from training.lexical.lexicon import Index, Lexicon
from training.lexical.phrases import Phrase

NEAR = 30
"""The parts of a cue belong together within so many words and sentence marks."""


Words = frozenset[str] | set[str]


@dataclass(frozen=True)
class Found:
    """The numbers of the phrases and of the cues that a message holds; doubts are looked for only beside a hint."""

    phrases: set[int]
    cues: set[int]


def look(lexicon: Lexicon, tokens: Sequence[str], words: Words) -> Found:
    """What the lexicon finds among lower-case `tokens`; `words` is the set of them."""
    phrases = _sought(lexicon, lexicon.hints, tokens, words)
    cues = _cues(lexicon, phrases, tokens) if phrases else set()
    if cues and (doubts := _sought(lexicon, lexicon.doubts, tokens, words)):
        phrases |= doubts
        cues = _cues(lexicon, phrases, tokens)
    return Found(phrases, cues)


def _sought(lexicon: Lexicon, index: Index, tokens: Sequence[str], words: Words) -> set[int]:
    found: set[int] = set()
    text = ""
    for word in index.words & words:
        if word in index.single:
            found.update(index.single[word])
        for number, need in index.longer.get(word, ()):
            if need.isdisjoint(words) or number in found:
                continue
            phrase = lexicon.phrases[number]
            if len(phrase.needs) > 1 and phrase.needs[1].isdisjoint(words):
                continue
            text = text or spread(tokens)
            if phrase.regex.search(text):
                found.add(number)
    return found


def _cues(lexicon: Lexicon, found: set[int], tokens: Sequence[str]) -> set[int]:
    parts = {part for phrase in found for part in lexicon.parts_of[phrase]}
    cues: set[int] = set()
    for part in parts:
        for cue, way in lexicon.ways_at.get(part, ()):
            if cue not in cues and (len(way) == 1 or (parts.issuperset(way) and _near(lexicon, way, found, tokens))):
                cues.add(cue)
    return cues


def phrases_behind(lexicon: Lexicon, cue: int, found: Found, tokens: Sequence[str]) -> set[int]:
    """The found phrases that make this cue be there."""
    behind: set[int] = set()
    for way in lexicon.cues[cue].ways:
        phrases = [lexicon.parts[part] & found.phrases for part in way]
        if all(phrases) and _near(lexicon, way, found.phrases, tokens):
            behind.update(*phrases)
    return behind


def _near(lexicon: Lexicon, way: tuple[int, ...], found: set[int], tokens: Sequence[str]) -> bool:
    if len(way) == 1 or len(tokens) <= NEAR:
        return True
    seen = sorted(
        (place, k)
        for k, part in enumerate(way)
        for phrase in lexicon.parts[part] & found
        for place in places_of(lexicon.phrases[phrase], tokens)
    )
    latest = [-NEAR - 1] * len(way)
    for place, k in seen:
        latest[k] = place
        if place - min(latest) <= NEAR:
            return True
    return False


def places_of(phrase: Phrase, tokens: Sequence[str]) -> set[int]:
    """The positions in `tokens` of the words that this phrase wrote out, wherever it occurs."""
    if phrase.is_a_word:
        return {place for place, token in enumerate(tokens) if token in phrase.anchors}
    text = spread(tokens)
    starts = {}
    at = 3
    for place, token in enumerate(tokens):
        starts[at] = place
        at += len(token) + 1
    places: set[int] = set()
    for begin, end in _spans(phrase, text):
        places |= {place for start, place in starts.items() if begin <= start < end}
    return places


def spread(tokens: Sequence[str]) -> str:
    """The tokens between single spaces with a sentence mark at both ends, as the phrases' expressions expect them."""
    return f" . {' '.join(tokens)} . "


def _spans(phrase: Phrase, text: str) -> Iterator[tuple[int, int]]:
    at = 0
    while match := phrase.regex.search(text, at):
        yield from (match.span(group) for group in range(1, (match.re.groups or 0) + 1))
        at = match.start() + 1
