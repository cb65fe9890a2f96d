"""Reads the labelled messages by split, and real chat from outside the project, which is never copied into it."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.domain.patterns import Pattern

MESSAGES = Path(__file__).parent / "messages"
SECOND = Path(__file__).parent / "second_reading"
SPLITS = Path(__file__).parent / "splits.yaml"

FITTING_CHAT = ("livechat_gitter", "irc_disentanglement")
"""The chat that weights and thresholds may be set on (MIT and CC BY 4.0); every other source is held out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One labelled message; `grades` has 2 (clear) or 1 (arguable) and leaves out the patterns it does not carry.

    `pair` is shared by messages that tell one scene with and without a pattern; empty for all others.
    """

    id: str
    world: str
    text: str
    grades: Mapping[Pattern, int]
    kind: str
    pair: str = ""

    def grade(self, pattern: Pattern) -> int:
        return self.grades.get(pattern, 0)

    @property
    def highest(self) -> int:
        return max(self.grades.values(), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatLine:
    """One line of real chat or prose, taken to be ordinary."""

    source: str
    text: str


def worlds_of(split: str, *, splits: Path = SPLITS) -> tuple[str, ...]:
    """The worlds of `split` (train, dev or test), in the order of the file."""
    named = yaml.safe_load(splits.read_text(encoding="utf-8"))
    return tuple(world for world, chosen in named.items() if chosen == split)


def unnamed_worlds(*, folder: Path = MESSAGES, splits: Path = SPLITS) -> tuple[str, ...]:
    """The worlds that have messages and no split yet."""
    named = yaml.safe_load(splits.read_text(encoding="utf-8"))
    return tuple(sorted(path.stem for path in folder.glob("*.jsonl") if path.stem not in named))


def messages_of(worlds: Sequence[str], *, folder: Path = MESSAGES) -> list[Message]:
    """The labelled messages of these worlds; a world without a file counts as empty."""
    return [message for world in worlds for message in _world(folder / f"{world}.jsonl")]


def _world(path: Path) -> Iterator[Message]:
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        grades = {Pattern(name): int(grade) for name, grade in row["grades"].items()}
        pair = row.get("pair", "")
        yield Message(id=row["id"], world=path.stem, text=row["text"], grades=grades, kind=row["kind"], pair=pair)


def second_grades(*, folder: Path = SECOND) -> dict[str, Mapping[Pattern, int]]:
    """What a second reader, who did not see the first one's grades, gave: by message id; empty without such files."""
    lines = (line for path in sorted(folder.glob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines())
    rows = (json.loads(line) for line in lines if line.strip())
    return {row["id"]: {Pattern(name): int(grade) for name, grade in row["grades"].items()} for row in rows}


def chat_of(folder: Path, names: Sequence[str]) -> list[ChatLine]:
    """Real chat lines from `folder`/NAME.jsonl with a "text" and perhaps a "source"; missing files count as empty."""
    lines: list[ChatLine] = []
    for name in names:
        path = folder / f"{name}.jsonl"
        if path.exists():
            with path.open(encoding="utf-8") as file:
                rows = (json.loads(line) for line in file if line.strip())
                lines += [ChatLine(source=row.get("source", name), text=row["text"]) for row in rows]
    return lines


def export_lines(path: Path) -> list[ChatLine]:
    """What people wrote in a zipped export of the official layout; bots, joins and empty rows left out."""
    lines: list[ChatLine] = []
    with zipfile.ZipFile(path) as export:
        for name in sorted(export.namelist()):
            if "/" in name and name.endswith(".json"):
                rows = _rows(export.read(name))
                lines += [ChatLine(source=path.stem, text=row["text"]) for row in rows if _by_a_person(row)]
    return lines


def _rows(raw: bytes) -> list[dict[str, str]]:
    try:
        rows = json.loads(raw)
    except ValueError:
        return []
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _by_a_person(row: Mapping[str, object]) -> bool:
    written = row.get("type") == "message" and isinstance(row.get("text"), str) and bool(row["text"])
    return written and "bot_id" not in row and row.get("subtype") in (None, "thread_broadcast", "me_message")


def is_clear(message: Message, pattern: Pattern | None) -> bool | None:
    """True for grade 2, False for 0, None for 1: neither right nor wrong (CODEBOOK). None as pattern means any."""
    grade = message.highest if pattern is None else message.grade(pattern)
    return None if grade == 1 else grade == 2
