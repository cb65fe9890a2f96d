"""The contract of what workspaces decide, of the trail of changes, and of what a language model costs."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import time

import pytest

from bot.domain.charter import CharterRule
from bot.domain.companion import Ceiling
from bot.domain.workspace import WorkspaceSettings
from tests.storage.conftest import AnyStore
from tests.storage.samples import IDEAS, OTHER, T0, a_trace, days

SETTINGS = WorkspaceSettings(
    rule=CharterRule.MEMBERS,
    human_help="Talk to Noor, room 12",
    profile="attentive",
    opens=time(8),
    closes=time(16, 30),
    zone="Europe/Dublin",
    locale="en",
    holidays="IE",
    keeps_days=7,
    admins=frozenset({"U-ana", "U-bo"}),
    companion=True,
    numbers={"gentle": {"a_week": 2, "min_people": 4}},
)
CEILING = Ceiling(a_day=100, a_month=150)


async def test_a_workspace_that_decided_nothing_has_settings_that_decide_nothing(store: AnyStore) -> None:
    assert await store.workspaces.of("T-1") == WorkspaceSettings()


async def test_settings_come_back_as_they_were_saved_with_a_version(store: AnyStore) -> None:
    assert await store.workspaces.save("T-1", SETTINGS)
    assert await store.workspaces.of("T-1") == replace(SETTINGS, version=1)
    assert await store.workspaces.of("T-2") == WorkspaceSettings()
    assert await store.workspaces.save("T-1", WorkspaceSettings(human_help="", version=1))
    assert await store.workspaces.of("T-1") == WorkspaceSettings(human_help="", version=2)


async def test_a_change_to_settings_that_changed_meanwhile_is_refused(replicas: tuple[AnyStore, AnyStore]) -> None:
    first, second = replicas
    loaded = await second.workspaces.of("T-1")
    assert await first.workspaces.save("T-1", SETTINGS)
    assert not await second.workspaces.save("T-1", replace(loaded, companion=True))
    assert await second.workspaces.of("T-1") == replace(SETTINGS, version=1)


async def test_settings_taken_back_leave_nothing(store: AnyStore) -> None:
    await store.workspaces.save("T-1", SETTINGS)
    await store.workspaces.take_back("T-1")
    assert await store.workspaces.of("T-1") == WorkspaceSettings()


@pytest.mark.parametrize(
    "wrong",
    [
        WorkspaceSettings(admins=frozenset({"ana from next door"})),
        WorkspaceSettings(zone="some where"),
        WorkspaceSettings(human_help="x" * 301),
        WorkspaceSettings(human_help="two\nlines"),
        WorkspaceSettings(numbers={"gentle": {"made up": 1}}),
        WorkspaceSettings(numbers={"made up": {"a_week": 1}}),
    ],
)
async def test_words_where_ids_and_numbers_belong_are_refused(store: AnyStore, wrong: WorkspaceSettings) -> None:
    with pytest.raises(ValueError):
        await store.workspaces.save("T-1", wrong)


async def test_tokens_are_reserved_up_to_the_ceiling_of_the_day_and_of_the_month(store: AnyStore) -> None:
    spend = store.spendings
    assert await spend.reserve("T-1", 60, ceiling=CEILING, now=T0)
    assert not await spend.reserve("T-1", 41, ceiling=CEILING, now=T0)
    assert await spend.reserve("T-1", 40, ceiling=CEILING, now=T0)
    assert await spend.reserve("T-1", 50, ceiling=CEILING, now=T0 + days(1))
    assert not await spend.reserve("T-1", 1, ceiling=CEILING, now=T0 + days(2))
    assert await spend.spent("T-1", T0 + days(2)) == (0, 150)
    assert await spend.reserve("T-1", 100, ceiling=CEILING, now=T0 + days(31))
    assert await spend.spent("T-2", T0) == (0, 0)


async def test_what_was_reserved_too_much_is_given_back(store: AnyStore) -> None:
    await store.spendings.reserve("T-1", 60, ceiling=CEILING, now=T0)
    await store.spendings.correct("T-1", -25, now=T0)
    assert await store.spendings.spent("T-1", T0) == (35, 35)


async def test_two_processes_cannot_pass_the_ceiling_together(replicas: tuple[AnyStore, AnyStore]) -> None:
    tries = [
        store.spendings.reserve("T-1", 30, ceiling=CEILING, now=T0)
        for _ in range(4)
        for store in dict.fromkeys(replicas)
    ]
    assert sum(await asyncio.gather(*tries)) == 3


async def test_what_a_day_cost_goes_after_two_months_and_all_of_it_with_the_workspace(store: AnyStore) -> None:
    await store.spendings.reserve("T-1", 60, ceiling=CEILING, now=T0)
    await store.spendings.reserve("T-1", 60, ceiling=CEILING, now=T0 + days(70))
    assert await store.spendings.spent("T-1", T0) == (0, 60)
    await store.spendings.forget("T-1")
    assert await store.spendings.spent("T-1", T0 + days(70)) == (0, 0)


async def test_traces_from_before_a_moment_can_be_dropped(store: AnyStore) -> None:
    key = await store.traces.window_key(IDEAS, T0)
    for n in range(4):
        await store.traces.remember(IDEAS, key, a_trace(f"m{n}", at=T0 + days(n)))
    assert await store.traces.drop_before(IDEAS, T0 + days(2)) == 2
    assert [trace.key for trace in (await store.traces.window(IDEAS, T0)).traces] == ["m2", "m3"]
    assert await store.traces.drop_before(OTHER, T0 + days(9)) == 0
