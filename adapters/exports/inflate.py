"""Unpacks one member of a zip in memory, watching how large it grows."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import BinaryIO

from adapters.exports.source import ALWAYS_ALLOWED, BOMB, EMPTY, LARGEST_FILE, MUST_SHRINK_LESS, TOO_LARGE, trouble
from bot.domain.archive import Trouble

STORED, DEFLATED = 0, 8
BREAKS_OFF = "breaks off in the middle of the zip; it could not be read."
DAMAGED = "is damaged inside the zip; it could not be read."
_TAKE, _GIVE = 32 * 1024, 256 * 1024
_HEADER = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Where a member's local header starts, how it is packed, and what the zip says of it (None where it does not)."""

    name: str
    offset: int
    method: int
    flags: int = 0
    packed: int | None = None
    crc: int | None = None


def unpack(zip_file: BinaryIO, member: Member) -> bytes | Trouble:
    """The member's bytes, or why there are none."""
    if member.flags & 0x1:
        return trouble(member.name, "is locked with a password; it could not be read.")
    if member.method not in (STORED, DEFLATED):
        return trouble(member.name, "is packed in a way that exports do not use; it was not read.")
    zip_file.seek(max(0, member.offset))
    header = zip_file.read(_HEADER)
    if len(header) < _HEADER or header[:4] != b"PK\x03\x04":
        return trouble(member.name, DAMAGED)
    zip_file.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    content = _stored(zip_file, member) if member.method == STORED else _deflated(zip_file, member)
    if isinstance(content, Trouble):
        return content
    if member.crc is not None and zlib.crc32(content) != member.crc:
        return trouble(member.name, DAMAGED)
    return content or trouble(member.name, EMPTY)


def _stored(zip_file: BinaryIO, member: Member) -> bytes | Trouble:
    """A member that is not packed at all."""
    size = member.packed or 0
    if size > LARGEST_FILE:
        return trouble(member.name, TOO_LARGE)
    content = zip_file.read(size)
    return content if len(content) == size else trouble(member.name, BREAKS_OFF)


def _deflated(zip_file: BinaryIO, member: Member) -> bytes | Trouble:
    """A deflated member, unpacked piece by piece so that a bomb is noticed while it is small."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    content = bytearray()
    left, taken = member.packed, 0
    while not inflater.eof:
        piece = inflater.unconsumed_tail
        if not piece:
            piece = zip_file.read(_TAKE if left is None else min(_TAKE, left))
            left = None if left is None else left - len(piece)
            taken += len(piece)
        try:
            more = inflater.decompress(piece, _GIVE)
        except zlib.error:
            return trouble(member.name, DAMAGED)
        if not (piece or more or inflater.eof):
            return trouble(member.name, BREAKS_OFF)
        content += more
        if len(content) > LARGEST_FILE:
            return trouble(member.name, TOO_LARGE)
        if len(content) > ALWAYS_ALLOWED and len(content) > MUST_SHRINK_LESS * taken:
            return trouble(member.name, BOMB)
    return bytes(content)
