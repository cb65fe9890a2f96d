"""Twenty kills under load: nothing accepted is lost, no slot has no run or two, nothing is asked over budget."""

from __future__ import annotations

import pytest

from tests.faults.__main__ import run
from tests.faults.counting import faults

KILLS = {"sqlite": 10, "postgres": 10}
"""`python -m tests.faults --kills 200` kills more."""


@pytest.mark.parametrize("database", KILLS)
def test_a_storm_loses_nothing_and_asks_nothing_over_budget(database: str) -> None:
    count = run(database, KILLS[database], cuts=2, seed=7)
    assert count.kills == KILLS[database]
    assert count.accepted > 20
    assert count.runs_said > 3
    assert faults(count) == [], count
