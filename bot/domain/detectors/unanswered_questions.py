"""People's questions, most of them, stay without reply or reaction (CODEBOOK; A2, path 3)."""

from __future__ import annotations

from bot.domain.conversation import View, lower_bound
from bot.domain.findings import Finding
from bot.domain.patterns import Pattern

LEAST_QUESTIONS = 6
LEAST_ASKERS = 3
OPEN_SHARE = 0.5
"""At least six questions by three people that had a day to be answered, and the lower bound of the open share at
least .5: in READING 5's 183 real windows the median turn is answered in 69 % of cases, the 5th percentile in 35 %."""


def detect(view: View) -> Finding | None:
    """The finding, or None. A question that its author edited counts as settled; reactions count as an answer."""
    if sum(trace.question for trace in view.window.traces) < LEAST_QUESTIONS:
        return None
    asked, still_open = view.ripe_questions, view.open_questions
    askers = len({exchange.turn.author for exchange in still_open})
    if len(asked) < LEAST_QUESTIONS or askers < LEAST_ASKERS:
        return None
    if lower_bound(len(still_open), len(asked)) < OPEN_SHARE:
        return None
    return Finding(
        pattern=Pattern.UNANSWERED_QUESTIONS,
        counts={"questions": len(asked), "open": len(still_open), "people": askers},
        strength=len(still_open) / len(asked),
        last_seen=still_open[-1].turn.ends,
    )
