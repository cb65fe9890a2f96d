"""Gives the encoder a head to start from: a linear fit over the states it has before it is tuned."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from bot.reading.unigram import Unigram
from training.bert import Encoder
from training.cases import Case
from training.finetune import states_of

STEP = 2
"""One case of so many is read for it, which is enough for a beginning."""

PULL = 0.01
"""How hard the weights are drawn to nought."""

STEPS = 60


def begin(encoder: Encoder, cutter: Unigram, cases: Sequence[Case]) -> float:
    """Move and stretch the encoder's states and fit its head, in place; gives the loss. Nothing below is changed.

    A head that knows its task from the first step on does not turn the layers below towards its own chance beginnings
    (Kumar et al. 2022).
    """
    chosen = cases[::STEP]
    states = states_of(encoder, cutter, [case.text for case in chosen])
    centre = states.mean(0)
    encoder.get_buffer("centre").copy_(centre)
    encoder.get_buffer("spread").fill_((states - centre).square().mean().sqrt())
    apart = (states - centre) / encoder.get_buffer("spread")
    targets, weights = torch.tensor([c.targets for c in chosen]), torch.tensor([c.weights for c in chosen])
    nn.init.zeros_(encoder.head.weight)
    nn.init.zeros_(encoder.head.bias)
    optimizer = torch.optim.LBFGS(encoder.head.parameters(), max_iter=STEPS, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        optimizer.zero_grad()
        logits = encoder.head(apart)
        each = nn.functional.binary_cross_entropy_with_logits(logits, targets, reduction="none")
        found = (each * weights).sum(1).mean() + PULL * encoder.head.weight.square().sum()
        found.backward()  # type: ignore[no-untyped-call, unused-ignore]  # torch leaves it untyped
        return found

    optimizer.step(loss)  # type: ignore[no-untyped-call, unused-ignore]  # torch leaves it untyped
    return float(loss().item())
