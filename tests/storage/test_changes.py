"""The contract of the trail of changes: a change and the line that tells of it are written together or not at all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from bot.domain.audit import Change, Role, What, everywhere
from bot.domain.events import ChannelRef
from bot.domain.own_words import OwnWords
from bot.domain.themes import Theme
from bot.domain.workspace import WorkspaceSettings
from tests.storage.check_in_samples import a_check_in
from tests.storage.conftest import AnyStore
from tests.storage.samples import ELSEWHERE, IDEAS, OTHER, T0, a_channel, noted


def a_change(n: int = 0, ref: ChannelRef = IDEAS, **facts: str) -> Change:
    return Change(ref=ref, at=T0 + timedelta(minutes=n), what=What.CHANNEL_SETTINGS, by=Role.STEWARD, facts=facts)


async def test_a_channel_reads_its_own_changes_and_the_workspaces_newest_first(store: AnyStore) -> None:
    lines = [a_change(0, profile="gentle"), a_change(1, everywhere(IDEAS)), a_change(2)]
    for line in (*lines, a_change(3, OTHER), a_change(4, ELSEWHERE)):
        await noted(store, line)
    assert list(await store.changes.of(IDEAS)) == lines[::-1]
    assert list(await store.changes.of(IDEAS, at_most=1)) == lines[2:]


async def test_the_same_change_is_one_line(store: AnyStore) -> None:
    for _ in range(2):
        await noted(store, a_change())
    assert len(await store.changes.of(IDEAS)) == 1


async def test_a_channels_changes_go_with_it_and_the_workspaces_stay(store: AnyStore) -> None:
    await store.channels.add(a_channel(), told=a_change())
    await noted(store, a_change(1, everywhere(IDEAS)))
    await store.channels.forget(IDEAS)
    assert [line.ref for line in await store.changes.of(IDEAS)] == [everywhere(IDEAS)]


async def test_the_workspaces_changes_go_with_the_workspace(store: AnyStore) -> None:
    await noted(store, a_change(0, everywhere(IDEAS)))
    while await store.channels.forget_some("T-1"):
        pass
    assert not await store.changes.of(IDEAS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """A change that may be told: doing it, looking at what it changes, and what it does where it comes too late."""

    do: Callable[[AnyStore, Change], Awaitable[object]]
    seen: Callable[[AnyStore], Awaitable[object]]
    late: Callable[[AnyStore, Change], Awaitable[bool]] | None = None


OLD, NEW = OwnWords(stands_for="Things that last."), OwnWords(stands_for="Things that are mended.")
CHECK_IN = a_check_in("a")

DEEDS: Mapping[str, Deed] = {
    "a channel is come into": Deed(
        do=lambda store, told: store.channels.add(a_channel(OTHER), told=told),
        seen=lambda store: store.channels.get(OTHER),
        late=lambda store, told: store.channels.add(a_channel(), told=told),
    ),
    "a channel is changed": Deed(
        do=lambda store, told: store.channels.save(a_channel(name="new"), told=told),
        seen=lambda store: store.channels.get(IDEAS),
        late=lambda store, told: store.channels.save(a_channel(name="late", version=7), told=told),
    ),
    "a workspace decides for the first time": Deed(
        do=lambda store, told: store.workspaces.save("T-2", WorkspaceSettings(companion=True), told=told),
        seen=lambda store: store.workspaces.of("T-2"),
    ),
    "a workspace decides anew": Deed(
        do=lambda store, told: store.workspaces.save("T-1", WorkspaceSettings(companion=True, version=1), told=told),
        seen=lambda store: store.workspaces.of("T-1"),
        late=lambda store, told: store.workspaces.save("T-1", WorkspaceSettings(), told=told),
    ),
    "words are given": Deed(
        do=lambda store, told: store.own_words.give("T-1", NEW, told=told),
        seen=lambda store: store.own_words.of("T-1"),
    ),
    "words are given empty": Deed(
        do=lambda store, told: store.own_words.give("T-1", OwnWords(), told=told),
        seen=lambda store: store.own_words.of("T-1"),
    ),
    "words are taken back": Deed(
        do=lambda store, told: store.own_words.take_back("T-1", told=told),
        seen=lambda store: store.own_words.of("T-1"),
    ),
    "a check-in is made": Deed(
        do=lambda store, told: store.check_ins.add(a_check_in("b"), at_most=2, told=told),
        seen=lambda store: store.check_ins.of(IDEAS),
        late=lambda store, told: store.check_ins.add(a_check_in("c"), at_most=1, told=told),
    ),
    "a check-in is changed": Deed(
        do=lambda store, told: store.check_ins.save(replace(CHECK_IN, asks=Theme.VISION), told=told),
        seen=lambda store: store.check_ins.of(IDEAS),
        late=lambda store, told: store.check_ins.save(replace(CHECK_IN, version=7), told=told),
    ),
    "a check-in is stopped": Deed(
        do=lambda store, told: store.check_ins.stop(IDEAS, "a", told=told),
        seen=lambda store: store.check_ins.of(IDEAS),
        late=lambda store, told: store.check_ins.stop(IDEAS, "no-such-one", told=told),
    ),
}

deeds = pytest.mark.parametrize("deed", [pytest.param(deed, id=name) for name, deed in DEEDS.items()])


async def furnish(store: AnyStore) -> None:
    await store.channels.add(a_channel())
    await store.workspaces.save("T-1", WorkspaceSettings(human_help="Ask at the desk."))
    await store.own_words.give("T-1", OLD)
    await store.check_ins.add(CHECK_IN, at_most=9)


@deeds
async def test_a_change_is_told_by_the_line_that_came_with_it(store: AnyStore, deed: Deed) -> None:
    await furnish(store)
    before = await deed.seen(store)
    await deed.do(store, a_change())
    assert await deed.seen(store) != before
    assert list(await store.changes.of(IDEAS)) == [a_change()]


@deeds
async def test_where_the_line_cannot_be_written_nothing_is_changed(store: AnyStore, deed: Deed) -> None:
    await furnish(store)
    before = await deed.seen(store)
    with pytest.raises(ValueError):
        await deed.do(store, a_change(help="Talk to Noor"))
    assert await deed.seen(store) == before
    assert not await store.changes.of(IDEAS)


@pytest.mark.parametrize("deed", [pytest.param(deed, id=name) for name, deed in DEEDS.items() if deed.late])
async def test_where_the_change_comes_too_late_no_line_is_written(store: AnyStore, deed: Deed) -> None:
    await furnish(store)
    assert deed.late is not None and not await deed.late(store, a_change())
    assert not await store.changes.of(IDEAS)
