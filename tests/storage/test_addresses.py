"""The contract of addresses."""

from __future__ import annotations

from bot.domain.address import Address
from bot.domain.events import ChannelRef
from tests.storage.conftest import AnyStore
from tests.storage.samples import IDEAS, a_channel

HERE = Address(url="https://example.test/emea", group="team-1")


async def test_an_address_is_kept_until_it_is_forgotten(store: AnyStore) -> None:
    assert await store.addresses.find(IDEAS) is None
    await store.addresses.keep(IDEAS, HERE)
    assert await store.addresses.find(IDEAS) == HERE
    await store.addresses.forget(IDEAS)
    await store.addresses.forget(IDEAS)
    assert await store.addresses.find(IDEAS) is None


async def test_a_newer_address_takes_the_place_of_the_older(store: AnyStore) -> None:
    await store.addresses.keep(IDEAS, HERE)
    await store.addresses.keep(IDEAS, Address(url="https://example.test/amer"))
    assert await store.addresses.find(IDEAS) == Address(url="https://example.test/amer")
    assert list(await store.addresses.within(IDEAS.workspace, "team-1")) == []


async def test_the_channels_of_a_group_are_found_in_their_workspace_alone(store: AnyStore) -> None:
    other = ChannelRef(IDEAS.workspace, "another")
    for ref in (other, IDEAS, ChannelRef("T-9", "elsewhere")):
        await store.addresses.keep(ref, HERE)
    await store.addresses.keep(ChannelRef(IDEAS.workspace, "alone"), Address(url=HERE.url))
    assert list(await store.addresses.within(IDEAS.workspace, "team-1")) == sorted([other, IDEAS])
    assert list(await store.addresses.within(IDEAS.workspace, "")) == []


async def test_it_goes_with_its_channel(store: AnyStore) -> None:
    await store.channels.add(a_channel())
    await store.addresses.keep(IDEAS, HERE)
    await store.channels.forget(IDEAS)
    assert await store.addresses.find(IDEAS) is None


async def test_it_goes_with_its_workspace(store: AnyStore) -> None:
    await store.addresses.keep(ChannelRef("T-1", "alone"), HERE)
    assert await store.channels.forget_some("T-1") == 1
    assert await store.addresses.find(ChannelRef("T-1", "alone")) is None
