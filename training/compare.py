"""Sets readers side by side, quality and speed: python -m training.compare --chat FOLDER --weights FOLDER."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion

from bot.domain.patterns import MESSAGE_PATTERNS
from bot.domain.reading import Reading
from bot.reading.cascade import CascadeReader
from bot.reading.clean import clean, words_of
from bot.reading.encoder import Encoder as Shipped
from bot.reading.gate import load_gate
from bot.reading.model_files import load_numbers
from bot.reading.unigram import Unigram
from training.calibration import Array
from training.cases import ARGUABLE, Case
from training.data import ChatLine, Message, chat_of, messages_of, worlds_of
from training.evaluate import HELD_OUT_CHAT
from training.finetune import THREADS, states_of
from training.lexical.reader import LexicalReader
from training.metrics import average_precision, bar_for
from training.train import Material, encoder_of, gather
from training.weights import First, fetch

LINES = 6_000
"""Held-out chat lines, evenly taken, on which alarms are counted."""

FITTING_LINES = 4_000
"""Chat lines that TF-IDF and the frozen encoder are fitted with."""

TIMED = 200
"""Held-out chat lines read one by one for the speed."""

Score = Callable[[Sequence[str]], Array]
"""Seven scores for each raw text, (texts, 7)."""


def main() -> None:
    """Print one row a reader, as a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chat", type=Path, required=True)
    parser.add_argument("--weights", type=Path, default=Path(".weights"))
    parser.add_argument("--split", default="test", choices=("dev", "test"))
    given = parser.parse_args()
    torch.set_num_threads(THREADS)
    messages = messages_of(worlds_of(given.split))
    held = chat_of(given.chat, HELD_OUT_CHAT)
    held = held[:: max(1, len(held) // LINES)]
    print("| reader | macro AP | any AP | recall at 1 alarm per 1,000 | at 2 | near misses at 2 | messages/s |")
    print("|---|---|---|---|---|---|---|")
    for name, score in _readers(gather(given.chat), fetch(given.weights)):
        print(f"| {name} | {_row(score, messages, held)} |", flush=True)


def _readers(material: Material, first: First) -> list[tuple[str, Score]]:
    shipped, gate = Shipped(), load_gate(load_numbers())

    def table(texts: Sequence[str]) -> Array:
        return np.stack([gate.logits(words_of(clean(text).lower())) for text in texts])

    def encoder(texts: Sequence[str]) -> Array:
        return shipped.logits([clean(text) for text in texts])

    return [
        ("lexical", _reading(LexicalReader().read_text)),
        ("TF-IDF of words and letters, logistic regression", tfidf(material)),
        ("stage one's table alone", table),
        ("frozen E5, logistic regression", frozen(material, first)),
        ("fine-tuned encoder alone, as shipped", encoder),
        ("cascade, as shipped", _reading(CascadeReader().read_text)),
    ]


def tfidf(material: Material) -> Score:
    """scikit-learn's TF-IDF over words, pairs of words and letters, with a logistic regression a pattern."""
    vectors = FeatureUnion(
        [
            ("words", TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)),
            ("letters", TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=3, sublinear_tf=True)),
        ]
    )
    cases = _cases(material)
    models = _fitted(vectors.fit_transform([case.text for case in cases]), cases)

    def score(texts: Sequence[str]) -> Array:
        rows = vectors.transform([clean(text) for text in texts])
        return np.stack([model.decision_function(rows) for model in models], axis=1)

    return score


def frozen(material: Material, first: First) -> Score:
    """The encoder as it was before tuning, its mean states with a logistic regression a pattern."""
    encoder, cutter = encoder_of(first, outputs=1), Unigram(first.pieces)
    centre = states_of(encoder, cutter, [case.text for case in material.cases[::20]]).numpy().mean(0)

    def states(texts: Sequence[str]) -> Array:
        rows = states_of(encoder, cutter, [clean(text) for text in texts]).numpy().astype(np.float64) - centre
        found: Array = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return found

    cases = _cases(material)
    models = _fitted(states([case.text for case in cases]), cases, strength=10.0)

    def score(texts: Sequence[str]) -> Array:
        found = states(texts)
        return np.stack([model.decision_function(found) for model in models], axis=1)

    return score


def _cases(material: Material) -> list[Case]:
    step = max(1, len(material.chat) // FITTING_LINES)
    return [*material.cases, *material.chat[::step]]


def _fitted(rows: Array, cases: Sequence[Case], strength: float = 3.0) -> list[LogisticRegression]:
    models = []
    for k in range(len(MESSAGE_PATTERNS)):
        sure = np.array([case.targets[k] != ARGUABLE for case in cases])
        truth = np.array([case.targets[k] > 0.5 for case in cases])
        models.append(LogisticRegression(C=strength, max_iter=400).fit(rows[sure], truth[sure]))
    return models


def _reading(read: Callable[[str], Reading]) -> Score:
    def score(texts: Sequence[str]) -> Array:
        return np.array([[read(text).probabilities[pattern] for pattern in MESSAGE_PATTERNS] for text in texts])

    return score


def _row(score: Score, messages: Sequence[Message], held: Sequence[ChatLine]) -> str:
    found, chat = score([message.text for message in messages]), score([line.text for line in held])
    grades = np.array([[message.grade(pattern) for pattern in MESSAGE_PATTERNS] for message in messages])
    each = [
        average_precision(found[grades[:, k] != 1, k].tolist(), (grades[grades[:, k] != 1, k] == 2).tolist())
        for k in range(len(MESSAGE_PATTERNS))
    ]
    highest, top = grades.max(1), found.max(1)
    some = average_precision(top[highest != 1].tolist(), (highest[highest != 1] == 2).tolist())
    near = np.array([message.kind == "near_miss" for message in messages])
    bars = [bar_for(chat.max(1).tolist(), rate) for rate in (1.0, 2.0)]
    recall = [float((top[highest == 2] > bar).mean()) for bar in bars]
    score([line.text for line in held[:TIMED]])
    begun = time.process_time()
    for line in held[:TIMED]:
        score([line.text])
    speed = TIMED / (time.process_time() - begun)
    flagged = float((top[near] > bars[1]).mean())
    return (
        f"{np.mean(each):.3f} | {some:.3f} | {recall[0]:.2f} | {recall[1]:.2f} | {100 * flagged:.1f} % | {speed:,.0f}"
    )


if __name__ == "__main__":
    main()
