"""Check-ins and runs to put into a store, each with only what a test is about spelt out."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

from bot.domain.check_in import Answering, CheckIn, Firing, Run, RunState, outgoing
from bot.domain.outgoing import OutgoingKind
from bot.domain.rhythm import Slot, Timing, Weekly
from bot.domain.themes import Theme
from tests.storage.conftest import AnyStore
from tests.storage.samples import IDEAS, T0, days, minutes

DAY = T0.date()


def a_check_in(check_in: str = "0123456789ab", **rest: object) -> CheckIn:
    """One that is due at T0, every Monday."""
    facts = {
        "ref": IDEAS,
        "id": check_in,
        "timing": Timing(rhythm=Weekly(on=frozenset({0})), at=time(9), zone="Europe/Dublin"),
        "asks": Theme.PURPOSE,
        "next": Slot(day=DAY, at=T0),
        **rest,
    }
    return CheckIn(**facts)  # type: ignore[arg-type]


def a_run(check_in: CheckIn, **rest: object) -> Run:
    assert check_in.next is not None
    facts = {"ref": check_in.ref, "check_in": check_in.id, "slot": check_in.next, "state": RunState.WAITING, **rest}
    return Run(**facts)  # type: ignore[arg-type]


def goes_on(check_in: CheckIn) -> Firing:
    """Say it, and come again a week later."""
    assert check_in.next is not None
    run = a_run(check_in, question="checkin-purpose-01", turn=check_in.turn)
    again = Slot(day=check_in.next.day + timedelta(days=7), at=check_in.next.at + days(7))
    return Firing(
        check_in=replace(check_in, next=again, turn=check_in.turn + 1),
        runs=(run,),
        said={run.id: outgoing(OutgoingKind.CHECK_IN, run, T0)},
    )


async def opened_run(store: AnyStore, **rest: object) -> Run:
    """A run of a new check-in that takes answers for an hour; Kith is in the channel."""
    await store.check_ins.add(a_check_in(answering=Answering.FORM), at_most=9)
    await store.check_ins.claim(T0, goes_on)
    (run,) = await store.runs.newest(IDEAS)
    facts = {"state": RunState.OPEN, "answering": Answering.FORM, "message": "1.2", "closes_at": T0 + minutes(60)}
    run = replace(run, **{**facts, **rest})  # type: ignore[arg-type]
    assert await store.runs.move(run, was=RunState.WAITING)
    return run
