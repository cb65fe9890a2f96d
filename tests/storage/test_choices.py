"""The contract of people's choices."""

from __future__ import annotations

from tests.storage.conftest import AnyStore


async def test_nobody_has_opted_out_by_themselves(store: AnyStore) -> None:
    assert not await store.choices.opted_out("T-1", "U-ana")


async def test_an_opt_out_holds_for_one_person_in_one_workspace(store: AnyStore) -> None:
    await store.choices.opt_out("T-1", "U-ana")
    await store.choices.opt_out("T-1", "U-ana")
    assert await store.choices.opted_out("T-1", "U-ana")
    assert not await store.choices.opted_out("T-1", "U-bo")
    assert not await store.choices.opted_out("T-2", "U-ana")


async def test_an_opt_out_can_be_taken_back(store: AnyStore) -> None:
    await store.choices.opt_out("T-1", "U-ana")
    await store.choices.opt_in("T-1", "U-ana")
    await store.choices.opt_in("T-1", "U-ana")
    assert not await store.choices.opted_out("T-1", "U-ana")


async def test_replicas_see_a_choice_at_once(replicas: tuple[AnyStore, AnyStore]) -> None:
    await replicas[0].choices.opt_out("T-1", "U-ana")
    assert await replicas[1].choices.opted_out("T-1", "U-ana")
