"""Let people look over Kith's shoulder: what it sees of a channel right now, without names or words."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime

from bot.domain.conversation import View
from bot.domain.events import ChannelRef
from bot.domain.insight import Insight
from bot.domain.patterns import Pattern
from bot.domain.reflection import findings_in
from bot.ports import House

LINES = 30
"""So many lines of the ledger, newest first."""


async def inspect(ref: ChannelRef, *, house: House, now: datetime) -> Insight | None:
    """The channel, its window in counts, what stands in it, and its ledger; None where Kith is not."""
    channel = await house.store.channels.get(ref)
    if channel is None:
        return None
    window = replace(await house.store.traces.window(ref, now), members=channel.members, zone=channel.settings.zone)
    evidence: Counter[Pattern] = Counter()
    for trace in window.traces:
        evidence.update(trace.evidence.keys())
    return Insight(
        channel=channel,
        window_opened_at=window.opened_at,
        window_closes_at=window.closes_at,
        messages=len(window.traces),
        people=len({trace.author for trace in window.traces}),
        open_questions=len(View(window).open_questions),
        evidence=evidence,
        findings=findings_in(window, channel),
        entries=tuple(await house.store.ledger.entries(ref, at_most=LINES)),
    )
