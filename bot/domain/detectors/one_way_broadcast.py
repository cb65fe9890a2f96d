"""One or two people post to many, and hardly anyone answers or reacts (CODEBOOK; A2, path 3)."""

from __future__ import annotations

from bot.domain.conversation import exchanges_of, is_burst, lower_bound, shares, turns_of, upper_bound
from bot.domain.findings import Finding
from bot.domain.patterns import Pattern
from bot.domain.window import Window

LEAST_TURNS = 20
LEAST_MEMBERS = 5
TOP_SHARE = 0.5
TOP_TWO_SHARE = 0.6
ACKNOWLEDGED = 0.5
"""READING 5's rule: at least 20 turns and 5 people who could post, the lower bound of the top share at least .5 (or of
the top two .6), the upper bound of the acknowledged share at most .5, and no burst."""


def detect(window: Window) -> Finding | None:
    """The finding, or None if the window is too small or people do answer one another."""
    turns = turns_of(window.traces)
    if len(turns) < LEAST_TURNS or is_burst(turns):
        return None
    voices = shares(turns)
    members = max(window.members or 0, len(voices))
    if members < LEAST_MEMBERS:
        return None
    top, top_two = round(voices[0] * len(turns)), round(sum(voices[:2]) * len(turns))
    loud = lower_bound(top, len(turns)) >= TOP_SHARE or lower_bound(top_two, len(turns)) >= TOP_TWO_SHARE
    acknowledged = sum(exchange.acknowledged for exchange in exchanges_of(turns))
    if not loud or upper_bound(acknowledged, len(turns)) > ACKNOWLEDGED:
        return None
    return Finding(
        pattern=Pattern.ONE_WAY_BROADCAST,
        counts={
            "turns": len(turns),
            "acknowledged": acknowledged,
            "members": members,
            "top_two_share": sum(voices[:2]),
        },
        strength=1 - acknowledged / len(turns),
        last_seen=turns[-1].ends,
    )
