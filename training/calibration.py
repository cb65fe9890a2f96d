"""Turns logits into probabilities at a realistic prevalence, and sets the gate and the thresholds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bot.domain.patterns import MESSAGE_PATTERNS
from training.data import Message
from training.metrics import bar_for

Array = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]

PREVALENCE = 0.01
"""The share of messages that is taken to carry a pattern where Kith listens."""

TEMPTING = 0.05
"""The share of messages taken to be like the labelled grade 0: near misses and talk about the same things."""

ALARMS = 1.0
"""Ordinary chat messages flagged per 1,000, all patterns together: a seventh of it is each pattern's share."""

PRECISION = 0.965
"""The precision on dev messages, grade 2 against 0, that the fitted lines expect of what is flagged, all together."""

FOUND = -1.0
"""The mean logit from which a clear strand counts as one that the whole reader makes something of."""

LOST_AT_GATE, LOST_AT_REACH = 0.0075, 0.02
"""The shares of such dev messages that the gate may stop, and of such strands that a pattern's `reach` may."""


def gate_bar(any_logits: Array, wanted: Truth) -> float:
    """The gate's logit that all but LOST_AT_GATE of the wanted messages reach."""
    return float(np.quantile(any_logits[wanted], LOST_AT_GATE)) - 1e-6


def reaches(own: Array, found: Truth) -> Array:
    """Per pattern the table's own logit that all but LOST_AT_REACH of the found strands have; `own` is (messages, 7).

    A message goes to the encoder where one of its logits is so high: a strand that was lost at its own pattern's bar
    mostly comes in by another's.
    """
    columns = [own[found[:, k], k] if found[:, k].any() else own[:, k] for k in range(own.shape[1])]
    return np.array([float(np.quantile(column, LOST_AT_REACH)) for column in columns])


def platt(clear: Array, tempting: Array, chat: Array) -> tuple[float, float]:
    """Slope and offset that make `slope * logit + offset` the log odds at PREVALENCE (Platt 1999).

    Clear cases weigh PREVALENCE together, labelled grade 0 weighs TEMPTING, ordinary chat the rest.
    """
    parts = (clear, tempting, chat)
    shares = (PREVALENCE, TEMPTING, 1.0 - PREVALENCE - TEMPTING)
    weights = [np.full(len(part), share / max(1, len(part))) for part, share in zip(parts, shares, strict=True)]
    truth = np.concatenate([np.ones(len(clear), bool), np.zeros(len(tempting) + len(chat), bool)])
    return line(np.concatenate(parts), truth, np.concatenate(weights), pull=1e-4)


def line(logits: Array, truth: Truth, weights: Array, *, pull: float) -> tuple[float, float]:
    """Slope (drawn to 1 with force `pull`, never below 0.05) and offset of a logistic regression, by Newton's steps."""
    slope, offset = 1.0, -2.0
    for _ in range(200):
        chance = 1.0 / (1.0 + np.exp(-np.clip(slope * logits + offset, -30, 30)))
        error, bend = weights * (chance - truth), weights * chance * (1.0 - chance) + 1e-12
        slopes = np.array([error @ logits + pull * (slope - 1.0), error.sum()])
        curve = np.array([[bend @ logits**2 + pull, bend @ logits], [bend @ logits, bend.sum()]])
        step = np.linalg.solve(curve, slopes)
        step *= min(1.0, 1.0 / float(np.abs(step).max() + 1e-12))
        slope, offset = slope - float(step[0]), offset - float(step[1])
    return max(slope, 0.05), offset


def thresholds(logits: Array, messages: Sequence[Message], chat: Array) -> list[float]:
    """Per pattern, the logit from which it is clear; `logits` (messages, 7) and `chat` (lines, 7) before calibration.

    The patterns' logits are made comparable by a line each, fitted on `messages`. The lowest common level at which the
    lines expect PRECISION of the flagged strands to be right is each pattern's threshold, unless the pattern would flag
    more than its share of `chat`. The expected precision is smoother than the counted one, which hangs on the few
    wrong strands at the top of a small split.
    """
    grades = np.array([[message.grade(pattern) for pattern in MESSAGE_PATTERNS] for message in messages])
    patterns = range(len(MESSAGE_PATTERNS))
    sure = grades != 1
    lines = [
        line(logits[sure[:, k], k], grades[sure[:, k], k] == 2, np.ones(int(sure[:, k].sum())), pull=1.0)
        for k in patterns
    ]
    levels = np.stack([lines[k][0] * logits[:, k] + lines[k][1] for k in patterns], axis=1)
    common = _cut(levels[sure])
    bars = [bar_for(chat[:, k].tolist(), ALARMS / len(MESSAGE_PATTERNS)) + 1e-6 for k in patterns]
    return [float(max((common - lines[k][1]) / lines[k][0] - 1e-6, bars[k])) for k in patterns]


def _cut(levels: Array) -> float:
    """The lowest level at which PRECISION of what stands at it or above is expected to be right."""
    ordered = np.sort(levels)[::-1]
    expected = np.cumsum(1.0 / (1.0 + np.exp(-np.clip(ordered, -30, 30)))) / np.arange(1, len(ordered) + 1)
    good = np.nonzero(expected >= PRECISION)[0]
    return float(ordered[good[-1]]) if len(good) else float(ordered[0])
