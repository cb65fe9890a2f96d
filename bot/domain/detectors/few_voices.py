"""Talk that goes back and forth, filled by one or two voices while others fall silent (CODEBOOK; A2, path 3)."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.conversation import Turn, View, is_burst, lower_bound, one_thread_fills
from bot.domain.findings import Finding
from bot.domain.patterns import Pattern

LEAST_TURNS = 20
LEAST_MEMBERS = 5
LEAST_PEOPLE = 4
TOP_TWO_SHARE = 0.6
ANSWERED = 0.4
FELL_SILENT = 2
"""20 turns, 4 voices in a channel of 5 people or more, the lower bound of the top two's share at least .6, answers at
least .4 by lower bound, and two people heard in the first half of the window but not in the second. READING 5's
measures; on 229 real 14-day windows (three exports, three public chats) this marks two."""


def detect(view: View) -> Finding | None:
    """The finding, or None for pairs, trios, bursts, single threads and conversations with room for others."""
    if len(view.window.traces) < LEAST_TURNS:
        return None
    turns, voices = view.turns, view.shares
    if len(turns) < LEAST_TURNS or len(voices) < LEAST_PEOPLE or view.members < LEAST_MEMBERS:
        return None
    top_two = round(sum(voices[:2]) * len(turns))
    if lower_bound(top_two, len(turns)) < TOP_TWO_SHARE or is_burst(turns) or one_thread_fills(turns):
        return None
    answered = sum(exchange.answered_by is not None for exchange in view.exchanges)
    if lower_bound(answered, len(turns)) < ANSWERED:
        return None
    silent = _fell_silent(turns)
    if silent < FELL_SILENT:
        return None
    return Finding(
        pattern=Pattern.FEW_VOICES,
        counts={"turns": len(turns), "people": len(voices), "top_two_share": sum(voices[:2]), "fell_silent": silent},
        strength=sum(voices[:2]),
        last_seen=turns[-1].ends,
    )


def _fell_silent(turns: Sequence[Turn]) -> int:
    """How many people spoke in the first half of the time and not in the second."""
    half = turns[0].begins + (turns[-1].ends - turns[0].begins) / 2
    early = {turn.author for turn in turns if turn.begins <= half}
    late = {turn.author for turn in turns if turn.begins > half}
    return len(early - late)
