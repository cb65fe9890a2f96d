"""Reports how alike the labelled messages are, in figures only: python -m training.duplicates [--weights FOLDER]."""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.reading.clean import SENTENCE_MARKS, clean, words_of
from training.data import Message, messages_of, worlds_of

GRAM = 5
"""So many neighbouring words make a gram."""

ALIKE = (0.2, 0.5)
"""Shares of a message's grams that another message has too, at which it counts as much alike."""


def main() -> None:
    """Print the figures for grams and, where the weights are given, for neighbours by meaning."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, help="a folder with the encoder's first weights (needs torch)")
    given = parser.parse_args()
    train, test = messages_of(worlds_of("train")), messages_of(worlds_of("test"))
    every = [*train, *messages_of(worlds_of("dev")), *test]
    report: dict[str, object] = {"messages": len(every), "shared grams": shared_grams(every)}
    if given.weights:
        report["neighbours by meaning"] = neighbours(train, test, given.weights)
    print(json.dumps(report, indent=1))


def shared_grams(messages: Sequence[Message]) -> dict[str, object]:
    """Of messages with at least one gram: how many share how much with some other message that is not of its pair."""
    grams = [_grams(message.text) for message in messages]
    holders: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for row, found in enumerate(grams):
        for gram in found:
            holders[gram].append(row)
    most, elsewhere = [], 0
    for row, found in enumerate(grams):
        if not found:
            continue
        own = messages[row]
        shared = Counter(
            other
            for gram in found
            for other in holders[gram]
            if other != row and not (own.pair and messages[other].pair == own.pair)
        )
        other, count = max(shared.items(), key=lambda item: item[1], default=(row, 0))
        most.append(count / len(found))
        elsewhere += count > 0 and messages[other].world != own.world
    shares = np.array(most)
    return {
        "with grams": len(most),
        "sharing any": int((shares > 0).sum()),
        "sharing any with another world": elsewhere,
        **{f"sharing at least {alike:g}": int((shares >= alike).sum()) for alike in ALIKE},
        "same text": sum(n - 1 for n in Counter(_plain(message.text) for message in messages).values()),
    }


def neighbours(train: Sequence[Message], test: Sequence[Message], folder: Path) -> dict[str, float]:
    """Cosine of each test message to its nearest train message, and of train messages to that of another world."""
    ours, theirs = _states(train, folder), _states(test, folder)
    across = theirs @ ours.T
    worlds = np.array([message.world for message in train])
    within = ours @ ours.T
    within[worlds[:, None] == worlds[None, :]] = -1.0
    found = {"test to train": across.max(1), "train to other train worlds": within.max(1)}
    return {
        f"{name}, {label}": round(float(np.quantile(values, q)), 3)
        for name, values in found.items()
        for label, q in (("median", 0.5), ("95th of 100", 0.95), ("highest", 1.0))
    }


def _states(messages: Sequence[Message], folder: Path) -> npt.NDArray[np.float32]:
    from bot.reading.unigram import Unigram
    from training.finetune import states_of
    from training.train import encoder_of
    from training.weights import fetch

    first = fetch(folder)
    rows = states_of(encoder_of(first, outputs=1), Unigram(first.pieces), [clean(message.text) for message in messages])
    centred = rows.numpy() - rows.numpy().mean(0)
    states: npt.NDArray[np.float32] = centred / np.linalg.norm(centred, axis=1, keepdims=True)
    return states


def _grams(text: str) -> set[tuple[str, ...]]:
    words = _plain(text)
    return {words[at : at + GRAM] for at in range(len(words) - GRAM + 1)}


def _plain(text: str) -> tuple[str, ...]:
    return tuple(word for word in words_of(clean(text).lower()) if word not in SENTENCE_MARKS)


if __name__ == "__main__":
    main()
