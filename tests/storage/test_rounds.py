"""The contract of a team's rounds: counted together, once a person, shown once, and gone after 30 days."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.path_check import ROUND_LENGTH, Answered, Tally
from tests.storage.conftest import AnyStore
from tests.storage.samples import ELSEWHERE, IDEAS, OTHER, T0, minutes

Replicas = tuple[AnyStore, AnyStore]
STAY = ["rather.stay"]


async def test_a_second_round_is_the_first_while_that_is_open(store: AnyStore) -> None:
    first = await store.rounds.open(IDEAS, "r1", T0)
    assert await store.rounds.open(IDEAS, "r2", T0 + minutes(5)) == first
    assert await store.rounds.current(IDEAS, T0 + minutes(5)) == first
    assert (await store.rounds.open(OTHER, "r3", T0)).salt != first.salt


async def test_an_answer_is_counted_once_a_person(store: AnyStore) -> None:
    await store.rounds.open(IDEAS, "r1", T0)
    for by, said in (("a", ["words.technology"]), ("a", ["words.technology"]), ("b", ["rather.stay"])):
        await store.rounds.answer(IDEAS, "r1", by=by, stands=said, now=T0)
    assert await store.rounds.answered(IDEAS, "r1", "a")
    assert not await store.rounds.answered(IDEAS, "r1", "c")
    assert not await store.rounds.answered(IDEAS, "r0", "a")
    tally = await store.rounds.finish(IDEAS, "r1", at_least=1, now=T0)
    assert tally == Tally(people=2, counts={"words": 1, "words.technology": 1, "rather": 1, "rather.stay": 1})


async def test_a_blank_answer_is_refused_and_counts_nobody(store: AnyStore) -> None:
    await store.rounds.open(IDEAS, "r1", T0)
    with pytest.raises(ValueError, match="blank"):
        await store.rounds.answer(IDEAS, "r1", by="a", stands=(), now=T0)
    assert not await store.rounds.answered(IDEAS, "r1", "a")


async def test_answers_to_different_parts_do_not_add_up_to_enough(store: AnyStore) -> None:
    await store.rounds.open(IDEAS, "r1", T0)
    for by, said in (("a", "words.technology"), ("b", "rather.stay"), ("c", "rather.technology")):
        await store.rounds.answer(IDEAS, "r1", by=by, stands=[said], now=T0)
    running = await store.rounds.current(IDEAS, T0)
    assert running is not None and running.people == 2
    assert await store.rounds.finish(IDEAS, "r1", at_least=3, now=T0) is None
    assert await store.rounds.finish(IDEAS, "r1", at_least=2, now=T0) is not None


async def test_an_answer_to_another_round_or_an_old_one_is_not_counted(store: AnyStore) -> None:
    await store.rounds.open(IDEAS, "r1", T0)
    late = T0 + ROUND_LENGTH
    assert await store.rounds.answer(IDEAS, "r0", by="a", stands=STAY, now=T0) is Answered.OVER
    assert await store.rounds.answer(OTHER, "r1", by="a", stands=STAY, now=T0) is Answered.OVER
    assert await store.rounds.answer(IDEAS, "r1", by="a", stands=STAY, now=late) is Answered.OVER
    assert await store.rounds.current(IDEAS, late) is None


async def test_a_round_is_shown_once_and_not_before_enough_have_answered(store: AnyStore) -> None:
    await store.rounds.open(IDEAS, "r1", T0)
    await store.rounds.answer(IDEAS, "r1", by="a", stands=["rather.stay"], now=T0)
    assert await store.rounds.finish(IDEAS, "r1", at_least=2, now=T0) is None
    assert await store.rounds.finish(IDEAS, "r0", at_least=1, now=T0) is None
    assert await store.rounds.finish(IDEAS, "r1", at_least=1, now=T0) is not None
    assert await store.rounds.finish(IDEAS, "r1", at_least=1, now=T0) is None
    assert not await store.rounds.answered(IDEAS, "r1", "a")


async def test_a_new_round_begins_with_nobody_and_another_salt(store: AnyStore) -> None:
    first = await store.rounds.open(IDEAS, "r1", T0)
    await store.rounds.answer(IDEAS, "r1", by=first.pseudonym("ana"), stands=STAY, now=T0)
    second = await store.rounds.open(IDEAS, "r2", T0 + ROUND_LENGTH)
    assert (second.id, second.people) == ("r2", 0)
    assert second.pseudonym("ana") != first.pseudonym("ana")
    assert not await store.rounds.answered(IDEAS, "r2", first.pseudonym("ana"))


async def test_rounds_whose_time_is_over_are_deleted(store: AnyStore) -> None:
    for ref in (IDEAS, OTHER, ELSEWHERE):
        await store.rounds.open(ref, "r1", T0)
    assert await store.rounds.close(T0 + ROUND_LENGTH - minutes(1)) == 0
    assert await store.rounds.close(T0 + ROUND_LENGTH, at_most=2) == 2
    assert await store.rounds.close(T0 + ROUND_LENGTH) == 1


async def test_a_round_goes_with_its_channel(store: AnyStore) -> None:
    await store.rounds.open(IDEAS, "r1", T0)
    await store.rounds.open(OTHER, "r1", T0)
    await store.channels.forget(IDEAS)
    assert await store.rounds.current(IDEAS, T0) is None
    assert await store.rounds.current(OTHER, T0) is not None


@pytest.mark.parametrize("said", ["I would rather not", "words.telephone", ""])
async def test_words_are_refused_where_an_answer_belongs(store: AnyStore, said: str) -> None:
    await store.rounds.open(IDEAS, "r1", T0)
    with pytest.raises(ValueError, match="our own") as refusal:
        await store.rounds.answer(IDEAS, "r1", by="a", stands=[said], now=T0)
    assert not said or said not in str(refusal.value)


async def test_answers_through_two_replicas_at_once_are_all_counted(replicas: Replicas) -> None:
    await replicas[0].rounds.open(IDEAS, "r1", T0)
    given = [
        replicas[n % 2].rounds.answer(IDEAS, "r1", by=f"p{n % 10}", stands=["words.technology"], now=T0)
        for n in range(20)
    ]
    outcomes = await asyncio.gather(*given)
    assert sorted(outcomes) == [Answered.BEFORE] * 10 + [Answered.COUNTED] * 10
    tally = await replicas[1].rounds.finish(IDEAS, "r1", at_least=10, now=T0)
    assert tally == Tally(people=10, counts={"words": 10, "words.technology": 10})


async def test_of_two_who_show_it_at_once_one_does(replicas: Replicas) -> None:
    await replicas[0].rounds.open(IDEAS, "r1", T0)
    await replicas[0].rounds.answer(IDEAS, "r1", by="a", stands=STAY, now=T0)
    shown = await asyncio.gather(*(r.rounds.finish(IDEAS, "r1", at_least=1, now=T0) for r in replicas))
    assert sum(tally is not None for tally in shown) == 1
