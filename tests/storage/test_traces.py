"""The contract of the windows: what every store promises about traces."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from bot.domain.patterns import Pattern
from bot.domain.window import WINDOW_LENGTH, Window
from tests.storage.conftest import AnyStore
from tests.storage.samples import ELSEWHERE, IDEAS, OTHER, T0, a_trace, days, minutes

Replicas = tuple[AnyStore, AnyStore]


async def test_the_first_message_of_a_channel_opens_its_window(store: AnyStore) -> None:
    key = await store.traces.window_key(IDEAS, T0)
    assert key.opened_at == T0
    assert len(key.salt) == 16


async def test_all_through_a_window_the_key_is_the_same(store: AnyStore) -> None:
    key = await store.traces.window_key(IDEAS, T0)
    assert await store.traces.window_key(IDEAS, T0 + WINDOW_LENGTH - timedelta(microseconds=1)) == key


async def test_the_next_window_begins_where_the_last_one_ends_and_has_its_own_salt(store: AnyStore) -> None:
    first = await store.traces.window_key(IDEAS, T0)
    second = await store.traces.window_key(IDEAS, T0 + WINDOW_LENGTH + days(3))
    assert second.opened_at == first.closes_at
    assert second.salt != first.salt


async def test_a_message_from_before_the_first_falls_into_the_window_before(store: AnyStore) -> None:
    await store.traces.window_key(IDEAS, T0)
    assert (await store.traces.window_key(IDEAS, T0 - days(1))).opened_at == T0 - WINDOW_LENGTH
    assert (await store.traces.window_key(IDEAS, T0 - days(15))).opened_at == T0 - 2 * WINDOW_LENGTH


async def test_windows_keep_their_rhythm_after_all_of_them_were_closed(store: AnyStore) -> None:
    await store.traces.window_key(IDEAS, T0)
    await store.traces.close_windows(T0 + days(60))
    assert (await store.traces.window_key(IDEAS, T0 + days(30))).opened_at == T0 + 2 * WINDOW_LENGTH


async def test_channels_have_windows_of_their_own(store: AnyStore) -> None:
    keys = [await store.traces.window_key(ref, T0) for ref in (IDEAS, OTHER, ELSEWHERE)]
    assert len({key.salt for key in keys}) == 3


async def test_moments_from_any_zone_fall_into_the_right_window(store: AnyStore) -> None:
    key = await store.traces.window_key(IDEAS, T0.astimezone(timezone(timedelta(hours=-7))))
    assert key.opened_at == T0
    assert await store.traces.window_key(IDEAS, T0 + minutes(1)) == key


async def test_replicas_that_open_a_window_at_once_agree_on_it(replicas: Replicas) -> None:
    moments = [T0 + minutes(n) for n in range(8)]
    keys = await asyncio.gather(*(replicas[n % 2].traces.window_key(IDEAS, at) for n, at in enumerate(moments)))
    assert len({key.salt for key in keys if key.opened_at == keys[0].opened_at}) == 1
    assert all((key.opened_at - keys[0].opened_at) % WINDOW_LENGTH == timedelta(0) for key in keys)


async def test_a_trace_comes_back_as_it_was_kept(store: AnyStore) -> None:
    key = await store.traces.window_key(IDEAS, T0)
    trace = a_trace(
        key="0123456789abcdef",
        thread="fedcba9876543210",
        question=True,
        edited=True,
        reactions=3,
        evidence={Pattern.NUMBERS_OBSESSED: 0.931, Pattern.REACTIONARY: 0.5},
        topics=("growth", "tools"),
    )
    assert await store.traces.remember(IDEAS, key, trace)
    assert await store.traces.find(IDEAS, key, trace.key) == trace
    assert (await store.traces.window(IDEAS, T0)).traces == (trace,)


async def test_a_repeated_delivery_is_kept_once(store: AnyStore) -> None:
    key = await store.traces.window_key(IDEAS, T0)
    assert await store.traces.remember(IDEAS, key, a_trace(question=True))
    assert not await store.traces.remember(IDEAS, key, a_trace(question=False))
    assert (await store.traces.window(IDEAS, T0)).traces == (a_trace(question=True),)


async def test_deliveries_at_once_to_two_replicas_are_kept_once(replicas: Replicas) -> None:
    key = await replicas[0].traces.window_key(IDEAS, T0)
    kept = await asyncio.gather(*(replicas[n % 2].traces.remember(IDEAS, key, a_trace()) for n in range(6)))
    assert sum(map(bool, kept)) == 1


async def test_late_arrivals_are_put_in_order(store: AnyStore) -> None:
    key = await store.traces.window_key(IDEAS, T0)
    for n in (1, 5, 3, 4, 2):
        await store.traces.remember(IDEAS, key, a_trace(f"m{n}", at=T0 + minutes(n)))
    window = await store.traces.window(IDEAS, T0 + days(1))
    assert [trace.key for trace in window.traces] == ["m1", "m2", "m3", "m4", "m5"]


async def test_a_window_nobody_wrote_in_is_empty_and_stays_unopened(store: AnyStore) -> None:
    assert await store.traces.window(IDEAS, T0) == Window(opened_at=T0)
    key = await store.traces.window_key(IDEAS, T0 + minutes(1))
    assert key.opened_at == T0 + minutes(1)


async def test_an_empty_window_is_named_by_the_rhythm_of_the_channel(store: AnyStore) -> None:
    await store.traces.window_key(IDEAS, T0)
    assert await store.traces.window(IDEAS, T0 + days(20)) == Window(opened_at=T0 + WINDOW_LENGTH)


async def test_an_edit_takes_the_place_of_the_trace(store: AnyStore) -> None:
    key = await store.traces.window_key(IDEAS, T0)
    await store.traces.remember(IDEAS, key, a_trace(evidence={Pattern.REACTIONARY: 0.8}, topics=("speed",)))
    changed = a_trace(edited=True)
    assert await store.traces.amend(IDEAS, key, changed)
    assert (await store.traces.window(IDEAS, T0)).traces == (changed,)


async def test_an_edit_that_moves_a_trace_in_time_keeps_the_order(store: AnyStore) -> None:
    key = await store.traces.window_key(IDEAS, T0)
    for n in (1, 2):
        await store.traces.remember(IDEAS, key, a_trace(f"m{n}", at=T0 + minutes(n)))
    await store.traces.amend(IDEAS, key, a_trace("m1", at=T0 + minutes(9)))
    assert [trace.key for trace in (await store.traces.window(IDEAS, T0)).traces] == ["m2", "m1"]


async def test_an_edit_of_an_unknown_message_changes_nothing(store: AnyStore) -> None:
    key = await store.traces.window_key(IDEAS, T0)
    assert not await store.traces.amend(IDEAS, key, a_trace())
    assert await store.traces.find(IDEAS, key, "m1") is None


async def test_a_dropped_trace_is_gone_and_dropping_it_again_is_harmless(store: AnyStore) -> None:
    key = await store.traces.window_key(IDEAS, T0)
    await store.traces.remember(IDEAS, key, a_trace())
    await store.traces.drop(IDEAS, key, "m1")
    await store.traces.drop(IDEAS, key, "m1")
    assert (await store.traces.window(IDEAS, T0)).traces == ()


async def test_reactions_are_counted_and_never_fall_below_zero(store: AnyStore) -> None:
    key = await store.traces.window_key(IDEAS, T0)
    await store.traces.remember(IDEAS, key, a_trace())
    seen = []
    for change in (-1, 1, 1, -1, -1, -1):
        await store.traces.count_reaction(IDEAS, key, "m1", "bo", change)
        trace = await store.traces.find(IDEAS, key, "m1")
        seen.append(trace.reactions if trace else None)
    assert seen == [0, 1, 2, 1, 0, 0]


async def test_an_authors_own_reaction_does_not_count(store: AnyStore) -> None:
    key = await store.traces.window_key(IDEAS, T0)
    await store.traces.remember(IDEAS, key, a_trace(author="ana"))
    await store.traces.count_reaction(IDEAS, key, "m1", "ana", 1)
    await store.traces.count_reaction(IDEAS, key, "unknown", "bo", 1)
    assert await store.traces.find(IDEAS, key, "m1") == a_trace(author="ana")


async def test_reactions_that_arrive_at_once_are_all_counted(replicas: Replicas) -> None:
    key = await replicas[0].traces.window_key(IDEAS, T0)
    await replicas[0].traces.remember(IDEAS, key, a_trace())
    await asyncio.gather(*(replicas[n % 2].traces.count_reaction(IDEAS, key, "m1", "bo", 1) for n in range(10)))
    trace = await replicas[0].traces.find(IDEAS, key, "m1")
    assert trace is not None
    assert trace.reactions == 10


async def test_an_author_can_be_forgotten_in_one_window(store: AnyStore) -> None:
    key = await store.traces.window_key(IDEAS, T0)
    for n, author in enumerate(("ana", "bo", "ana", "cy")):
        await store.traces.remember(IDEAS, key, a_trace(f"m{n}", author=author, at=T0 + minutes(n)))
    assert await store.traces.drop_author(IDEAS, key, "ana") == 2
    assert await store.traces.drop_author(IDEAS, key, "ana") == 0
    assert [trace.author for trace in (await store.traces.window(IDEAS, T0)).traces] == ["bo", "cy"]


async def test_closing_destroys_windows_that_ended_and_no_others(store: AnyStore) -> None:
    old, new = await store.traces.window_key(IDEAS, T0), await store.traces.window_key(IDEAS, T0 + days(14))
    for key in (old, new):
        await store.traces.remember(IDEAS, key, a_trace(at=key.opened_at))
    assert await store.traces.close_windows(old.closes_at - timedelta(microseconds=1)) == 0
    assert await store.traces.close_windows(old.closes_at) == 1
    assert (await store.traces.window(IDEAS, T0)).traces == ()
    assert (await store.traces.window(IDEAS, T0 + days(14))).traces == (a_trace(at=new.opened_at),)


async def test_a_closed_windows_salt_is_never_seen_again(store: AnyStore) -> None:
    old = await store.traces.window_key(IDEAS, T0)
    await store.traces.close_windows(T0 + days(14))
    again = await store.traces.window_key(IDEAS, T0 + minutes(1))
    assert again.opened_at == old.opened_at
    assert again.salt != old.salt


async def test_a_key_of_a_closed_window_writes_nothing(replicas: Replicas) -> None:
    key = await replicas[0].traces.window_key(IDEAS, T0)
    await replicas[1].traces.close_windows(T0 + days(14))
    assert not await replicas[0].traces.remember(IDEAS, key, a_trace())
    assert (await replicas[0].traces.window(IDEAS, T0)).traces == ()
    fresh = await replicas[0].traces.window_key(IDEAS, T0)
    assert fresh.salt != key.salt
    assert await replicas[0].traces.remember(IDEAS, fresh, a_trace())


async def test_closing_takes_the_oldest_windows_first_and_so_many_at_most(store: AnyStore) -> None:
    for n in range(5):
        await store.traces.window_key(IDEAS, T0 + n * WINDOW_LENGTH)
    assert await store.traces.close_windows(T0 + days(365), at_most=3) == 3
    assert await store.traces.close_windows(T0 + days(365), at_most=3) == 2
    assert await store.traces.close_windows(T0 + days(365), at_most=3) == 0


async def test_windows_are_closed_once_by_replicas_that_close_at_once(replicas: Replicas) -> None:
    for n in range(6):
        await replicas[0].traces.window_key(IDEAS, T0 + n * WINDOW_LENGTH)
    gone = await asyncio.gather(*(replicas[n % 2].traces.close_windows(T0 + days(365)) for n in range(4)))
    assert sum(gone) == 6


async def test_topics_that_are_words_are_refused_without_repeating_them(store: AnyStore) -> None:
    key = await store.traces.window_key(IDEAS, T0)
    spilled = replace(a_trace(), topics=("we fired the whole team",))
    with pytest.raises(ValueError, match="topics must be an id") as refusal:
        await store.traces.remember(IDEAS, key, spilled)
    assert "fired" not in str(refusal.value)
