"""Exports the encoder to ONNX and packs its weights into bytes: the table of pieces and every large matrix."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer
from torch import Tensor, nn

from bot.domain.patterns import MESSAGE_PATTERNS
from training.bert import Encoder

OPSET = 17

BLOCK = 128
"""So many numbers of a narrowing matrix's column share a scale."""


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
    """The encoder as it ships: with a packed table, and the logits of the seven patterns alone."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        encoder.pieces = Packed(encoder.pieces.weight.detach())  # type: ignore[assignment, unused-ignore]  # as a table
        self.encoder = encoder

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Logits (texts, 7)."""
        return cast(Tensor, self.encoder(ids, mask)[:, : len(MESSAGE_PATTERNS)])


def export(encoder: Encoder, path: Path) -> None:
    """Write the encoder with inputs `ids` (whole numbers) and `mask` (0.0 or 1.0), both (texts, pieces)."""
    shipped = Shipped(encoder).eval()
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
    """Turn every matrix of `plain` into bytes and write the result to `path`.

    Most become signed bytes with a scale for each column, and what they are multiplied with is rounded to bytes by one
    scale a text, which is fast. The narrowing step of a layer gets numbers of very unlike size: rounding all of them by
    one scale cost recall, so its matrix has a scale for each block, and so have its numbers.
    """
    model = onnx.load(str(plain))
    matrices = [node.name for node in model.graph.node if node.op_type == "MatMul"]
    blocks = MatMulNBitsQuantizer(
        model,
        bits=8,
        block_size=BLOCK,
        is_symmetric=True,
        accuracy_level=4,
        nodes_to_exclude=[name for name in matrices if "/narrow/" not in name],
    )
    blocks.process()
    between = path.with_suffix(".blocks.onnx")
    blocks.model.save_model_to_file(str(between))
    quantize_dynamic(
        str(between),
        str(path),
        op_types_to_quantize=["MatMul"],
        per_channel=True,
        weight_type=QuantType.QInt8,
        extra_options={"MatMulConstBOnly": True},
    )
    between.unlink()
