"""Shows how stage one's reading of each pattern grows with the worlds it is fitted on: python -m training.curve."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.domain.patterns import MESSAGE_PATTERNS
from training.cases import labelled, ordinary
from training.data import FITTING_CHAT, Message, chat_of, messages_of, worlds_of
from training.metrics import average_precision
from training.stage_one import fit_linear, matrix_of

CHAT_LINES = 6_000
"""Chat lines beside the messages; fewer than in training, so that the curve is drawn in minutes."""


def main() -> None:
    """Print average precision per pattern on dev for growing numbers of train worlds, as a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chat", type=Path, required=True)
    parser.add_argument("--sizes", type=int, nargs="*", default=[3, 6, 13, 23, 31])
    given = parser.parse_args()
    lines = chat_of(given.chat, FITTING_CHAT)
    chat = ordinary(lines[:: max(1, len(lines) // CHAT_LINES)])
    dev, worlds = messages_of(worlds_of("dev")), worlds_of("train")
    rows = matrix_of([case.text for case in labelled(dev)])
    print(f"| worlds | {' | '.join(pattern.value for pattern in MESSAGE_PATTERNS)} | mean |")
    print("|---|" + "---|" * (len(MESSAGE_PATTERNS) + 1))
    for size in given.sizes:
        linear = fit_linear(labelled(messages_of(worlds[:size])), chat)
        found = precisions(linear.logits(rows), dev)
        print(f"| {size} | {' | '.join(f'{ap:.2f}' for ap in found)} | {np.mean(found):.3f} |", flush=True)


def precisions(logits: np.ndarray, messages: Sequence[Message]) -> list[float]:
    """Average precision of each pattern, grade 1 left out; `logits` has a row a message and a column a pattern."""
    grades = np.array([[message.grade(pattern) for pattern in MESSAGE_PATTERNS] for message in messages])
    sure = [grades[:, k] != 1 for k in range(len(MESSAGE_PATTERNS))]
    return [
        average_precision(logits[chosen, k].tolist(), (grades[chosen, k] == 2).tolist())
        for k, chosen in enumerate(sure)
    ]


if __name__ == "__main__":
    main()
