"""How people took part in a window, for pictures that name nobody and show nothing of fewer than five people."""

from __future__ import annotations

from collections import Counter
from datetime import date

from bot.domain.conversation import Exchange, View
from bot.domain.patterns import Pattern
from bot.domain.replayed import Participation
from bot.domain.restraint import SMALLEST_GROUP
from bot.domain.window import Window


def participation_of(window: Window) -> Participation:
    """The window in counts; shares and answers only where at least SMALLEST_GROUP people spoke."""
    view = View(window)
    turns = view.turns
    voices = [author for author, _ in Counter(turn.author for turn in turns).most_common()]
    by_day: dict[date, Counter[Pattern]] = {}
    for trace in window.traces:
        if trace.evidence:
            by_day.setdefault(trace.at.date(), Counter()).update(trace.evidence.keys())
    enough = len(voices) >= SMALLEST_GROUP
    acknowledged = sum(exchange.acknowledged for exchange in view.exchanges)
    return Participation(
        opened_at=window.opened_at,
        closes_at=window.closes_at,
        turns=len(turns),
        people=len(voices),
        shares=view.shares if enough else (),
        answers=_answers(view.exchanges, voices) if enough else (),
        questions=sum(turn.question for turn in turns),
        open_questions=len(view.open_questions),
        acknowledged=acknowledged / len(turns) if turns else None,
        evidence=sum(by_day.values(), Counter()),
        evidence_by_day=by_day,
    )


def _answers(exchanges: tuple[Exchange, ...], voices: list[str]) -> tuple[tuple[int, int, int], ...]:
    """(i, j, n): voice i answered voice j n times; voices are numbered by their share, not by name."""
    place = {author: index for index, author in enumerate(voices)}
    counts = Counter(
        (place[exchange.answered_by], place[exchange.turn.author]) for exchange in exchanges if exchange.answered_by
    )
    return tuple((i, j, n) for (i, j), n in sorted(counts.items()))
