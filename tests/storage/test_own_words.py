"""The contract of the words that an organisation gives of itself."""

from __future__ import annotations

from bot.domain.own_words import LONGEST, OwnWords
from tests.storage.conftest import AnyStore

WORDS = OwnWords(stands_for="Things that last, and a bench to mend them on.", for_one_another="Neighbours.")


async def test_a_workspace_has_no_words_until_it_gives_some(store: AnyStore) -> None:
    assert not await store.own_words.of("T-1")


async def test_words_given_are_kept_for_that_workspace_until_others_take_their_place(store: AnyStore) -> None:
    await store.own_words.give("T-1", WORDS)
    assert await store.own_words.of("T-1") == WORDS
    assert not await store.own_words.of("T-2")
    other = OwnWords(stands_for="é" * LONGEST)
    await store.own_words.give("T-1", other)
    assert await store.own_words.of("T-1") == other


async def test_words_taken_back_leave_nothing(store: AnyStore) -> None:
    for leave in (store.own_words.take_back("T-1"), store.own_words.give("T-1", OwnWords())):
        await store.own_words.give("T-1", WORDS)
        await leave
        assert await store.own_words.of("T-1") == OwnWords()


async def test_replicas_see_the_words_at_once(replicas: tuple[AnyStore, AnyStore]) -> None:
    await replicas[0].own_words.give("T-1", WORDS)
    assert await replicas[1].own_words.of("T-1") == WORDS
