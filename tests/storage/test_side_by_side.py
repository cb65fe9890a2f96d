"""An older Kith beside a newer one on the same database: what the newer one wrote and the older one does not know."""

from __future__ import annotations

from adapters.storage.engine import build_engine
from adapters.storage.sql import open_store
from bot.domain.events import ChannelRef
from bot.domain.patterns import Pattern
from tests.storage.samples import IDEAS, OTHER, T0, a_channel, a_message, a_trace, minutes


async def change(url: str, statement: str) -> None:
    engine = build_engine(url)
    async with engine.begin() as connection:
        await connection.exec_driver_sql(statement)
    await engine.dispose()


async def test_a_message_of_an_unknown_kind_is_left_and_keeps_no_other_from_going_out(url: str) -> None:
    store = await open_store(url)
    for n, ref in enumerate((IDEAS, IDEAS, OTHER)):
        await store.outbox.put(a_message(f"o{n}", ref, T0 + minutes(n)))
    await change(url, "UPDATE outbox SET kind = 'song' WHERE id = 'o0'")
    taken = await store.outbox.take(T0 + minutes(9), lease=minutes(1))
    assert [outgoing.id for outgoing in taken] == ["o1", "o2"]
    await change(url, "UPDATE outbox SET kind = 'question' WHERE id = 'o0'")
    taken = await store.outbox.take(T0 + minutes(11), lease=minutes(1))
    assert "o0" in [outgoing.id for outgoing in taken]
    await store.close()


async def test_a_channel_that_says_something_unknown_keeps_no_other_from_being_looked_at(url: str) -> None:
    store = await open_store(url)
    for ref in (IDEAS, OTHER, ChannelRef("T-1", "C-third")):
        await store.channels.add(a_channel(ref, look_at=T0))
    await change(url, "UPDATE channels SET charter_state = 'singing' WHERE channel = 'C-other'")
    assert [channel.ref.channel for channel in await store.channels.due(T0)] == ["C-ideas", "C-third"]
    await store.close()


async def test_a_pattern_that_is_unknown_is_overlooked_in_a_trace(url: str) -> None:
    store = await open_store(url)
    key = await store.traces.window_key(IDEAS, T0)
    await store.traces.remember(IDEAS, key, a_trace(evidence={Pattern.REACTIONARY: 0.8}))
    await change(url, """UPDATE traces SET evidence = '{"humming":0.9,"reactionary":0.8}'""")
    (trace,) = (await store.traces.window(IDEAS, T0)).traces
    assert trace.evidence == {Pattern.REACTIONARY: 0.8}
    await store.close()
