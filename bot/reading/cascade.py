"""The trained reader: a gate for every message, an encoder for the few it lets through, one calibrated answer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from pathlib import Path
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from bot.domain.patterns import MESSAGE_PATTERNS, Pattern
from bot.domain.reading import Reading
from bot.reading.clean import clean, words_of
from bot.reading.encoder import Encoder
from bot.reading.gate import Gate, load_gate
from bot.reading.language import readable
from bot.reading.model_files import MODEL, Numbers, load_numbers
from bot.reading.occlusion import cut, evidence, spans, spoken
from bot.reading.questions import asks
from bot.reading.topics import topics_of

MOST_WAITING = 256
"""So many messages may wait for the encoder: a second or so of its time, within any platform's patience."""

Probabilities = Mapping[Pattern, float]

_NOTHING: Probabilities = MappingProxyType(dict.fromkeys(MESSAGE_PATTERNS, 0.0))


class CascadeReader:
    """Reads with the trained model of a folder; its files are loaded when a message first needs them."""

    def __init__(self, folder: Path = MODEL) -> None:
        self._folder = folder
        self._encoder = Encoder(folder)
        self._waiting = 0

    async def read(self, text: str, *, explain: bool = False) -> Reading:
        """Probabilities per pattern for any text whatever: never raises, takes bounded time, keeps nothing. With
        `explain` also the words that carried what is clear.

        What the gate lets through is read in a thread of the reader's own, one message after another. Where
        MOST_WAITING wait for that already, what the gate's own table says is all; it alone finds no message clear.
        """
        first, waiting = self._begin(text)
        if waiting is None or self._waiting >= MOST_WAITING:
            return first
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._finish, first, waiting, explain)
        finally:
            self._waiting -= 1

    def read_text(self, text: str, *, explain: bool = False) -> Reading:
        """The same, without waiting for other messages."""
        first, waiting = self._begin(text)
        return first if waiting is None else self._finish(first, waiting, explain)

    def passes(self, text: str) -> bool:
        """Whether the encoder is asked about this text."""
        return self._begin(text)[1] is not None

    def load(self) -> None:
        """Load now what would be loaded at the first message, for a start-up that can wait."""
        _ = self._gate, self._numbers
        self._encoder.load()

    def _begin(self, text: str) -> tuple[Reading, str | None]:
        """What can be said at once, and the cleaned text if it is to be read on."""
        cleaned = clean(text)
        tokens = words_of(cleaned.lower())
        words = set(tokens)
        question = asks(tokens, words)
        topics = topics_of(tokens, words)
        if not readable(cleaned, tokens, words):
            return Reading(probabilities=_NOTHING, topics=topics, question=question), None
        if not self._gate.passes(tokens):
            return Reading(probabilities=self._stopped, topics=topics, question=question), None
        own = self._gate.logits(tokens)
        first = Reading(probabilities=self._named(self._chances(own)), topics=topics, question=question)
        return first, cleaned if (own >= self._numbers.reach).any() else None

    def _finish(self, first: Reading, cleaned: str, explain: bool) -> Reading:
        mean = self._means([cleaned])[0]
        chances = self._chances(mean)
        clear = [k for k in range(len(MESSAGE_PATTERNS)) if chances[k] >= self._numbers.threshold[k]]
        return Reading(
            probabilities=self._named(chances),
            clear=frozenset(MESSAGE_PATTERNS[k] for k in clear),
            evidence=self._evidence(cleaned, mean, clear) if clear and explain else {},
            topics=first.topics,
            question=first.question,
        )

    def _logit(self, pattern: int, text: str) -> float:
        return float(self._means([text])[0, pattern])

    @staticmethod
    def _named(chances: Sequence[float]) -> Probabilities:
        return dict(zip(MESSAGE_PATTERNS, chances, strict=True))

    def _means(self, texts: Sequence[str]) -> npt.NDArray[np.float64]:
        """The mean of both stages' logits for cleaned texts, (texts, 7)."""
        share = self._numbers.share
        own = np.stack([self._gate.logits(words_of(text.lower())) for text in texts])
        return (1.0 - share) * own + share * self._encoder.logits(texts)

    def _chances(self, mean: npt.NDArray[np.float64]) -> list[float]:
        logits = np.clip(np.array(self._numbers.slope) * mean + self._numbers.offset, -30.0, 30.0)
        return [float(chance) for chance in 1.0 / (1.0 + np.exp(-logits))]

    def _evidence(
        self, cleaned: str, mean: npt.NDArray[np.float64], clear: Sequence[int]
    ) -> dict[Pattern, tuple[str, ...]]:
        shorter = [cut(cleaned, span) for span in spans(spoken(cleaned))]
        fallen = mean - self._means(shorter)
        return {
            MESSAGE_PATTERNS[k]: evidence(
                cleaned,
                [float(drop) for drop in fallen[:, k]],
                score=partial(self._logit, k),
                before=float(mean[k]),
            )
            for k in clear
        }

    @cached_property
    def _numbers(self) -> Numbers:
        return load_numbers(self._folder)

    @cached_property
    def _gate(self) -> Gate:
        return load_gate(self._numbers, self._folder)

    @cached_property
    def _stopped(self) -> Probabilities:
        return MappingProxyType(dict(zip(MESSAGE_PATTERNS, self._numbers.stopped, strict=True)))

    @cached_property
    def _thread(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(max_workers=1, thread_name_prefix="kith-reader")
