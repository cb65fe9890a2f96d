"""The contract of installations, of handshakes, and of forgetting a workspace."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from adapters.storage.engine import build_engine
from adapters.storage.sealing import Sealer, new_key
from adapters.storage.sql import open_store
from bot.domain.dialogue import Dialogue
from bot.domain.installation import Installation
from bot.errors import SealError
from tests.storage.conftest import AnyStore
from tests.storage.samples import ELSEWHERE, IDEAS, OTHER, T0, a_channel, a_message, a_trace, days, minutes

TOKEN, REFRESH = "a-token-of-twenty-letters", "a-refresh-token"


def an_installation(workspace: str = "T-1", **rest: Any) -> Installation:
    return Installation(**{"workspace": workspace, "user": "U-kith", "bot": "B-kith", "token": TOKEN, **rest})


def ending(workspace: str = "T-1", hours: float = 1) -> Installation:
    return an_installation(workspace, refresh=REFRESH, expires_at=T0 + minutes(60 * hours))


async def test_an_installation_is_found_again_with_its_tokens(store: AnyStore) -> None:
    assert await store.installations.of("T-1") is None
    await store.installations.install(ending())
    assert await store.installations.of("T-1") == replace(ending(), version=1)
    assert await store.installations.of("T-2") is None


async def test_installing_again_takes_the_place_of_what_was_there(store: AnyStore) -> None:
    await store.installations.install(ending())
    await store.installations.install(an_installation(token="another", user="U-2"))
    found = await store.installations.of("T-1")
    assert found == an_installation(token="another", user="U-2", version=2)
    assert await store.installations.versions() == {"T-1": 2}


async def test_a_token_is_never_in_what_an_installation_says_of_itself() -> None:
    assert TOKEN not in repr(ending())
    assert REFRESH not in repr(ending())


async def test_a_token_that_ends_soon_is_handed_to_one_caller_alone(replicas: tuple[AnyStore, AnyStore]) -> None:
    one, two = (replica.installations for replica in replicas)
    for installation in (ending("T-1"), ending("T-2", hours=3), an_installation("T-3")):
        await one.install(installation)
    claims = await asyncio.gather(*(store.claim_renewal(T0, lease=minutes(2)) for store in (one, two, one, two)))
    assert [found.workspace for claim in claims for found in claim] == ["T-1"]
    assert [found.workspace for found in await two.claim_renewal(T0 + minutes(2), lease=minutes(2))] == ["T-1"]


async def test_a_renewed_token_counts_once_and_not_after_another_change(store: AnyStore) -> None:
    await store.installations.install(ending())
    (claimed,) = await store.installations.claim_renewal(T0, lease=minutes(2))
    renewed = replace(claimed, token="next", refresh="next-refresh", expires_at=T0 + days(1))
    assert await store.installations.renew(renewed)
    assert not await store.installations.renew(renewed)
    assert await store.installations.of("T-1") == replace(renewed, version=2)
    assert await store.installations.claim_renewal(T0, lease=minutes(2)) == []


async def test_ended_its_tokens_are_gone_at_once_and_the_rest_is_due_later(store: AnyStore) -> None:
    await store.installations.install(ending())
    (claimed,) = await store.installations.claim_renewal(T0, lease=minutes(2))
    await store.installations.end("T-1", forget_at=T0 + days(30))
    assert await store.installations.of("T-1") is None
    assert await store.installations.versions() == {}
    assert not await store.installations.renew(claimed)
    assert await store.installations.claim_renewal(T0 + days(1), lease=minutes(2)) == []
    assert list(await store.installations.ended(T0)) == []
    assert list(await store.installations.ended(T0 + days(30))) == ["T-1"]
    await store.installations.drop("T-1")
    assert list(await store.installations.ended(T0 + days(30))) == []


async def test_the_earliest_time_to_forget_holds(store: AnyStore) -> None:
    for after in (30, 0, 30):
        await store.installations.end("T-1", forget_at=T0 + days(after))
    await store.installations.end("T-2", forget_at=T0 - days(1))
    assert list(await store.installations.ended(T0)) == ["T-2", "T-1"]
    assert list(await store.installations.ended(T0, at_most=1)) == ["T-2"]


async def test_a_workspace_that_installs_again_is_not_forgotten(store: AnyStore) -> None:
    await store.installations.end("T-1", forget_at=T0)
    assert await store.installations.is_over("T-1", T0)
    assert not await store.installations.is_over("T-1", T0 - minutes(1))
    await store.installations.install(an_installation())
    await store.installations.drop("T-1")
    assert not await store.installations.is_over("T-1", T0)
    assert list(await store.installations.ended(T0)) == []
    assert await store.installations.of("T-1") is not None


async def test_a_handshake_is_finished_once_and_within_its_time(replicas: tuple[AnyStore, AnyStore]) -> None:
    one, two = (replica.handshakes for replica in replicas)
    for state in ("a", "b", "c"):
        await one.begin(state, until=T0 + minutes(10))
    finished = await asyncio.gather(*(store.finish("a", T0) for store in (one, two, one, two)))
    assert sorted(finished) == [False, False, False, True]
    assert not await two.finish("never begun", T0)
    assert await two.finish("b", T0 + minutes(9))
    assert not await two.finish("c", T0 + minutes(10))


async def test_a_workspace_is_forgotten_in_small_steps(store: AnyStore) -> None:
    for ref in (IDEAS, OTHER, ELSEWHERE):
        await store.channels.add(a_channel(ref))
        key = await store.traces.window_key(ref, T0)
        await store.traces.remember(ref, key, a_trace())
        await store.outbox.put(a_message("o1", ref))
    alone = replace(IDEAS, channel="D-alone")
    talk = Dialogue(thread="t", by="b", salt=b"s", started_at=T0, last_heard="h", replies_at=T0)
    await store.dialogues.answer(a_message("o2", alone), heard="h", at=T0, after=talk)
    assert [await store.channels.forget_some("T-1", at_most=2) for _ in range(3)] == [2, 1, 0]
    assert list(await store.channels.all("T-1")) == []
    assert await store.dialogues.of(alone) == []
    assert [channel.ref for channel in await store.channels.all("T-2")] == [ELSEWHERE]
    assert [waiting.place.channel for waiting in await store.outbox.take(T0, lease=minutes(1))] == [ELSEWHERE]


async def test_tokens_stand_sealed_in_the_database_and_open_for_their_workspace_alone(url: str) -> None:
    key = new_key()
    store = await open_store(url, sealer=Sealer([key]))
    await store.installations.install(ending("T-1"))
    await store.installations.install(ending("T-2"))
    engine = build_engine(url)
    async with engine.begin() as connection:
        sealed = (await connection.execute(text("SELECT sealed FROM installations"))).scalars().all()
        await connection.execute(
            text("UPDATE installations SET sealed = :other WHERE workspace = 'T-2'"), {"other": sealed[0]}
        )
    await engine.dispose()
    assert all(TOKEN.encode() not in bytes(row) for row in sealed)
    with pytest.raises(SealError):
        await store.installations.of("T-2")
    assert [found.workspace for found in await store.installations.claim_renewal(T0, lease=minutes(1))] == ["T-1"]
    await store.close()
    other = await open_store(url, sealer=Sealer([new_key()]))
    with pytest.raises(SealError):
        await other.installations.of("T-1")
    await other.close()
