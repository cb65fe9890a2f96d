"""What is over is destroyed in small batches, and one kind's trouble keeps no other."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from adapters.prompt_files import shipped_content
from adapters.storage.memory.store import MemoryStore
from bot.domain.events import ChannelRef
from bot.domain.window import WINDOW_LENGTH
from bot.errors import StoreError
from bot.ports import House
from bot.usecases.keeping.tidy import BATCHES, WINDOWS, tidy
from tests.readers import MarkedReader
from tests.talk import MONDAY, REF

LATER = MONDAY + WINDOW_LENGTH


def house_on(store: MemoryStore) -> House:
    return House(store=store, reader=MarkedReader(), content=shipped_content())


async def test_no_tick_destroys_more_than_so_many_batches() -> None:
    store = MemoryStore()
    many = WINDOWS * BATCHES + 7
    for n in range(many):
        await store.traces.window_key(ChannelRef("T", f"C{n}"), MONDAY)
    assert await tidy(house=house_on(store), now=LATER - timedelta(seconds=1)) == 0
    assert await tidy(house=house_on(store), now=LATER) == WINDOWS * BATCHES
    assert await tidy(house=house_on(store), now=LATER) == 7
    assert await tidy(house=house_on(store), now=LATER) == 0


async def test_windows_that_cannot_be_closed_keep_no_round_from_ending(caplog: pytest.LogCaptureFixture) -> None:
    class Stuck(MemoryStore):
        async def close_windows(self, before: datetime, *, at_most: int = 100) -> int:
            raise StoreError(problem="it is away")

    store = Stuck()
    store.traces.close_windows = store.close_windows  # type: ignore[method-assign]  # a part that fails
    await store.rounds.open(REF, "r1", MONDAY)
    assert await tidy(house=house_on(store), now=MONDAY + timedelta(days=31)) == 1
    assert "windows that are over could not be destroyed: StoreError" in caplog.text
