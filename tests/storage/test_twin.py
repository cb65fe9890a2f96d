"""Whatever is done in whatever order, SQLite and the twin give the same answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from adapters.storage.memory.store import MemoryStore
from bot.domain.channel import History, Run
from bot.domain.dialogue import Dialogue
from bot.domain.events import ChannelRef
from bot.domain.ledger import HeldReason, Verdict
from bot.domain.outgoing import Outcome
from bot.domain.patterns import Pattern
from bot.domain.window import Trace
from tests.storage.samples import IDEAS, OTHER, T0, a_channel, a_message, a_trace, an_entry, minutes
from tests.storage.twins import TwinMachine

refs = st.sampled_from([IDEAS, OTHER])
moments = st.builds(lambda n: T0 + timedelta(hours=n), st.integers(-24 * 20, 24 * 40))
soon = st.builds(lambda n: T0 + minutes(n), st.integers(0, 6))
ids = st.sampled_from(["a", "b", "c"])
people = st.sampled_from(["ana", "bo"])
patterns = st.sampled_from(list(Pattern)[:3])
reasons = st.sampled_from(list(HeldReason)[:2])
traces = st.builds(
    a_trace,
    key=ids,
    author=people,
    at=moments,
    question=st.booleans(),
    reactions=st.integers(0, 3),
    evidence=st.dictionaries(patterns, st.floats(0, 1), max_size=2),
    topics=st.sampled_from([(), ("growth",), ("tools", "growth")]),
)
channels = st.builds(
    lambda ref, name, look_at, stilled, runs: a_channel(
        ref, name=name, look_at=look_at, history=History(stilled=stilled, runs=runs)
    ),
    refs,
    st.sampled_from(["a", "b"]),
    st.none() | soon,
    st.dictionaries(patterns, moments, max_size=2),
    st.dictionaries(patterns, st.builds(Run, window=moments, windows=st.integers(1, 5)), max_size=2),
)


def a_dialogue(thread: str, at: datetime, heard: str) -> Dialogue:
    return Dialogue(thread=thread, by="ana", salt=b"salt", started_at=at, last_heard=heard, replies_at=at)


class BothStores(TwinMachine):
    """Does each step in both stores and compares what they say."""

    @rule(ref=refs, at=moments, trace=traces)
    def remember(self, ref: ChannelRef, at: datetime, trace: Trace) -> None:
        key = self.same(lambda store: store.traces.window_key(ref, at))
        self.same(lambda store: store.traces.remember(ref, key, trace))
        self.same(lambda store: store.traces.window(ref, at))

    @rule(ref=refs, at=moments, trace=traces)
    def amend(self, ref: ChannelRef, at: datetime, trace: Trace) -> None:
        key = self.same(lambda store: store.traces.window_key(ref, at))
        self.same(lambda store: store.traces.amend(ref, key, trace))
        self.same(lambda store: store.traces.window(ref, at))

    @rule(ref=refs, at=moments, key_of=ids, by=people, change=st.sampled_from([-1, 1]))
    def react(self, ref: ChannelRef, at: datetime, key_of: str, by: str, change: int) -> None:
        key = self.same(lambda store: store.traces.window_key(ref, at))
        self.same(lambda store: store.traces.count_reaction(ref, key, key_of, by, change))
        self.same(lambda store: store.traces.find(ref, key, key_of))

    @rule(ref=refs, at=moments, key_of=ids, author=people, whole=st.booleans())
    def drop(self, ref: ChannelRef, at: datetime, key_of: str, author: str, whole: bool) -> None:
        key = self.same(lambda store: store.traces.window_key(ref, at))
        if whole:
            self.same(lambda store: store.traces.drop_author(ref, key, author))
        else:
            self.same(lambda store: store.traces.drop(ref, key, key_of))
        self.same(lambda store: store.traces.window(ref, at))

    @rule(before=moments, at_most=st.integers(1, 3))
    def close_windows(self, before: datetime, at_most: int) -> None:
        self.same(lambda store: store.traces.close_windows(before, at_most=at_most))

    @rule(ref=refs, at=moments)
    def look_into_window(self, ref: ChannelRef, at: datetime) -> None:
        self.same(lambda store: store.traces.window(ref, at))

    @rule(channel=channels)
    def add(self, channel: Any) -> None:
        self.same(lambda store: store.channels.add(channel))

    @rule(channel=channels)
    def save(self, channel: Any) -> None:
        self.same(lambda store: store.channels.save(channel))
        self.same(lambda store: store.channels.get(channel.ref))
        self.same(lambda store: store.channels.all("T-1"))

    @rule(now=soon, at_most=st.integers(1, 2))
    def due(self, now: datetime, at_most: int) -> None:
        self.same(lambda store: store.channels.due(now, at_most=at_most))

    @rule(ref=refs)
    def forget(self, ref: ChannelRef) -> None:
        self.same(lambda store: store.channels.forget(ref))
        self.same(lambda store: store.ledger.entries(ref))

    @rule(ref=refs, entry_id=ids, message_id=ids, at=moments, fresh=st.booleans())
    def ask(self, ref: ChannelRef, entry_id: str, message_id: str, at: datetime, fresh: bool) -> None:
        channel = self.same(lambda store: store.channels.get(ref))
        last = channel.history.last_spoke_at if channel and fresh else None
        entry, message = an_entry(entry_id, at), a_message(message_id, ref, at)
        self.same(lambda store: store.ledger.ask(ref, entry, message, last_spoke_at=last))
        self.same(lambda store: store.channels.get(ref))
        self.same(lambda store: store.ledger.entries(ref))

    @rule(ref=refs, entry_id=ids, at=moments, pattern=patterns, reason=reasons, verdict=st.sampled_from(list(Verdict)))
    def hold(
        self, ref: ChannelRef, entry_id: str, at: datetime, pattern: Pattern, reason: HeldReason, verdict: Verdict
    ) -> None:
        entry = an_entry(entry_id, at, pattern=pattern, reason=reason)
        self.same(lambda store: store.ledger.hold(ref, entry))
        self.same(lambda store: store.ledger.answer(ref, entry_id, verdict))
        self.same(lambda store: store.ledger.entry(ref, entry_id))
        self.same(lambda store: store.ledger.entries(ref, at_most=2))

    @rule(ref=refs, entry_id=ids)
    def withdraw(self, ref: ChannelRef, entry_id: str) -> None:
        self.same(lambda store: store.ledger.withdraw(ref, entry_id))
        self.same(lambda store: store.channels.get(ref))
        self.same(lambda store: store.ledger.entries(ref))

    @rule(ref=refs, entry_id=ids, at=moments)
    def say_late(self, ref: ChannelRef, entry_id: str, at: datetime) -> None:
        self.same(lambda store: store.ledger.said(ref, entry_id, at))
        self.same(lambda store: store.channels.get(ref))
        self.same(lambda store: store.ledger.entries(ref))

    @rule(ref=refs, thread=ids, message_id=ids, heard=ids, ends=st.booleans(), at=soon, stale=st.booleans())
    def talk(
        self, ref: ChannelRef, thread: str, message_id: str, heard: str, ends: bool, at: datetime, stale: bool
    ) -> None:
        before = self.same(lambda store: store.dialogues.find(ref, thread))
        after = None if ends else a_dialogue(thread, at, heard)
        claimed = replace(before, last_heard="other") if before and stale else before
        reply = a_message(message_id, ref, at)
        self.same(lambda store: store.dialogues.answer(reply, heard=heard, at=at, before=claimed, after=after))
        self.same(lambda store: store.dialogues.find(ref, thread))

    @rule(ref=refs, thread=ids, before=soon, one=st.booleans())
    def end_talks(self, ref: ChannelRef, thread: str, before: datetime, one: bool) -> None:
        if one:
            self.same(lambda store: store.dialogues.drop(ref, thread))
        else:
            self.same(lambda store: store.dialogues.sweep(before))
        self.same(lambda store: store.dialogues.find(ref, thread))
        self.same(lambda store: store.dialogues.of(ref))

    @rule(ref=refs, message_id=ids, due_at=soon)
    def put(self, ref: ChannelRef, message_id: str, due_at: datetime) -> None:
        self.same(lambda store: store.outbox.put(a_message(message_id, ref, due_at)))

    @rule(now=soon, at_most=st.integers(1, 2))
    def take(self, now: datetime, at_most: int) -> None:
        self.same(lambda store: store.outbox.take(now, lease=minutes(2), at_most=at_most))

    @rule(ref=refs, message_id=ids, outcome=st.sampled_from(Outcome), retry_at=st.none() | soon)
    def settle(self, ref: ChannelRef, message_id: str, outcome: Outcome, retry_at: datetime | None) -> None:
        message = a_message(message_id, ref)
        self.same(lambda store: store.outbox.settle(message, outcome, retry_at=retry_at))

    @rule(person=people, out=st.booleans())
    def choose(self, person: str, out: bool) -> None:
        self.same(lambda store: (store.choices.opt_out if out else store.choices.opt_in)("T-1", person))
        self.same(lambda store: store.choices.opted_out("T-1", person))

    @rule(ref=refs, round_id=ids, at=moments)
    def open_round(self, ref: ChannelRef, round_id: str, at: datetime) -> None:
        self.same(lambda store: store.rounds.open(ref, round_id, at))
        self.same(lambda store: store.rounds.current(ref, at))

    @rule(
        ref=refs,
        round_id=ids,
        by=people,
        at=moments,
        said=st.sampled_from([("rather.stay",), ("words.technology", "rather.stay")]),
    )
    def answer_round(self, ref: ChannelRef, round_id: str, by: str, at: datetime, said: tuple[str, ...]) -> None:
        self.same(lambda store: store.rounds.answer(ref, round_id, by=by, stands=said, now=at))
        self.same(lambda store: store.rounds.answered(ref, round_id, by))

    @rule(ref=refs, round_id=ids, at=moments, at_least=st.integers(0, 2), at_most=st.integers(1, 2))
    def end_rounds(self, ref: ChannelRef, round_id: str, at: datetime, at_least: int, at_most: int) -> None:
        self.same(lambda store: store.rounds.finish(ref, round_id, at_least=at_least, now=at))
        self.same(lambda store: store.rounds.close(at, at_most=at_most))


def test_sqlite_and_the_twin_give_the_same_answers(sqlite_template: Path) -> None:
    BothStores.template = sqlite_template
    bounded = settings(max_examples=15, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(BothStores, settings=bounded)


@pytest.mark.parametrize("windows", [1, 40])
async def test_closed_windows_leave_nothing_behind_in_memory(windows: int) -> None:
    store = MemoryStore()
    for n in range(windows):
        at = T0 + timedelta(days=14 * n)
        key = await store.traces.window_key(IDEAS, at)
        await store.traces.remember(IDEAS, key, a_trace(f"m{n}", at=at))
        await store.traces.close_windows(at)
    assert [len(kept) for kept in store.traces._windows.values()] == [1]
