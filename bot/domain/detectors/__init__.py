"""What a window can show: one detector for each pattern, and this tuple is the whole registry."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.domain.conversation import View
from bot.domain.detectors import few_voices, message_evidence, one_way_broadcast, unanswered_questions
from bot.domain.findings import Finding
from bot.domain.patterns import MESSAGE_PATTERNS, Pattern
from bot.domain.window import Window

Detector = Callable[[View], Finding | None]

DETECTORS: tuple[tuple[Pattern, Detector], ...] = (
    *((pattern, message_evidence.detector(pattern)) for pattern in MESSAGE_PATTERNS),
    (Pattern.ONE_WAY_BROADCAST, one_way_broadcast.detect),
    (Pattern.FEW_VOICES, few_voices.detect),
    (Pattern.UNANSWERED_QUESTIONS, unanswered_questions.detect),
)


def findings_of(window: Window, patterns: Iterable[Pattern] = tuple(Pattern)) -> tuple[Finding, ...]:
    """What this window shows of `patterns`, the plainest first; ties in the order of the registry."""
    wanted = frozenset(patterns)
    view = View(window)
    found = [finding for pattern, detect in DETECTORS if pattern in wanted and (finding := detect(view))]
    return tuple(sorted(found, key=lambda finding: -finding.strength))
