"""How clear messages add up: a message pattern is found when more of them come than chance would bring (READING 6)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from zoneinfo import ZoneInfo

from bot.domain.conversation import View
from bot.domain.findings import Finding
from bot.domain.patterns import Pattern
from bot.domain.window import Trace

LEAST_MESSAGES = 2
LEAST_PEOPLE = 2
"""READING 6: at least two hits from at least two people."""

COUNTS_FROM = 0.8
"""A message counts towards a window from this (calibrated) probability on, well under what one message alone would
need to be clear: several together say more than each. Chosen on the tuning part of training/transcripts."""

FALSE_ALARM_RATE = 0.0005
"""Expected false hits per ordinary message and pattern; about half of what READING 4 measured per 1,000 in all."""

CHANCE = 0.01
"""How probable it may be that chance alone brought so many hits."""


def hits_needed(messages: int) -> int:
    """How many clear messages a window of so many messages needs before they mean anything.

    False alarms cluster by topic, so their number is taken as geometric (a gamma-Poisson mixture of shape 1) with the
    mean that FALSE_ALARM_RATE gives: chance brings k or more with probability (m / (1 + m)) ** k.
    """
    mean = messages * FALSE_ALARM_RATE
    if mean == 0:
        return LEAST_MESSAGES
    return max(LEAST_MESSAGES, math.ceil(math.log(CHANCE) / math.log(mean / (1 + mean))))


def detector(pattern: Pattern) -> Callable[[View], Finding | None]:
    """A detector for one message pattern."""

    def detect(view: View) -> Finding | None:
        hits = [trace for trace in view.evident if pattern in trace.evidence]
        people = {trace.author for trace in hits}
        if len(people) < LEAST_PEOPLE or len(hits) < hits_needed(len(view.window.traces)):
            return None
        return finding_from(pattern, hits, view)

    return detect


def finding_from(pattern: Pattern, hits: list[Trace], view: View) -> Finding:
    """Count what these clear messages show: how many, by how many people, on how many days, and their share among all
    messages of the window that carry any pattern."""
    zone = ZoneInfo(view.window.zone)
    topics = Counter(topic for trace in hits for topic in trace.topics)
    return Finding(
        pattern=pattern,
        counts={
            "messages": len(hits),
            "people": len({trace.author for trace in hits}),
            "days": len({trace.at.astimezone(zone).date() for trace in hits}),
            "share": len(hits) / max(1, len(view.evident)),
            "of": len(view.window.traces),
        },
        strength=sum(trace.evidence[pattern] for trace in hits),
        last_seen=hits[-1].at,
        topics=tuple(topic for topic, _ in topics.most_common()),
    )
