"""The encoder in torch: a BERT with mean pooling and a linear head, filled from tensors by name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import cast

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

HIDDEN, HEADS, INNER = 384, 12, 1536

BLOCK = 1 << 22
"""Numbers in the block that dropout is taken from; a larger array is dropped from the ordinary way."""


class Drop(nn.Module):
    """Dropout whose places come from a block that is drawn once and begun at another spot each time.

    Drawing every place anew takes half of a forward pass on one core.
    """

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, states: Tensor) -> Tensor:
        """`states`, while training without a `share` of its numbers and with the others larger by as much."""
        if not self.training or self.share == 0.0:
            return states
        block = _block(self.share)
        count = states.numel()
        if count > len(block):
            return nn.functional.dropout(states, self.share)
        begin = int(torch.randint(len(block) - count + 1, (1,)))
        return states * block[begin : begin + count].view(states.shape)


@cache
def _block(share: float) -> Tensor:
    drawn = torch.rand(BLOCK, generator=torch.Generator().manual_seed(1)) >= share
    return (drawn.float() / (1.0 - share)).bfloat16()


class Layer(nn.Module):
    """Self-attention and a feed-forward step, each added to its input and normalised after."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(HIDDEN, HIDDEN) for _ in range(3))
        self.mix = nn.Linear(HIDDEN, HIDDEN)
        self.norm_mix = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.widen, self.narrow = nn.Linear(HIDDEN, INNER), nn.Linear(INNER, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.dropout = Drop(dropout)

    def forward(self, states: Tensor, bar: Tensor) -> Tensor:
        """States of the same shape (texts, pieces, 384); `bar` is 0 or a very low number per piece."""
        texts, pieces, _ = states.shape

        def split(projected: Tensor) -> Tensor:
            return projected.view(texts, pieces, HEADS, HIDDEN // HEADS).transpose(1, 2)

        query, key, value = split(self.query(states)), split(self.key(states)), split(self.value(states))
        weights = torch.softmax(query @ key.transpose(-1, -2) * (HIDDEN // HEADS) ** -0.5 + bar, dim=-1)
        mixed = (self.dropout(weights) @ value).transpose(1, 2).reshape(texts, pieces, HIDDEN)
        states = self.norm_mix(states + self.dropout(self.mix(mixed)))
        inner = nn.functional.gelu(self.widen(states))
        return cast(Tensor, self.norm(states + self.dropout(self.narrow(inner))))


class Encoder(nn.Module):
    """From pieces to `outputs` logits for each text."""

    def __init__(self, *, vocabulary: int, positions: int, layers: int, outputs: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.pieces = nn.Embedding(vocabulary, HIDDEN)
        self.places = nn.Embedding(positions, HIDDEN)
        self.kind = nn.Parameter(torch.zeros(HIDDEN))
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(layers))
        self.dropout = Drop(dropout)
        self.head = nn.Linear(HIDDEN, outputs)
        self.register_buffer("centre", torch.zeros(HIDDEN))
        self.register_buffer("spread", torch.ones(1))

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Logits (texts, outputs) for `ids` (texts, pieces); `mask` is 1.0 for a piece and 0.0 for padding."""
        return cast(Tensor, self.head(self.dropout(self.parted(ids, mask))))

    def parted(self, ids: Tensor, mask: Tensor) -> Tensor:
        """The mean states, moved and stretched so that those of unlike texts lie apart.

        As they come all of them lie close together, far from nought, and a head would learn slowly.
        """
        return (self.pooled(ids, mask) - self.get_buffer("centre")) / self.get_buffer("spread")

    def pooled(self, ids: Tensor, mask: Tensor) -> Tensor:
        """The mean state of each text's pieces, (texts, 384)."""
        places = torch.arange(ids.shape[1], device=ids.device)
        states = self.dropout(self.norm(self.pieces(ids) + self.places(places) + self.kind))
        bar = (1.0 - mask)[:, None, None, :] * -1e4
        for layer in self.layers:
            states = layer(states, bar)
        shown = mask[:, :, None]
        return cast(Tensor, (states * shown).sum(1) / shown.sum(1).clamp(min=1.0))


def load_weights(encoder: Encoder, tensors: Mapping[str, npt.NDArray[np.float32]]) -> None:
    """Fill everything but the head from the tensors of the package; KeyError if one is missing."""
    own = {
        "pieces.weight": "emb.word",
        "places.weight": "emb.pos",
        "norm.weight": "emb.ln.w",
        "norm.bias": "emb.ln.b",
    }
    parts = {
        "query": "q",
        "key": "k",
        "value": "v",
        "mix": "ao",
        "norm_mix": "aln",
        "widen": "fi",
        "narrow": "fo",
        "norm": "oln",
    }
    for number in range(len(encoder.layers)):
        for name, theirs in parts.items():
            for kind in ("weight", "bias"):
                own[f"layers.{number}.{name}.{kind}"] = f"l{number}.{theirs}.{kind[0]}"
    state = {name: torch.from_numpy(tensors[theirs]) for name, theirs in own.items()}
    state["kind"] = torch.from_numpy(tensors["emb.type"][0])
    missing, _ = encoder.load_state_dict(state, strict=False)
    if set(missing) != {"head.weight", "head.bias", "centre", "spread"}:
        raise KeyError(missing)
