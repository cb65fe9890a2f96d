"""The small language in which the lexicon's phrases are written, turned into patterns over a message's words.

A phrase is words with spaces between. `a/b` is either word; `word*` the word with any common ending; `N` a number;
`..` up to four words in between, `...` up to twelve, in one sentence; `[word]` may be missing; `<name>` is any phrase
of that list; `^` the start of a sentence, `$` its end, `?` a question mark. Hyphens count as spaces.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from bot.reading.language import ENGLISH

_ENDINGS = (
    "'s s es d ed er ers r rs ing ings ion ions ment ments ly y ies ied e ation ations isation al able ator ators"
).split()
_ENDING = f"(?:{'|'.join(_ENDINGS)})?"
_NUMBER_WORDS = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand dozen"
).split()
_NUMBER = rf"(?:\d[\d.,:]*[a-z]*|{'|'.join(_NUMBER_WORDS)})(?: %| percent)? "
_GAPS = {"..": r"(?:[\w%][^ ]* ){0,4}?", "...": r"(?:[\w%][^ ]* ){0,12}?"}
_MARKS = {"^": "[.!?;:\n–—] ", "$": "[.!?;:\n–—] ", "?": r"\? ", "N": _NUMBER, "%": "% "}
_WORD = re.compile(r"[^\W_]+(?:['.:][^\W_]+)*")
_EVERYWHERE = frozenset(
    """
    a about all and are as at be but by can do don't for from get have i if in is it it's not of on so the to use we you
    """.split()
)
_COSTS = (100.0, 30.0, 0.5)


@dataclass(frozen=True)
class Element:
    """One part of a phrase: a regular expression, the words of which one must occur for it, and whether it is a gap.

    `cost` says how often one of the words turns up in any talk, roughly: the rarest part is looked for first.
    """

    source: str
    words: frozenset[str] = frozenset()
    cost: float = 0.0
    gap: bool = False


@dataclass(frozen=True)
class Phrase:
    """One phrase ready to be looked for.

    `anchors` are the words of which one must occur before it is worth looking; `needs` up to two
    further such sets.
    """

    anchors: frozenset[str]
    needs: tuple[frozenset[str], ...]
    elements: tuple[Element, ...]
    cost: float

    @cached_property
    def is_a_word(self) -> bool:
        """Whether an anchor's occurrence is the whole phrase's."""
        return len(self.elements) == 1 and " " not in self.elements[0].source[:-1]

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """Matches in " . word word . ", compiled when first needed; its groups hold all but the gaps."""
        source, run = " ", ""
        for element in self.elements:
            if element.gap:
                source += f"({run})" if run else ""
                source, run = source + element.source, ""
            else:
                run += element.source
        return re.compile(source + (f"({run})" if run else ""))


class Phrasebook:
    """Reads phrases, with the lists that they may name."""

    def __init__(self, lists: Mapping[str, tuple[str, ...]]) -> None:
        self._lists = lists
        self._elements: dict[str, Element] = {}

    def parse(self, phrase: str) -> Phrase:
        """The phrase, ready to be looked for; ValueError in plain words if it cannot be read."""
        try:
            elements = self._split(phrase)
        except ValueError as exc:
            raise ValueError(f"'{phrase}': {exc}") from exc
        anchored = sorted((e for e in elements if e.words), key=lambda e: (e.cost, sorted(e.words)))
        if not anchored:
            raise ValueError(f"'{phrase}': there is no word to look for")
        needs = tuple(e.words for e in anchored[1:3])
        return Phrase(anchors=anchored[0].words, needs=needs, elements=elements, cost=anchored[0].cost)

    def _split(self, phrase: str) -> tuple[Element, ...]:
        return tuple(self._element(part) for part in phrase.replace("-", " ").split())

    def _element(self, part: str) -> Element:
        if part not in self._elements:
            self._elements[part] = self._read(part)
        return self._elements[part]

    def _read(self, part: str) -> Element:
        if part in _GAPS:
            return Element(_GAPS[part], gap=True)
        if part in _MARKS:
            return Element(_MARKS[part])
        if part[0] == "[" and part[-1] == "]":
            return Element(f"(?:{self._element(part[1:-1]).source})?")
        if part[0] == "<" and part[-1] == ">":
            return self._any_of(part[1:-1])
        choices = part.split("/")
        words = frozenset(word for choice in choices for word in _spelt(choice))
        source = "|".join(_source(choice) for choice in choices)
        return Element((f"(?:{source})" if len(choices) > 1 else source) + " ", words, sum(map(_cost, choices)))

    def _any_of(self, name: str) -> Element:
        if name not in self._lists:
            raise ValueError(f"there is no list <{name}>")
        entries = [self.parse(entry) for entry in self._lists[name]]
        sources = ("".join(element.source for element in entry.elements) for entry in entries)
        words = frozenset[str]().union(*(entry.anchors for entry in entries))
        return Element(f"(?:{'|'.join(sources)})", words, sum(entry.cost for entry in entries))


def _spelt(choice: str) -> list[str]:
    word = choice.removesuffix("*")
    if not _WORD.fullmatch(word) or word != word.lower():
        raise ValueError(f"'{choice}' is not a lower-case word")
    return [word, *(word + ending for ending in _ENDINGS)] if choice.endswith("*") else [word]


def _source(choice: str) -> str:
    return re.escape(choice.removesuffix("*")) + (_ENDING if choice.endswith("*") else "")


def _cost(word: str) -> float:
    return _COSTS[0] if word in _EVERYWHERE else _COSTS[1] if word in ENGLISH else _COSTS[2]
