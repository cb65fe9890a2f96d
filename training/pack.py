"""Exports the encoder to ONNX and packs its weights into bytes: the table of pieces and every large matrix."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from bot.domain.patterns import MESSAGE_PATTERNS
from training.bert import Encoder

OPSET = 17


class Packed(nn.Module):
    """A table of vectors kept as bytes with a scale and a lowest value for each row."""

    def __init__(self, table: Tensor) -> None:
        super().__init__()
        low, high = table.min(1, keepdim=True).values, table.max(1, keepdim=True).values
        scale = ((high - low) / 255.0).clamp(min=1e-8)
        self.register_buffer("bytes", ((table - low) / scale).round().clamp(0, 255).to(torch.uint8))
        self.register_buffer("scale", scale)
        self.register_buffer("low", low)

    def forward(self, ids: Tensor) -> Tensor:
        """The vectors of `ids`, one more dimension than they have."""
        rows, scale, low = (cast(Tensor, self.get_buffer(name))[ids] for name in ("bytes", "scale", "low"))
        return rows.float() * scale + low


class Shipped(nn.Module):
    """The encoders as they ship: one packed table for all, and the mean of their logits for the seven patterns."""

    def __init__(self, encoders: Sequence[Encoder]) -> None:
        super().__init__()
        packed = Packed(encoders[0].pieces.weight.detach())
        for encoder in encoders:
            encoder.pieces = packed  # type: ignore[assignment, unused-ignore]  # it answers as a table does
        self.encoders = nn.ModuleList(encoders)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Logits (texts, 7)."""
        logits = torch.stack([encoder(ids, mask) for encoder in self.encoders]).mean(0)
        return cast(Tensor, logits[:, : len(MESSAGE_PATTERNS)])


def export(encoders: Sequence[Encoder], path: Path) -> None:
    """Write the encoders as one with inputs `ids` (whole numbers) and `mask` (0.0 or 1.0), both (texts, pieces).

    They must have been tuned from the same weights with the table of pieces left as it was.
    """
    shipped = Shipped(encoders).eval()
    example = (torch.tensor([[101, 2057, 102]]), torch.ones(1, 3))
    axes = {"ids": {0: "texts", 1: "pieces"}, "mask": {0: "texts", 1: "pieces"}, "logits": {0: "texts"}}
    plain = path.with_suffix(".plain.onnx")
    torch.onnx.export(
        shipped,
        example,
        str(plain),
        input_names=["ids", "mask"],
        output_names=["logits"],
        dynamic_axes=axes,
        opset_version=OPSET,
        dynamo=False,
    )
    pack(plain, path)
    plain.unlink()


def pack(plain: Path, path: Path) -> None:
    """Turn every matrix of `plain` into signed bytes, a scale for each column, and write the result to `path`."""
    quantize_dynamic(
        str(plain),
        str(path),
        op_types_to_quantize=["MatMul"],
        per_channel=True,
        weight_type=QuantType.QInt8,
        extra_options={"MatMulConstBOnly": True},
    )
