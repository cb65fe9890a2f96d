"""Fine-tunes the encoder end to end on the cases, the same way each time for the same seed and machine."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from bot.reading.unigram import Unigram
from training.bert import Encoder
from training.cases import Case, noisy

THREADS = 1
"""One, so that sums are made in the same order wherever it runs, and nothing waits for another thread."""


After = Callable[[int], None]
"""Is told the number of each pass that is done, from nought."""


@dataclass(frozen=True, kw_only=True)
class Tuning:
    """The settings of a run.

    `rate` is that of the top layer and falls by `decay` with each layer below; `pull_apart` weighs the demand that the
    clear side of a contrast pair stands above the other; `halves` computes in bfloat16, twice as fast. The
    lowest `frozen` layers stay as they are, which saves the way back through them.
    """

    seed: int = 7
    epochs: int = 3
    batch: int = 32
    rate: float = 1e-4
    head_rate: float = 1e-3
    decay: float = 0.9
    chat_per_epoch: int = 2_500
    longest: int = 128
    pull_apart: float = 0.5
    dropout: float = 0.1
    halves: bool = True
    frozen: int = 0


def finetune(
    encoder: Encoder,
    cutter: Unigram,
    cases: Sequence[Case],
    chat: Sequence[Case],
    tuning: Tuning,
    *,
    after: After | None = None,
) -> list[float]:
    """Train in place; each epoch sees all `cases` and other `chat`. Gives the mean loss of each epoch."""
    torch.set_num_threads(THREADS)
    torch.manual_seed(tuning.seed)
    rng = np.random.default_rng(tuning.seed)
    steps = tuning.epochs * math.ceil((len(cases) + min(len(chat), tuning.chat_per_epoch)) / tuning.batch)
    steps += tuning.epochs
    optimizer = torch.optim.AdamW(_groups(encoder, tuning), weight_decay=0.01, fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / (0.08 * steps), max(0.0, (steps - step) / (0.92 * steps)))
    )
    encoder.train()
    losses = []
    for epoch in range(tuning.epochs):
        total, seen = 0.0, 0
        for batch in _batches(cases, chat, tuning, epoch, rng, cutter):
            loss = _loss(encoder, batch, tuning)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call, unused-ignore]  # torch leaves it untyped
            nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total, seen = total + loss.item(), seen + 1
        losses.append(total / max(1, seen))
        print(f"epoch {epoch + 1} of {tuning.epochs}: loss {losses[-1]:.4f}", flush=True)
        if after is not None:
            after(epoch)
            encoder.train()
    encoder.eval()
    return losses


def states_of(
    encoder: Encoder, cutter: Unigram, texts: Sequence[str], *, longest: int = 128, halves: bool = True
) -> Tensor:
    """The mean states (texts, 384) in the order of `texts`."""
    return _read(encoder, cutter, texts, encoder.pooled, longest=longest, halves=halves)


def logits_of(
    encoder: Encoder, cutter: Unigram, texts: Sequence[str], *, longest: int = 128, halves: bool = True
) -> np.ndarray:
    """Logits (texts, outputs) in the order of `texts`."""
    rows: np.ndarray = _read(encoder, cutter, texts, encoder.forward, longest=longest, halves=halves).numpy()
    return rows


def _read(
    encoder: Encoder,
    cutter: Unigram,
    texts: Sequence[str],
    ask: Callable[[Tensor, Tensor], Tensor],
    *,
    longest: int,
    halves: bool,
) -> Tensor:
    torch.set_num_threads(THREADS)
    encoder.eval()
    pieces = [cutter.encode(text, longest=longest) for text in texts]
    order = sorted(range(len(texts)), key=lambda k: len(pieces[k]))
    rows: list[Tensor] = [torch.zeros(0)] * len(texts)
    with torch.no_grad():
        for begin in range(0, len(order), 64):
            chosen = order[begin : begin + 64]
            ids, mask = padded([pieces[k] for k in chosen], cutter.pad)
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=halves):
                answers = ask(ids, mask).float()
            for row, answer in zip(chosen, answers, strict=True):
                rows[row] = answer
    return torch.stack(rows)


def padded(pieces: Sequence[Sequence[int]], pad: int) -> tuple[Tensor, Tensor]:
    """The pieces as one block of numbers, its width a multiple of 8, and 1.0 where a piece stands."""
    width = -(-max(map(len, pieces)) // 8) * 8
    ids = torch.full((len(pieces), width), pad, dtype=torch.long)
    mask = torch.zeros((len(pieces), width))
    for row, numbers in enumerate(pieces):
        ids[row, : len(numbers)] = torch.tensor(numbers)
        mask[row, : len(numbers)] = 1.0
    return ids, mask


@dataclass(frozen=True)
class _Batch:
    ids: Tensor
    mask: Tensor
    targets: Tensor
    weights: Tensor
    pairs: tuple[str, ...]


def _batches(
    cases: Sequence[Case], chat: Sequence[Case], tuning: Tuning, epoch: int, rng: np.random.Generator, cutter: Unigram
) -> Iterator[_Batch]:
    """Batches of texts of like length; the two sides of a contrast pair fall into one where lengths allow."""
    count = min(len(chat), tuning.chat_per_epoch)
    start = epoch * count
    shuffled = np.random.default_rng(tuning.seed + 1).permutation(len(chat))
    chosen = [*cases, *(chat[shuffled[(start + k) % len(chat)]] for k in range(count))]
    pieces = [cutter.encode(noisy(case.text, rng), longest=tuning.longest) for case in chosen]
    jitter = dict.fromkeys((case.pair for case in chosen), 0.0)
    for pair in jitter:
        jitter[pair] = float(rng.random())
    near = [len(pieces[k]) + 6.0 * (jitter[c.pair] if c.pair else rng.random()) for k, c in enumerate(chosen)]
    order = sorted(range(len(chosen)), key=near.__getitem__)
    groups = [order[begin : begin + tuning.batch] for begin in range(0, len(order), tuning.batch)]
    for number in rng.permutation(len(groups)):
        group = groups[number]
        ids, mask = padded([pieces[k] for k in group], cutter.pad)
        yield _Batch(
            ids,
            mask,
            torch.tensor([chosen[k].targets for k in group]),
            torch.tensor([chosen[k].weights for k in group]),
            tuple(chosen[k].pair for k in group),
        )


def _loss(encoder: Encoder, batch: _Batch, tuning: Tuning) -> Tensor:
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=tuning.halves):
        logits = encoder(batch.ids, batch.mask)
    logits = logits.float()
    each = nn.functional.binary_cross_entropy_with_logits(logits, batch.targets, reduction="none")
    loss = (each * batch.weights).sum(1).mean()
    if tuning.pull_apart > 0.0 and (apart := _apart(logits, batch)) is not None:
        loss = loss + tuning.pull_apart * apart
    return loss


def _apart(logits: Tensor, batch: _Batch) -> Tensor | None:
    """How little the clear side of a contrast pair stands above the other side, for pairs within this batch."""
    places: dict[str, list[int]] = {}
    for row, pair in enumerate(batch.pairs):
        if pair:
            places.setdefault(pair, []).append(row)
    high, low = [], []
    for rows in places.values():
        for one in rows:
            for other in rows:
                high.append(one)
                low.append(other)
    if not high:
        return None
    gap = batch.targets[high] - batch.targets[low] > 0.9
    if not gap.any():
        return None
    return nn.functional.softplus(2.0 - (logits[high] - logits[low]))[gap].sum() / len(batch.pairs)


def _groups(encoder: Encoder, tuning: Tuning) -> list[dict[str, object]]:
    """Rates by depth; the table of pieces, what goes into the lowest layer, and frozen layers are left as they are."""
    encoder.requires_grad_(False)
    encoder.head.requires_grad_(True)
    groups: list[dict[str, object]] = [{"params": list(encoder.head.parameters()), "lr": tuning.head_rate}]
    depth = len(encoder.layers)
    for number in range(tuning.frozen, depth):
        parameters = list(encoder.layers[number].requires_grad_(True).parameters())
        groups.append({"params": parameters, "lr": tuning.rate * tuning.decay ** (depth - 1 - number)})
    return groups
