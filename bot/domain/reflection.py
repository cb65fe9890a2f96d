"""The decision: given what a window shows, ask one question, hold it back for a stated reason, or stay silent.

`decide` walks each finding through the gates of `GATES` in order; the first gate that closes gives the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain import working_hours
from bot.domain.channel import Channel, ChannelKind, Run
from bot.domain.charter import CharterState
from bot.domain.content import Content, Wording, choose_question
from bot.domain.conversation import View
from bot.domain.detectors import findings_of
from bot.domain.detectors.message_evidence import finding_from
from bot.domain.findings import Finding
from bot.domain.ledger import HeldReason
from bot.domain.patterns import CHANNEL_PATTERNS, MESSAGE_PATTERNS, Pattern
from bot.domain.restraint import DAILY_CEILING, Budget, Placement, Restraint
from bot.domain.window import WINDOW_LENGTH, Trace, Window

_LOUDSPEAKERS = frozenset({Pattern.ONE_WAY_BROADCAST, Pattern.FEW_VOICES})

UNREMARKABLE = {ChannelKind.ANNOUNCEMENT: _LOUDSPEAKERS, ChannelKind.INCIDENT: _LOUDSPEAKERS}
"""What a channel of that kind is for, so that it is no finding there (CODEBOOK, channel patterns: leave alone)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudge:
    """One question to put to the room or the thread; it names nobody."""

    finding: Finding
    wording: Wording
    placement: Placement


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A question kept back, why, the question it would have been, and when it is worth looking again (None: never)."""

    finding: Finding
    reason: HeldReason
    wording: Wording | None = None
    look_again_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What came of a look: at most one nudge, everything held back, and all findings whether spoken of or not."""

    nudge: Nudge | None = None
    held: tuple[Held, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What a gate may look at."""

    window: Window
    channel: Channel
    restraint: Restraint
    now: datetime
    holiday: bool = False


Verdict = HeldReason | tuple[HeldReason, datetime] | None
"""A closed gate's reason, with the moment it may open if that is near; None: open."""

Gate = Callable[[Finding, Situation], Verdict]


def decide(
    window: Window,
    channel: Channel,
    restraint: Restraint,
    content: Content,
    now: datetime,
    *,
    patterns: tuple[Pattern, ...] = tuple(Pattern),
    heard: Trace | None = None,
    clear: frozenset[Pattern] = frozenset(),
    holiday: bool = False,
) -> Decision:
    """Look at `window` for `patterns` and decide; `heard` is the message that gave occasion, if one did, and
    `clear` the patterns that it carries by itself; `holiday` says that today nobody is at work.

    Pure and total: never raises for well-typed input, never beats a budget, never names a person, and gives the same
    answer for the same input.
    """
    findings = findings_in(window, channel, patterns)
    candidates = list(findings)
    if (single := _very_clear(heard, clear, window, restraint)) and single.pattern not in {f.pattern for f in findings}:
        candidates.append(single)
    situation = Situation(window=window, channel=channel, restraint=restraint, now=now, holiday=holiday)
    held: list[Held] = []
    for finding in candidates:
        wording = _wording(finding, situation, content)
        reason = _first_closed(finding, situation)
        if reason is None and wording is None:
            reason = HeldReason.NO_FRESH_QUESTION
        if reason is None and wording is not None:
            placement = restraint.placement if finding.pattern in MESSAGE_PATTERNS else Placement.ROOM
            nudge = Nudge(finding=finding, wording=wording, placement=placement)
            return Decision(nudge=nudge, held=tuple(held), findings=findings)
        held.append(_held(finding, reason, wording))
    return Decision(held=tuple(held), findings=findings)


def findings_in(window: Window, channel: Channel, patterns: Iterable[Pattern] = tuple(Pattern)) -> tuple[Finding, ...]:
    """What the window shows of `patterns` and is not simply what such a channel is for, the plainest first."""
    return findings_of(window, [p for p in patterns if p not in UNREMARKABLE.get(channel.purpose, frozenset())])


def runs_after(channel: Channel, findings: tuple[Finding, ...], window: Window) -> dict[Pattern, Run]:
    """How many windows in a row each channel pattern has stood, this window's findings included."""
    runs = dict(channel.history.runs)
    for finding in findings:
        if finding.pattern in CHANNEL_PATTERNS:
            runs[finding.pattern] = _run(channel, finding.pattern, window)
    return runs


def _run(channel: Channel, pattern: Pattern, window: Window) -> Run:
    before = channel.history.runs.get(pattern)
    if before is not None and before.window == window.opened_at:
        return before
    follows = before is not None and before.window == window.opened_at - WINDOW_LENGTH
    return Run(window=window.opened_at, windows=before.windows + 1 if before and follows else 1)


def _very_clear(heard: Trace | None, clear: frozenset[Pattern], window: Window, restraint: Restraint) -> Finding | None:
    """A finding from one message alone, where the profile answers single messages and this one is clear enough."""
    if heard is None or restraint.very_clear is None:
        return None
    candidates = heard.evidence.keys() if restraint.rehearsing else clear & heard.evidence.keys()
    if not candidates:
        return None
    pattern = max(sorted(candidates), key=lambda p: heard.evidence[p])
    return finding_from(pattern, [heard], View(window)) if heard.evidence[pattern] >= restraint.very_clear else None


def _wording(finding: Finding, situation: Situation, content: Content) -> Wording | None:
    return choose_question(
        content,
        finding.pattern,
        topics=finding.topics,
        asked=situation.channel.history.asked,
        now=situation.now,
        rest=situation.restraint.question_rest,
        seed=situation.channel.ref.channel,
    )


def _first_closed(finding: Finding, situation: Situation) -> Verdict:
    for gate in GATES:
        if (closed := gate(finding, situation)) is not None:
            return closed
    return None


def _held(finding: Finding, verdict: Verdict, wording: Wording | None) -> Held:
    if isinstance(verdict, tuple):
        reason, again = verdict
        return Held(finding=finding, reason=reason, wording=wording, look_again_at=again)
    return Held(finding=finding, reason=verdict or HeldReason.NO_FRESH_QUESTION, wording=wording)


def conversations_only(_: Finding, s: Situation) -> Verdict:
    """Never in announcement, incident, social or external channels (EVIDENCE 3.8)."""
    return None if s.channel.purpose is ChannelKind.CONVERSATION else HeldReason.NOT_A_CONVERSATION


def pattern_wanted(finding: Finding, s: Situation) -> Verdict:
    """Not what the channel switched off, nor what somebody answered "not here" to lately."""
    if finding.pattern in s.channel.settings.patterns_off:
        return HeldReason.PATTERN_OFF
    until = s.channel.history.stilled.get(finding.pattern)
    return HeldReason.STILLED if until is not None and until > s.now else None


def enough_evidence(finding: Finding, s: Situation) -> Verdict:
    """The profile's least evidence: messages, people, days and share, or windows in a row for channel patterns."""
    if finding.pattern in CHANNEL_PATTERNS:
        enough = _run(s.channel, finding.pattern, s.window).windows >= s.restraint.windows_in_a_row
        return None if enough else HeldReason.ONE_WINDOW_ONLY
    if s.restraint.very_clear is not None and finding.counts["messages"] == 1:
        return None
    least = (
        (HeldReason.TOO_FEW_MESSAGES, "messages", s.restraint.min_messages),
        (HeldReason.TOO_FEW_PEOPLE, "people", s.restraint.min_people),
        (HeldReason.TOO_FEW_DAYS, "days", s.restraint.min_days),
        (HeldReason.SMALL_SHARE, "share", s.restraint.min_share),
    )
    return next((reason for reason, count, minimum in least if finding.counts[count] < minimum), None)


def channel_agreed(_: Finding, s: Situation) -> Verdict:
    """Only while the channel's charter lets Kith speak."""
    state = s.channel.charter.state
    if state is CharterState.SPEAKING:
        until = s.channel.charter.speaks_until
        return HeldReason.LAPSED if until is not None and until <= s.now else None
    if state is CharterState.PAUSED:
        return HeldReason.PAUSED
    return HeldReason.LAPSED if state is CharterState.LAPSED else HeldReason.LISTENING


def within_budget(_: Finding, s: Situation) -> Verdict:
    """The daily ceiling first, which no setting lifts, then the profile's own budgets."""
    if not s.restraint.rehearsing and _spent(DAILY_CEILING, s):
        return HeldReason.DAILY_CEILING
    return HeldReason.BUDGET_SPENT if any(_spent(budget, s) for budget in s.restraint.budgets) else None


def _spent(budget: Budget, s: Situation) -> bool:
    recent = sum(1 for asked in s.channel.history.asked if s.now - asked.at < budget.period)
    return recent >= budget.most


def pattern_rested(finding: Finding, s: Situation) -> Verdict:
    """The same pattern only after its rest, and only if anything new has shown it since."""
    again = any(
        asked.pattern is finding.pattern
        and (s.now - asked.at < s.restraint.pattern_rest or finding.last_seen <= asked.at)
        for asked in s.channel.history.asked
    )
    return HeldReason.PATTERN_RESTS if again else None


def at_work(_: Finding, s: Situation) -> Verdict:
    """Working hours only, not on Friday afternoon, and not on a public holiday."""
    settings = s.channel.settings
    if not s.restraint.working_hours or (working_hours.is_open(settings, s.now) and not s.holiday):
        return None
    since = working_hours.next_day(settings, s.now) if s.holiday else s.now
    return HeldReason.OUTSIDE_HOURS, working_hours.next_opening(settings, since)


def nobody_interrupted(_: Finding, s: Situation) -> Verdict:
    """Not while people are writing to one another."""
    if not s.window.traces or not s.restraint.quiet:
        return None
    free_at = s.window.traces[-1].at + s.restraint.quiet
    return (HeldReason.PEOPLE_ARE_TALKING, free_at) if s.now < free_at else None


GATES: tuple[Gate, ...] = (
    conversations_only,
    pattern_wanted,
    enough_evidence,
    channel_agreed,
    pattern_rested,
    within_budget,
    at_work,
    nobody_interrupted,
)
"""In the order in which a reason is the more telling one for the people who read the ledger."""
