"""The lexical reader: sums the weights of the cues it finds in a message into a probability per pattern."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from bot.domain.patterns import MESSAGE_PATTERNS, Pattern
from bot.domain.reading import Reading
from bot.reading.clean import SENTENCE_MARKS, clean, words_of
from bot.reading.language import readable
from bot.reading.questions import asks
from bot.reading.topics import topics_of
from training.lexical.lexicon import UNFITTED, Lexicon, Weights, shipped_lexicon, shipped_weights
from training.lexical.matching import look, phrases_behind, places_of

_NOTHING: Mapping[Pattern, float] = MappingProxyType(dict.fromkeys(MESSAGE_PATTERNS, 0.0))


class LexicalReader:
    """Reads by the lexicon alone: deterministic, without a model, and able to name the words that carried a pattern."""

    def __init__(self, lexicon: Lexicon | None = None, weights: Weights | None = None) -> None:
        self.lexicon = shipped_lexicon() if lexicon is None else lexicon
        self.weights = weights if weights is not None else (shipped_weights() if lexicon is None else UNFITTED)
        self._weight = tuple(
            self.weights.cues.get(name, cue.strength)
            for name, cue in zip(self.lexicon.names, self.lexicon.cues, strict=True)
        )
        self._no_cue = MappingProxyType({p: _chance(self._logit(p, 0.0)) for p in MESSAGE_PATTERNS})

    async def read(self, text: str, *, explain: bool = True) -> Reading:
        """Evidence per pattern for any text whatever: never raises, takes bounded time, keeps nothing."""
        del explain  # its evidence costs nothing
        return self.read_text(text)

    def read_text(self, text: str) -> Reading:
        """The same, without waiting."""
        cleaned = clean(text)
        tokens = words_of(cleaned.lower())
        words = set(tokens)
        question = asks(tokens, words)
        topics = topics_of(tokens, words)
        if not readable(cleaned, tokens, words):
            return Reading(probabilities=_NOTHING, topics=topics, question=question)
        found = look(self.lexicon, tokens, words)
        if not found.cues:
            return Reading(probabilities=self._no_cue, topics=topics, question=question)
        probabilities = self.probabilities(found.cues)
        clear = frozenset(p for p, chance in probabilities.items() if chance >= self.weights.threshold[p])
        evidence = {p: self._evidence(cleaned, p) for p in MESSAGE_PATTERNS if p in clear}
        return Reading(probabilities=probabilities, clear=clear, evidence=evidence, topics=topics, question=question)

    def probabilities(self, cues: set[int]) -> Mapping[Pattern, float]:
        """The probability of each pattern when these cues are there, in the order of MESSAGE_PATTERNS."""
        sums = dict.fromkeys(MESSAGE_PATTERNS, 0.0)
        doubt = 0.0
        for number in sorted(cues):
            pattern = self.lexicon.cues[number].pattern
            if pattern is None:
                doubt += self._weight[number]
            else:
                sums[pattern] += self._weight[number]
        return {p: _chance(self._logit(p, hint - min(doubt, hint))) for p, hint in sums.items()}

    def _logit(self, pattern: Pattern, hint: float) -> float:
        return self.weights.bias[pattern] + self.weights.slope.get(pattern, 1.0) * hint

    def _evidence(self, cleaned: str, pattern: Pattern) -> tuple[str, ...]:
        """The message's own words that carried `pattern`, in order: without them it is less probable."""
        spoken = words_of(cleaned)
        tokens = [word.lower() for word in spoken]
        before = self._chance_of(pattern, tokens)
        gone: set[str] = set()
        while True:
            left = [token for token in tokens if token not in gone]
            carrying = self._carrying(left, pattern)
            if not carrying or (gone and self._chance_of(pattern, left) < before):
                break
            gone |= carrying
        return tuple(dict.fromkeys(word for word, token in zip(spoken, tokens, strict=True) if token in gone))

    def _carrying(self, tokens: Sequence[str], pattern: Pattern) -> set[str]:
        found = look(self.lexicon, tokens, set(tokens))
        carrying: set[str] = set()
        for cue in found.cues:
            if self.lexicon.cues[cue].pattern is pattern and self._weight[cue] > 0.0:
                for number in phrases_behind(self.lexicon, cue, found, tokens):
                    carrying |= {tokens[place] for place in places_of(self.lexicon.phrases[number], tokens)}
        return carrying - SENTENCE_MARKS

    def _chance_of(self, pattern: Pattern, tokens: Sequence[str]) -> float:
        return self.probabilities(look(self.lexicon, tokens, set(tokens)).cues)[pattern]


def _chance(logit: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit))))
