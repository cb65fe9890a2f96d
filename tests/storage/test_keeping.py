"""Traces are kept on terms that hold at the moment of the commit, whatever a process knew when the message came."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from adapters.prompt_files import shipped_content
from adapters.storage.group_commit import GroupCommit
from adapters.storage.sql import open_store
from bot.domain.charter import paused
from bot.domain.dialogue import Dialogue
from bot.domain.events import ChannelRef, MessagePosted
from bot.domain.window import Kept, Terms
from bot.errors import StoreError
from bot.ports import House
from bot.usecases.receive import receive
from tests.readers import MarkedReader
from tests.storage.conftest import AnyStore
from tests.storage.samples import IDEAS, T0, a_channel, a_message, a_trace, days, minutes

Replicas = tuple[AnyStore, AnyStore]


async def at_home(store: AnyStore) -> None:
    """Kith listens in a channel, and the store has just been asked about it and ana."""
    await store.channels.add(a_channel())
    await store.channels.get(IDEAS)
    await store.choices.opted_out(IDEAS.workspace, "U-ana")
    await store.traces.window_key(IDEAS, T0)


async def pause(store: AnyStore) -> None:
    channel = await store.channels.get(IDEAS)
    assert channel is not None
    assert await store.channels.save(replace(channel, charter=paused(channel.charter, T0)))


async def test_what_was_asked_before_is_at_hand(store: AnyStore) -> None:
    await at_home(store)
    key = store.traces.key_at_hand(IDEAS, T0 + minutes(1), read="U-ana")
    assert key == await store.traces.window_key(IDEAS, T0)
    assert store.traces.key_at_hand(IDEAS, T0 - minutes(1), read="U-ana") is None
    assert store.traces.key_at_hand(IDEAS, T0 + days(15), read="U-ana") is None


async def test_who_has_become_a_guest_is_a_voice_and_read_no_more(store: AnyStore) -> None:
    await at_home(store)
    house = House(store=store, reader=MarkedReader(), content=shipped_content())
    for number, guest in enumerate((False, True)):
        at = T0 + minutes(number)
        said = MessagePosted(
            channel=IDEAS, message=f"m{number}", author="U-ana", at=at, text="500 [numbers_obsessed]", by_guest=guest
        )
        await receive(said, house=house, now=at)
    member, guest_now = (await store.traces.window(IDEAS, T0)).traces
    assert member.evidence and not guest_now.evidence


async def test_nothing_is_at_hand_where_kith_is_not(store: AnyStore) -> None:
    assert store.traces.key_at_hand(IDEAS, T0) is None
    await store.traces.window_key(IDEAS, T0)
    assert store.traces.key_at_hand(IDEAS, T0) is None


async def test_a_pause_a_leave_and_an_opt_out_hold_at_once_in_the_same_process(store: AnyStore) -> None:
    await at_home(store)
    await store.choices.opt_out(IDEAS.workspace, "U-ana")
    assert store.traces.key_at_hand(IDEAS, T0, read="U-ana") is None
    assert store.traces.key_at_hand(IDEAS, T0) is not None
    await pause(store)
    assert store.traces.key_at_hand(IDEAS, T0) is None
    await store.channels.forget(IDEAS)
    assert store.traces.key_at_hand(IDEAS, T0) is None


async def test_a_pause_by_another_replica_is_seen_when_the_trace_is_kept(replicas: Replicas) -> None:
    await at_home(replicas[0])
    key = await replicas[0].traces.window_key(IDEAS, T0)
    await pause(replicas[1])
    assert await replicas[0].traces.remember(IDEAS, key, a_trace(), Terms()) is Kept.REFUSED
    assert replicas[0].traces.key_at_hand(IDEAS, T0) is None
    assert (await replicas[0].traces.window(IDEAS, T0)).traces == ()


async def test_an_opt_out_at_another_replica_is_seen_when_the_trace_is_kept(replicas: Replicas) -> None:
    await at_home(replicas[0])
    key = await replicas[0].traces.window_key(IDEAS, T0)
    await replicas[1].choices.opt_out(IDEAS.workspace, "U-ana")
    assert await replicas[0].traces.remember(IDEAS, key, a_trace(), Terms(reads="U-ana")) is Kept.REFUSED
    assert replicas[0].traces.key_at_hand(IDEAS, T0, read="U-ana") is None
    assert await replicas[0].traces.remember(IDEAS, key, a_trace(), Terms(reads="U-bo")) is Kept.NEW


async def test_a_dialogue_begun_at_another_replica_keeps_its_thread_to_itself(replicas: Replicas) -> None:
    await at_home(replicas[0])
    key = await replicas[0].traces.window_key(IDEAS, T0)
    talk = Dialogue(thread="7", by="b", salt=b"s" * 16, started_at=T0, last_heard="h", replies_at=T0)
    await replicas[1].dialogues.answer(a_message("o1"), heard="h", at=T0, after=talk)
    assert await replicas[0].traces.remember(IDEAS, key, a_trace(), Terms(thread="7")) is Kept.REFUSED
    assert await replicas[0].traces.remember(IDEAS, key, a_trace(), Terms(thread="8")) is Kept.NEW


async def test_a_key_at_hand_from_before_leaving_keeps_and_counts_nothing(replicas: Replicas) -> None:
    await at_home(replicas[0])
    old = await replicas[0].traces.window_key(IDEAS, T0)
    await replicas[1].channels.forget(IDEAS)
    await replicas[1].channels.add(a_channel())
    new = await replicas[1].traces.window_key(IDEAS, T0)
    assert await replicas[0].traces.remember(IDEAS, old, a_trace(), Terms()) is Kept.REFUSED
    assert not await replicas[0].traces.count_reaction(IDEAS, old, "m1", "bo", 1)
    assert await replicas[0].traces.window_key(IDEAS, T0) == new


async def test_forgetting_somebody_after_leaving_and_coming_back_finds_their_traces(replicas: Replicas) -> None:
    """A replica that still knew the old window deleted under pseudonyms that nobody had any more."""
    await at_home(replicas[0])
    await replicas[1].channels.forget(IDEAS)
    await replicas[1].channels.add(a_channel())
    new = await replicas[1].traces.window_key(IDEAS, T0)
    await replicas[1].traces.remember(IDEAS, new, a_trace(author=new.pseudonym("U-ana")))
    key = await replicas[0].traces.window_key(IDEAS, T0)
    assert await replicas[0].traces.drop_author(IDEAS, key, key.pseudonym("U-ana")) == 1


async def test_a_message_taken_back_while_it_is_read_leaves_no_trace(replicas: Replicas) -> None:
    key = await replicas[0].traces.window_key(IDEAS, T0)
    await replicas[1].traces.drop(IDEAS, key, "m1")
    assert await replicas[0].traces.remember(IDEAS, key, a_trace()) is Kept.BEFORE
    assert (await replicas[0].traces.window(IDEAS, T0)).traces == ()


async def test_messages_taken_back_at_once_with_their_keeping_leave_no_trace(replicas: Replicas) -> None:
    key = await replicas[0].traces.window_key(IDEAS, T0)
    for n in range(20):
        await asyncio.gather(
            replicas[0].traces.remember(IDEAS, key, a_trace(f"m{n}")), replicas[1].traces.drop(IDEAS, key, f"m{n}")
        )
    assert (await replicas[0].traces.window(IDEAS, T0)).traces == ()


async def test_a_reaction_between_an_edits_look_and_its_writing_is_not_lost(store: AnyStore) -> None:
    key = await store.traces.window_key(IDEAS, T0)
    await store.traces.remember(IDEAS, key, a_trace(author="ana"))
    found = await store.traces.find(IDEAS, key, "m1")
    assert found is not None
    await store.traces.count_reaction(IDEAS, key, "m1", "bo", 1)
    await store.traces.amend(IDEAS, key, replace(found, edited=True))
    assert await store.traces.find(IDEAS, key, "m1") == replace(found, edited=True, reactions=1)


async def test_many_at_once_are_each_kept_once_and_in_their_own_channel(replicas: Replicas) -> None:
    places = [ChannelRef("T-1", f"C-{n}") for n in range(5)]
    keys = {place: await replicas[0].traces.window_key(place, T0) for place in places}
    work = [
        replicas[n % 2].traces.remember(place, keys[place], a_trace(f"m{n // 3}"))
        for place in places
        for n in range(60)
    ]
    kept = await asyncio.gather(*work)
    assert kept.count(Kept.NEW) == 100
    assert kept.count(Kept.BEFORE) == 200
    for place in places:
        assert len((await replicas[0].traces.window(place, T0)).traces) == 20


async def test_one_that_the_database_refuses_takes_none_of_its_company_along(url: str) -> None:
    store = await open_store(url)
    key = await store.traces.window_key(IDEAS, T0)
    traces = [a_trace(f"m{n}", author="far too long for a pseudonym" if n == 3 else "ana") for n in range(6)]
    kept = await asyncio.gather(*(store.traces.remember(IDEAS, key, t) for t in traces), return_exceptions=True)
    assert [isinstance(one, StoreError) for one in kept] == [n == 3 for n in range(6)]
    assert len((await store.traces.window(IDEAS, T0)).traces) == 5
    await store.close()


async def test_closing_writes_what_has_gathered_and_takes_nothing_more(url: str) -> None:
    store = await open_store(url)
    key = await store.traces.window_key(IDEAS, T0)
    work = [asyncio.create_task(store.traces.remember(IDEAS, key, a_trace(f"m{n}"))) for n in range(9)]
    await asyncio.sleep(0)
    await store.close()
    assert all(await asyncio.gather(*work))
    with pytest.raises(StoreError, match="closed"):
        await store.traces.remember(IDEAS, key, a_trace("late"))
    again = await open_store(url)
    assert len((await again.traces.window(IDEAS, T0)).traces) == 9
    await again.close()


async def test_an_error_reaches_everyone_who_waits_and_the_next_group_goes_on() -> None:
    groups: list[Sequence[int]] = []

    async def write(jobs: Sequence[int]) -> Sequence[int]:
        groups.append(jobs)
        if len(groups) == 1:
            raise StoreError(problem="it is away")
        return jobs

    group = GroupCommit(write, linger=0)
    first = await asyncio.gather(*(group.do(n) for n in range(4)), return_exceptions=True)
    assert [str(error) for error in first] == [str(StoreError(problem="it is away"))] * 4
    assert await asyncio.gather(*(group.do(n) for n in range(3))) == [0, 1, 2]
    assert len(groups) == 2


async def test_one_who_no_longer_waits_is_written_all_the_same() -> None:
    written: list[int] = []

    async def write(jobs: Sequence[int]) -> Sequence[int]:
        written.extend(jobs)
        return jobs

    group = GroupCommit(write, linger=0)
    gone = asyncio.create_task(group.do(1))
    await asyncio.sleep(0)
    gone.cancel()
    assert await group.do(2) == 2
    assert written == [1, 2]
