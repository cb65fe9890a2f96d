"""Opens the store for the commands about dead letters."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.scheduler import MachineClock
from bot.bootstrap.building import house_of, opened_store
from bot.config import Settings
from bot.domain.outgoing import Outgoing
from bot.usecases.asking import dead_letters as letters


async def dead_letters(settings: Settings) -> Sequence[Outgoing]:
    """Messages that were given up, the oldest first."""
    async with opened_store(settings) as store:
        return await letters.dead_letters(store=store)


async def resend(name: str, settings: Settings) -> Outgoing:
    """Let one of them go out again."""
    async with opened_store(settings) as store:
        return await letters.resend(name, house=house_of(settings, store), now=MachineClock().now())
