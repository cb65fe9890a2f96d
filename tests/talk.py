"""Talk written as strings, turned into windows and channels, so that a test's input can be read aloud.

    talk("mon 09:00 ana: 500 posts by March! [numbers_obsessed]\\nmon 09:05 bo> ok")

A line is `day hh:mm who: text`; `who>` answers in the thread of the last line that began one. `[pattern]` marks a clear
message, `(+2)` two reactions, a question mark at the end a question.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from bot.domain.channel import Channel, ChannelSettings, History
from bot.domain.charter import Charter, CharterState
from bot.domain.events import ChannelRef
from bot.domain.patterns import Pattern
from bot.domain.window import Trace, Window

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
"""The Monday that all talk of these tests begins on."""

REF = ChannelRef("W1", "C1")

_DAYS = {name: index for index, name in enumerate("mon tue wed thu fri sat sun".split())}
_LINE = re.compile(
    r"(?:(?P<week>\d+)/)?(?P<day>[a-z]{3}) (?P<hour>\d\d):(?P<minute>\d\d) (?P<who>\w+)(?P<mark>[:>]) ?(?P<text>.*)"
)


def at(when: str) -> datetime:
    """A moment such as "tue 10:30", or "2/mon 09:00" for the second week after the first."""
    match = re.fullmatch(r"(?:(\d+)/)?([a-z]{3}) (\d\d):(\d\d)", when)
    assert match, when
    weeks, day, hour, minute = match.groups()
    return MONDAY + timedelta(weeks=int(weeks or 0), days=_DAYS[day], hours=int(hour), minutes=int(minute))


def talk(lines: str, *, members: int | None = None) -> Window:
    """The window that these lines fill."""
    traces: list[Trace] = []
    root = ""
    for number, line in enumerate(line.strip() for line in lines.strip().splitlines()):
        match = _LINE.fullmatch(line)
        assert match, line
        text = match["text"]
        key = f"m{number}"
        threaded = match["mark"] == ">"
        root = root if threaded else key
        reactions = re.search(r"\(\+(\d+)\)", text)
        week = f"{match['week']}/" if match["week"] else ""
        traces.append(
            Trace(
                key=key,
                author=match["who"],
                at=at(f"{week}{match['day']} {match['hour']}:{match['minute']}"),
                thread=root if threaded else None,
                question=re.sub(r"[\[(].*", "", text).rstrip().endswith("?"),
                edited="(edited)" in text,
                reactions=int(reactions[1]) if reactions else 0,
                evidence={Pattern(p): 0.95 for p in re.findall(r"\[(\w+)\]", text)},
            )
        )
    return Window(opened_at=MONDAY, traces=tuple(traces), members=members)


def channel(
    state: CharterState = CharterState.SPEAKING,
    *,
    settings: ChannelSettings | None = None,
    history: History | None = None,
    name: str = "ideas",
) -> Channel:
    """A channel whose charter lets Kith speak, unless told otherwise."""
    charter = Charter(
        state=state, since=MONDAY, steward="ana", listening_since=MONDAY, speaks_until=MONDAY + timedelta(days=90)
    )
    return Channel(
        ref=REF, name=name, charter=charter, settings=settings or ChannelSettings(), history=history or History()
    )
