"""Pictures over time as columns: share of voices, questions left open, evidence week by week; pure geometry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.reports import phrases
from bot.domain.content import Content
from bot.domain.patterns import Pattern
from bot.domain.replayed import Participation
from bot.domain.telling import number

WIDTH, HEIGHT = 1000.0, 100.0
"""The drawing surface; the page stretches it to its own size."""

_WEEK = timedelta(days=7)
_GAP = 0.16
_FINE, _COARSE = 16, 5
_MANY_WINDOWS = 26


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle on the drawing surface; `look` is a class of the style sheet, `title` what it stands for."""

    x: float
    y: float
    width: float
    height: float
    look: str
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """Time from left to right. `windows` is how many would fit, so that few windows do not become giants."""

    begins: datetime
    ends: datetime

    @property
    def windows(self) -> int:
        return max(1, round((self.ends - self.begins) / timedelta(days=14)))

    def x(self, at: datetime) -> float:
        """Where a moment lies, 0 to WIDTH."""
        return WIDTH * ((at - self.begins) / (self.ends - self.begins))


def axis_of(windows: Sequence[Participation]) -> Axis:
    """The time that these windows (at least one) cover."""
    return Axis(begins=windows[0].opened_at, ends=max(window.closes_at for window in windows))


def hidden(windows: Sequence[Participation], axis: Axis) -> list[Box]:
    """A flat mark for each window of which nothing may be shown."""
    return [_column(axis, w.opened_at, w.closes_at, 0, 1.5, "hush") for w in windows]


def voices(windows: Sequence[Participation], axis: Axis, content: Content) -> list[Box]:
    """One column a window, one block a person, the fullest voice at the foot; the last block may hold several."""
    most = _COARSE if len(windows) > _MANY_WINDOWS else _FINE
    boxes: list[Box] = []
    for window in windows:
        shares = [*window.shares[:most]]
        if len(window.shares) > most:
            shares.append(sum(window.shares[most:]))
        foot = 0.0
        for rank, share in enumerate(shares):
            height = HEIGHT * share
            look = f"voice v{min(rank, _COARSE)}"
            boxes.append(_column(axis, window.opened_at, window.closes_at, foot, height, look))
            foot += height
        title = content.say(
            "report.voices.column",
            span=phrases.window_span(window.opened_at, window.closes_at, content),
            people=window.people,
            top=number(float(window.shares[0])),
            two=number(two_fullest(window)),
        )
        boxes.append(_column(axis, window.opened_at, window.closes_at, 0, HEIGHT, "touch", title))
    return boxes


def two_fullest(window: Participation) -> float:
    """What the two fullest voices held, 0 to 1."""
    return float(sum(window.shares[:2]))


def questions(windows: Sequence[Participation], axis: Axis, content: Content) -> list[Box]:
    """One column a window: all questions, and in it those left open."""
    most = max((window.questions for window in windows), default=0)
    boxes: list[Box] = []
    for window in windows if most else ():
        span = (window.opened_at, window.closes_at)
        title = content.say(
            "report.questions.column",
            span=phrases.window_span(*span, content),
            questions=window.questions,
            open=window.open_questions,
        )
        boxes.append(_column(axis, *span, 0, HEIGHT * window.questions / most, "asked"))
        boxes.append(_column(axis, *span, 0, HEIGHT * window.open_questions / most, "open"))
        boxes.append(_column(axis, *span, 0, HEIGHT, "touch", title))
    return boxes


def weekly(windows: Sequence[Participation], axis: Axis) -> dict[Pattern, Counter[int]]:
    """For each pattern that showed, how many messages showed it in which week of the axis."""
    weeks: dict[Pattern, Counter[int]] = {}
    first = axis.begins.date()
    for window in windows:
        for day, counts in window.evidence_by_day.items():
            for pattern, count in counts.items():
                weeks.setdefault(pattern, Counter())[(day - first) // _WEEK] += count
    return {pattern: weeks[pattern] for pattern in Pattern if pattern in weeks}


def evidence(weeks: Counter[int], most: int, axis: Axis, content: Content) -> list[Box]:
    """One column a week, `most` being the full height."""
    boxes: list[Box] = []
    for week, count in sorted(weeks.items()):
        begins = axis.begins + week * _WEEK
        title = content.say(
            "report.evidence.column",
            day=phrases.day(begins, content),
            messages=phrases.counted("clear", count, content),
        )
        boxes.append(_column(axis, begins, begins + _WEEK, 0, HEIGHT * count / most, "shown", title))
    return boxes


def _column(
    axis: Axis, begins: datetime, ends: datetime, foot: float, height: float, look: str, title: str = ""
) -> Box:
    """A box over a stretch of time, `foot` units above the ground, with a gap to its neighbours."""
    left, right = axis.x(begins), axis.x(ends)
    gap = _GAP * (right - left) / 2
    return Box(
        x=round(left + gap, 2),
        y=round(HEIGHT - foot - height, 2),
        width=round(right - left - 2 * gap, 2),
        height=round(height, 2),
        look=look,
        title=title,
    )
