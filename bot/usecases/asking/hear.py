"""Hear one message: read it, keep its trace without a word of it, and decide whether it gives occasion to ask."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.channel import Channel
from bot.domain.charter import HEARD_IN
from bot.domain.detectors.message_evidence import COUNTS_FROM
from bot.domain.events import ChannelRef, MessageDeleted, MessageEdited, MessagePosted, ReactionChanged
from bot.domain.patterns import MESSAGE_PATTERNS, Pattern
from bot.domain.reading import UNREAD, Reading
from bot.domain.reflection import Decision
from bot.domain.window import Kept, Terms, Trace, WindowKey
from bot.ports import House
from bot.usecases.asking.reflect import Heard, reflect

_SILENT = Decision()
_TRIES = 3
"""So often a message is heard anew because people changed something while it was being read."""


async def overhear(event: MessagePosted, *, house: House, now: datetime) -> bool:
    """Hear what people say to one another by what this process knows, without asking the store first; False, and
    nothing kept, where that is not enough, or holds no more: then the message goes the long way, by `talk` and `hear`.
    """
    if event.addresses_kith or event.alone_with_kith:
        return False
    read = None if event.by_guest else event.author
    key = house.store.traces.key_at_hand(event.channel, event.at, read=read)
    if key is None:
        return False
    return await _keep(event, key, Terms(reads=read, thread=event.thread), house, now) is not None


async def hear(event: MessagePosted, *, house: House, now: datetime) -> Decision:
    """Keep the trace of a posted message; if it carries evidence, look at the window's message patterns.

    A repeated delivery changes nothing. The text goes to the reader and nowhere else.
    """
    for _ in range(_TRIES):
        if await _listening(event.channel, house) is None:
            return _SILENT
        read = event.author if await _may_read(event, house) else None
        key = await house.store.traces.window_key(event.channel, event.at)
        decision = await _keep(event, key, Terms(reads=read), house, now)
        if decision is not None:
            return decision
    return _SILENT


async def _keep(event: MessagePosted, key: WindowKey, terms: Terms, house: House, now: datetime) -> Decision | None:
    """Read the message if the terms say so, keep its trace, reflect; None if it could not be kept on these terms."""
    reading = await house.reader.read(event.text) if terms.reads else UNREAD
    trace = _trace(event, reading, key)
    kept = await house.store.traces.remember(event.channel, key, trace, terms)
    if kept is Kept.REFUSED:
        return None
    channel = await _listening(event.channel, house) if kept and trace.evidence else None
    if channel is None:
        return _SILENT
    heard = Heard(trace=trace, clear=reading.clear, thread=_thread(event))
    return await reflect(channel, house=house, now=now, patterns=MESSAGE_PATTERNS, heard=heard)


async def hear_edit(event: MessageEdited, *, house: House, now: datetime) -> None:
    """Read the new wording in the place of the old; an edit never makes Kith speak."""
    del now
    key = await _window_of(event.channel, event.at, house)
    trace_key = key.pseudonym(event.message) if key else ""
    trace = await house.store.traces.find(event.channel, key, trace_key) if key else None
    if key is None or trace is None:
        return
    reading = await house.reader.read(event.text) if await _may_read(event, house) else UNREAD
    evidence = _evidence(reading)
    topics = reading.topics if evidence else ()
    changed = replace(trace, evidence=evidence, topics=topics, question=reading.question, edited=True)
    await house.store.traces.amend(event.channel, key, changed)


async def hear_deletion(event: MessageDeleted, *, house: House, now: datetime) -> None:
    """A message that was taken back leaves no trace, not even if it is still being read, and the dialogue in its
    thread goes with it."""
    del now
    await house.store.dialogues.drop(event.channel, event.message)
    if (key := await _window_of(event.channel, event.at, house)) is not None:
        await house.store.traces.drop(event.channel, key, key.pseudonym(event.message))


async def hear_reaction(event: ReactionChanged, *, house: House, now: datetime) -> None:
    """Count a reaction by somebody else than the author, whatever it shows; which one it was is never looked at."""
    del now
    known = house.store.traces.key_at_hand(event.channel, event.at)
    if known is not None and await _count(event, known, house):
        return
    if (key := await _window_of(event.channel, event.at, house)) is not None:
        await _count(event, key, house)


async def _count(event: ReactionChanged, key: WindowKey, house: House) -> bool:
    message, by = key.pseudonym(event.message), key.pseudonym(event.by)
    return await house.store.traces.count_reaction(event.channel, key, message, by, 1 if event.added else -1)


async def _listening(ref: ChannelRef, house: House) -> Channel | None:
    channel = await house.store.channels.get(ref)
    return channel if channel is not None and channel.charter.state in HEARD_IN else None


async def _window_of(ref: ChannelRef, at: datetime, house: House) -> WindowKey | None:
    """The window that covers `at`, if Kith listens there."""
    return await house.store.traces.window_key(ref, at) if await _listening(ref, house) else None


async def _may_read(event: MessagePosted | MessageEdited, house: House) -> bool:
    """Guests and people who opted out are counted as voices and not read (EVIDENCE 2, rows 6 and 8)."""
    return not event.by_guest and not await house.store.choices.opted_out(event.channel.workspace, event.author)


def _trace(event: MessagePosted, reading: Reading, key: WindowKey) -> Trace:
    return Trace(
        key=key.pseudonym(event.message),
        author=key.pseudonym(event.author),
        at=event.at,
        thread=key.pseudonym(event.thread) if event.thread else None,
        question=reading.question,
        evidence=(evidence := _evidence(reading)),
        topics=reading.topics if evidence else (),
    )


def _evidence(reading: Reading) -> dict[Pattern, float]:
    """What counts towards a window, and with which probability."""
    return {
        pattern: round(chance, 3)
        for pattern, chance in reading.probabilities.items()
        if chance >= COUNTS_FROM or pattern in reading.clear
    }


def _thread(event: MessagePosted) -> str:
    """Where an answer in the thread would go: the thread the message is in, or the one it would open."""
    return event.thread or event.message
