"""Has texts read: by a reader inside Kith, or by any command that speaks the lines of `kith read`."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from bot.domain.patterns import MESSAGE_PATTERNS, Pattern
from bot.domain.reading import Reading
from bot.reading.cascade import CascadeReader
from training.lexical.reader import LexicalReader


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a reader said of one text; `error` when it gave one instead, and then nothing is clear."""

    probabilities: dict[Pattern, float]
    clear: frozenset[Pattern] = frozenset()
    evidence: dict[Pattern, tuple[str, ...]] = field(default_factory=dict)
    error: str = ""

    @property
    def highest(self) -> float:
        return max(self.probabilities.values())

    @property
    def likeliest(self) -> Pattern:
        return max(MESSAGE_PATTERNS, key=lambda pattern: self.probabilities[pattern])


Read = Callable[[Sequence[str]], list[Verdict]]


def lexical(texts: Sequence[str]) -> list[Verdict]:
    """Read by the lexicon alone."""
    return [_of(reading) for reading in map(LexicalReader().read_text, texts)]


def cascade(texts: Sequence[str], *, explain: bool = False) -> list[Verdict]:
    """Read by the trained reader; without `explain` the words that carried a pattern are not looked for."""
    return [_of(reading) for reading in map(partial(CascadeReader().read_text, explain=explain), texts)]


READERS: dict[str, Read] = {"cascade": cascade, "lexical": lexical}
"""The readers inside Kith, by the name they have on the command line."""


def _of(reading: Reading) -> Verdict:
    return Verdict(probabilities=dict(reading.probabilities), clear=reading.clear, evidence=dict(reading.evidence))


def by_command(command: str) -> Read:
    """Read by a command that takes {"id", "text"} lines and answers each with a line, in order."""

    def read(texts: Sequence[str]) -> list[Verdict]:
        lines = "".join(json.dumps({"id": str(k), "text": text}) + "\n" for k, text in enumerate(texts))
        done = subprocess.run(  # noqa: S603 - the command is the caller's own
            shlex.split(command), input=lines, capture_output=True, text=True, check=True, encoding="utf-8"
        )
        verdicts = [_verdict(json.loads(line)) for line in done.stdout.splitlines() if line.strip()]
        if len(verdicts) != len(texts):
            raise SystemExit(f"{command}: {len(texts)} lines went in, {len(verdicts)} came out")
        return verdicts

    return read


def _verdict(row: dict[str, object]) -> Verdict:
    if "error" in row:
        return Verdict(probabilities=dict.fromkeys(MESSAGE_PATTERNS, 0.0), error=str(row["error"]))
    patterns, clear, evidence = row["patterns"], row["clear"], row.get("evidence", {})
    if not isinstance(patterns, dict) or not isinstance(clear, list) or not isinstance(evidence, dict):
        raise SystemExit("a line that is not of `kith read`'s form")
    return Verdict(
        probabilities={pattern: float(patterns[pattern.value]) for pattern in MESSAGE_PATTERNS},
        clear=frozenset(map(Pattern, clear)),
        evidence={Pattern(name): tuple(words) for name, words in evidence.items()},
    )
