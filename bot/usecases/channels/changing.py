"""Change a channel without undoing what somebody else changed meanwhile: load, apply a step, save, or try again."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.channel import Channel
from bot.domain.events import ChannelRef
from bot.errors import StoreError
from bot.ports import House

TRIES = 8
"""So many changes in the same moment is more than any channel sees; beyond it something is wrong."""


async def change(ref: ChannelRef, step: Callable[[Channel], Channel], *, house: House) -> Channel | None:
    """The channel after `step`, which must bear being applied again to a newer channel; None if Kith is not there.

    A step that returns the very channel it was given changes nothing.
    """
    for _ in range(TRIES):
        channel = await house.store.channels.get(ref)
        if channel is None:
            return None
        changed = step(channel)
        if changed is channel or await house.store.channels.save(changed):
            return changed
    raise StoreError(problem="one channel is being changed by too many at once")
