"""Change a channel without undoing what somebody else changed meanwhile: load, apply a step, save, or try again."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.audit import Change
from bot.domain.channel import Channel
from bot.domain.events import ChannelRef
from bot.errors import StoreError
from bot.ports import House

TRIES = 8
"""So many changes in the same moment is more than any channel sees; beyond it something is wrong."""


async def change(
    ref: ChannelRef,
    step: Callable[[Channel], Channel],
    *,
    house: House,
    told: Callable[[Channel, Channel], Change | None] | None = None,
) -> Channel | None:
    """The channel after `step`, which must bear being applied again to a newer channel; None if Kith is not there.

    A step that returns the very channel it was given changes nothing. `told` gives the line of the trail for the
    channel before and after, None where nothing is to be told; it is written with the change or not at all.
    """
    for _ in range(TRIES):
        channel = await house.store.channels.get(ref)
        if channel is None:
            return None
        changed = step(channel)
        if changed is channel:
            return changed
        line = told(channel, changed) if told else None
        if await house.store.channels.save(changed, told=line):
            return changed
    raise StoreError(problem="one channel is being changed by too many at once")
