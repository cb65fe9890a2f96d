"""The lexicon: cues per pattern, read from the YAML files beside this module and joined with their fitted weights."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

import yaml

from bot.domain.patterns import MESSAGE_PATTERNS, Pattern
from bot.errors import ContentError
from training.lexical.phrases import Phrase, Phrasebook

HERE = Path(__file__).parent
LEXICON = HERE / "cues"
WEIGHTS = HERE / "weights.json"

STRENGTHS: Mapping[str, float] = {"strong": 3.0, "fair": 2.0, "weak": 1.0}
"""What a cue adds to the logit before any fitting; a doubt takes as much away."""


@dataclass(frozen=True)
class Cue:
    """A named hint at one pattern, or a doubt (`pattern` None) that speaks against all of them.

    It is there when all parts of one of its `ways` are, by their numbers in the lexicon.
    """

    name: str
    pattern: Pattern | None
    strength: float
    ways: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Index:
    """Where to start looking: `single` has the phrases that are there when a word is; `longer` those worth looking for
    when it is, each with words of which one must be there too; `words` are the words of both.
    """

    words: frozenset[str]
    single: Mapping[str, tuple[int, ...]]
    longer: Mapping[str, tuple[tuple[int, frozenset[str]], ...]]


@dataclass(frozen=True)
class Lexicon:
    """Phrases, where to start looking for those that hint and those that doubt, and the cues built of them.

    A part is a set of phrases of which one must be found; `parts_of` names the parts of a phrase, `ways_at` the cues'
    ways (cue number, its parts) that begin with a part.
    """

    phrases: tuple[Phrase, ...]
    hints: Index
    doubts: Index
    parts: tuple[frozenset[int], ...]
    parts_of: Mapping[int, tuple[int, ...]]
    cues: tuple[Cue, ...]
    ways_at: Mapping[int, tuple[tuple[int, tuple[int, ...]], ...]]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The cues' full names, in order: "pattern: name", or "doubt: name"."""
        return tuple(f"{cue.pattern.value if cue.pattern else 'doubt'}: {cue.name}" for cue in self.cues)


@dataclass(frozen=True)
class Weights:
    """What training/calibrate.py settled: biases and thresholds per pattern, and cue weights by full name."""

    bias: Mapping[Pattern, float]
    threshold: Mapping[Pattern, float]
    cues: Mapping[str, float] = field(default_factory=dict)
    slope: Mapping[Pattern, float] = field(default_factory=dict)


UNFITTED = Weights(bias=dict.fromkeys(MESSAGE_PATTERNS, -5.0), threshold=dict.fromkeys(MESSAGE_PATTERNS, 0.5))
"""Before any fitting: two strong cues make a pattern clear."""


@cache
def shipped_lexicon() -> Lexicon:
    """The lexicon that comes with Kith, loaded once; ContentError names the file and the cue that is wrong."""
    return load_lexicon(LEXICON)


@cache
def shipped_weights() -> Weights:
    """The weights that come with Kith, loaded once."""
    return load_weights(WEIGHTS)


