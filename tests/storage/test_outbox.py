"""The contract of the outbox: in order, one a channel at a time, leased, tried again or given up."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.domain.outgoing import Outcome, OutgoingKind
from tests.storage.conftest import AnyStore
from tests.storage.samples import ELSEWHERE, IDEAS, OTHER, T0, a_message, days, minutes

Replicas = tuple[AnyStore, AnyStore]
LEASE = minutes(1)


async def taken(store: AnyStore, after: float = 0, at_most: int = 20) -> list[str]:
    """The ids that can be taken so many minutes after T0."""
    return [message.id for message in await store.outbox.take(T0 + minutes(after), lease=LEASE, at_most=at_most)]


async def test_a_message_comes_out_as_it_was_put_in(store: AnyStore) -> None:
    message = a_message(
        "o1", thread="1700000000.000100", about="e1", facts={"until": "2026-05-01", "n": "3"}, attempts=2
    )
    assert await store.outbox.put(message)
    assert await store.outbox.take(T0, lease=LEASE) == [message]


async def test_a_message_waits_until_it_is_due(store: AnyStore) -> None:
    await store.outbox.put(a_message("o1", due_at=T0 + minutes(5)))
    assert await taken(store, 4) == []
    assert await taken(store, 5) == ["o1"]


async def test_a_repeated_id_is_queued_once(store: AnyStore) -> None:
    assert await store.outbox.put(a_message("o1"))
    assert not await store.outbox.put(a_message("o1", kind=OutgoingKind.LAPSED))
    assert [message.kind for message in await store.outbox.take(T0, lease=LEASE)] == [OutgoingKind.QUESTION]
    assert not await store.outbox.put(a_message("o1"))


async def test_replicas_that_queue_the_same_at_once_queue_it_once(replicas: Replicas) -> None:
    queued = await asyncio.gather(*(replicas[n % 2].outbox.put(a_message("o1")) for n in range(6)))
    assert sum(queued) == 1


async def test_an_id_may_be_used_again_once_it_was_sent(store: AnyStore) -> None:
    await store.outbox.put(a_message("o1"))
    await store.outbox.settle(a_message("o1"), Outcome.SENT)
    assert await store.outbox.put(a_message("o1"))


async def test_a_channels_messages_go_out_one_at_a_time_in_the_order_they_fell_due(store: AnyStore) -> None:
    await store.outbox.put(a_message("third", due_at=T0 + minutes(2)))
    await store.outbox.put(a_message("first", due_at=T0))
    await store.outbox.put(a_message("second", due_at=T0 + minutes(1)))
    order = []
    for _ in range(3):
        (message,) = await store.outbox.take(T0 + minutes(9), lease=LEASE)
        assert await store.outbox.take(T0 + minutes(9), lease=LEASE) == []
        await store.outbox.settle(message, Outcome.SENT)
        order.append(message.id)
    assert order == ["first", "second", "third"]


async def test_messages_due_at_once_go_out_in_the_order_they_were_queued(store: AnyStore) -> None:
    for message_id in ("z", "a", "m"):
        await store.outbox.put(a_message(message_id))
    order = []
    while messages := await store.outbox.take(T0, lease=LEASE):
        await store.outbox.settle(messages[0], Outcome.SENT)
        order.append(messages[0].id)
    assert order == ["z", "a", "m"]


async def test_channels_do_not_wait_for_each_other(store: AnyStore) -> None:
    for ref in (OTHER, ELSEWHERE, IDEAS):
        await store.outbox.put(a_message("o1", ref))
        await store.outbox.put(a_message("o2", ref))
    messages = await store.outbox.take(T0, lease=LEASE)
    assert [message.place.channel for message in messages] == [IDEAS, OTHER, ELSEWHERE]
    assert {message.id for message in messages} == {"o1"}


async def test_the_oldest_are_taken_first_and_so_many_at_most(store: AnyStore) -> None:
    for n in range(5):
        await store.outbox.put(a_message(f"o{n}", replace(IDEAS, channel=f"C-{n}"), T0 + minutes(4 - n)))
    assert await taken(store, 9, at_most=2) == ["o4", "o3"]
    assert await taken(store, 9, at_most=2) == ["o2", "o1"]
    assert await taken(store, 9, at_most=2) == ["o0"]


async def test_a_lease_that_ran_out_gives_the_message_to_others(store: AnyStore) -> None:
    await store.outbox.put(a_message("o1"))
    await store.outbox.put(a_message("o2"))
    assert await taken(store, 0) == ["o1"]
    assert await taken(store, 0.9) == []
    assert await taken(store, 1) == ["o1"]


async def test_a_message_to_be_tried_later_waits_with_one_attempt_more(store: AnyStore) -> None:
    await store.outbox.put(a_message("o1"))
    (message,) = await store.outbox.take(T0, lease=LEASE)
    await store.outbox.settle(message, Outcome.LATER, retry_at=T0 + minutes(10))
    assert await taken(store, 9) == []
    assert await store.outbox.take(T0 + minutes(10), lease=LEASE) == [replace(message, attempts=1)]


async def test_a_message_put_off_waits_and_no_attempt_is_counted(store: AnyStore) -> None:
    await store.outbox.put(a_message("o1", attempts=3))
    (message,) = await store.outbox.take(T0, lease=LEASE)
    await store.outbox.settle(message, Outcome.PUT_OFF, retry_at=T0 + minutes(10))
    assert await taken(store, 9) == []
    assert await store.outbox.take(T0 + minutes(10), lease=LEASE) == [message]


async def test_what_stands_behind_a_waiting_message_does_not_overtake_it(store: AnyStore) -> None:
    await store.outbox.put(a_message("o1"))
    await store.outbox.put(a_message("o2"))
    (message,) = await store.outbox.take(T0, lease=LEASE)
    await store.outbox.settle(message, Outcome.LATER, retry_at=T0 + minutes(10))
    assert await taken(store, 5) == []
    assert await taken(store, 10) == ["o1"]


async def test_a_message_queued_in_front_waits_for_the_one_under_way(store: AnyStore) -> None:
    await store.outbox.put(a_message("o1"))
    assert await taken(store, 0) == ["o1"]
    await store.outbox.put(a_message("earlier", due_at=T0 - minutes(5)))
    assert await taken(store, 0) == []


async def test_a_message_due_in_future_keeps_nobody_waiting(store: AnyStore) -> None:
    await store.outbox.put(a_message("renewal", due_at=T0 + days(7)))
    await store.outbox.put(a_message("o1"))
    assert await taken(store, 0) == ["o1"]


async def test_the_first_that_waits_for_its_time_is_told_of_one_workspace(store: AnyStore) -> None:
    for name, ref, due in (("a", IDEAS, 5), ("b", OTHER, 3), ("c", IDEAS, 0), ("d", ELSEWHERE, 1)):
        await store.outbox.put(a_message(name, ref, T0 + minutes(due)))
    assert await store.outbox.next_due("T-1", T0) == T0 + minutes(3)
    assert await store.outbox.next_due("T-1", T0 + minutes(5)) is None


async def test_without_a_time_a_message_may_be_tried_again_at_once(store: AnyStore) -> None:
    await store.outbox.put(a_message("o1"))
    (message,) = await store.outbox.take(T0, lease=LEASE)
    await store.outbox.settle(message, Outcome.LATER)
    assert await taken(store, 0) == ["o1"]


async def test_a_dead_letter_is_kept_never_sent_and_lets_others_pass(store: AnyStore) -> None:
    await store.outbox.put(a_message("o1"))
    await store.outbox.put(a_message("o2"))
    (message,) = await store.outbox.take(T0, lease=LEASE)
    await store.outbox.settle(message, Outcome.NEVER)
    assert await taken(store, 5) == ["o2"]
    assert not await store.outbox.put(a_message("o1"))
    await store.outbox.settle(message, Outcome.LATER, retry_at=T0)
    await store.outbox.settle(a_message("o2"), Outcome.SENT)
    assert await taken(store, 9) == []


async def test_settling_what_is_not_there_is_harmless(store: AnyStore) -> None:
    for outcome in Outcome:
        await store.outbox.settle(a_message("o1"), outcome, retry_at=T0)
    assert await taken(store, 9) == []


async def test_replicas_that_take_at_once_never_take_the_same_nor_two_of_a_channel(replicas: Replicas) -> None:
    refs = [replace(IDEAS, channel=f"C-{n}") for n in range(12)]
    for ref in refs:
        for n in range(2):
            await replicas[0].outbox.put(a_message(f"o{n}", ref))
    rounds = await asyncio.gather(*(replicas[n % 2].outbox.take(T0, lease=LEASE, at_most=4) for n in range(8)))
    messages = [message for taken_at_once in rounds for message in taken_at_once]
    messages += await replicas[0].outbox.take(T0, lease=LEASE)
    assert {message.id for message in messages} == {"o0"}
    assert sorted(message.place.channel for message in messages) == sorted(refs)


async def test_words_in_the_place_of_ids_never_get_into_the_outbox(store: AnyStore) -> None:
    for wrong in ({"facts": {"said": "500 posts by March"}}, {"about": "the last message"}, {"facts": {"a b": "1"}}):
        with pytest.raises(ValueError, match="not words") as refusal:
            await store.outbox.put(a_message("o1", **wrong))
        assert "March" not in str(refusal.value)
    assert await taken(store, 9) == []


async def test_dead_letters_are_listed_with_the_oldest_first(store: AnyStore) -> None:
    for name, due in (("o2", minutes(1)), ("o1", minutes(0)), ("alive", minutes(0))):
        await store.outbox.put(a_message(name, due_at=T0 + due))
    for name in ("o1", "o2"):
        await store.outbox.settle(a_message(name), Outcome.NEVER)
    assert [message.id for message in await store.outbox.dead()] == ["o1", "o2"]
    assert [message.id for message in await store.outbox.dead(at_most=1)] == ["o1"]


async def test_a_dead_letter_that_is_revived_can_be_taken_as_if_it_had_never_been_tried(store: AnyStore) -> None:
    await store.outbox.put(a_message("o1", attempts=7))
    await store.outbox.settle(a_message("o1"), Outcome.NEVER)
    assert await store.outbox.revive(a_message("o1"), T0 + minutes(9))
    assert await taken(store, 8) == []
    (again,) = await store.outbox.take(T0 + minutes(9), lease=LEASE)
    assert (again.id, again.attempts) == ("o1", 0)
    assert await store.outbox.dead() == []


async def test_only_a_dead_letter_is_revived_and_only_once(replicas: Replicas) -> None:
    store = replicas[0]
    await store.outbox.put(a_message("o1"))
    assert not await store.outbox.revive(a_message("o1"), T0)
    assert not await store.outbox.revive(a_message("o2"), T0)
    await store.outbox.settle(a_message("o1"), Outcome.NEVER)
    revived = await asyncio.gather(*(replicas[n % 2].outbox.revive(a_message("o1"), T0) for n in range(4)))
    assert sum(revived) == 1
