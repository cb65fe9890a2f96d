"""Look at a window, decide, and write down what was decided: the one road from evidence to a question."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.domain.channel import Channel, ChannelSettings
from bot.domain.events import ChannelRef
from bot.domain.findings import Finding
from bot.domain.ledger import Entry, HeldReason
from bot.domain.outgoing import Outgoing, OutgoingKind
from bot.domain.patterns import Pattern
from bot.domain.reflection import Decision, Held, Nudge, decide, runs_after
from bot.domain.restraint import GENTLE, PROFILES, Placement, Restraint
from bot.domain.speech import Place
from bot.domain.window import Trace, Window
from bot.ports import House
from bot.usecases.workspaces.holding import at_home, is_holiday, still_kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """The message that gives occasion: its trace, the patterns it carries clearly by itself, and the thread that an
    answer to it would go to."""

    trace: Trace
    clear: frozenset[Pattern]
    thread: str


def profile_of(settings: ChannelSettings) -> Restraint:
    """The profile a channel chose as it ships: for what no workspace moves."""
    return PROFILES.get(settings.profile, GENTLE)


def restraint_of(settings: ChannelSettings, house: House) -> Restraint:
    """The profile a channel chose, with the workspace's numbers; an unknown name is as quiet as the default."""
    return house.workspace.restraint(settings.profile)


async def reflect(
    channel: Channel,
    *,
    house: House,
    now: datetime,
    patterns: tuple[Pattern, ...] = tuple(Pattern),
    heard: Heard | None = None,
) -> Decision:
    """Decide on the window that covers `now` (or `heard`) and write the outcome: nudge and outbox row in one
    transaction, or what was held back, and when to look again."""
    house = await at_home(house, channel.ref.workspace)
    store = house.store
    window = await store.traces.window(channel.ref, heard.trace.at if heard else now)
    window = still_kept(replace(window, members=channel.members, zone=channel.settings.zone), house, now)
    decision = decide(
        window,
        channel,
        restraint_of(channel.settings, house),
        house.content,
        now,
        patterns=patterns,
        heard=heard.trace if heard else None,
        clear=heard.clear if heard else frozenset(),
        holiday=is_holiday(channel.settings, house, now),
    )
    for held in decision.held:
        await store.ledger.hold(channel.ref, _held_entry(channel.ref, held, window, now))
    thread = heard.thread if heard else None
    if decision.nudge is not None and not await _ask(decision.nudge, channel, window, thread, house, now):
        decision = replace(decision, nudge=None)
    await _note_on_channel(channel, decision, window, house)
    return decision


async def _ask(nudge: Nudge, channel: Channel, window: Window, thread: str | None, house: House, now: datetime) -> bool:
    entry = _entry(
        channel.ref, nudge.finding, window, now, question=nudge.wording.question.id, topic=nudge.wording.topic
    )
    in_thread = thread if nudge.placement is Placement.THREAD else None
    outgoing = Outgoing(
        id=f"question-{entry.id}",
        place=Place(channel=channel.ref, thread=in_thread),
        kind=OutgoingKind.QUESTION,
        due_at=now,
        about=entry.id,
    )
    return await house.store.ledger.ask(channel.ref, entry, outgoing, last_spoke_at=channel.history.last_spoke_at)


async def _note_on_channel(channel: Channel, decision: Decision, window: Window, house: House) -> None:
    """Keep how long channel patterns have stood, and look again when a gate may open; write only what changed."""
    runs = runs_after(channel, decision.findings, window)
    again = min((held.look_again_at for held in decision.held if held.look_again_at), default=None)
    look_at = channel.look_at
    if again is not None and decision.nudge is None:
        look_at = min(again, look_at) if look_at else again
    if runs != channel.history.runs or look_at != channel.look_at:
        await house.store.channels.note_look(channel.ref, look_at=look_at, runs=runs)


def _held_entry(ref: ChannelRef, held: Held, window: Window, now: datetime) -> Entry:
    question = held.wording.question.id if held.wording else None
    topic = held.wording.topic if held.wording else None
    return _entry(ref, held.finding, window, _day_of(now, window), question=question, topic=topic, reason=held.reason)


def _entry(
    ref: ChannelRef,
    finding: Finding,
    window: Window,
    now: datetime,
    *,
    question: str | None,
    topic: str | None,
    reason: HeldReason | None = None,
) -> Entry:
    """A ledger line whose id follows from what it is about, so that the same decision twice is one line."""
    about = f"{ref.workspace}/{ref.channel}/{finding.pattern}/{reason}/{window.opened_at.isoformat()}"
    if reason is None:
        about += now.isoformat()
    return Entry(
        id=hashlib.blake2b(about.encode(), digest_size=8).hexdigest(),
        at=now,
        pattern=finding.pattern,
        question=question,
        topic=topic,
        counts=finding.counts,
        window=window.opened_at,
        reason=reason,
    )


def _day_of(now: datetime, window: Window) -> datetime:
    """The beginning of the channel's day: a line that is held back must not point at the message that led to it."""
    local = now.astimezone(ZoneInfo(window.zone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
