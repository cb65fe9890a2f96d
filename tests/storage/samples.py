"""Small valid things to put into a store, each with only what a test is about spelt out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.audit import Change
from bot.domain.channel import Channel
from bot.domain.charter import Charter, CharterState
from bot.domain.events import ChannelRef
from bot.domain.ledger import Entry, HeldReason
from bot.domain.outgoing import Outgoing, OutgoingKind
from bot.domain.patterns import Pattern
from bot.domain.speech import Place
from bot.domain.window import Trace
from bot.ports import Store

T0 = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)
IDEAS = ChannelRef("T-1", "C-ideas")
OTHER = ChannelRef("T-1", "C-other")
ELSEWHERE = ChannelRef("T-2", "C-ideas")


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


def days(n: float) -> timedelta:
    return timedelta(days=n)


def a_trace(key: str = "m1", author: str = "ana", at: datetime = T0, **rest: Any) -> Trace:
    return Trace(key=key, author=author, at=at, **rest)


async def noted(store: Store, line: Change) -> None:
    """Put a line into the trail, beside a change that leaves everything as it was."""
    words = await store.own_words.of(line.ref.workspace)
    await store.own_words.give(line.ref.workspace, words, told=line)


def a_channel(ref: ChannelRef = IDEAS, **rest: Any) -> Channel:
    charter = Charter(state=CharterState.SPEAKING, since=T0, steward="U-ana")
    return Channel(**{"ref": ref, "name": "ideas", "charter": charter, **rest})


def an_entry(entry_id: str = "e1", at: datetime = T0, **rest: Any) -> Entry:
    facts: dict[str, Any] = {
        "id": entry_id,
        "at": at,
        "pattern": Pattern.NUMBERS_OBSESSED,
        "question": "numbers-01",
        "counts": {"messages": 5, "people": 3, "share": 0.4},
        "window": T0,
    }
    return Entry(**{**facts, **rest})


def a_held_entry(entry_id: str = "e1", at: datetime = T0, **rest: Any) -> Entry:
    return an_entry(entry_id, at, **{"reason": HeldReason.LISTENING, **rest})


def a_message(message_id: str = "o1", ref: ChannelRef = IDEAS, due_at: datetime = T0, **rest: Any) -> Outgoing:
    thread = rest.pop("thread", None)
    facts: dict[str, Any] = {"place": Place(channel=ref, thread=thread), "kind": OutgoingKind.QUESTION}
    return Outgoing(**{"id": message_id, "due_at": due_at, **facts, **rest})
