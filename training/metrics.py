"""The measures of a reader: average precision, precision and recall with intervals, recall at a rate of alarms."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """`hits` of `of`, with the 95 % interval of Wilson (1927); `value` is None when there is nothing to divide by."""

    hits: int
    of: int
    value: float | None
    low: float
    high: float

    def __str__(self) -> str:
        return (
            "  -" if self.value is None else f"{self.value:.2f} ({self.low:.2f}-{self.high:.2f}; {self.hits}/{self.of})"
        )


def share(hits: int, of: int) -> Share:
    """`hits` of `of` with its interval."""
    if of == 0:
        return Share(hits=0, of=0, value=None, low=0.0, high=1.0)
    z = 1.959964
    middle = (hits + z * z / 2) / (of + z * z)
    spread = z * math.sqrt(hits * (of - hits) / of + z * z / 4) / (of + z * z)
    return Share(hits=hits, of=of, value=hits / of, low=max(0.0, middle - spread), high=min(1.0, middle + spread))


def average_precision(scores: Sequence[float], truths: Sequence[bool]) -> float:
    """The mean precision at each true case from the top, equal scores counted together; 0 if nothing is true."""
    if not any(truths):
        return 0.0
    ordered = sorted(zip(scores, truths, strict=True), key=lambda pair: -pair[0])
    total, seen, right, at = 0.0, 0, 0, 0
    while at < len(ordered):
        end = at
        while end < len(ordered) and ordered[end][0] == ordered[at][0]:
            end += 1
        new = sum(truth for _, truth in ordered[at:end])
        seen, right = end, right + new
        total += new * right / seen
        at = end
    return total / right


def bar_for(ordinary: Sequence[float], per_thousand: float) -> float:
    """The score that at most `per_thousand` of 1,000 ordinary messages exceed."""
    allowed = int(len(ordinary) * per_thousand / 1000.0)
    ranked = sorted(ordinary, reverse=True)
    return ranked[allowed] if allowed < len(ranked) else 0.0


def as_json(value: object) -> object:
    """`value` with every Share as a plain mapping."""
    if isinstance(value, Share):
        return asdict(value)
    if isinstance(value, dict):
        return {str(key): as_json(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(inner) for inner in value]
    return value
