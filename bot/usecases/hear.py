"""Hear one message: read it, keep its trace without a word of it, and decide whether it gives occasion to ask."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.channel import Channel
from bot.domain.charter import CharterState
from bot.domain.detectors.message_evidence import COUNTS_FROM
from bot.domain.events import ChannelRef, MessageDeleted, MessageEdited, MessagePosted, ReactionChanged
from bot.domain.patterns import MESSAGE_PATTERNS, Pattern
from bot.domain.reading import UNREAD, Reading
from bot.domain.reflection import Decision
from bot.domain.window import Trace, WindowKey
from bot.ports import House
from bot.usecases.reflect import Heard, reflect

_SILENT = Decision()
_NOT_HEARD = frozenset({CharterState.INVITED, CharterState.PAUSED, CharterState.LAPSED})
"""Before its introduction is out, while it is paused, and once its time is over, Kith hears nothing."""


async def hear(event: MessagePosted, *, house: House, now: datetime) -> Decision:
    """Keep the trace of a posted message; if it carries evidence, look at the window's message patterns.

    A repeated delivery changes nothing. The text goes to the reader and nowhere else.
    """
    channel = await _listening(event.channel, house)
    if channel is None:
        return _SILENT
    reading = await _read(event, house)
    key = await house.store.traces.window_key(event.channel, event.at)
    trace = _trace(event, reading, key)
    if not await house.store.traces.remember(event.channel, key, trace) or not trace.evidence:
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
    reading = await _read(event, house)
    changed = replace(trace, evidence=_evidence(reading), topics=reading.topics, question=reading.question, edited=True)
    await house.store.traces.amend(event.channel, key, changed)


async def hear_deletion(event: MessageDeleted, *, house: House, now: datetime) -> None:
    """A message that was taken back leaves no trace, and the dialogue in its thread goes with it."""
    del now
    await house.store.dialogues.drop(event.channel, event.message)
    if (key := await _window_of(event.channel, event.at, house)) is not None:
        await house.store.traces.drop(event.channel, key, key.pseudonym(event.message))


async def hear_reaction(event: ReactionChanged, *, house: House, now: datetime) -> None:
    """Count a reaction by somebody else than the author, whatever it shows; which one it was is never looked at."""
    del now
    if (key := await _window_of(event.channel, event.at, house)) is not None:
        await house.store.traces.count_reaction(
            event.channel,
            key,
            key.pseudonym(event.message),
            key.pseudonym(event.by),
            1 if event.added else -1,
        )


async def _listening(ref: ChannelRef, house: House) -> Channel | None:
    channel = await house.store.channels.get(ref)
    return None if channel is None or channel.charter.state in _NOT_HEARD else channel


async def _window_of(ref: ChannelRef, at: datetime, house: House) -> WindowKey | None:
    """The window that covers `at`, if Kith listens there."""
    return await house.store.traces.window_key(ref, at) if await _listening(ref, house) else None


async def _read(event: MessagePosted | MessageEdited, house: House) -> Reading:
    """Guests and people who opted out are counted as voices and not read (EVIDENCE 2, rows 6 and 8)."""
    if event.by_guest or await house.store.choices.opted_out(event.channel.workspace, event.author):
        return UNREAD
    return await house.reader.read(event.text)


def _trace(event: MessagePosted, reading: Reading, key: WindowKey) -> Trace:
    return Trace(
        key=key.pseudonym(event.message),
        author=key.pseudonym(event.author),
        at=event.at,
        thread=key.pseudonym(event.thread) if event.thread else None,
        question=reading.question,
        calls_everyone=event.calls_everyone,
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
