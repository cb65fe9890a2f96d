"""Fits cue weights by a logistic regression that keeps each on its own side and close to the lexicon's strength."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

STEPS = 1_500
RATE = 0.03


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One pattern's cases, alike ones put together.

    `hints` (cases x cues of the pattern) and `doubts` (cases x doubts) are 0 or 1; `truth` is 0 or 1; `count` says how
    heavily a case weighs.
    """

    hints: Array
    doubts: Array
    truth: Array
    count: Array


@dataclass(frozen=True, kw_only=True)
class Fit:
    """Weights and biases per pattern: logit = bias + max(0, hints @ cues - doubts @ doubt)."""

    cues: tuple[Array, ...]
    doubt: Array
    bias: Array


def fit(samples: Sequence[Sample], strengths: Sequence[Array], doubt: Array, *, pull: float) -> Fit:
    """The most likely non-negative weights when each is drawn to its strength with force `pull`; deterministic."""
    cues = [np.array(strength) for strength in strengths]
    doubts = np.array(doubt)
    bias = np.full(len(samples), -4.0)
    adam = _Adam([*cues, doubts, bias])
    for step in range(1, STEPS + 1):
        slopes = [_slopes(sample, cues[k], doubts, bias[k]) for k, sample in enumerate(samples)]
        total_doubt = sum((slope[1] for slope in slopes), np.zeros_like(doubts)) + pull * (doubts - doubt)
        cue_slopes = [slope[0] + pull * (cues[k] - strengths[k]) for k, slope in enumerate(slopes)]
        adam.step([*cue_slopes, total_doubt, np.array([slope[2] for slope in slopes])], step)
        for weights in [*cues, doubts]:
            np.maximum(weights, 0.0, out=weights)
    return Fit(cues=tuple(cues), doubt=doubts, bias=bias)


def scale(hints: Array, truth: Array, count: Array, group: npt.NDArray[np.int64], groups: int) -> tuple[float, Array]:
    """One slope for all groups and a bias per group that make `slope * hint + bias` fit the truth (Platt)."""
    slope, bias = np.array([1.0]), np.full(groups, -3.0)
    adam = _Adam([slope, bias])
    for step in range(1, STEPS + 1):
        error = (_chance(slope[0] * hints + bias[group]) - truth) * count
        bias_slope = np.bincount(group, weights=error, minlength=groups) + 0.1 * (bias - bias.mean())
        adam.step([np.array([error @ hints + (slope[0] - 1.0)]), bias_slope], step)
    return float(max(slope[0], 0.05)), bias


def _slopes(sample: Sample, cues: Array, doubts: Array, bias: float) -> tuple[Array, Array, float]:
    net = sample.hints @ cues - sample.doubts @ doubts
    error = (_chance(bias + np.maximum(net, 0.0)) - sample.truth) * sample.count
    alive = error * (net > 0.0)
    return sample.hints.T @ alive, -(sample.doubts.T @ alive), float(error.sum())


def _chance(logit: Array) -> Array:
    result: Array = 1.0 / (1.0 + np.exp(-np.clip(logit, -30.0, 30.0)))
    return result


class _Adam:
    """Gradient steps of even length (Kingma and Ba 2015), in place, with a rate that falls to zero."""

    def __init__(self, values: Sequence[Array]) -> None:
        self._values = values
        self._mean = [np.zeros_like(value) for value in values]
        self._square = [np.zeros_like(value) for value in values]

    def step(self, slopes: Sequence[Array], step: int) -> None:
        rate = RATE * (1.0 - (step - 1) / STEPS)
        for value, slope, mean, square in zip(self._values, slopes, self._mean, self._square, strict=True):
            mean *= 0.9
            mean += 0.1 * slope
            square *= 0.999
            square += 0.001 * slope * slope
            value -= rate * (mean / (1.0 - 0.9**step)) / (np.sqrt(square / (1.0 - 0.999**step)) + 1e-8)
