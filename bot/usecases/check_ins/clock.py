"""The check-in clock: whatever slot has come is said or noted, once, whoever's clock strikes first."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from bot.domain.check_in import CheckIn, Firing
from bot.domain.firing import fired
from bot.domain.rhythm import Slot
from bot.ports import House

AT_ONCE = 200
"""So many check-ins are claimed in one transaction: more would let everything else in the process wait for longer than
some 40 ms of work (docs/performance.md)."""

RUN = timedelta(seconds=20)
"""After so long the rest waits for the next tick, so that what is claimed already has its turn to be said."""

AGAIN = timedelta(hours=1)
"""How soon a check-in is tried again that could not be worked out."""

_log = logging.getLogger("kith.checkins")  # ids and types of errors alone: an error's own text may hold anything


async def fire_due(*, house: House, now: Callable[[], datetime]) -> int:
    """Claim every check-in whose slot has come; says how many. `now` tells the time whenever it is asked."""
    begun, taken = now(), 0
    while now() - begun < RUN:
        at = now()
        claimed = await house.store.check_ins.claim(at, partial(_fired, now=at, house=house), at_most=AT_ONCE)
        taken += claimed
        if claimed < AT_ONCE:
            break
    return taken


def _fired(check_in: CheckIn, *, now: datetime, house: House) -> Firing:
    """What becomes of it; one that cannot be worked out keeps no other from being said."""
    try:
        return fired(check_in, now, house.almanac, house.content)
    except Exception as exc:  # noqa: BLE001, a boundary: one check-in's trouble must not stop all others
        _log.error("check-in %s could not be worked out: %s", check_in.id, type(exc).__name__)
        day = check_in.next.day if check_in.next else now.date()
        return Firing(check_in=replace(check_in, next=Slot(day=day, at=now + AGAIN)))
