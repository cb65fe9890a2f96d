"""What people do in a storm: they invite Kith, write, and take messages back; Slack repeats and reorders all of it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any

from adapters.storage.sql import open_store
from bot.domain.charter import CharterState
from tests.faults.slack import KITH, WORKSPACE
from tests.faults.weather import CHANNELS, Storm

CLEAR = "We need 500 posts in #ideas by March. I don't mind what's in them, the leaderboard goes up on Friday."
ORDINARY = ("morning all, is the build green again?", "done", "thanks! lunch at half twelve?", "ok")
TALKERS = 6
LATE, TAKEN_BACK = 0.15, 0.05
"""How much of what is written comes late, behind what was written after it, and how much is taken back again."""


async def begin(s: Storm) -> None:
    """Kith is in the first channels, may speak in them, and has heard something."""
    await invite(s, CHANNELS)
    await _agree(s)
    await asyncio.gather(*(_first_word(s, number) for number in range(len(CHANNELS))))


async def invite(s: Storm, channels: list[str]) -> None:
    """Bring Kith into new channels."""
    joined = {"type": "member_joined_channel", "user": KITH, "inviter": "U1"}
    stamp = f"{int(s.clock.now().timestamp())}.000001"
    events = [s.event({**joined, "channel": c, "event_ts": stamp}, f"Ev-{c}") for c in channels]
    await asyncio.gather(*(s.knock(event) for event in events))
    s.count.invited += len(channels)


async def _agree(s: Storm) -> None:
    """Wait for the first channels' introductions, then let Kith speak there, as after fourteen days and a yes."""
    store = await open_store(s.database)
    while True:
        until = s.clock.now() + timedelta(days=60)
        channels = await store.channels.all(WORKSPACE)
        for channel in channels:
            if channel.charter.state is CharterState.LISTENING:
                charter = replace(channel.charter, state=CharterState.SPEAKING, speaks_until=until)
                await store.channels.save(replace(channel, charter=charter))
        if len(channels) == len(CHANNELS) and all(c.charter.state is CharterState.SPEAKING for c in channels):
            break
        await asyncio.sleep(0.2)
    await store.close()


async def _first_word(s: Storm, number: int) -> None:
    """The first message of each channel opens its first window; what was written before that is over already."""
    ts = f"{int(s.clock.now().timestamp()) - 60}.{number:06}"
    await s.knock(_posted(s, CHANNELS[number], "U0", "hello", ts))
    s.accepted[ts] = CHANNELS[number]


async def talk(s: Storm, talker: int) -> None:
    """One person after another says something, most of it ordinary; channels are joined by the way."""
    number = 0
    async with asyncio.TaskGroup() as late:
        while not s.over:
            number += 1
            channel = s.rng.choice(CHANNELS)
            ts = f"{int(s.clock.now().timestamp())}.{talker:02}{number:04}"
            text = CLEAR if s.rng.random() < 0.02 else s.rng.choice(ORDINARY)
            told = _told(s, _posted(s, channel, f"U{talker}", text, ts), channel, ts)
            if s.rng.random() < LATE:
                late.create_task(_later(s, told))
                await asyncio.sleep(0.05)
            else:
                await told
            if number % 12 == 0:
                await invite(s, [f"CNEW{talker}{number:04}"])


async def _told(s: Storm, posted: dict[str, object], channel: str, ts: str) -> None:
    """A message reaches Kith, and where it is taken back that does too, before it or after it."""
    if s.rng.random() >= TAKEN_BACK:
        await s.knock(posted)
    else:
        gone = {"type": "message", "subtype": "message_deleted", "deleted_ts": ts, "channel": channel}
        both = [posted, s.event({**gone, "ts": ts, "hidden": True}, f"Ev-gone-{ts}")]
        s.rng.shuffle(both)
        if s.rng.random() < 0.5:
            await asyncio.gather(*(s.knock(event) for event in both))
        else:
            for event in both:
                await s.knock(event)
        s.taken_back.add(ts)
    s.accepted[ts] = channel


async def _later(s: Storm, told: Coroutine[Any, Any, None]) -> None:
    await asyncio.sleep(s.rng.uniform(0.3, 3))
    await told


def _posted(s: Storm, channel: str, user: str, text: str, ts: str) -> dict[str, object]:
    said = {"type": "message", "user": user, "text": text, "ts": ts, "channel": channel, "channel_type": "channel"}
    return s.event(said, f"Ev-{ts}")
