"""Who answers whom as dots on a circle, without names; pure geometry."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from bot.domain.replayed import Participation

SIZE = 200.0
"""Width and height of the drawing surface."""

MOST_PEOPLE = 30
"""So many dots can still be told apart."""

_CENTRE, _RADIUS, _BEND = SIZE / 2, 82.0, 0.3
_GOLDEN = (math.sqrt(5) - 1) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A person."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Two people who answered each other: an SVG path, whose `width` and `strength` (0 to 1) grow with how often."""

    path: str
    width: float
    strength: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """One window. `answers`, `pairs` and `unlinked` speak of all `people`, drawn or not."""

    dots: tuple[Dot, ...]
    links: tuple[Link, ...]
    people: int
    answers: int
    pairs: int
    unlinked: int


def circle_of(window: Participation) -> Circle:
    """The circle of a window that may be shown."""
    pairs: Counter[tuple[int, int]] = Counter()
    for i, j, n in window.answers:
        pairs[min(i, j), max(i, j)] += n
    drawn = min(len(window.shares), MOST_PEOPLE)
    places = _places(drawn)
    most = max(pairs.values(), default=1)
    return Circle(
        dots=tuple(_dot(places[i], window.shares[i]) for i in range(drawn)),
        links=tuple(
            _link(places[i], places[j], n / most)
            for (i, j), n in sorted(pairs.items(), key=lambda pair: pair[1])
            if i < drawn and j < drawn
        ),
        people=len(window.shares),
        answers=pairs.total(),
        pairs=len(pairs),
        unlinked=len(window.shares) - len({person for pair in pairs for person in pair}),
    )


def _places(people: int) -> list[tuple[float, float]]:
    """Evenly spread places; neighbours in share are set apart, so that the order says nothing."""
    order = sorted(range(people), key=lambda i: (i * _GOLDEN) % 1)
    angle = {person: 2 * math.pi * place / max(1, people) for place, person in enumerate(order)}
    return [(_CENTRE + _RADIUS * math.sin(angle[i]), _CENTRE - _RADIUS * math.cos(angle[i])) for i in range(people)]


def _dot(place: tuple[float, float], share: float) -> Dot:
    """A dot whose area grows with the person's share."""
    return Dot(x=round(place[0], 1), y=round(place[1], 1), radius=round(2.2 + 12 * math.sqrt(share), 1))


def _link(one: tuple[float, float], other: tuple[float, float], strength: float) -> Link:
    """A line bent towards the middle."""
    bend = [_CENTRE + _BEND * ((a + b) / 2 - _CENTRE) for a, b in zip(one, other, strict=True)]
    path = f"M{one[0]:.1f} {one[1]:.1f}Q{bend[0]:.1f} {bend[1]:.1f} {other[0]:.1f} {other[1]:.1f}"
    return Link(path=path, width=round(0.7 + 3.6 * strength, 2), strength=round(0.22 + 0.63 * strength, 2))
