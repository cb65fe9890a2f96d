"""The contract of dialogues: one a thread, moved on by one hand only, answered once, and gone in time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.dialogue import LASTS, Dialogue, Step
from bot.domain.events import ChannelRef
from bot.domain.outgoing import Outcome, OutgoingKind
from bot.domain.patterns import Pattern
from tests.storage.conftest import AnyStore
from tests.storage.samples import IDEAS, OTHER, T0, a_channel, a_message, minutes

THREAD = "1700000000.000100"
BEGUN = Dialogue(
    thread=THREAD,
    by="0123456789abcdef",
    salt=b"sixteen bytes ok",
    started_at=T0,
    last_heard="h1",
    replies_at=T0 + minutes(1),
    step=Step.NOTICE,
    turns=1,
    pattern=Pattern.REACTIONARY,
    topic="trend",
    asked=("reactionary-01",),
)


def a_reply(number: str = "o1", ref: ChannelRef = IDEAS) -> Any:
    return a_message(number, ref, thread=THREAD, kind=OutgoingKind.DIALOGUE)


async def begun(store: AnyStore) -> Dialogue:
    await store.channels.add(a_channel())
    assert await store.dialogues.answer(a_reply(), heard="h1", at=T0, after=BEGUN)
    return BEGUN


async def test_what_is_kept_comes_back_as_it_was(store: AnyStore) -> None:
    assert await begun(store) == await store.dialogues.find(IDEAS, THREAD)


async def test_a_dialogue_with_as_little_as_possible_comes_back_too(store: AnyStore) -> None:
    await store.channels.add(a_channel())
    bare = replace(BEGUN, pattern=None, topic=None, asked=())
    await store.dialogues.answer(a_reply(), heard="h1", at=T0, after=bare)
    assert await store.dialogues.find(IDEAS, THREAD) == bare


async def test_there_is_none_in_another_thread_or_channel(store: AnyStore) -> None:
    await begun(store)
    assert await store.dialogues.find(IDEAS, "elsewhere") is None
    assert await store.dialogues.find(OTHER, THREAD) is None


async def test_a_channels_dialogues_are_listed_oldest_first(store: AnyStore) -> None:
    await begun(store)
    earlier = replace(BEGUN, thread="another", started_at=T0 - minutes(1))
    await store.dialogues.answer(a_reply("o2"), heard="h2", at=T0, after=earlier)
    assert list(await store.dialogues.of(IDEAS)) == [earlier, BEGUN]
    assert list(await store.dialogues.of(OTHER)) == []


async def test_the_answer_is_queued_with_it(store: AnyStore) -> None:
    await begun(store)
    (queued,) = await store.outbox.take(T0, lease=minutes(1))
    assert queued.kind is OutgoingKind.DIALOGUE and queued.place.thread == THREAD


async def test_it_moves_on_and_ends(store: AnyStore) -> None:
    before = await begun(store)
    after = replace(before, last_heard="h2", turns=2, step=Step.EXPLORE, asked=(*before.asked, "dialogue.ask.x.1"))
    assert await store.dialogues.answer(a_reply("o2"), heard="h2", at=T0, before=before, after=after)
    assert await store.dialogues.find(IDEAS, THREAD) == after
    assert await store.dialogues.answer(a_reply("o3"), heard="h3", at=T0, before=after)
    assert await store.dialogues.find(IDEAS, THREAD) is None


async def test_a_message_is_answered_once(store: AnyStore) -> None:
    await begun(store)
    assert not await store.dialogues.answer(a_reply("o2"), heard="h1", at=T0, after=replace(BEGUN, turns=9))
    assert await store.dialogues.find(IDEAS, THREAD) == BEGUN
    assert len(await store.outbox.take(T0, lease=minutes(1))) == 1


async def test_of_two_replicas_that_move_it_on_one_does(replicas: tuple[AnyStore, AnyStore]) -> None:
    before = await begun(replicas[0])
    answers = [
        await store.dialogues.answer(
            a_reply(f"r{n}"), heard=f"r{n}", at=T0, before=before, after=replace(before, last_heard=f"r{n}")
        )
        for n, store in enumerate(replicas)
    ]
    assert answers == [True, False]
    again = await replicas[1].dialogues.answer(a_reply("r2"), heard="r1", at=T0)
    assert again, "what was undone must not count as answered"


async def test_a_lapsed_one_makes_room_for_the_next(store: AnyStore) -> None:
    await begun(store)
    fresh = replace(BEGUN, by="f" * 16, started_at=T0 + LASTS, last_heard="h9")
    assert await store.dialogues.answer(a_reply("o2"), heard="h9", at=T0 + LASTS, after=fresh)
    assert await store.dialogues.find(IDEAS, THREAD) == fresh


async def test_the_answer_that_ends_a_dialogue_is_given_once_too(store: AnyStore) -> None:
    before = await begun(store)
    assert await store.dialogues.answer(a_reply("o2"), heard="h8", at=T0, before=before)
    assert await store.dialogues.find(IDEAS, THREAD) is None
    assert not await store.dialogues.answer(a_reply("o3"), heard="h8", at=T0)


async def test_a_talk_alone_with_kith_needs_no_channel(store: AnyStore) -> None:
    alone = ChannelRef("T-1", "D-somebody")
    assert await store.dialogues.answer(a_reply(ref=alone), heard="h1", at=T0, after=BEGUN)
    assert await store.dialogues.find(alone, THREAD) == BEGUN


async def test_it_can_be_dropped(store: AnyStore) -> None:
    await begun(store)
    await store.dialogues.drop(IDEAS, "elsewhere")
    await store.dialogues.drop(OTHER, THREAD)
    assert await store.dialogues.find(IDEAS, THREAD) is not None
    await store.dialogues.drop(IDEAS, THREAD)
    assert await store.dialogues.find(IDEAS, THREAD) is None


async def test_after_a_day_it_is_swept_out_with_what_was_answered(store: AnyStore) -> None:
    await begun(store)
    assert await store.dialogues.sweep(T0 - minutes(1)) == 0
    assert await store.dialogues.sweep(T0) == 1
    assert await store.dialogues.find(IDEAS, THREAD) is None
    assert await store.dialogues.answer(a_reply("o2"), heard="h1", at=T0)


async def test_it_goes_with_the_channel(store: AnyStore) -> None:
    await begun(store)
    await store.channels.forget(IDEAS)
    await store.channels.add(a_channel())
    assert await store.dialogues.find(IDEAS, THREAD) is None
    assert await store.dialogues.answer(a_reply("o2"), heard="h1", at=T0)


@pytest.mark.parametrize("words", [{"topic": "what Ana said"}, {"asked": ("so she said",)}, {"thread": "a b"}])
async def test_words_are_refused(store: AnyStore, words: dict[str, Any]) -> None:
    await store.channels.add(a_channel())
    with pytest.raises(ValueError, match="must be an id"):
        await store.dialogues.answer(a_reply(), heard="h1", at=T0, after=replace(BEGUN, **words))


async def test_what_is_dropped_from_the_outbox_leaves_no_dead_letter(store: AnyStore) -> None:
    await begun(store)
    (queued,) = await store.outbox.take(T0, lease=minutes(1))
    await store.outbox.settle(queued, Outcome.DROPPED)
    assert await store.outbox.put(a_reply()), "a dead letter would still hold its id"
