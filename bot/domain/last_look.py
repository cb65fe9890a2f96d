"""The last look before a message goes out: whether what was true when Kith decided to say it is true still."""

from __future__ import annotations

from datetime import datetime

from bot.domain import working_hours
from bot.domain.channel import Channel, ChannelKind
from bot.domain.charter import SILENT, Charter, CharterState, lapse_if_over
from bot.domain.check_in import Run, Skipped
from bot.domain.findings import Finding
from bot.domain.ledger import Entry
from bot.domain.outgoing import Outgoing, OutgoingKind, charter_message_id
from bot.domain.reflection import Gate, Situation, at_work, channel_agreed, conversations_only, pattern_wanted
from bot.domain.restraint import LOOK_EVERY, Restraint
from bot.domain.window import Window

_STATES = {
    OutgoingKind.LISTENED: CharterState.LISTENING,
    OutgoingKind.RENEWAL: CharterState.SPEAKING,
    OutgoingKind.LAPSED: CharterState.LAPSED,
}
"""In which state of the charter each message about it is true."""

ASKS_TO_GO_ON = frozenset({OutgoingKind.LISTENED, OutgoingKind.RENEWAL})
"""The messages that ask the channel whether Kith may go on."""

ASKED_FOR, CHECK_INS = "for", "check_ins"
"""The fact by which a message about the charter is known to be about check-ins, which any channel may have."""

_LAST_GATES: tuple[Gate, ...] = (conversations_only, pattern_wanted, channel_agreed, at_work)
"""The gates that somebody may close, or the clock, while a question waits; the others are about the evidence."""


def may_still_ask(
    entry: Entry, channel: Channel, restraint: Restraint, now: datetime, *, holiday: bool = False
) -> bool:
    """Whether a question decided on as `entry` may be said `now`: nobody has silenced Kith or the pattern meanwhile,
    it is working time, and what gave occasion is not as old as the time between two looks."""
    if now - entry.at > LOOK_EVERY:
        return False
    finding = Finding(pattern=entry.pattern, counts=entry.counts, strength=0.0, last_seen=entry.at)
    window = Window(opened_at=entry.window)
    situation = Situation(window=window, channel=channel, restraint=restraint, now=now, holiday=holiday)
    return all(gate(finding, situation) is None for gate in _LAST_GATES)


def may_check_in(run: Run, charter: Charter, now: datetime) -> Skipped | None:
    """Why a run is not said `now` although its time had come; None if it is. People asked for it, so neither the kind
    of the channel nor its working hours stand in the way."""
    if lapse_if_over(charter, now).state in SILENT:
        return Skipped.SILENT
    return Skipped.LATE if now - run.slot.at > run.grace else None


def still_true(
    outgoing: Outgoing, channel: Channel, restraint: Restraint, now: datetime, *, holiday: bool = False
) -> bool:
    """Whether a message about the charter holds now: the charter stands as it says, and where it asks to go on, Kith
    would ask something there, since that charter began, and it is working time. All other messages hold always."""
    if outgoing.kind not in _STATES:
        return True
    if channel.charter.state is not _STATES[outgoing.kind]:
        return False
    if outgoing.kind not in ASKS_TO_GO_ON:
        return True
    until = channel.charter.speaks_until
    if outgoing.kind is OutgoingKind.RENEWAL and until is not None and until <= now:
        return False
    open_now = not restraint.working_hours or (working_hours.is_open(channel.settings, now) and not holiday)
    asked_there = channel.purpose is ChannelKind.CONVERSATION or outgoing.facts.get(ASKED_FOR) == CHECK_INS
    return open_now and asked_there and asks_now(outgoing, channel)


def asks_now(outgoing: Outgoing, channel: Channel) -> bool:
    """Whether this message asks about the charter as it stands, and not about one before a pause or a new yes."""
    asked_about = charter_message_id(outgoing.kind, channel.ref, channel.charter.since)
    return outgoing.kind in ASKS_TO_GO_ON and outgoing.id == asked_about
