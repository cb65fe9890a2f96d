"""Turns logits into probabilities at a realistic prevalence, and sets the gate and the thresholds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bot.domain.patterns import MESSAGE_PATTERNS
from training.data import Message
from training.metrics import bar_for

Array = npt.NDArray[np.float64]

PREVALENCE = 0.01
"""The share of messages that is taken to carry a pattern where Kith listens."""

TEMPTING = 0.05
"""The share of messages taken to be like the labelled grade 0: near misses and talk about the same things."""

ALARMS = 1.0
"""Ordinary chat messages flagged per 1,000, all patterns together: a seventh of it is each pattern's share."""

PRECISION = 0.95
"""The least precision on dev messages, grade 2 against 0."""

OWN_PRECISION = 0.9
"""The least precision of one pattern by itself: lower, as a dev split has few cases of each."""

GATE_RECALL = 0.98
"""The share of clear dev messages that the gate must let through."""


def gate_bar(any_logits: Array, messages: Sequence[Message]) -> float:
    """The gate's logit that GATE_RECALL of the clear messages reach."""
    clear = any_logits[[message.highest == 2 for message in messages]]
    return float(np.quantile(clear, 1.0 - GATE_RECALL)) - 1e-6


def platt(clear: Array, tempting: Array, chat: Array) -> tuple[float, float]:
    """Slope and offset that make `slope * logit + offset` the log odds at PREVALENCE (Platt 1999).

    Clear cases weigh PREVALENCE together, labelled grade 0 weighs TEMPTING, ordinary chat the rest.
    """
    logits = np.concatenate([clear, tempting, chat])
    truth = np.concatenate([np.ones(len(clear)), np.zeros(len(tempting) + len(chat))])
    shares = (PREVALENCE, TEMPTING, 1.0 - PREVALENCE - TEMPTING)
    weights = np.concatenate(
        [
            np.full(len(part), share / max(1, len(part)))
            for part, share in zip((clear, tempting, chat), shares, strict=True)
        ]
    )
    slope, offset = 1.0, -2.0
    for _ in range(100):
        chance = 1.0 / (1.0 + np.exp(-np.clip(slope * logits + offset, -30, 30)))
        error, bend = weights * (chance - truth), weights * chance * (1.0 - chance) + 1e-12
        slopes = np.array([error @ logits + 1e-4 * (slope - 1.0), error.sum()])
        curve = np.array([[bend @ logits**2 + 1e-4, bend @ logits], [bend @ logits, bend.sum()]])
        step = np.linalg.solve(curve, slopes)
        step *= min(1.0, 1.0 / float(np.abs(step).max() + 1e-12))
        slope, offset = slope - float(step[0]), offset - float(step[1])
    return max(slope, 0.05), offset


def thresholds(chances: Array, messages: Sequence[Message], chat: Array) -> list[float]:
    """Per pattern, the probability from which it is clear.

    The lowest common one at which PRECISION of the flagged strands of `messages` are right; a pattern's own is higher
    where less than OWN_PRECISION of its own are right, or where it would flag more than its share of `chat` (lines, 7).
    """
    grades = np.array([[message.grade(pattern) for pattern in MESSAGE_PATTERNS] for message in messages])
    cut = _cut(chances[grades != 1], grades[grades != 1] == 2, PRECISION, at_least=20)
    found = []
    for k in range(len(MESSAGE_PATTERNS)):
        sure = grades[:, k] != 1
        above = sure & (chances[:, k] >= cut)
        own = _cut(chances[above, k], grades[above, k] == 2, OWN_PRECISION, at_least=8) if above.any() else cut
        bar = bar_for([float(chance) for chance in chat[:, k]], ALARMS / len(MESSAGE_PATTERNS))
        found.append(float(max(cut, own, bar + 1e-6)))
    return found


def _cut(chances: Array, truth: npt.NDArray[np.bool_], precision: float, *, at_least: int) -> float:
    """The lowest probability at which `precision` of those above are right, among cuts above which `at_least` stand."""
    order = np.argsort(-chances, kind="stable")
    right = np.cumsum(truth[order])
    taken = np.arange(1, len(order) + 1)
    good = np.nonzero((right / taken >= precision) & (taken >= min(at_least, len(order))))[0]
    return float(chances[order[good[-1]]]) if len(good) else float(chances[order[0]])
