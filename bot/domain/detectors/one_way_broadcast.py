"""One or two people post to many, and hardly anyone answers or reacts (CODEBOOK; A2, path 3)."""

from __future__ import annotations

from bot.domain.conversation import View, is_burst, lower_bound, upper_bound
from bot.domain.findings import Finding
from bot.domain.patterns import Pattern

LEAST_TURNS = 20
LEAST_MEMBERS = 5
TOP_SHARE = 0.5
TOP_TWO_SHARE = 0.6
ACKNOWLEDGED = 0.5
"""READING 5's rule: at least 20 turns and 5 people who could post, the lower bound of the top share at least .5 (or of
the top two .6), the upper bound of the acknowledged share at most .5, and no burst."""


def detect(view: View) -> Finding | None:
    """The finding, or None if the window is too small or people do answer one another."""
    if len(view.window.traces) < LEAST_TURNS:
        return None
    turns = view.turns
    if len(turns) < LEAST_TURNS or view.members < LEAST_MEMBERS:
        return None
    top, top_two = round(view.shares[0] * len(turns)), round(sum(view.shares[:2]) * len(turns))
    loud = lower_bound(top, len(turns)) >= TOP_SHARE or lower_bound(top_two, len(turns)) >= TOP_TWO_SHARE
    if not loud:
        return None
    acknowledged = sum(exchange.acknowledged for exchange in view.exchanges)
    if upper_bound(acknowledged, len(turns)) > ACKNOWLEDGED or is_burst(turns):
        return None
    return Finding(
        pattern=Pattern.ONE_WAY_BROADCAST,
        counts={
            "turns": len(turns),
            "acknowledged": acknowledged,
            "members": view.members,
            "top_two_share": sum(view.shares[:2]),
        },
        strength=1 - acknowledged / len(turns),
        last_seen=turns[-1].ends,
    )
