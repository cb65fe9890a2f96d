"""Finds the members of a zip whose table of contents is lost, by walking from one local header to the next."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import BinaryIO

from adapters.exports.inflate import DEFLATED, Member
from adapters.exports.source import LARGEST_FILE

_LOCAL = b"PK\x03\x04"
_DESCRIPTOR = b"PK\x07\x08"
_HEADER = 30
_SIZE_COMES_LATER = 0x8
_UTF8 = 0x800
_UNKNOWN = 0xFFFFFFFF
_CHUNK = 64 * 1024


def members_by_their_headers(zip_file: BinaryIO) -> Iterator[Member]:
    """Members in the order of the file, up to the first place where the walk cannot go on; the last may be cut."""
    while True:
        offset = zip_file.tell()
        header = zip_file.read(_HEADER)
        if len(header) < _HEADER or header[:4] != _LOCAL:
            return
        flags, method = int.from_bytes(header[6:8], "little"), int.from_bytes(header[8:10], "little")
        packed: int | None = int.from_bytes(header[18:22], "little")
        raw_name = zip_file.read(int.from_bytes(header[26:28], "little"))
        zip_file.seek(int.from_bytes(header[28:30], "little"), 1)
        if flags & _SIZE_COMES_LATER or packed == _UNKNOWN:
            packed = None
        crc = None if packed is None else int.from_bytes(header[14:18], "little")
        name = raw_name.decode("utf-8" if flags & _UTF8 else "cp437", errors="replace")
        yield Member(name=name, offset=offset, method=method, flags=flags, packed=packed, crc=crc)
        if packed is not None:
            zip_file.seek(packed, 1)
        elif method != DEFLATED or not _skip_deflated(zip_file) or not _skip_descriptor(zip_file):
            return


def _skip_deflated(zip_file: BinaryIO) -> bool:
    """Move behind deflated data of unknown length; False if it breaks off, is damaged, or is a bomb."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    grown = 0
    while not inflater.eof:
        piece = inflater.unconsumed_tail or zip_file.read(_CHUNK)
        try:
            more = len(inflater.decompress(piece, _CHUNK))
        except zlib.error:
            return False
        grown += more
        if grown > LARGEST_FILE or not (piece or more or inflater.eof):
            return False
    zip_file.seek(-len(inflater.unused_data), 1)
    return True


def _skip_descriptor(zip_file: BinaryIO) -> bool:
    """Move behind the sizes that follow such data, in any of their four layouts; False if no header comes next."""
    start = zip_file.tell()
    ahead = zip_file.read(32)
    begin = 4 if ahead.startswith(_DESCRIPTOR) else 0
    for length in (begin + 12, begin + 20):
        if ahead[length : length + 4] in (_LOCAL, b"PK\x01\x02"):
            zip_file.seek(start + length)
            return True
    return False
