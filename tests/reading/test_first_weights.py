"""The first weights' own form is read rightly: pieces, plain floats, and blocks of four bits."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from training.weights import WEIGHTS, fetch, read

HIDDEN, INNER = 32, 64


def packed(values: np.ndarray, scale: float) -> bytes:
    """Whole numbers from -8 to 7 in blocks of 32: a scale, then the first sixteen in the low half of each byte."""
    whole = (values.reshape(-1, 32) + 8).astype(np.uint8)
    bits = whole[:, :16] | whole[:, 16:] << 4
    return b"".join(np.float16(scale).tobytes() + row.tobytes() for row in bits)


def file_of(pieces: list[str], tensors: dict[str, bytes]) -> bytes:
    texts = [piece.encode() for piece in pieces]
    ends = np.cumsum([0, *map(len, texts)]).astype("<u4").tobytes()
    head = b"magic..." + struct.pack("<7i", HIDDEN, 1, 2, INNER, len(pieces), 4, 1) + struct.pack("<f", 1e-12)
    head += struct.pack("<6i", 0, len(pieces), 0, 2, 1, 3) + struct.pack("<Q", sum(map(len, texts)))
    scores = np.arange(len(pieces), dtype="<f4").tobytes()
    letters = struct.pack("<IB", 65, 1) + struct.pack("<I", 97)
    body = head + ends + scores + b"".join(texts) + struct.pack("<iI", 1, len(letters)) + letters
    places = struct.pack("<i", len(tensors))
    size = len(body) + 4 + sum(23 + len(name) for name in tensors)
    content = b""
    for name, raw in tensors.items():
        places += struct.pack("<H", len(name)) + name.encode() + b"\x01"
        places += struct.pack("<IQQ", 0, size + len(content), len(raw))
        content += raw
    return body + places + content


def test_pieces_and_tensors_come_out_as_they_went_in() -> None:
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "▁naïve"]
    whole = np.arange(len(pieces) * HIDDEN).reshape(len(pieces), HIDDEN) % 16 - 8
    floats = np.linspace(-1.0, 1.0, HIDDEN, dtype="<f4")
    wide = np.arange(INNER * HIDDEN).reshape(INNER, HIDDEN) % 16 - 8
    first = read(
        file_of(
            pieces,
            {
                "emb.word": packed(whole, 0.5),
                "emb.pos": np.zeros((4, HIDDEN), "<f4").tobytes(),
                "emb.type": np.zeros((1, HIDDEN), "<f4").tobytes(),
                "emb.ln.w": floats.tobytes(),
                "l0.fi.w": packed(wide, 0.25),
                "l0.oln.w": floats.tobytes(),
            },
        )
    )
    assert list(first.pieces) == [(piece, float(score)) for score, piece in enumerate(pieces)]
    assert np.array_equal(first.tensors["emb.word"], whole * 0.5)
    assert np.array_equal(first.tensors["l0.fi.w"], wide * 0.25)
    assert np.array_equal(first.tensors["l0.oln.w"], floats)
    assert first.tensors["emb.ln.w"].shape == (HIDDEN,)


def test_another_file_than_the_pinned_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / WEIGHTS).write_bytes(b"something else")
    with pytest.raises(SystemExit, match="not the file that was checked"):
        fetch(tmp_path)
