"""Draws Kith's mark, two arcs that lean into one another, as the two PNG icons of a Teams app package."""

from __future__ import annotations

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

Colour = tuple[int, int, int]

PAPER: Colour = (250, 246, 238)
GOLD: Colour = (201, 138, 27)
EARTH: Colour = (143, 122, 99)
WHITE: Colour = (255, 255, 255)

_RADIUS, _HALF_WIDTH, _HALF_ANGLE = 7.6, 1.3, np.arcsin(5.6 / 7.6)
_SPREAD = 19.6 - np.sqrt(7.6**2 - 5.6**2)
"""The mark's measures in a square of 32; the left arc is open to the right, the right one to the left."""

_ACROSS = 22.0
"""What the mark spans of the 32, edges included."""

_FINE = 4
"""Points a pixel is looked at in each direction, which makes its edges smooth."""


def colour_icon(size: int = 192) -> bytes:
    """The mark in its colours on a full square, as Teams asks for the store and the chat."""
    picture = np.broadcast_to(np.array(PAPER, float), (size, size, 3)).copy()
    for colour, share in zip((GOLD, EARTH), _mark(size, room=0.16), strict=True):
        picture += share[..., None] * (np.array(colour, float) - picture)
    return _png(np.concatenate([picture, np.full((size, size, 1), 255.0)], axis=2))


def outline_icon(size: int = 32) -> bytes:
    """The mark in white on nothing, as Teams asks for its side bar."""
    share = np.maximum(*_mark(size, room=0.03))
    return _png(np.concatenate([np.full((size, size, 3), 255.0), 255 * share[..., None]], axis=2))


def _mark(size: int, *, room: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How much of each pixel the left and the right arc cover, `room` of the width left free around the mark."""
    steps = (np.arange(size * _FINE) + 0.5) / (size * _FINE)
    steps = 16 + (steps - 0.5) * _ACROSS / (1 - 2 * room)
    x, y = np.meshgrid(steps, steps)
    left = _arc(x - _SPREAD, y - 16)
    right = _arc(32 - _SPREAD - x, y - 16)
    return _settled(left, size), _settled(right, size)


def _arc(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Where a round-ended arc is that is open towards +x."""
    on_ring = np.abs(np.hypot(x, y) - _RADIUS) <= _HALF_WIDTH
    closed = np.abs(np.arctan2(y, x)) >= _HALF_ANGLE
    ends = [np.hypot(x - _RADIUS * np.cos(a), y - _RADIUS * np.sin(a)) for a in (_HALF_ANGLE, -_HALF_ANGLE)]
    round_ends: NDArray[np.bool_] = np.minimum(*ends) <= _HALF_WIDTH
    arc: NDArray[np.bool_] = (on_ring & closed) | round_ends
    return arc


def _settled(fine: NDArray[np.bool_], size: int) -> NDArray[np.float64]:
    shares: NDArray[np.float64] = fine.reshape(size, _FINE, size, _FINE).mean(axis=(1, 3))
    return shares


def _png(rgba: NDArray[np.float64]) -> bytes:
    """A PNG of 8 bits a channel (RFC 2083: signature, header, one run of rows without filters, end)."""
    pixels = rgba.round().astype(np.uint8)
    height, width = pixels.shape[:2]
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
