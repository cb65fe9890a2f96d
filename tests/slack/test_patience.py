"""Work done once, work that may be late, and turns that are an interval apart."""

from __future__ import annotations

import asyncio

import pytest

from adapters.once import Once
from adapters.slack.patience import Patience


class Work:
    """Counts how often it was done; fails as often as it is told to, and waits while it is held up."""

    def __init__(self, *, failing: int = 0) -> None:
        self.done = 0
        self.goes_on = asyncio.Event()
        self.goes_on.set()
        self._failing = failing

    async def __call__(self) -> None:
        self.done += 1
        await self.goes_on.wait()
        if self.done <= self._failing:
            raise OSError


async def test_work_is_done_once_for_a_name() -> None:
    once, work = Once(), Work()
    for name in ("a", "a", "b", "a"):
        await once.do(name, work)
    assert work.done == 2


async def test_work_asked_for_twice_at_a_time_is_done_once_and_both_wait_for_it() -> None:
    once, work = Once(), Work()
    work.goes_on.clear()
    both = [asyncio.ensure_future(once.do("a", work)) for _ in range(2)]
    await asyncio.sleep(0)
    assert not any(one.done() for one in both)
    work.goes_on.set()
    await asyncio.gather(*both)
    assert work.done == 1


async def test_work_that_failed_may_be_tried_again() -> None:
    once, work = Once(), Work(failing=1)
    with pytest.raises(OSError):
        await once.do("a", work)
    await once.do("a", work)
    await once.do("a", work)
    assert work.done == 2


async def test_work_without_a_name_is_always_done() -> None:
    once, work = Once(), Work()
    await once.do("", work)
    await once.do("", work)
    assert work.done == 2


async def test_only_so_many_names_are_remembered() -> None:
    once, work = Once(most=2), Work()
    for name in ("a", "b", "c", "a"):
        await once.do(name, work)
    assert work.done == 4


async def test_late_work_reports_afterwards_and_is_waited_for_at_the_end() -> None:
    patience, goes_on, told = Patience(0.01), asyncio.Event(), list[str]()

    async def slow() -> str:
        await goes_on.wait()
        return "done"

    async def late(result: str) -> None:
        told.append(result)

    assert await patience.answer(slow(), late=late) is None
    goes_on.set()
    await patience.close()
    assert told == ["done"]


async def test_late_work_that_fails_is_noted_without_a_word_of_it(caplog: pytest.LogCaptureFixture) -> None:
    patience, goes_on = Patience(0.01), asyncio.Event()

    async def slow() -> str:
        await goes_on.wait()
        raise OSError("a planted sentence")

    async def late(result: str) -> None:
        raise AssertionError(result)

    assert await patience.answer(slow(), late=late) is None
    goes_on.set()
    await patience.close()
    assert "OSError" in caplog.text
    assert "planted" not in caplog.text
