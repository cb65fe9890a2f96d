"""Check-ins of a storm: some fall due every second, and people change, skip and silence them while they do."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from adapters.storage.sql import open_store
from bot.bootstrap.building import house_of
from bot.config import load_settings
from bot.domain.channel import Channel
from bot.domain.charter import Charter, CharterState
from bot.domain.check_in import OWN, ROTATION, Answering, CheckIn
from bot.domain.events import ChannelRef, ChoiceMade, FormSubmitted
from bot.domain.rhythm import Timing, Weekly, next_slot
from bot.errors import StoreError
from bot.ports import House
from bot.usecases.channels.charter import pause, resume
from bot.usecases.check_ins.agree import choose_skip, submit
from bot.usecases.check_ins.form import check_in_form
from tests.faults.replica import NEWCOMERS
from tests.faults.slack import WORKSPACE
from tests.faults.weather import BEGINS, KILLS_A_JUMP, Storm

STEWARD = "U1"
A_SECOND = 4
"""So many check-ins fall due in each second of a morning."""

ZONES = ("UTC", "Asia/Kolkata", "Europe/Berlin", "America/New_York")
"""New York puts its clocks forward on the storm's seventh day."""

DAILY = Weekly(on=frozenset(range(7)))
MINUTES = 19
"""People move a check-in within so many minutes of its hour; the storm's nap is longer, so that its time comes."""


async def arrange(s: Storm, kills: int) -> None:
    """Channels with two daily check-ins each, spread over as many seconds as a morning of the storm lasts."""
    seconds = min(kills / 4, KILLS_A_JUMP) + 2
    store = await open_store(s.database)
    house = house_of(load_settings(database_url=s.database), store)
    begins = s.clock.now().replace(microsecond=0) + timedelta(seconds=2)
    until = begins + timedelta(days=60)
    for number in range(round(seconds * A_SECOND)):
        ref = ChannelRef(WORKSPACE, f"CASK{number // 2:03}")
        if number % 2 == 0:
            charter = Charter(state=CharterState.SPEAKING, since=begins, steward=STEWARD, speaks_until=until)
            await store.channels.add(Channel(ref=ref, name="talk", charter=charter, settings=NEWCOMERS))
        made = _check_in(ref, number, begins + timedelta(seconds=number // A_SECOND))
        made = replace(made, next=next_slot(made.timing, begins - timedelta(seconds=1), house.almanac))
        assert await store.check_ins.add(made, at_most=4)
        s.check_ins[made.id] = made
    await store.close()


def _check_in(ref: ChannelRef, number: int, due: datetime) -> CheckIn:
    zone = ZONES[number % len(ZONES)]
    timing = Timing(rhythm=DAILY, at=due.astimezone(ZoneInfo(zone)).time(), zone=zone)
    own = number % 3 == 0
    return CheckIn(
        ref=ref,
        id=f"{number:012x}",
        timing=timing,
        asks=OWN if own else ROTATION,
        own_question="What went well?" if own else "",
        answering=Answering.FORM if number % 2 else Answering.THREAD,
    )


async def disturb(s: Storm) -> None:
    """Until the storm is over, somebody edits, skips or silences a check-in whose slot is about to come or has come."""
    store = await open_store(s.database)
    house = house_of(load_settings(database_url=s.database), store)
    while not s.over:
        await asyncio.sleep(s.rng.uniform(0.4, 1.2))
        check_in = s.check_ins[s.rng.choice(sorted(s.check_ins))]
        act = s.rng.choice((_edit, _edit, _skip, _silence))
        with suppress(StoreError):  # the database was away: so would somebody be told, and try again
            await act(s, await _as_it_stands(check_in, house), house)
    await store.close()


async def _as_it_stands(check_in: CheckIn, house: House) -> CheckIn:
    return next(c for c in await house.store.check_ins.of(check_in.ref) if c.id == check_in.id)


async def _edit(s: Storm, check_in: CheckIn, house: House) -> None:
    """Move it within its hour, to a time that is still to come today if today's may be, through the form and its
    preview."""
    now, channel = s.clock.now(), await _channel(check_in, house)
    to_come = now.minute + 2 if now.hour == BEGINS.hour and now.minute + 2 <= MINUTES else 0
    moved = now.replace(hour=BEGINS.hour, minute=s.rng.randint(to_come, MINUTES))
    at = moved.astimezone(ZoneInfo(check_in.timing.zone))
    fields = check_in_form(check_in, house.content, about=check_in.id).fields
    answers: Mapping[str, str | tuple[str, ...]] = {field.id: field.value for field in fields}
    answers = {**answers, "at": (f"{at:%H:%M}",)}
    sent = FormSubmitted(channel=check_in.ref, by=STEWARD, form="checkin", about=check_in.id, at=now, answers=answers)
    shown = await submit(channel, sent, house=house, now=now)
    assert shown.form is not None and not any(field.error for field in shown.form.fields)
    await submit(channel, replace(sent, about=shown.form.about), house=house, now=s.clock.now())
    s.count.edits += 1


async def _skip(s: Storm, check_in: CheckIn, house: House) -> None:
    """Leave out the one that comes next; which day that was the database tells, whatever became of the answer."""
    channel, now = await _channel(check_in, house), s.clock.now()
    chosen = ChoiceMade(channel=check_in.ref, by="U2", choice="checkin_skip", about=check_in.id, at=now)
    try:
        await choose_skip(channel, chosen, house=house, now=now)
    finally:
        s.skipped |= {(check_in.id, day.isoformat()) for day in await _new_skips(check_in, house)}
    s.count.edits += 1


async def _new_skips(check_in: CheckIn, house: House) -> frozenset[date]:
    for _ in range(100):
        try:
            after = await _as_it_stands(check_in, house)
        except StoreError:
            await asyncio.sleep(0.1)
        else:
            return after.timing.skips - check_in.timing.skips
    raise AssertionError("the database did not come back")


async def _silence(s: Storm, check_in: CheckIn, house: House) -> None:
    """Somebody pauses Kith in the channel, and its steward wants it back a moment later."""
    channel, now = await _channel(check_in, house), s.clock.now()
    asker = ChoiceMade(channel=check_in.ref, by=STEWARD, choice="pause", about="", at=now)
    s.paused.add(check_in.ref.channel)
    await pause(channel, asker, house=house, now=now)
    await asyncio.sleep(s.rng.uniform(0.2, 1))
    await resume(await _channel(check_in, house), asker, house=house, now=s.clock.now())
    s.count.edits += 1


async def _channel(check_in: CheckIn, house: House) -> Channel:
    channel = await house.store.channels.get(check_in.ref)
    assert channel is not None
    return channel
