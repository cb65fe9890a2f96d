"""Stage one: a hashed linear model, cheap enough for every message, that says which ones are worth reading on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.reading.features import EDGE, MOST_WORDS, ROWS, SIGNED, Word, features_of, word_of
from bot.reading.model_files import MODEL, TABLE, Numbers

_REMEMBERED = 60_000


class Gate:
    """Sums table rows over a message's features: one sum to decide by, seven more for what is read on."""

    def __init__(self, table: npt.NDArray[np.int8], numbers: Numbers) -> None:
        """`table` is (ROWS, 8): a column for each pattern and the gate's."""
        if table.shape != (ROWS, len(numbers.scale)):
            raise ValueError(f"the table is {table.shape}, not {(ROWS, len(numbers.scale))}")
        self._table = table
        self._scale = np.array(numbers.scale)
        self._bias = np.array(numbers.bias)
        column = table[:, -1].astype(np.int16)
        self._signed: list[int] = np.concatenate([column, -column]).tolist()
        self._gate_scale, self._gate_bias, self._bar = numbers.scale[-1], numbers.bias[-1], numbers.gate
        self._known: dict[str, tuple[int, int, int, int]] = {}
        self._words: dict[str, Word] = {}
        self._edge = self._entry(EDGE)

    def score(self, tokens: Sequence[str]) -> float:
        """The logit that some pattern is there, from lower-case words and sentence marks."""
        known, signed, learn = self._known, self._signed, self._learn
        _, first, after, _ = self._edge
        before = 0
        total = count = 0
        for token in tokens[:MOST_WORDS]:
            own, mine, mine_after, second = known.get(token) or learn(token)
            pair = first ^ second
            total += own + signed[(pair ^ pair >> 15) & SIGNED]
            if before:
                pair = before ^ second
                total += signed[(pair ^ pair >> 15) & SIGNED]
            first, before, after = mine, after, mine_after
            count += 1
        pair = first ^ self._edge[3]
        total += signed[(pair ^ pair >> 15) & SIGNED]
        if count:
            pair = before ^ self._edge[3]
            total += signed[(pair ^ pair >> 15) & SIGNED]
        return self._gate_bias + self._gate_scale * total / math.sqrt(count + 4)

    def passes(self, tokens: Sequence[str]) -> bool:
        """Whether the message is worth reading on."""
        return self.score(tokens) >= self._bar

    def logits(self, tokens: Sequence[str]) -> npt.NDArray[np.float64]:
        """Seven logits by the table alone, in the order of MESSAGE_PATTERNS."""
        words = [self._words.get(token) or self._word(token) for token in tokens[:MOST_WORDS]]
        numbers = np.array(features_of(words), dtype=np.int64)
        signs = np.where(numbers < ROWS, 1.0, -1.0)
        sums = signs @ self._table[numbers & (ROWS - 1)]
        logits: npt.NDArray[np.float64] = (self._bias + self._scale * sums / (len(words) + 4) ** 0.5)[:-1]
        return logits

    def _learn(self, token: str) -> tuple[int, int, int, int]:
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        entry = self._known[token] = self._entry(word_of(token))
        return entry

    def _word(self, token: str) -> Word:
        if len(self._words) >= _REMEMBERED:
            self._words.clear()
        word = self._words[token] = word_of(token)
        return word

    def _entry(self, word: Word) -> tuple[int, int, int, int]:
        return sum(self._signed[number] for number in word.own), word.first, word.after, word.second


def load_gate(numbers: Numbers, folder: Path = MODEL) -> Gate:
    """The gate of a model folder."""
    with np.load(folder / TABLE, allow_pickle=False) as packed:
        return Gate(packed["table"], numbers)
