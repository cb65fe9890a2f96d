"""Finds an export's shape in a list of names: its lists, its channel folders and their days; pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from adapters.exports.source import trouble
from bot.domain.archive import Trouble

LISTS = ("channels.json", "groups.json", "dms.json", "mpims.json")
USERS = "users.json"

_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})\.json", re.ASCII)
_BESIDE_TALK = frozenset({"canvas_in_the_conversation.json"})
_ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz")


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day file: the day it is named after (in the workspace's own zone) and its name in the source."""

    date: date
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """`documents` maps plain names of lists to their names in the source, `folders` a channel's folder to its days."""

    documents: Mapping[str, str]
    folders: Mapping[str, tuple[Day, ...]]
    troubles: tuple[Trouble, ...] = ()


def lay_out(names: Iterable[str]) -> Layout | None:
    """The export in these names, wherever its top folder is; None if there is none."""
    kept = [name for name in names if not _is_clutter(name)]
    root = _root(kept)
    if root is None:
        return None
    documents: dict[str, str] = {}
    folders: defaultdict[str, list[Day]] = defaultdict(list)
    troubles: list[Trouble] = []
    outside: Counter[str] = Counter()
    for name in kept:
        inner = name[len(root) :].split("/") if name.startswith(root) else []
        if name.endswith(_ARCHIVES):
            troubles.append(trouble(name, "is an archive inside the export; it was not opened."))
        elif len(inner) == 1 and (inner[0] == USERS or inner[0] in LISTS):
            documents[inner[0]] = name
        elif len(inner) == 2 and inner[1].endswith(".json"):
            _take_day(name, (inner[0], inner[1]), folders, troubles)
        elif _day(name.rpartition("/")[2]):
            outside[name.rpartition("/")[0]] += 1
    troubles += [
        trouble(f"{f}/", f"holds {n} day files outside of the channels; none was read.") for f, n in outside.items()
    ]
    days = {folder: tuple(sorted(found, key=lambda day: day.date)) for folder, found in folders.items()}
    return Layout(documents=documents, folders=days, troubles=tuple(troubles))


def is_one_channel(names: Iterable[str]) -> bool:
    """Whether these are the days of a single channel, one folder too deep to be an export."""
    return any(_day(name) for name in names)


def _take_day(name: str, inner: tuple[str, str], folders: defaultdict[str, list[Day]], troubles: list[Trouble]) -> None:
    """Sort a JSON file of a channel's folder under its day, or say that it is none."""
    folder, file = inner
    day = _day(file)
    if day is not None:
        folders[folder].append(Day(date=day, name=name))
    elif file not in _BESIDE_TALK:
        troubles.append(trouble(name, "is not named after a day (YYYY-MM-DD.json); it was not read."))


def _root(names: Iterable[str]) -> str | None:
    """The folder (ending in "/", or "") that most lists and days belong to; the upper one where two have as many."""
    votes: Counter[str] = Counter()
    for name in names:
        parts = name.split("/")
        if len(parts) >= 2 and _day(parts[-1]):
            votes["/".join([*parts[:-2], ""])] += 1
        elif parts[-1] == USERS or parts[-1] in LISTS:
            votes["/".join([*parts[:-1], ""])] += 1
    return min(votes, key=lambda root: (-votes[root], root.count("/"), root), default=None)


def _day(file: str) -> date | None:
    """The day that a file is named after, None if it is not named after one."""
    match = _DAY.fullmatch(file)
    if match is None:
        return None
    try:
        return date.fromisoformat(match[1])
    except ValueError:
        return None


def _is_clutter(name: str) -> bool:
    """What macOS and other systems leave in folders and zips."""
    return any(part.startswith(".") or part == "__MACOSX" for part in name.split("/") if part not in ("", "."))
