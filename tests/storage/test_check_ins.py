"""The contract of check-ins: claimed once a slot whoever claims, edited without losing a claim, gone when stopped."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from sqlalchemy import literal_column, select

from adapters.storage.engine import build_engine
from adapters.storage.schema import check_in_answers
from adapters.storage.sealing import Sealer, new_key
from adapters.storage.sql import open_store
from bot.domain.check_in import OWN, Answering, CheckIn, Firing, Run, RunState, Skipped, outgoing
from bot.domain.outgoing import Outcome, OutgoingKind
from bot.domain.rhythm import LAST, Cron, Monthly, Rhythm, Slot, Timing, Weekly
from bot.domain.themes import Theme
from tests.storage.check_in_samples import DAY, a_check_in, a_run, goes_on, opened_run
from tests.storage.conftest import AnyStore
from tests.storage.samples import ELSEWHERE, IDEAS, OTHER, T0, a_channel, days, minutes

Replicas = tuple[AnyStore, AnyStore]


async def add(store: AnyStore, *check_ins: CheckIn) -> None:
    for ref in {check_in.ref for check_in in check_ins}:
        await store.channels.add(a_channel(ref))
    for check_in in check_ins:
        assert await store.check_ins.add(check_in, at_most=9)


async def queued(store: AnyStore) -> list[str]:
    """What is to be said, all of it taken in turn."""
    found: list[str] = []
    while taken := await store.outbox.take(T0 + days(99), lease=minutes(1)):
        for message in taken:
            found.append(message.about)
            await store.outbox.settle(message, Outcome.SENT)
    return found


@pytest.mark.parametrize(
    "rhythm",
    [
        Weekly(on=frozenset({0, 4}), every=3, since=date(2026, 2, 28)),
        Monthly(nth=LAST, weekday=4),
        Cron(days="1-7,15 */2 mon,tue"),
    ],
)
async def test_a_check_in_comes_back_as_it_was_given(store: AnyStore, rhythm: Rhythm) -> None:
    timing = Timing(
        rhythm=rhythm, at=time(7, 45), zone="Asia/Kathmandu", country="DE-BY", skips=frozenset({date(2026, 12, 24)})
    )
    given = a_check_in(
        timing=timing,
        asks=OWN,
        own_question="What would we like to keep?",
        answering=Answering.FORM,
        open_for=timedelta(hours=72),
        reminds=True,
        turn=3,
    )
    await add(store, given)
    assert await store.check_ins.of(IDEAS) == [given]
    assert await store.check_ins.of(OTHER) == []


async def test_a_channel_has_so_many_and_no_more_in_the_order_they_were_made(store: AnyStore) -> None:
    await add(store, a_check_in("b"), a_check_in("a"))
    assert not await store.check_ins.add(a_check_in("c"), at_most=2)
    assert not await store.check_ins.add(a_check_in("a"), at_most=9)
    assert [check_in.id for check_in in await store.check_ins.of(IDEAS)] == ["b", "a"]


async def test_two_who_add_the_last_one_at_once_add_one(replicas: Replicas) -> None:
    await replicas[0].channels.add(a_channel())
    added = await asyncio.gather(
        *(r.check_ins.add(a_check_in(i), at_most=1) for r, i in zip(replicas, "ab", strict=True))
    )
    assert sorted(added) == [False, True]


async def test_where_kith_is_not_there_is_no_check_in(store: AnyStore) -> None:
    assert not await store.check_ins.add(a_check_in(ref=ELSEWHERE), at_most=9)


async def test_what_is_due_is_claimed_with_its_run_and_what_is_to_be_said(store: AnyStore) -> None:
    await add(store, a_check_in())
    assert await store.check_ins.claim(T0 - minutes(1), goes_on) == 0
    assert await store.check_ins.claim(T0, goes_on) == 1
    assert await store.check_ins.claim(T0, goes_on) == 0
    (after,) = await store.check_ins.of(IDEAS)
    assert (after.next, after.turn, after.version) == (Slot(day=DAY + timedelta(days=7), at=T0 + days(7)), 1, 1)
    (run,) = await store.runs.newest(IDEAS)
    assert (run.state, run.question, len(run.salt)) == (RunState.WAITING, "checkin-purpose-01", 16)
    assert await queued(store) == [run.id]


async def test_two_processes_claim_every_slot_once(replicas: Replicas) -> None:
    many = [a_check_in(f"{n:012x}", ref=(IDEAS, OTHER)[n % 2]) for n in range(60)]
    for ref in (IDEAS, OTHER):
        await replicas[0].channels.add(a_channel(ref))
    for check_in in many:
        await replicas[0].check_ins.add(check_in, at_most=60)

    async def all_of_it(store: AnyStore) -> int:
        claimed = 0
        while taken := await store.check_ins.claim(T0, goes_on, at_most=7):
            claimed += taken
        return claimed

    claimed = await asyncio.gather(*(all_of_it(replica) for replica in replicas))
    assert sum(claimed) == 60
    assert len(await queued(replicas[0])) == 60
    after = [*await replicas[0].check_ins.of(IDEAS), *await replicas[0].check_ins.of(OTHER)]
    assert [check_in.turn for check_in in after] == [1] * 60


async def test_a_slot_that_comes_up_again_has_no_second_run(store: AnyStore) -> None:
    await add(store, a_check_in())
    await store.check_ins.claim(T0, goes_on)
    (after,) = await store.check_ins.of(IDEAS)
    assert await store.check_ins.save(replace(after, next=Slot(day=DAY, at=T0 + minutes(30))))
    assert await store.check_ins.claim(T0 + minutes(30), goes_on) == 1
    assert len(await store.runs.newest(IDEAS)) == len(await queued(store)) == 1


async def test_what_was_missed_is_noted_and_not_said(store: AnyStore) -> None:
    def missed(check_in: CheckIn) -> Firing:
        run = a_run(check_in, state=RunState.SKIPPED, reason=Skipped.LATE)
        return Firing(check_in=replace(check_in, next=None), runs=(run,))

    await add(store, a_check_in())
    assert await store.check_ins.claim(T0, missed) == 1
    (run,) = await store.runs.newest(IDEAS)
    assert (run.state, run.reason, run.salt) == (RunState.SKIPPED, Skipped.LATE, b"")
    assert await queued(store) == []
    assert await store.check_ins.claim(T0 + days(400), missed) == 0


async def test_a_claim_that_breaks_off_leaves_everything_as_it_was(store: AnyStore) -> None:
    class PowerCutError(Exception):
        pass

    def breaks(check_in: CheckIn) -> Firing:
        raise PowerCutError

    await add(store, a_check_in())
    with pytest.raises(PowerCutError):
        await store.check_ins.claim(T0, breaks)
    assert (await store.runs.newest(IDEAS), await queued(store)) == ([], [])
    assert await store.check_ins.claim(T0, goes_on) == 1


async def test_an_edit_of_what_fell_due_meanwhile_is_refused(store: AnyStore) -> None:
    await add(store, a_check_in())
    (loaded,) = await store.check_ins.of(IDEAS)
    await store.check_ins.claim(T0, goes_on)
    assert not await store.check_ins.save(replace(loaded, asks=Theme.VISION))
    (fresh,) = await store.check_ins.of(IDEAS)
    assert await store.check_ins.save(replace(fresh, asks=Theme.VISION))
    assert [(c.asks, c.turn) for c in await store.check_ins.of(IDEAS)] == [(Theme.VISION, 1)]


async def test_stopping_takes_its_runs_and_answers_along(store: AnyStore) -> None:
    await add(store, a_check_in(), a_check_in("ffff456789ab", next=Slot(day=DAY, at=T0 + minutes(1))))
    await store.check_ins.claim(T0 + minutes(1), goes_on)
    assert await store.check_ins.stop(IDEAS, "0123456789ab")
    assert not await store.check_ins.stop(IDEAS, "0123456789ab")
    assert [run.check_in for run in await store.runs.newest(IDEAS)] == ["ffff456789ab"]


async def test_when_kith_leaves_nothing_of_its_check_ins_stays(store: AnyStore) -> None:
    await add(store, a_check_in())
    await store.check_ins.claim(T0, goes_on)
    await store.channels.forget(IDEAS)
    assert (await store.check_ins.of(IDEAS), await store.runs.newest(IDEAS)) == ([], [])


async def test_the_soonest_come_first_over_all_channels(store: AnyStore) -> None:
    later = a_check_in("b", ref=OTHER, next=Slot(day=DAY, at=T0 + minutes(5)))
    await add(store, later, a_check_in("a"), a_check_in("c", ref=OTHER, next=None))
    assert [check_in.id for check_in in await store.check_ins.upcoming()] == ["a", "b"]
    assert await store.check_ins.next_due("T-1", T0) == T0 + minutes(5)
    assert await store.check_ins.next_due("T-2", T0) is None


async def opened(store: AnyStore, **rest: object) -> Run:
    await store.channels.add(a_channel())
    return await opened_run(store, **rest)


async def test_a_run_moves_on_once_and_queues_what_follows_once(store: AnyStore) -> None:
    run = await opened(store)
    closed = replace(run, state=RunState.CLOSED, salt=b"")
    then = (outgoing(OutgoingKind.CLOSING, run, T0),)
    assert await store.runs.move(closed, was=RunState.OPEN, then=then)
    assert not await store.runs.move(closed, was=RunState.OPEN, then=(outgoing(OutgoingKind.FOLLOW_UP, run, T0),))
    assert await store.runs.run(IDEAS, run.id) == closed
    assert await queued(store) == [run.id, run.id]


async def test_who_answers_again_replaces_what_they_said_and_a_blank_takes_it_back(store: AnyStore) -> None:
    run = await opened(store)
    for by, said in (("p1", "first"), ("p2", "other"), ("p1", "better"), ("p2", "")):
        assert await store.runs.answer(IDEAS, run.id, by=by, text=said, now=T0)
    assert await store.runs.answers(IDEAS, run.id) == {"p1": "better"}
    assert [await store.runs.answered(IDEAS, run.id, by) for by in ("p1", "p2")] == [True, False]


@pytest.mark.parametrize(
    "change",
    [{"state": RunState.CLOSED}, {"closes_at": T0}, {"answering": Answering.THREAD}, {"closes_at": None}],
)
async def test_a_run_that_takes_no_answers_keeps_none(store: AnyStore, change: dict[str, object]) -> None:
    run = await opened(store, **change)
    assert not await store.runs.answer(IDEAS, run.id, by="p1", text="late", now=T0)
    assert await store.runs.answers(IDEAS, run.id) == {}
    assert not await store.runs.answer(OTHER, run.id, by="p1", text="elsewhere", now=T0)


async def test_answers_are_forgotten_at_once_where_they_will_not_be_shown(store: AnyStore) -> None:
    run = await opened(store)
    await store.runs.answer(IDEAS, run.id, by="p1", text="alone", now=T0)
    await store.runs.move(replace(run, state=RunState.CLOSED), was=RunState.OPEN, forget_answers=True)
    assert await store.runs.answers(IDEAS, run.id) == {}


async def test_answers_are_forgotten_thirty_days_after_the_run_closed(store: AnyStore) -> None:
    run = await opened(store)
    await store.runs.answer(IDEAS, run.id, by="p1", text="kept", now=T0)
    assert await store.runs.sweep(T0 + minutes(59) + days(30)) == 0
    assert await store.runs.sweep(T0 + minutes(60) + days(30)) == 1
    assert await store.runs.answers(IDEAS, run.id) == {}


async def test_the_order_of_answers_is_that_of_their_pseudonyms(store: AnyStore) -> None:
    run = await opened(store)
    for by in ("p3", "p1", "p2"):
        await store.runs.answer(IDEAS, run.id, by=by, text=f"by {by}", now=T0)
    assert list(await store.runs.answers(IDEAS, run.id)) == ["p1", "p2", "p3"]
    await store.runs.move(replace(run, state=RunState.CLOSED, salt=b""), was=RunState.OPEN)
    assert await store.runs.answers(IDEAS, run.id) == {f"p{n}": f"by p{n}" for n in (1, 2, 3)}


async def test_once_a_run_is_closed_its_rows_do_not_lie_in_the_order_of_answering(url: str) -> None:
    store = await open_store(url, sealer=Sealer([new_key()]))
    run = await opened(store)
    for by in ("p3", "p1", "p2"):
        await store.runs.answer(IDEAS, run.id, by=by, text=f"by {by}", now=T0)
    await store.runs.move(replace(run, state=RunState.CLOSED, salt=b""), was=RunState.OPEN)
    await store.close()
    engine = build_engine(url)
    lies = "rowid" if engine.dialect.name == "sqlite" else "ctid"
    async with engine.connect() as connection:
        rows = await connection.execute(select(check_in_answers.c.person).order_by(literal_column(lies)))
        assert [row.person for row in rows] == ["p1", "p2", "p3"]
    await engine.dispose()


async def test_an_answer_that_is_too_long_is_refused(store: AnyStore) -> None:
    run = await opened(store)
    assert await store.runs.answer(IDEAS, run.id, by="p1", text="🦩" * 300, now=T0)
    with pytest.raises(ValueError, match="short"):
        await store.runs.answer(IDEAS, run.id, by="p1", text="x" * 301, now=T0)
