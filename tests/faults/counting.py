"""What a storm came to, asked of the database and of the platform once it is over."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select

from adapters.storage.schema import check_in_runs, check_ins, outbox
from adapters.storage.sql import SqlStore, open_store
from bot.domain.check_in import RunState, Skipped
from bot.domain.events import ChannelRef
from tests.faults.slack import WORKSPACE
from tests.faults.weather import BEGINS, CHANNELS, JUMP, REPLICAS, Count, Storm

SAID = (RunState.OPEN.value, RunState.CLOSED.value, RunState.OVER.value)


async def unfinished(store: SqlStore, now: datetime) -> int:
    """How many slots have come and were not claimed, and how much is due and not said, or given up."""
    come = select(func.count()).select_from(check_ins).where(check_ins.c.next_at <= now)
    unsaid = select(func.count()).select_from(outbox).where(or_(outbox.c.due_at <= now, outbox.c.dead))
    async with store._db.reading() as connection:
        unclaimed = int((await connection.execute(come)).scalar_one())  # first: claiming makes one of the other
    async with store._db.reading() as connection:
        return unclaimed + int((await connection.execute(unsaid)).scalar_one())


async def counted(s: Storm, now: datetime) -> Count:
    """Everything that must hold of a storm that was over at `now`, in numbers."""
    store = await open_store(s.database)
    for channel in CHANNELS:
        await _heard(s, store, ChannelRef(WORKSPACE, channel), now)
    greeted = {channel for channel, _ in s.moody.said}
    invited = [c.ref.channel for c in await store.channels.all(WORKSPACE) if not c.ref.channel.startswith("CASK")]
    s.count.not_greeted = sum(channel not in greeted for channel in invited) + s.count.invited - len(invited)
    await _checked_in(s, store, now)
    s.count.waiting = await unfinished(store, now)
    await store.close()
    # a check-in's closing says the same every day; how often it was said is counted by its runs
    said = Counter({(c, text): n for (c, text), n in s.moody.said.items() if not c.startswith("CASK")})
    s.count.said = s.moody.said.total() + s.moody.runs.total()
    s.count.said_again = sum(times - 1 for times in (*said.values(), *s.moody.runs.values()))
    s.count.unanswered = s.moody.unanswered
    return s.count


async def _heard(s: Storm, store: SqlStore, ref: ChannelRef, now: datetime) -> None:
    key = await store.traces.window_key(ref, now)
    kept = {trace.key for trace in (await store.traces.window(ref, now)).traces}
    told = {ts for ts, where in s.accepted.items() if where == ref.channel}
    s.count.accepted += len(told)
    s.count.taken_back += len(told & s.taken_back)
    s.count.lost += sum(key.pseudonym(ts) not in kept for ts in told - s.taken_back)
    s.count.kept_all_the_same += sum(key.pseudonym(ts) in kept for ts in told & s.taken_back)
    asked = sorted(entry.at for entry in await store.ledger.entries(ref, at_most=99, asked=True))
    a_day = timedelta(days=1, seconds=-2 * JUMP)
    s.count.over_budget += sum(later - earlier < a_day for earlier, later in itertools.pairwise(asked))


async def _checked_in(s: Storm, store: SqlStore, now: datetime) -> None:
    """One run for every slot that came and was not skipped, and none besides; each said, or unsaid for a reason."""
    async with store._db.reading() as connection:
        rows = (await connection.execute(select(check_in_runs))).all()
        ahead = {row.id: row.next_day for row in (await connection.execute(select(check_ins))).all()}
    days = [(BEGINS + timedelta(days=n)).date() for n in range((now - BEGINS).days + 1)]
    slots = {(name, day.isoformat()) for name in s.check_ins for day in days if day < ahead[name]} - s.skipped
    runs = Counter((row.check_in, row.day.isoformat()) for row in rows)
    s.count.slots = len(slots)
    s.count.runs_missing = len(slots - set(runs))
    s.count.runs_too_many = sum((runs - Counter(slots)).values())
    s.count.runs_said = sum(row.state in SAID for row in rows)
    s.count.runs_late = sum(row.reason == Skipped.LATE for row in rows)
    s.count.runs_silent = sum(row.reason == Skipped.SILENT for row in rows)
    wrong = [row for row in rows if not _right(row, s, now)]
    s.count.runs_wrong = len(wrong)
    s.count.examples += [f"{row.id} of {row.slot_at:%d %H:%M:%S} {row.state} {row.reason}" for row in wrong[:9]]
    s.count.examples += [f"{name} {day} missing" for name, day in sorted(slots - set(runs))[:9]]


def _right(run: Any, s: Storm, now: datetime) -> bool:
    """Whether the run is as it may be: said, or past its grace, or silenced in a channel that was paused."""
    if run.state in SAID:
        return s.moody.runs[run.id] > 0
    grace = s.check_ins[run.check_in].grace
    past_grace = run.slot_at + grace < now + timedelta(seconds=JUMP)
    silenced = run.reason == Skipped.SILENT and run.channel in s.paused
    return run.state == RunState.SKIPPED and (silenced or (run.reason == Skipped.LATE and past_grace))


def faults(count: Count) -> list[str]:
    """What must never be. A kill, or a cut of the database at each replica, may have one message said twice; and so may
    each answer that the platform let go after it had posted."""
    explained = count.kills + REPLICAS * count.cuts + count.unanswered
    rules = {
        "an accepted event was lost": count.lost == 0,
        "something taken back was kept": count.kept_all_the_same == 0,
        "somebody was not greeted": count.not_greeted == 0,
        "a question was asked over budget": count.over_budget == 0,
        "something was left unsaid": count.waiting == 0,
        "more was said twice than is explained": count.said_again <= explained,
        "a check-in's slot has no run": count.runs_missing == 0,
        "a check-in has a run too many": count.runs_too_many == 0,
        "a run is neither said nor unsaid for a good reason": count.runs_wrong == 0,
    }
    return [what for what, held in rules.items() if not held]
