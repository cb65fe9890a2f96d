"""How fast the reader is on one core, as JSON: python -m benchmarks.reading [FILE.jsonl …]."""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

MADE_UP = (
    "morning all, is the build green again?",
    "yes, restarted it twenty minutes ago. it was the disk",
    "thanks! lunch at half twelve?",
    "I'll be a little late, the bus is stuck behind a tractor again :tractor:",
    "can someone look at https://example.org/issues/12 before the release, the error only shows on the second page",
    "done",
    "The invoice from the printers is 40 over what they quoted, I've written to them and copied you in.",
    "who has the key to the small room",
    "Reminder: the meeting moved to Thursday, 14:00, because half of us are at the training on Wednesday. Agenda is in "
    "the usual place, please add what you want to talk about.",
    "hm. tried `pip install` with the old version and it works, so it must be the new one",
    "> can we still change the title?\nyes, until Friday",
    "ok",
)
"""Ordinary talk, made up here, for when no file is given."""

ROUNDS = 3


def main() -> None:
    """Read every message of the files (or the made-up talk) and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help='JSON lines with a "text"; without any, made-up talk')
    parser.add_argument("--most", type=int, default=20_000, help="at most so many messages, evenly taken")
    parser.add_argument("--reader", default="cascade", choices=("cascade", "lexical"))
    given = parser.parse_args()
    texts = _texts(given.files) or list(MADE_UP) * 1_000
    texts = texts[:: max(1, len(texts) // given.most)]
    print(json.dumps(cascade(texts) if given.reader == "cascade" else lexical(texts)))


Figures = dict[str, float | int]


def lexical(texts: Sequence[str]) -> Figures:
    """The lexical reader's speed."""
    begun = time.process_time()
    from training.lexical.reader import LexicalReader

    reader = LexicalReader()
    return measured(reader.read_text, texts, load=time.process_time() - begun)


def cascade(texts: Sequence[str]) -> Figures:
    """The trained reader's speed: of stage one alone, of the whole, and of the messages that reach stage two."""
    begun = time.process_time()
    from bot.reading.cascade import CascadeReader

    reader = CascadeReader()
    reader.load()
    loaded = time.process_time() - begun
    asked = [text for text in texts if reader.passes(text)]
    stage_one = [_rate(reader.passes, texts) for _ in range(ROUNDS)]
    deep = sorted(_single(reader.read_text, asked[:500])) or [0.0]
    return {
        **measured(reader.read_text, texts, load=loaded),
        "stage_one_messages_per_second": round(statistics.median(stage_one)),
        "stage_two_per_1000": round(1_000 * len(asked) / len(texts), 1),
        "stage_two_p50_us": round(deep[len(deep) // 2], 1),
        "stage_two_p99_us": round(deep[int(len(deep) * 0.99)], 1),
    }


def measured(read: Callable[[str], object], texts: Sequence[str], *, load: float) -> Figures:
    """Messages a second of processor time (the median of three rounds), and what a single message takes."""
    begun = time.process_time()
    for text in texts:
        read(text)
    first = time.process_time() - begun
    rates = [_rate(read, texts) for _ in range(ROUNDS)]
    single = sorted(_single(read, texts))
    return {
        "messages": len(texts),
        "characters on average": round(statistics.fmean(map(len, texts)), 1),
        "load_ms": round(1_000 * load, 1),
        "first_round_ms": round(1_000 * first, 1),
        "messages_per_second": round(statistics.median(rates)),
        "p50_us": round(single[len(single) // 2], 1),
        "p99_us": round(single[int(len(single) * 0.99)], 1),
        "longest_us": round(single[-1], 1),
        "peak_mb": round(
            resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
        ),
    }


def _rate(read: Callable[[str], object], texts: Sequence[str]) -> float:
    begun = time.process_time()
    for text in texts:
        read(text)
    return len(texts) / (time.process_time() - begun)


def _single(read: Callable[[str], object], texts: Sequence[str]) -> list[float]:
    taken = []
    for text in texts:
        begun = time.thread_time_ns()
        read(text)
        taken.append((time.thread_time_ns() - begun) / 1_000.0)
    return taken


def _texts(files: Sequence[Path]) -> list[str]:
    return [
        str(json.loads(line)["text"])
        for file in files
        for line in file.read_text(encoding="utf-8").splitlines()
        if line
    ]


if __name__ == "__main__":
    main()
