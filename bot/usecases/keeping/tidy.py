"""Destroy what is over, in small batches, so that no other work waits long for it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.domain.dialogue import LASTS
from bot.ports import House

WINDOWS, ROWS = 20, 500
"""How much one batch may take: windows go with all of their traces, everything else is small."""

BATCHES = 10
"""So many batches of each kind in one tick; what is left waits for the next."""

_log = logging.getLogger("kith.tidy")  # kinds and types of errors alone


async def tidy(*, house: House, now: datetime) -> int:
    """Windows with their salts and traces, rounds, dialogues, shown answers: says how many went. What cannot be
    destroyed keeps nothing else, and has its turn again in the next tick."""
    store = house.store
    kinds: tuple[tuple[str, Callable[[int], Awaitable[int]], int], ...] = (
        ("windows", lambda most: store.traces.close_windows(now, at_most=most), WINDOWS),
        ("rounds", lambda most: store.rounds.close(now, at_most=most), ROWS),
        ("dialogues", lambda most: store.dialogues.sweep(now - LASTS, at_most=most), ROWS),
        ("answers", lambda most: store.runs.sweep(now, at_most=most), ROWS),
    )
    gone = 0
    for name, destroy, most in kinds:
        try:
            gone += await _in_batches(destroy, most)
        except Exception as exc:  # noqa: BLE001, a boundary: one kind's trouble must not keep all others
            _log.error("%s that are over could not be destroyed: %s", name, type(exc).__name__)
    return gone


async def _in_batches(destroy: Callable[[int], Awaitable[int]], most: int) -> int:
    gone = 0
    for _ in range(BATCHES):
        batch = await destroy(most)
        gone += batch
        if batch < most:
            break
    return gone
