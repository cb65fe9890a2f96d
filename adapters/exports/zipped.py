"""Reads an export from a zip, member by member and in memory; nothing is ever unpacked to disk."""

from __future__ import annotations

import stat
import struct
import zipfile
from collections.abc import Iterable
from pathlib import Path

from adapters.exports.inflate import Member, unpack
from adapters.exports.salvage import members_by_their_headers
from adapters.exports.source import LARGEST_FILE, TOO_LARGE, Contents, trouble
from bot.domain.archive import Trouble
from bot.errors import ExportError

_CUT_SHORT = "breaks off before its list of contents (a download that stopped?); what stands before the break was read."


class ZipSource:
    """A zipped export; only its table of contents is kept, the file is opened anew for every member."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._members: dict[str, Member] = {}
        self._troubles: list[Trouble] = []
        try:
            self._take_all(_listed(path))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError, struct.error):
            self._troubles.append(trouble(path.name, _CUT_SHORT))
            with path.open("rb") as file:
                self._take_all((member, "") for member in members_by_their_headers(file))
            if not self._members:
                problem = "this is no zip that can be read; download the export again, or give the unpacked folder."
                raise ExportError(file=path.name, problem=problem) from None

    def _take_all(self, members: Iterable[tuple[Member, str]]) -> None:
        """Keep the members that may be read, and a trouble for each of the others."""
        for member, problem in members:
            name = member.name.replace("\\", "/")
            problem = problem or _leads_outside(name)
            if not problem and name in self._members:
                problem = "stands in the zip twice; only the first was read."
            if problem:
                self._troubles.append(trouble(name, problem))
            elif not name.endswith("/"):
                self._members[name] = member

    def contents(self) -> Contents:
        """Every member that may be read, in the order of the zip."""
        return Contents(names=tuple(self._members), troubles=tuple(self._troubles))

    def read(self, name: str) -> bytes | Trouble:
        """The member, unpacked in memory within the limits of `source`."""
        try:
            with self._path.open("rb") as file:
                return unpack(file, self._members[name])
        except OSError:
            return trouble(name, "cannot be read from the zip any more; the rest was read.")


def _listed(path: Path) -> list[tuple[Member, str]]:
    """The members of the zip's table of contents, each with what is wrong with it ("" if nothing)."""
    with zipfile.ZipFile(path) as archive:
        infos = archive.infolist()
    ends = _overlapping(infos)
    return [(_member(info), _oddity(info, overlaps=info.header_offset in ends)) for info in infos]


def _member(info: zipfile.ZipInfo) -> Member:
    return Member(
        name=info.filename,
        offset=info.header_offset,
        method=info.compress_type,
        flags=info.flag_bits,
        packed=info.compress_size,
        crc=info.CRC,
    )


def _oddity(info: zipfile.ZipInfo, *, overlaps: bool) -> str:
    """What is wrong with a member by its entry alone."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "is a link; links are never followed."
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "is no regular file; it was not read."
    if not info.filename:
        return "is a member without a name; it was not read."
    if info.filename.endswith("/"):
        return "is a folder with the name of a file; it was not read." if info.filename.endswith(".json/") else ""
    if overlaps:
        return "shares its bytes with another file of the zip (a zip bomb); it was not read."
    return TOO_LARGE if info.file_size > LARGEST_FILE else ""


def _overlapping(infos: list[zipfile.ZipInfo]) -> set[int]:
    """Header offsets of members that begin before the one in front of them can have ended."""
    overlapping: set[int] = set()
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            overlapping.add(info.header_offset)
        end = max(end, info.header_offset + 30 + len(info.filename) + info.compress_size)
    return overlapping


def _leads_outside(name: str) -> str:
    """What is wrong with a name that would leave the folder if it were unpacked; "" for a good one."""
    drive = len(name) > 1 and name[1] == ":"
    if name.startswith("/") or drive or ".." in name.split("/"):
        return "has a name that leads out of the export; it was not read."
    return ""
