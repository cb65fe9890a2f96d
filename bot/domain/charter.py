"""The charter: whether a channel wants Kith, in five states, and who may move it from one to the next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.events import Standing
from bot.domain.restraint import ANSWER_TERM, CHARTER_TERM, RENEWAL_NOTICE, Restraint


class CharterState(StrEnum):
    """Where a channel's agreement with Kith stands (DESIGN 3); a channel Kith left is forgotten and has none."""

    INVITED = "invited"
    LISTENING = "listening"
    SPEAKING = "speaking"
    PAUSED = "paused"
    LAPSED = "lapsed"


HEARD_IN = frozenset({CharterState.LISTENING, CharterState.SPEAKING})
"""Before its introduction is out, while it is paused, and once its time is over, Kith hears nothing."""
SILENT = frozenset({CharterState.INVITED, CharterState.PAUSED, CharterState.LAPSED})
"""Where Kith says nothing, not even what somebody wished it to say or a check-in that was agreed on."""


class CharterRule(StrEnum):
    """Who may say yes for a channel: its steward, or any member; the workspace chooses."""

    STEWARD = "steward"
    MEMBERS = "members"


@dataclass(frozen=True, slots=True, kw_only=True)
class Charter:
    """A channel's agreement: `steward` is the person who invited Kith, `asked_at` when Kith last asked to go on."""

    state: CharterState
    since: datetime
    steward: str | None = None
    listening_since: datetime | None = None
    speaks_until: datetime | None = None
    asked_at: datetime | None = None


def invited(by: str, now: datetime) -> Charter:
    """Kith has just been brought into a channel; it introduces itself next."""
    return Charter(state=CharterState.INVITED, since=now, steward=by)


def introduced(charter: Charter, restraint: Restraint, now: datetime) -> Charter:
    """Kith has said what it is; it listens, or speaks at once and without end in a rehearsal."""
    listening = replace(
        charter, state=CharterState.LISTENING, since=now, listening_since=now, speaks_until=None, asked_at=None
    )
    return listening if restraint.listening else replace(listening, state=CharterState.SPEAKING)


def agreed(charter: Charter, now: datetime) -> Charter:
    """The channel said yes: Kith may speak for one term from now."""
    return replace(charter, state=CharterState.SPEAKING, since=now, speaks_until=now + CHARTER_TERM, asked_at=None)


def paused(charter: Charter, now: datetime) -> Charter:
    """Somebody asked for silence, or three "not here" in a row did."""
    return replace(charter, state=CharterState.PAUSED, since=now, asked_at=None)


def resumed(charter: Charter, restraint: Restraint, now: datetime) -> Charter:
    """Take up where the pause began: speaking if a term runs, a new term if it has lapsed, else listening.

    A rehearsal has no days of listening, so there Kith speaks again at once, as after its introduction.
    """
    if charter.state is CharterState.LAPSED:
        return agreed(charter, now)
    if charter.state is not CharterState.PAUSED:
        return charter
    term_runs = charter.speaks_until is not None and charter.speaks_until > now
    speaking = term_runs or not restraint.listening
    state = CharterState.SPEAKING if speaking else CharterState.LISTENING
    return replace(charter, state=state, since=now, listening_since=charter.listening_since or now)


def lapse_if_over(charter: Charter, now: datetime) -> Charter:
    """A term that nobody renewed ends in silence, and so does listening when nobody answers whether to go on."""
    term_over = charter.state is CharterState.SPEAKING and charter.speaks_until and charter.speaks_until <= now
    unanswered = charter.state is CharterState.LISTENING and charter.asked_at and charter.asked_at + ANSWER_TERM <= now
    return lapsed(charter, now) if term_over or unanswered else charter


def lapsed(charter: Charter, now: datetime) -> Charter:
    """Nobody wants Kith here any more, or nobody can be asked; it hears and says nothing."""
    return replace(charter, state=CharterState.LAPSED, since=now)


def asked_to_go_on(charter: Charter, now: datetime) -> Charter:
    """Kith has shown what it would have asked, or that its term ends, and asked whether to go on."""
    return replace(charter, asked_at=now)


def must_ask_to_go_on(charter: Charter, restraint: Restraint, now: datetime) -> bool:
    """True once after the listening days, and once in the last week of a term."""
    if charter.asked_at is not None:
        return False
    if charter.state is CharterState.LISTENING and charter.listening_since is not None:
        return now >= charter.listening_since + restraint.listening
    if charter.state is CharterState.SPEAKING and charter.speaks_until is not None:
        return now >= charter.speaks_until - RENEWAL_NOTICE and not restraint.rehearsing
    return False


class Act(StrEnum):
    """What somebody may want to change in a channel."""

    AGREE = "agree"
    CHANGE_SETTINGS = "change_settings"
    RESUME = "resume"
    PAUSE = "pause"
    LEAVE = "leave"


def may(act: Act, *, by: str, standing: Standing, charter: Charter, rule: CharterRule) -> bool:
    """Whether `by` may do `act` here: silence needs one word from anyone, speech a steward unless members decide."""
    if act in (Act.PAUSE, Act.LEAVE):
        return True
    if standing in (Standing.ADMIN, Standing.STEWARD) or by == charter.steward:
        return True
    return rule is CharterRule.MEMBERS
