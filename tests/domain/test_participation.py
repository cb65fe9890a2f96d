"""How people took part, in counts: nothing of who answered whom where fewer than five people spoke."""

from __future__ import annotations

import pytest

from bot.domain.participation import participation_of
from bot.domain.restraint import SMALLEST_GROUP
from tests.talk import talk


@pytest.mark.parametrize("people", range(2, 9))
def test_shares_and_answers_are_told_from_five_people_on(people: int) -> None:
    lines = ["mon 09:00 ana: who has the van today?"]
    lines += [f"mon 09:{10 + n} person{n}> not me" for n in range(1, people)]
    told = participation_of(talk("\n".join(lines)))
    assert told.people == people
    assert bool(told.shares) is bool(told.answers) is (people >= SMALLEST_GROUP)
