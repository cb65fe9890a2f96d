"""Fits stage one: a logistic regression per pattern and one for "any", over hashed features, packed into bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, diags
from sklearn.linear_model import LogisticRegression

from bot.reading.clean import words_of
from bot.reading.features import MOST_WORDS, ROWS, features
from training.cases import ARGUABLE, Case

STRENGTH, GATE_STRENGTH = 4.0, 0.7
"""The inverse of the pull towards nought (scikit-learn's C), for the patterns and for the gate."""

CHAT_WEIGHT, GATE_CHAT_WEIGHT = 0.5, 3.0
"""What one ordinary chat message weighs beside a labelled one, for the patterns and for the gate."""

GATE_TEMPTING = 0.05
"""What a near miss weighs for the gate beside what it weighs elsewhere: it is the encoder that is to tell it from the
real thing, and the gate parts the talk of both from all other talk the better."""


@dataclass(frozen=True, kw_only=True)
class Linear:
    """`table` (ROWS, 8) of whole numbers; times `scale`, plus `bias`, they are the logits; the last is "any"."""

    table: npt.NDArray[np.int8]
    scale: npt.NDArray[np.float64]
    bias: npt.NDArray[np.float64]

    def logits(self, matrix: csr_matrix) -> npt.NDArray[np.float64]:
        """Logits (texts, 8) as the running gate gives them."""
        found: npt.NDArray[np.float64] = matrix @ self.table.astype(np.float64) * self.scale + self.bias
        return found


def fit_linear(cases: Sequence[Case], chat: Sequence[Case]) -> Linear:
    """The table from labelled cases and ordinary chat; the same input gives the same table."""
    every = [*cases, *chat]
    matrix = matrix_of([case.text for case in every])
    targets = np.array([case.targets for case in every])
    weights = np.array([case.weights for case in every])
    weights[len(cases) :, :-1] *= CHAT_WEIGHT
    weights[len(cases) :, -1] *= GATE_CHAT_WEIGHT
    weights[[case.tempting for case in every], -1] *= GATE_TEMPTING
    rarity = diags(_rarity(matrix))
    matrix = matrix @ rarity
    columns = targets.shape[1]
    table = np.zeros((ROWS, columns), dtype=np.int8)
    scale, bias = np.zeros(columns), np.zeros(columns)
    for k in range(columns):
        sure = (targets[:, k] != ARGUABLE) & (weights[:, k] > 0.0)
        strength = GATE_STRENGTH if k == columns - 1 else STRENGTH
        model = LogisticRegression(C=strength, max_iter=400, solver="liblinear", random_state=0)
        model.fit(matrix[sure], targets[sure, k] > 0.5, sample_weight=weights[sure, k])
        row = model.coef_[0] @ rarity
        scale[k] = max(float(np.quantile(np.abs(row[row != 0.0]), 0.9995)) / 127.0, 1e-9)
        table[:, k] = np.clip(np.rint(row / scale[k]), -127, 127).astype(np.int8)
        bias[k] = model.intercept_[0]
    return Linear(table=table, scale=scale, bias=bias)


def _rarity(matrix: csr_matrix) -> npt.NDArray[np.float64]:
    """A third of the logarithm of how rare each feature is among the texts; it goes into the table with the weights."""
    found = np.bincount(matrix.indices, minlength=matrix.shape[1])
    rarity: npt.NDArray[np.float64] = np.log((1.0 + matrix.shape[0]) / (1.0 + found)) / 3.0
    return rarity


def matrix_of(texts: Sequence[str]) -> csr_matrix:
    """The features of cleaned texts, (texts, ROWS), divided by the root of the message's length as the gate does."""
    rows, columns, values = [], [], []
    for row, text in enumerate(texts):
        tokens = words_of(text.lower())[:MOST_WORDS]
        found = features(tokens)
        one = 1.0 / (len(tokens) + 4) ** 0.5
        rows += [row] * len(found)
        columns += [number & (ROWS - 1) for number in found]
        values += [one if number < ROWS else -one for number in found]
    return csr_matrix((values, (rows, columns)), shape=(len(texts), ROWS), dtype=np.float64)
