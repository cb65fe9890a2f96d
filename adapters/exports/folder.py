"""Reads an export from a folder, following no link and opening nothing but regular files."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from adapters.exports.source import EMPTY, LARGEST_FILE, TOO_LARGE, Contents, trouble
from bot.domain.archive import Trouble

_DEEPEST = 3
"""Folders below the export's own: one around it, the channels, and no more."""


class FolderSource:
    """An unpacked export."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def contents(self) -> Contents:
        """Every regular file down to three levels, in alphabetical order."""
        names: list[str] = []
        troubles: list[Trouble] = []
        folders = [""]
        while folders:
            folder = folders.pop()
            try:
                with os.scandir(self._root / folder) as found:
                    entries = sorted(found, key=lambda entry: entry.name)
            except OSError:
                troubles.append(trouble(folder, "cannot be opened; the rest was read."))
                continue
            for entry in entries:
                self._take(entry, f"{folder}{entry.name}", names, folders, troubles)
        return Contents(names=tuple(sorted(names)), troubles=tuple(troubles))

    @staticmethod
    def _take(
        entry: os.DirEntry[str], name: str, names: list[str], folders: list[str], troubles: list[Trouble]
    ) -> None:
        """Sort one directory entry into files, folders and oddities."""
        if entry.is_symlink():
            troubles.append(trouble(name, "is a link; links are never followed."))
        elif entry.is_dir(follow_symlinks=False):
            if name.endswith(".json"):
                troubles.append(trouble(name, "is a folder with the name of a file; it was not read."))
            elif name.count("/") + 1 < _DEEPEST:
                folders.append(f"{name}/")
        elif entry.is_file(follow_symlinks=False):
            names.append(name)
        else:
            troubles.append(trouble(name, "is no regular file; it was not opened."))

    def read(self, name: str) -> bytes | Trouble:
        """The file's bytes; a link or a pipe that has taken its place since is not opened."""
        try:
            with os.fdopen(_open_itself(self._root / name), "rb") as file:
                status = os.fstat(file.fileno())
                if not stat.S_ISREG(status.st_mode):
                    return trouble(name, "is no regular file; it was not read.")
                content = file.read(LARGEST_FILE + 1)
        except OSError:
            return trouble(name, "cannot be opened (is it yours to read?); the rest was read.")
        if len(content) > LARGEST_FILE:
            return trouble(name, TOO_LARGE)
        return content or trouble(name, EMPTY)


def _open_itself(path: Path) -> int:
    """Open the file and no link to another; a pipe is opened without waiting, so that it can be refused."""
    return os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
