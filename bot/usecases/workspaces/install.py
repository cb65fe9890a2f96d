"""Be installed in a workspace, and forget all of it once Kith was taken out again."""

from __future__ import annotations

from datetime import datetime

from bot.domain.installation import REVOKED_KEPT, Installation
from bot.ports import House

STEPS = 5
"""How many small steps of forgetting are done at one go; what is left then waits for the next."""


async def install(installation: Installation, *, house: House, now: datetime) -> None:
    """Keep an installation. What is left of one that ended goes first: whoever installs Kith anew begins anew."""
    while await house.store.installations.is_over(installation.workspace, now):
        await _forget(installation.workspace, house, now)
    await house.store.installations.install(installation)


async def resume(workspace: str, *, house: House, now: datetime) -> None:
    """Kith is here under a token of the deployment's own: what ended before is over, and is forgotten first."""
    while await house.store.installations.is_over(workspace, now):
        await _forget(workspace, house, now)
    await house.store.installations.drop(workspace)


async def end(workspace: str, *, house: House, now: datetime, revoked: bool) -> None:
    """Kith was taken out: its tokens go at once, and all else too; or only its token was `revoked`: then all else stays
    for REVOKED_KEPT, in case Kith is installed anew."""
    await house.store.installations.end(workspace, forget_at=now + REVOKED_KEPT if revoked else now)
    if not revoked:
        await _forget(workspace, house, now)


async def forget_ended(*, house: House, now: datetime) -> None:
    """Forget on where a workspace's time has come, a few small steps each."""
    for workspace in await house.store.installations.ended(now):
        await _forget(workspace, house, now)


async def _forget(workspace: str, house: House, now: datetime) -> None:
    for _ in range(STEPS):
        if not await house.store.installations.is_over(workspace, now):
            return  # installed anew meanwhile
        if not await house.store.channels.forget_some(workspace):
            await house.store.own_words.take_back(workspace)
            await house.store.workspaces.take_back(workspace)
            await house.store.spendings.forget(workspace)
            await house.store.installations.drop(workspace)
            return
