"""Joins the pictures of a channel with the words beside them, and keeps quiet about groups under five people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.reports import columns, phrases
from adapters.reports.circle import MOST_PEOPLE, Circle, circle_of
from adapters.reports.columns import Axis, Box
from bot.domain.content import Content
from bot.domain.replayed import ChannelReplay, Participation
from bot.domain.restraint import SMALLEST_GROUP
from bot.domain.telling import number

MOST_CIRCLES = 6
"""So many windows are drawn as circles in a channel, those in which most was said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Columns over time with a sentence that says the same."""

    label: str
    boxes: tuple[Box, ...]
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """A circle with its window and a sentence that says the same."""

    label: str
    circle: Circle
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A window as a line of the table; None where fewer than five people spoke."""

    label: str
    cells: tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """Everything drawn of one channel; `circles_note` and `hidden_note` are "" where there is nothing to say."""

    begins: str
    ends: str
    windows: int
    voices: Chart
    questions: Chart | None
    evidence: tuple[Chart, ...]
    evidence_note: str
    circles: tuple[Ring, ...]
    circles_note: str
    hidden_note: str
    table: tuple[Line, ...]


def pictures_of(channel: ChannelReplay, content: Content) -> Pictures | None:
    """The channel's pictures, or None if no window may be shown."""
    shown = [window for window in channel.windows if may_show(window)]
    if not shown:
        return None
    kept_back = [window for window in channel.windows if not may_show(window)]
    axis = columns.axis_of(channel.windows)
    marks = tuple(columns.hidden(kept_back, axis))
    evidence, note = _evidence(shown, axis, content)
    circles, circles_note = _circles(shown, content)
    return Pictures(
        begins=phrases.day(axis.begins, content),
        ends=phrases.day(axis.ends, content),
        windows=axis.windows,
        voices=_voices(shown, axis, marks, content),
        questions=_questions(shown, axis, marks, content),
        evidence=evidence,
        evidence_note=note,
        circles=circles,
        circles_note=circles_note,
        hidden_note=content.say("report.pictures.hidden", n=len(kept_back)) if kept_back else "",
        table=tuple(_line(window, content) for window in channel.windows),
    )


def may_show(window: Participation) -> bool:
    """Whether enough people spoke in a window for it to be shown (EVIDENCE 3.8)."""
    return window.people >= SMALLEST_GROUP and len(window.shares) >= SMALLEST_GROUP


def _voices(shown: Sequence[Participation], axis: Axis, marks: tuple[Box, ...], content: Content) -> Chart:
    sentence = content.say(
        "report.voices.sentence",
        share=_range([columns.two_fullest(window) for window in shown], content),
        people=_range([window.people for window in shown], content),
    )
    boxes = (*marks, *columns.voices(shown, axis, content))
    return Chart(label=content.say("report.voices"), boxes=boxes, sentence=sentence)


def _range(values: Sequence[float], content: Content) -> str:
    """From the least to the most, or the one value where they look the same."""
    least, most = number(min(values)), number(max(values))
    return most if least == most else content.say("report.voices.range", least=least, most=most)


def _questions(shown: Sequence[Participation], axis: Axis, marks: tuple[Box, ...], content: Content) -> Chart | None:
    """None where nobody asked anything."""
    total = sum(window.questions for window in shown)
    if not total:
        return None
    sentence = content.say(
        "report.questions.sentence",
        questions=counted_questions(total, content),
        open=number(sum(window.open_questions for window in shown)),
        most=counted_questions(max(window.questions for window in shown), content),
    )
    boxes = (*marks, *columns.questions(shown, axis, content))
    return Chart(label=content.say("report.questions"), boxes=boxes, sentence=sentence)


def counted_questions(count: int, content: Content) -> str:
    """So many questions."""
    return phrases.counted("questions", count, content)


def _evidence(shown: Sequence[Participation], axis: Axis, content: Content) -> tuple[tuple[Chart, ...], str]:
    """One strip for each pattern that showed, all on one scale."""
    weekly = columns.weekly(shown, axis)
    if not weekly:
        return (), content.say("report.evidence.none")
    most = max(max(weeks.values()) for weeks in weekly.values())
    charts = tuple(
        Chart(
            label=phrases.title_of(pattern, content),
            boxes=tuple(columns.evidence(weeks, most, axis, content)),
            sentence=content.say(
                "report.evidence.row",
                n=phrases.counted("clear", weeks.total(), content),
                weeks=phrases.counted("weeks", len(weeks), content),
            ),
        )
        for pattern, weeks in weekly.items()
    )
    return charts, content.say("report.evidence.note", most=phrases.counted("clear", most, content))


def _circles(shown: Sequence[Participation], content: Content) -> tuple[tuple[Ring, ...], str]:
    """The windows in which most was said, in the order of time."""
    answered = [window for window in shown if window.answers]
    chosen = sorted(answered, key=lambda window: -window.turns)[:MOST_CIRCLES]
    rings = tuple(_ring(window, content) for window in sorted(chosen, key=lambda window: window.opened_at))
    if len(answered) <= len(rings):
        return rings, ""
    return rings, content.say("report.answers.more", shown=len(rings), all=len(answered))


def _ring(window: Participation, content: Content) -> Ring:
    circle = circle_of(window)
    sentence = content.say(
        "report.answers.sentence",
        people=phrases.counted("people", circle.people, content),
        answers=phrases.counted("answers", circle.answers, content),
        pairs=phrases.counted("pairs", circle.pairs, content),
    )
    if circle.unlinked:
        sentence = f"{sentence} {content.say('report.answers.unlinked', n=circle.unlinked)}"
    if circle.people > MOST_PEOPLE:
        sentence = f"{sentence} {content.say('report.answers.cut', shown=MOST_PEOPLE)}"
    label = phrases.window_span(window.opened_at, window.closes_at, content)
    return Ring(label=label, circle=circle, sentence=sentence)


def _line(window: Participation, content: Content) -> Line:
    """The window in numbers."""
    label = phrases.window_span(window.opened_at, window.closes_at, content)
    if not may_show(window):
        return Line(label=label, cells=None)
    unknown = content.say("report.table.unknown")
    acknowledged = unknown if window.acknowledged is None else number(float(window.acknowledged))
    cells = (
        number(window.people),
        number(window.turns),
        number(columns.two_fullest(window)),
        acknowledged,
        number(window.questions),
        number(window.open_questions),
    )
    return Line(label=label, cells=cells)
