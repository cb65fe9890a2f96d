"""Reads scripted channels, YAML files of lines such as `mon 09:00 ana: text`, as the events a platform would send.

`who>` answers in the thread of the last line that began one, `1/tue` is the second week's Tuesday, and at the end of a
line `(+2)` is two reactions and `(edited)` an edit that changed no word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml

from bot.domain.events import ChannelRef, Event, MessageEdited, MessagePosted, ReactionChanged
from bot.domain.patterns import Pattern

PARTS = ("tuning", "test")
"""Numbers may be chosen on the tuning part; the test part is measured, and its errors are not looked at."""

KEYS = frozenset({"name", "part", "world", "expected", "members", "purpose", "lines"})

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
"""The Monday that every script begins on."""

_DAYS = {name: index for index, name in enumerate("mon tue wed thu fri sat sun".split())}
_LINE = re.compile(
    r"(?:(?P<week>\d)/)?(?P<day>mon|tue|wed|thu|fri|sat|sun) (?P<hour>\d\d):(?P<minute>\d\d)"
    r" (?P<who>\w+)(?P<mark>[:>]) (?P<text>.+?)(?P<edited> \(edited\))?(?: \(\+(?P<reactions>\d+)\))?"
)
_EVERYONE = re.compile(r"@(channel|here|everyone|all)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """One channel of at most a fortnight; `expected` is what a fair reader would say it shows, `events` are by time."""

    name: str
    part: str
    world: str
    expected: frozenset[Pattern]
    members: int
    purpose: str
    events: tuple[Event, ...]

    @property
    def messages(self) -> tuple[MessagePosted, ...]:
        return tuple(event for event in self.events if isinstance(event, MessagePosted))


def scripts_in(folder: Path) -> list[Script]:
    """Every *.yaml of `folder`, by name; ValueError names file and place of what is wrong."""
    return [script_of(path) for path in sorted(folder.glob("*.yaml"))]


def script_of(path: Path) -> Script:
    """One file as a script; ValueError names what is wrong with it."""
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict) or set(found) != KEYS:
        raise ValueError(f"{path.name}: needs exactly the keys {', '.join(sorted(KEYS))}")
    if found["name"] != path.stem or found["part"] not in PARTS:
        raise ValueError(f"{path.name}: `name` is the file's, `part` one of {', '.join(PARTS)}")
    try:
        expected = frozenset(Pattern(name) for name in found["expected"])
    except ValueError as exc:
        raise ValueError(f"{path.name}: expected: {exc}") from exc
    events = tuple(sorted(_events(path, found["lines"]), key=lambda event: event.at))
    script = Script(
        name=found["name"],
        part=found["part"],
        world=found["world"],
        expected=expected,
        members=found["members"],
        purpose=found["purpose"],
        events=events,
    )
    if len({message.author for message in script.messages}) > script.members:
        raise ValueError(f"{path.name}: more people speak than `members` says")
    return script


def _events(path: Path, lines: str) -> Iterator[Event]:
    channel = ChannelRef("scripts", path.stem)
    root, before = "", MONDAY
    for number, line in enumerate(lines.strip().splitlines(), start=1):
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise ValueError(f"{path.name}: line {number} is not `day hh:mm who: text`")
        key = f"{path.stem}-{number}"
        threaded = match["mark"] == ">"
        root = root if threaded else key
        at = _moment(match)
        if at < before or not root:
            raise ValueError(f"{path.name}: line {number} is out of order")
        before = at
        author, text = match["who"], match["text"]
        yield MessagePosted(
            channel=channel,
            message=key,
            author=author,
            at=at,
            text=text,
            thread=root if threaded else None,
            calls_everyone=_EVERYONE.search(text) is not None,
        )
        soon = at + timedelta(seconds=50)
        for other in range(int(match["reactions"] or 0)):
            yield ReactionChanged(channel=channel, message=key, by=f"reader {other}", at=soon)
        if match["edited"]:
            yield MessageEdited(channel=channel, message=key, author=author, at=soon, text=text)


def _moment(match: re.Match[str]) -> datetime:
    return MONDAY + timedelta(
        weeks=int(match["week"] or 0),
        days=_DAYS[match["day"]],
        hours=int(match["hour"]),
        minutes=int(match["minute"]),
    )
