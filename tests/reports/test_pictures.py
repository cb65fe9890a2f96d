"""The geometry of the pictures."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.prompt_files import shipped_content
from adapters.reports import columns
from adapters.reports.circle import SIZE, circle_of
from adapters.reports.pictures import MOST_CIRCLES, pictures_of
from bot.domain.replayed import Participation
from tests.reports.build import channel, window


@st.composite
def windows(draw: st.DrawFn) -> tuple[Participation, ...]:
    made = []
    for number in sorted(draw(st.sets(st.integers(0, 150), min_size=1, max_size=60))):
        people = draw(st.integers(5, 60))
        weights = sorted((draw(st.integers(1, 30)) for _ in range(people)), reverse=True)
        someone = st.integers(0, people - 1)
        answers = draw(st.lists(st.tuples(someone, someone, st.integers(1, 9)), max_size=8))
        asked = draw(st.integers(0, 50))
        made.append(
            window(
                number,
                people=people,
                shares=tuple(weight / sum(weights) for weight in weights),
                answers=tuple(answer for answer in answers if answer[0] != answer[1]),
                questions=asked,
                open_questions=draw(st.integers(0, asked)),
            )
        )
    return tuple(made)


@settings(max_examples=30, deadline=None)
@given(windows())
def test_everything_drawn_lies_on_the_drawing_surface(made: tuple[Participation, ...]) -> None:
    pictures = pictures_of(channel(windows=made), shipped_content())
    assert pictures is not None
    for chart in (pictures.voices, *pictures.evidence, *([pictures.questions] if pictures.questions else [])):
        for box in chart.boxes:
            assert -0.01 <= box.x <= box.x + box.width <= columns.WIDTH + 0.01
            assert -0.02 <= box.y <= box.y + box.height <= columns.HEIGHT + 0.02
    assert len(pictures.circles) <= MOST_CIRCLES
    for ring in pictures.circles:
        assert all(0 < dot.x - dot.radius < dot.x + dot.radius < SIZE for dot in ring.circle.dots)


def test_the_shares_of_a_window_fill_its_column() -> None:
    made = window()
    boxes = columns.voices([made], columns.axis_of([made]), shipped_content())
    assert sum(box.height for box in boxes if box.look.startswith("voice")) == pytest.approx(100, abs=0.1)


def test_answers_are_counted_between_pairs_whoever_answered() -> None:
    circle = circle_of(window(answers=((0, 1, 5), (1, 0, 3), (2, 0, 1))))
    assert (circle.people, circle.answers, circle.pairs, circle.unlinked) == (6, 9, 2, 3)
    assert len(circle.links) == 2


def test_a_gap_in_the_talk_is_a_gap_in_the_picture() -> None:
    made = [window(0), window(3)]
    axis = columns.axis_of(made)
    first, last = (box for box in columns.voices(made, axis, shipped_content()) if box.look == "touch")
    assert axis.windows == 4
    assert last.x - first.x == pytest.approx(750)


def test_evidence_of_one_week_is_one_column() -> None:
    made = window()
    pattern = next(iter(made.evidence))
    days = {made.opened_at.date() + timedelta(days=n): {pattern: 1} for n in (0, 3, 6, 7)}
    made = window(evidence_by_day=days)
    weekly = columns.weekly([made], columns.axis_of([made]))
    assert weekly == {pattern: {0: 3, 1: 1}}
