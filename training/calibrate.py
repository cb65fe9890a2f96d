"""Sets the lexical reader's weights and thresholds: python -m training.calibrate [--chat FOLDER]."""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.domain.patterns import MESSAGE_PATTERNS, Pattern
from bot.reading.clean import clean, words_of
from bot.reading.language import readable
from training.data import FITTING_CHAT, ChatLine, Message, chat_of, is_clear, messages_of, unnamed_worlds, worlds_of
from training.fit import Array, Fit, Sample, fit, scale
from training.lexical.lexicon import LEXICON, WEIGHTS, Lexicon, load_lexicon
from training.lexical.matching import look

ALARMS = 1.0
"""Ordinary chat messages flagged per 1,000, all patterns together: a seventh of it is each pattern's share."""

PRECISION = 0.9
"""The least precision on dev messages, grade 2 against 0, at the threshold."""

PREVALENCE = 0.01
"""The share of messages that is taken to carry a pattern where Kith listens; probabilities are corrected to it."""

PULL = 2.0
"""How hard a weight is drawn to the strength written in the lexicon, in cases."""

CHAT_WEIGHT = 0.05
"""What one ordinary chat message weighs beside a labelled one."""

Case = tuple[frozenset[int], Message | None]


def main() -> None:
    """Fit, set the thresholds, write training/lexical/weights.json, and say what was done."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chat", type=Path, help="a folder with livechat_gitter.jsonl and irc_disentanglement.jsonl")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    given = parser.parse_args()
    lexicon = load_lexicon(LEXICON)
    chat = chat_of(given.chat, FITTING_CHAT) if given.chat else []
    if not chat:
        print("No ordinary chat: weights and thresholds rest on the labelled messages alone. Give --chat FOLDER.")
    if left_out := unnamed_worlds():
        print(f"Not in splits.yaml, so left out: {', '.join(left_out)}")
    weights = calibrate(lexicon, messages_of(worlds_of("train")), messages_of(worlds_of("dev")), chat)
    given.out.write_text(json.dumps(weights, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"Wrote {given.out.name}: {len(lexicon.cues)} cues, {len(lexicon.phrases)} phrases.")


def calibrate(
    lexicon: Lexicon, train: Sequence[Message], dev: Sequence[Message], chat: Sequence[ChatLine]
) -> dict[str, object]:
    """The content of weights.json. Weights come from `train` and `chat`, scale and thresholds from `dev` and `chat`."""
    chat_cases = [(found(lexicon, line.text), None) for line in chat]
    train_cases = [(found(lexicon, message.text), message) for message in train]
    dev_cases = [(found(lexicon, message.text), message) for message in dev]
    fitted = _fitted(lexicon, train_cases, chat_cases)
    hints = _Hints(lexicon, fitted)
    slope, bias = _scaled(hints, dev_cases)
    cut = _cut(hints, dev_cases, slope, bias)
    thresholds = {
        pattern: max(cut, _chat_bar(pattern, hints, chat_cases, slope, float(bias[k])))
        for k, pattern in enumerate(MESSAGE_PATTERNS)
    }
    return {
        "made_by": "python -m training.calibrate",
        "train": dict(Counter(message.world for message in train)),
        "dev": dict(Counter(message.world for message in dev)),
        "chat": dict(Counter(line.source for line in chat)),
        "bias": {pattern.value: round(float(bias[k]), 3) for k, pattern in enumerate(MESSAGE_PATTERNS)},
        "slope": {pattern.value: round(slope, 3) for pattern in MESSAGE_PATTERNS},
        "threshold": {pattern.value: round(value, 4) for pattern, value in thresholds.items()},
        "cues": {name: round(float(w), 3) for name, w in zip(lexicon.names, hints.weights, strict=True)},
    }


def found(lexicon: Lexicon, text: str) -> frozenset[int]:
    """The numbers of the cues in `text`, as the reader would find them."""
    cleaned = clean(text)
    tokens = words_of(cleaned.lower())
    words = set(tokens)
    return frozenset(look(lexicon, tokens, words).cues) if readable(cleaned, tokens, words) else frozenset()


def cue_numbers(lexicon: Lexicon, pattern: Pattern | None) -> list[int]:
    """The numbers of a pattern's cues, or of the doubts."""
    return [number for number, cue in enumerate(lexicon.cues) if cue.pattern is pattern]


