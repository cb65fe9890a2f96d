"""Whatever is done with check-ins, workspaces and the outbox in whatever order, SQLite and the twin agree."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule, run_state_machine_as_test

from bot.domain.audit import Change, Role, What
from bot.domain.check_in import Answering, RunState, Skipped, closed, over, run_id, skipped
from bot.domain.companion import Ceiling
from bot.domain.events import ChannelRef
from bot.domain.outgoing import Outcome, Outgoing
from bot.domain.own_words import OwnWords
from bot.domain.workspace import WorkspaceSettings
from tests.storage.check_in_samples import DAY, a_check_in, goes_on
from tests.storage.samples import IDEAS, OTHER, T0, a_channel, a_message, minutes
from tests.storage.twins import TwinMachine

refs = st.sampled_from([IDEAS, OTHER])
ids = st.sampled_from(["00000000000a", "00000000000b", "00000000000c"])
people = st.sampled_from(["ana", "bo"])
moments = st.builds(lambda n: T0 + timedelta(hours=n), st.integers(-3, 24 * 40))
soon = st.builds(lambda n: T0 + minutes(n), st.integers(0, 6))
lines = st.none() | st.builds(
    lambda at, what: Change(ref=IDEAS, at=at, what=what, by=Role.MEMBER), soon, st.sampled_from(list(What)[:3])
)


class BothStores(TwinMachine):
    """Does each step in both stores and compares what they say."""

    def look(self, ref: ChannelRef) -> None:
        self.same(lambda store: store.check_ins.of(ref))
        self.same(lambda store: store.runs.newest(ref, at_most=30))
        self.same(lambda store: store.changes.of(ref))

    @initialize()
    def arrive(self) -> None:
        self.same(lambda store: store.channels.add(a_channel(IDEAS)))

    @rule(ref=refs)
    def come_or_go(self, ref: ChannelRef) -> None:
        if self.same(lambda store: store.channels.get(ref)):
            self.same(lambda store: store.channels.forget(ref))
        else:
            self.same(lambda store: store.channels.add(a_channel(ref)))
        self.look(ref)

    @rule(ref=refs, check_in=ids, at_most=st.integers(1, 3), form=st.booleans())
    def add(self, ref: ChannelRef, check_in: str, at_most: int, form: bool) -> None:
        made = a_check_in(check_in, ref=ref, answering=Answering.FORM if form else Answering.THREAD)
        self.same(lambda store: store.check_ins.add(made, at_most=at_most))
        self.look(ref)

    @rule(ref=refs, number=st.integers(0, 2), stale=st.booleans(), told=lines)
    def edit(self, ref: ChannelRef, number: int, stale: bool, told: Change | None) -> None:
        found = self.same(lambda store: store.check_ins.of(ref))
        if number < len(found):
            changed = replace(found[number], reminds=True, version=found[number].version - stale)
            line = replace(told, ref=ref) if told else None
            self.same(lambda store: store.check_ins.save(changed, told=line))
        self.look(ref)

    @rule(ref=refs, check_in=ids)
    def stop(self, ref: ChannelRef, check_in: str) -> None:
        self.same(lambda store: store.check_ins.stop(ref, check_in))
        self.look(ref)

    @rule(now=moments, at_most=st.integers(1, 3))
    def claim(self, now: datetime, at_most: int) -> None:
        self.same(lambda store: store.check_ins.claim(now, goes_on, at_most=at_most))
        self.same(lambda store: store.check_ins.upcoming())
        self.same(lambda store: store.check_ins.next_due("T-1", now))

    @rule(ref=refs, number=st.integers(0, 3), to=st.sampled_from(list(RunState)), at=soon, forget=st.booleans())
    def move(self, ref: ChannelRef, number: int, to: RunState, at: datetime, forget: bool) -> None:
        found = self.same(lambda store: store.runs.newest(ref, at_most=30))
        if number >= len(found):
            return
        run = found[number]
        after = {
            RunState.WAITING: run,
            RunState.OPEN: replace(run, state=RunState.OPEN, message="1.2", closes_at=at + minutes(60)),
            RunState.CLOSED: closed(run),
            RunState.OVER: over(run),
            RunState.SKIPPED: skipped(run, Skipped.LATE),
        }[to]
        then = (a_message(f"m-{to}", ref, at),) if forget else ()
        was = run.state if number % 2 == 0 else RunState.OPEN
        self.same(lambda store: store.runs.move(after, was=was, then=then, forget_answers=forget))
        self.same(lambda store: store.runs.answers(ref, run.id))
        self.look(ref)

    @rule(ref=refs, check_in=ids, weeks=st.integers(0, 2), by=people, text=st.sampled_from(["", "one", "two"]), at=soon)
    def answer(self, ref: ChannelRef, check_in: str, weeks: int, by: str, text: str, at: datetime) -> None:
        run = run_id(check_in, DAY + timedelta(days=7 * weeks))
        self.same(lambda store: store.runs.answer(ref, run, by=by, text=text, now=at))
        self.same(lambda store: store.runs.answered(ref, run, by))
        self.same(lambda store: store.runs.answers(ref, run))
        self.same(lambda store: store.runs.run(ref, run))

    @rule(now=moments, at_most=st.integers(1, 5))
    def sweep(self, now: datetime, at_most: int) -> None:
        self.same(lambda store: store.runs.sweep(now, at_most=at_most))

    @rule(stale=st.booleans(), companion=st.booleans(), back=st.booleans())
    def decide(self, stale: bool, companion: bool, back: bool) -> None:
        if back:
            self.same(lambda store: store.workspaces.take_back("T-1"))
        known = self.same(lambda store: store.workspaces.of("T-1"))
        wanted: WorkspaceSettings = replace(known, companion=companion, version=known.version + stale)
        self.same(lambda store: store.workspaces.save("T-1", wanted))
        self.same(lambda store: store.workspaces.of("T-1"))

    @rule(tokens=st.integers(1, 60), change=st.integers(-60, 60), now=moments)
    def spend(self, tokens: int, change: int, now: datetime) -> None:
        ceiling = Ceiling(a_day=100, a_month=250)
        if self.same(lambda store: store.spendings.reserve("T-1", tokens, ceiling=ceiling, now=now)):
            self.same(lambda store: store.spendings.correct("T-1", max(change, -tokens), now=now))
        self.same(lambda store: store.spendings.spent("T-1", now))

    @rule(words=st.sampled_from([OwnWords(), OwnWords(stands_for="care")]), back=st.booleans())
    def give_words(self, words: OwnWords, back: bool) -> None:
        self.same(lambda store: store.own_words.take_back("T-1") if back else store.own_words.give("T-1", words))
        self.same(lambda store: store.own_words.of("T-1"))

    def settled(self, taken: Outgoing, outcome: Outcome, now: datetime) -> None:
        self.same(lambda store: store.outbox.settle(taken, outcome, retry_at=now + minutes(3)))

    def revived(self, dead: Outgoing, now: datetime) -> None:
        self.same(lambda store: store.outbox.revive(dead, now))

    @rule(ref=refs, message=ids, now=soon, outcome=st.sampled_from(Outcome), revived=st.booleans())
    def send(self, ref: ChannelRef, message: str, now: datetime, outcome: Outcome, revived: bool) -> None:
        self.same(lambda store: store.outbox.put(a_message(message, ref, now)))
        for taken in self.same(lambda store: store.outbox.take(now, lease=minutes(2))):
            self.settled(taken, outcome, now)
        for dead in self.same(lambda store: store.outbox.dead()):
            if revived:
                self.revived(dead, now)
        self.same(lambda store: store.outbox.next_due("T-1", now))


def test_sqlite_and_the_twin_give_the_same_answers_about_check_ins(sqlite_template: Path) -> None:
    BothStores.template = sqlite_template
    bounded = settings(max_examples=15, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(BothStores, settings=bounded)