def load_weights(path: Path) -> Weights:
    """The weights written by training/calibrate.py."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    per_pattern = {key: {Pattern(p): float(v) for p, v in raw[key].items()} for key in ("bias", "threshold", "slope")}
    return Weights(cues={name: float(weight) for name, weight in raw["cues"].items()}, **per_pattern)


def load_lexicon(folder: Path) -> Lexicon:
    """The lexicon in `folder`: lists.yaml, doubts.yaml and one file per message pattern."""
    lists = _lists(folder / "lists.yaml")
    building = _Building(lists)
    for pattern in MESSAGE_PATTERNS:
        building.read(folder / f"{pattern.value}.yaml", pattern)
    building.read(folder / "doubts.yaml", None)
    return building.finished()


def _load(path: Path) -> dict[str, object]:
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe loaders
    except (OSError, yaml.YAMLError) as exc:
        raise ContentError(file=path.name, key="-", problem=f"cannot be read as YAML: {exc}") from exc
    if not isinstance(raw, dict) or not all(isinstance(key, str) for key in raw):
        raise ContentError(file=path.name, key="-", problem="must be a list of named entries")
    return raw


def _lists(path: Path) -> dict[str, tuple[str, ...]]:
    lists: dict[str, tuple[str, ...]] = {}
    for name, value in _load(path).items():
        lists[name] = tuple(_phrases(path, name, value))
    return lists


def _phrases(path: Path, key: str, value: object) -> list[str]:
    lines = [value] if isinstance(value, str) else value
    if not isinstance(lines, list) or not lines or not all(isinstance(line, str) for line in lines):
        raise ContentError(
            file=path.name, key=key, problem="must be a phrase or a list of phrases; quote yes, no and numbers"
        )
    return [phrase.strip() for line in lines for phrase in line.split(" | ")]


class _Building:
    """Collects phrases and cues while files are read."""

    def __init__(self, lists: Mapping[str, tuple[str, ...]]) -> None:
        self._lists = lists
        self._book = Phrasebook(lists)
        self._numbers: dict[str, int] = {}
        self._compiled: list[Phrase] = []
        self._parts: dict[frozenset[int], int] = {}
        self._cues: list[Cue] = []

    def read(self, path: Path, pattern: Pattern | None) -> None:
        for strength, entries in _load(path).items():
            if strength not in STRENGTHS or not isinstance(entries, dict):
                raise ContentError(
                    file=path.name, key=strength, problem="must be strong, fair or weak, with named cues below"
                )
            for name, value in entries.items():
                ways = tuple(self._way(path, str(name), way) for way in _phrases(path, str(name), value))
                self._cues.append(Cue(str(name), pattern, STRENGTHS[strength], ways))

    def _way(self, path: Path, name: str, way: str) -> tuple[int, ...]:
        try:
            parts = dict.fromkeys(self._part(part.strip()) for part in way.split(" & "))
        except ValueError as exc:
            raise ContentError(file=path.name, key=name, problem=str(exc)) from exc
        return tuple(parts)

    def _part(self, part: str) -> int:
        whole_list = part[1:-1] if part.startswith("<") and part.endswith(">") else ""
        phrases = frozenset(self._number(entry) for entry in self._lists.get(whole_list, (part,)))
        return self._parts.setdefault(phrases, len(self._parts))

    def _number(self, phrase: str) -> int:
        if phrase not in self._numbers:
            self._compiled.append(self._book.parse(phrase))
            self._numbers[phrase] = len(self._compiled) - 1
        return self._numbers[phrase]

    def finished(self) -> Lexicon:
        parts = tuple(self._parts)
        parts_of: dict[int, list[int]] = {}
        for part, phrases in enumerate(parts):
            for phrase in sorted(phrases):
                parts_of.setdefault(phrase, []).append(part)
        ways_at: dict[int, list[tuple[int, tuple[int, ...]]]] = {}
        for number, cue in enumerate(self._cues):
            for way in cue.ways:
                first = min(way, key=lambda part: (len(parts[part]), part))
                ways_at.setdefault(first, []).append((number, way))
        return Lexicon(
            phrases=tuple(self._compiled),
            hints=self._index(self._phrases_for(doubts=False)),
            doubts=self._index(self._phrases_for(doubts=True)),
            parts=parts,
            parts_of={phrase: tuple(numbers) for phrase, numbers in parts_of.items()},
            cues=tuple(self._cues),
            ways_at={part: tuple(ways) for part, ways in ways_at.items()},
        )

    def _phrases_for(self, *, doubts: bool) -> set[int]:
        parts = tuple(self._parts)
        cues = [cue for cue in self._cues if (cue.pattern is None) is doubts]
        return {phrase for cue in cues for way in cue.ways for part in way for phrase in parts[part]}

    def _index(self, numbers: set[int]) -> Index:
        single: dict[str, list[int]] = {}
        longer: dict[str, list[tuple[int, frozenset[str]]]] = {}
        for number in sorted(numbers):
            phrase = self._compiled[number]
            for word in phrase.anchors:
                if phrase.is_a_word:
                    single.setdefault(word, []).append(number)
                else:
                    longer.setdefault(word, []).append((number, phrase.needs[0] if phrase.needs else phrase.anchors))
        return Index(
            words=frozenset(single) | frozenset(longer),
            single={word: tuple(entries) for word, entries in single.items()},
            longer={word: tuple(entries) for word, entries in longer.items()},
        )
