"""Check-ins and their runs as rows, and rows as them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row

from bot.domain.check_in import Answering, CheckIn, Run, RunState, Skipped
from bot.domain.events import ChannelRef
from bot.domain.rhythm import Cron, Monthly, Rhythm, Slot, Timing, Weekly


def check_in_values(check_in: CheckIn) -> dict[str, Any]:
    """Every column but `made`."""
    timing, coming = check_in.timing, check_in.next
    return {
        "workspace": check_in.ref.workspace,
        "channel": check_in.ref.channel,
        "id": check_in.id,
        "rhythm": _packed(timing.rhythm),
        "at": timing.at,
        "zone": timing.zone,
        "country": timing.country,
        "skips": sorted(day.isoformat() for day in timing.skips),
        "asks": check_in.asks,
        "own_question": check_in.own_question,
        "answering": check_in.answering.value,
        "open_minutes": check_in.open_for // timedelta(minutes=1),
        "reminds": check_in.reminds,
        "turn": check_in.turn,
        "next_day": coming.day if coming else None,
        "next_at": coming.at if coming else None,
        "version": check_in.version,
    }


def check_in_from(row: Row[Any]) -> CheckIn:
    """The check-in that a row holds."""
    return CheckIn(
        ref=ChannelRef(row.workspace, row.channel),
        id=row.id,
        timing=Timing(
            rhythm=_unpacked(row.rhythm),
            at=row.at,
            zone=row.zone,
            country=row.country,
            skips=frozenset(date.fromisoformat(day) for day in row.skips or ()),
        ),
        asks=row.asks,
        own_question=row.own_question,
        answering=Answering(row.answering),
        open_for=timedelta(minutes=row.open_minutes),
        reminds=row.reminds,
        next=Slot(day=row.next_day, at=row.next_at) if row.next_at is not None else None,
        turn=row.turn,
        version=row.version,
    )


def run_values(run: Run) -> dict[str, Any]:
    """Every column of a run."""
    return {
        "workspace": run.ref.workspace,
        "channel": run.ref.channel,
        "id": run.id,
        "check_in": run.check_in,
        "day": run.slot.day,
        "slot_at": run.slot.at,
        "state": run.state.value,
        "question": run.question,
        "own_question": run.own_question,
        "answering": run.answering.value,
        "open_minutes": run.open_for // timedelta(minutes=1),
        "reminds": run.reminds,
        "zone": run.zone,
        "turn": run.turn,
        "salt": run.salt,
        "reason": run.reason.value if run.reason else None,
        "message": run.message,
        "closes_at": run.closes_at,
    }


def run_from(row: Row[Any]) -> Run:
    """The run that a row holds."""
    return Run(
        ref=ChannelRef(row.workspace, row.channel),
        check_in=row.check_in,
        slot=Slot(day=row.day, at=row.slot_at),
        state=RunState(row.state),
        question=row.question,
        own_question=row.own_question,
        answering=Answering(row.answering),
        open_for=timedelta(minutes=row.open_minutes),
        reminds=row.reminds,
        zone=row.zone,
        turn=row.turn,
        salt=row.salt,
        reason=Skipped(row.reason) if row.reason else None,
        message=row.message,
        closes_at=row.closes_at,
    )


def _packed(rhythm: Rhythm) -> dict[str, object]:
    match rhythm:
        case Weekly():
            return {"on": sorted(rhythm.on), "every": rhythm.every, "since": rhythm.since.isoformat()}
        case Monthly():
            return {"nth": rhythm.nth, "weekday": rhythm.weekday}
        case Cron():
            return {"days": rhythm.days}


def _unpacked(packed: dict[str, Any]) -> Rhythm:
    if "days" in packed:
        return Cron(days=packed["days"])
    if "nth" in packed:
        return Monthly(nth=packed["nth"], weekday=packed["weekday"])
    return Weekly(on=frozenset(packed["on"]), every=packed["every"], since=date.fromisoformat(packed["since"]))