def _fitted(lexicon: Lexicon, train: Sequence[Case], chat: Sequence[Case]) -> Fit:
    samples = [_sample(lexicon, pattern, train, chat) for pattern in MESSAGE_PATTERNS]
    strengths = [np.array([lexicon.cues[n].strength for n in cue_numbers(lexicon, p)]) for p in MESSAGE_PATTERNS]
    doubt = np.array([lexicon.cues[n].strength for n in cue_numbers(lexicon, None)])
    return fit(samples, strengths, doubt, pull=PULL)


def _sample(lexicon: Lexicon, pattern: Pattern, train: Sequence[Case], chat: Sequence[Case]) -> Sample:
    own, doubts = cue_numbers(lexicon, pattern), cue_numbers(lexicon, None)
    seen = frozenset(own) | frozenset(doubts)
    counts: Counter[tuple[frozenset[int], bool]] = Counter()
    weights: dict[tuple[frozenset[int], bool], float] = {}
    for cues, message in [*train, *chat]:
        truth = False if message is None else is_clear(message, pattern)
        if truth is None:
            continue
        key = (cues & seen if not cues.isdisjoint(own) else frozenset(), truth)
        counts[key] += 1
        weights[key] = weights.get(key, 0.0) + (CHAT_WEIGHT if message is None else 1.0)
    keys = sorted(counts, key=lambda key: (sorted(key[0]), key[1]))
    return Sample(
        hints=np.array([[float(n in cues) for n in own] for cues, _ in keys]),
        doubts=np.array([[float(n in cues) for n in doubts] for cues, _ in keys]),
        truth=np.array([float(truth) for _, truth in keys]),
        count=np.array([weights[key] for key in keys]),
    )


class _Hints:
    """What the fitted cues add up to, per pattern, before bias and slope; doubts taken off, never below nought."""

    def __init__(self, lexicon: Lexicon, fitted: Fit) -> None:
        self.weights = np.zeros(len(lexicon.cues))
        for k, pattern in enumerate(MESSAGE_PATTERNS):
            self.weights[cue_numbers(lexicon, pattern)] = fitted.cues[k]
        self.weights[cue_numbers(lexicon, None)] = fitted.doubt
        self._patterns = [cue.pattern for cue in lexicon.cues]

    def of(self, cues: frozenset[int], pattern: Pattern) -> float:
        hint = sum(self.weights[n] for n in cues if self._patterns[n] is pattern)
        return float(max(0.0, hint - sum(self.weights[n] for n in cues if self._patterns[n] is None)))


def _scaled(hints: _Hints, dev: Sequence[Case]) -> tuple[float, Array]:
    rows = [
        (hints.of(cues, pattern), is_clear(message, pattern), k)
        for cues, message in dev
        for k, pattern in enumerate(MESSAGE_PATTERNS)
        if message is not None and is_clear(message, pattern) is not None
    ]
    values = np.array([row[0] for row in rows])
    truth = np.array([float(bool(row[1])) for row in rows])
    group = np.array([row[2] for row in rows], dtype=np.int64)
    slope, bias = scale(values, truth, np.ones_like(values), group, len(MESSAGE_PATTERNS))
    share = np.bincount(group, weights=truth) / np.bincount(group)
    return slope, bias + math.log(PREVALENCE / (1.0 - PREVALENCE)) - np.log(share / (1.0 - share))


def _cut(hints: _Hints, dev: Sequence[Case], slope: float, bias: Array) -> float:
    """The lowest probability, one for all patterns, at which what is flagged on dev is right often enough."""
    judged = sorted(
        (
            (_chance(float(bias[k]) + slope * hints.of(cues, pattern)), truth)
            for cues, message in dev
            for k, pattern in enumerate(MESSAGE_PATTERNS)
            if message is not None and (truth := is_clear(message, pattern)) is not None
        ),
        reverse=True,
    )
    cut, right = 1.0, 0
    for taken, (chance, truth) in enumerate(judged, start=1):
        right += truth
        last_of_its_kind = taken == len(judged) or judged[taken][0] < chance
        if last_of_its_kind and right / taken >= PRECISION:
            cut = chance
    return cut - 0.0005


def _chat_bar(pattern: Pattern, hints: _Hints, chat: Sequence[Case], slope: float, bias: float) -> float:
    """The probability that no more than the pattern's share of ordinary chat exceeds; 0 without chat."""
    ordinary = sorted((hints.of(cues, pattern) for cues, _ in chat), reverse=True)
    if not ordinary:
        return 0.0
    allowed = int(len(ordinary) * ALARMS / 1000.0 / len(MESSAGE_PATTERNS))
    return _chance(bias + slope * (ordinary[allowed] + 0.01))


def _chance(logit: float) -> float:
    return 1.0 / (1.0 + math.exp(-logit))


if __name__ == "__main__":
    main()
