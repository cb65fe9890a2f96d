"""The contract of channels: charter, settings, history, looks that fall due, and forgetting."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import time

from bot.domain.channel import Asked, ChannelKind, ChannelSettings, History, Run
from bot.domain.charter import Charter, CharterState
from bot.domain.patterns import Pattern
from bot.domain.restraint import LOOK_EVERY
from tests.storage.conftest import AnyStore
from tests.storage.samples import (
    ELSEWHERE,
    IDEAS,
    OTHER,
    T0,
    a_channel,
    a_held_entry,
    a_message,
    a_trace,
    an_entry,
    days,
    minutes,
)

Replicas = tuple[AnyStore, AnyStore]


async def asked_on(store: AnyStore, *ages: float) -> None:
    """Ask one question that many days after T0, each as the only replica."""
    last = None
    for n, age in enumerate(ages):
        at = T0 + days(age)
        assert await store.ledger.ask(IDEAS, an_entry(f"e{n}", at), a_message(f"o{n}"), last_spoke_at=last)
        last = at


async def test_a_channel_kith_is_not_in_is_none(store: AnyStore) -> None:
    assert await store.channels.get(IDEAS) is None


async def test_a_channel_comes_back_as_it_was_saved(store: AnyStore) -> None:
    channel = a_channel(
        name="Ideen & Pläne",
        kind=ChannelKind.SOCIAL,
        members=12,
        charter=Charter(
            state=CharterState.SPEAKING,
            since=T0,
            steward="U-ana",
            listening_since=T0 - days(20),
            speaks_until=T0 + days(90),
            asked_at=T0 - days(1),
        ),
        settings=ChannelSettings(
            profile="attentive",
            patterns_off=frozenset({Pattern.FEW_VOICES, Pattern.REACTIONARY}),
            opens=time(8, 30),
            closes=time(16, 15),
            zone="Europe/Berlin",
            announcement_only=False,
            locale="de",
        ),
        history=History(
            stilled={Pattern.NUMBERS_OBSESSED: T0 + days(60)},
            not_here_in_a_row=2,
            runs={Pattern.FEW_VOICES: Run(window=T0, windows=3)},
        ),
        look_at=T0 + days(1),
    )
    assert await store.channels.add(channel)
    assert await store.channels.get(IDEAS) == channel


async def test_a_channel_with_nothing_set_comes_back_with_nothing_set(store: AnyStore) -> None:
    await store.channels.add(a_channel())
    assert await store.channels.get(IDEAS) == a_channel()


async def test_every_pattern_can_be_off_stilled_and_standing_at_once(store: AnyStore) -> None:
    channel = a_channel(
        settings=ChannelSettings(patterns_off=frozenset(Pattern)),
        history=History(stilled=dict.fromkeys(Pattern, T0), runs=dict.fromkeys(Pattern, Run(window=T0, windows=99))),
    )
    assert await store.channels.add(channel)
    assert await store.channels.get(IDEAS) == channel


async def test_saving_again_replaces_what_was_there(store: AnyStore) -> None:
    await store.channels.add(a_channel(members=3, history=History(not_here_in_a_row=2)))
    after = a_channel(name="renamed", members=None)
    assert await store.channels.save(after)
    assert await store.channels.get(IDEAS) == replace(after, version=1)


async def test_adding_a_channel_that_is_there_changes_nothing(store: AnyStore) -> None:
    assert await store.channels.add(a_channel())
    assert not await store.channels.add(a_channel(name="again"))
    assert await store.channels.get(IDEAS) == a_channel()


async def test_saving_what_has_changed_meanwhile_is_refused(store: AnyStore) -> None:
    await store.channels.add(a_channel())
    assert await store.channels.save(a_channel(name="first"))
    assert not await store.channels.save(a_channel(name="second"))
    assert await store.channels.get(IDEAS) == a_channel(name="first", version=1)


async def test_saving_a_channel_that_has_gone_does_not_bring_it_back(store: AnyStore) -> None:
    assert not await store.channels.save(a_channel())
    assert await store.channels.get(IDEAS) is None


async def test_of_two_changes_at_once_one_is_refused(replicas: Replicas) -> None:
    await replicas[0].channels.add(a_channel())
    saved = await asyncio.gather(*(replicas[n % 2].channels.save(a_channel(name=f"n{n}")) for n in range(6)))
    assert sum(saved) == 1


async def test_saving_neither_writes_nor_erases_what_the_ledger_knows(store: AnyStore) -> None:
    await store.channels.add(a_channel())
    await asked_on(store, 0)
    invented = Asked(at=T0 + days(1), pattern=Pattern.REACTIONARY, question="x")
    for version, asked in enumerate(((), (invented,))):
        assert await store.channels.save(a_channel(history=History(asked=asked), version=version))
        channel = await store.channels.get(IDEAS)
        assert channel is not None
        assert channel.history.asked == (Asked(at=T0, pattern=Pattern.NUMBERS_OBSESSED, question="numbers-01"),)


async def test_history_holds_the_90_days_before_the_newest_question_oldest_first(store: AnyStore) -> None:
    await store.channels.add(a_channel())
    await asked_on(store, 0, 9.99, 10, 50, 100)
    channel = await store.channels.get(IDEAS)
    assert channel is not None
    assert [asked.at for asked in channel.history.asked] == [T0 + days(10), T0 + days(50), T0 + days(100)]
    assert channel.history.last_spoke_at == T0 + days(100)


async def test_history_leaves_out_what_was_held_back(store: AnyStore) -> None:
    await store.channels.add(a_channel())
    await store.ledger.hold(IDEAS, a_held_entry("h1"))
    channel = await store.channels.get(IDEAS)
    assert channel is not None
    assert channel.history.asked == ()


async def test_all_lists_a_workspaces_channels_by_name_with_their_history(store: AnyStore) -> None:
    await store.channels.add(a_channel(IDEAS, name="b"))
    await store.channels.add(a_channel(OTHER, name="a"))
    await store.channels.add(a_channel(ELSEWHERE, name="c"))
    await asked_on(store, 0)
    listed = await store.channels.all("T-1")
    assert [(channel.name, len(channel.history.asked)) for channel in listed] == [("a", 0), ("b", 1)]
    assert await store.channels.all("T-unknown") == []


async def test_each_channels_90_days_are_counted_from_its_own_newest_question(store: AnyStore) -> None:
    await store.channels.add(a_channel(IDEAS, name="a"))
    await store.channels.add(a_channel(OTHER, name="b"))
    await asked_on(store, 0, 95)
    await store.ledger.ask(OTHER, an_entry("e1"), a_message(ref=OTHER), last_spoke_at=None)
    listed = await store.channels.all("T-1")
    assert [[asked.at for asked in channel.history.asked] for channel in listed] == [[T0 + days(95)], [T0]]


async def test_a_channel_is_due_once_its_look_has_come(store: AnyStore) -> None:
    await store.channels.add(a_channel(look_at=T0))
    assert await store.channels.due(T0 - minutes(1)) == []
    due = await store.channels.due(T0)
    assert due == [a_channel(look_at=T0 + LOOK_EVERY)]
    assert await store.channels.due(T0) == []
    assert await store.channels.get(IDEAS) == due[0]


async def test_a_channel_that_was_looked_at_is_due_again_a_day_later(store: AnyStore) -> None:
    await store.channels.add(a_channel(look_at=T0))
    await store.channels.due(T0 + minutes(5))
    assert await store.channels.due(T0 + LOOK_EVERY) == []
    assert len(await store.channels.due(T0 + minutes(5) + LOOK_EVERY)) == 1


async def test_a_look_that_was_moved_counts_from_where_it_was_moved_to(store: AnyStore) -> None:
    await store.channels.add(a_channel(look_at=T0))
    for version, look_at in enumerate((T0 + days(3), T0 + days(2), None, T0 + days(2))):
        assert await store.channels.save(a_channel(look_at=look_at, version=version))
    assert await store.channels.due(T0 + days(1)) == []
    assert len(await store.channels.due(T0 + days(2))) == 1
    assert await store.channels.due(T0 + days(2)) == []


async def test_a_channel_without_a_look_is_never_due(store: AnyStore) -> None:
    await store.channels.add(a_channel(look_at=None))
    assert await store.channels.due(T0 + days(900)) == []


async def test_noting_a_look_leaves_what_was_changed_meanwhile_alone(store: AnyStore) -> None:
    await store.channels.add(a_channel(look_at=T0))
    paused = a_channel(look_at=T0, charter=Charter(state=CharterState.PAUSED, since=T0))
    assert await store.channels.save(paused)
    runs = {Pattern.FEW_VOICES: Run(window=T0, windows=2)}
    await store.channels.note_look(IDEAS, look_at=T0 + days(1), runs=runs)
    found = await store.channels.get(IDEAS)
    assert found == replace(paused, version=1, look_at=T0 + days(1), history=replace(paused.history, runs=runs))
    assert len(await store.channels.due(T0 + days(1))) == 1


async def test_noting_a_look_at_an_unknown_channel_makes_none(store: AnyStore) -> None:
    await store.channels.note_look(IDEAS, look_at=T0, runs={})
    assert await store.channels.get(IDEAS) is None
    assert await store.channels.due(T0) == []


async def test_looks_longest_due_are_handed_out_first(store: AnyStore) -> None:
    for n, ref in enumerate((IDEAS, OTHER, ELSEWHERE)):
        await store.channels.add(a_channel(ref, look_at=T0 - minutes(n)))
    first = await store.channels.due(T0, at_most=2)
    assert {channel.ref for channel in first} == {ELSEWHERE, OTHER}
    assert [channel.ref for channel in await store.channels.due(T0, at_most=2)] == [IDEAS]


async def test_due_channels_carry_their_history(store: AnyStore) -> None:
    await store.channels.add(a_channel(look_at=T0))
    await asked_on(store, 0)
    (channel,) = await store.channels.due(T0)
    assert channel.history.last_spoke_at == T0


async def test_replicas_that_look_at_once_share_the_channels_out(replicas: Replicas) -> None:
    refs = [replace(IDEAS, channel=f"C-{n}") for n in range(20)]
    for ref in refs:
        await replicas[0].channels.add(a_channel(ref, look_at=T0))
    rounds = await asyncio.gather(*(replicas[n % 2].channels.due(T0, at_most=5) for n in range(8)))
    handed_out = [channel.ref for due in rounds for channel in due]
    handed_out += [channel.ref for channel in await replicas[0].channels.due(T0)]
    assert sorted(handed_out) == sorted(refs)


async def test_forgetting_a_channel_deletes_everything_about_it_and_nothing_else(store: AnyStore) -> None:
    for ref in (IDEAS, OTHER):
        await store.channels.add(a_channel(ref))
        key = await store.traces.window_key(ref, T0)
        await store.traces.remember(ref, key, a_trace())
        await store.ledger.ask(ref, an_entry("e1"), a_message("o1", ref), last_spoke_at=None)
        await store.ledger.hold(ref, a_held_entry("h1"))
    await store.channels.forget(IDEAS)
    assert await store.channels.get(IDEAS) is None
    assert (await store.traces.window(IDEAS, T0)).traces == ()
    assert await store.ledger.entries(IDEAS) == []
    assert [o.place.channel for o in await store.outbox.take(T0, lease=minutes(1))] == [OTHER]
    assert await store.channels.get(OTHER) is not None
    assert len((await store.traces.window(OTHER, T0)).traces) == 1
    assert len(await store.ledger.entries(OTHER)) == 2


async def test_a_channel_that_comes_back_begins_anew(store: AnyStore) -> None:
    await store.channels.add(a_channel())
    before = await store.traces.window_key(IDEAS, T0)
    await asked_on(store, 0)
    await store.channels.forget(IDEAS)
    await store.channels.add(a_channel())
    after = await store.traces.window_key(IDEAS, T0 + days(1))
    assert (after.opened_at, after.salt == before.salt) == (T0 + days(1), False)
    assert await store.channels.get(IDEAS) == a_channel()


async def test_a_key_from_before_forgetting_writes_nothing(replicas: Replicas) -> None:
    await replicas[0].channels.add(a_channel())
    key = await replicas[0].traces.window_key(IDEAS, T0)
    await replicas[1].channels.forget(IDEAS)
    assert not await replicas[0].traces.remember(IDEAS, key, a_trace())
    fresh = await replicas[0].traces.window_key(IDEAS, T0)
    assert (fresh.opened_at, fresh.salt == key.salt) == (T0, False)
    assert not await replicas[0].traces.remember(IDEAS, key, a_trace())


async def test_forgetting_an_unknown_channel_is_harmless(store: AnyStore) -> None:
    await store.channels.forget(IDEAS)
    assert await store.channels.get(IDEAS) is None
