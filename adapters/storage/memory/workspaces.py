"""What workspaces decide, the trail of changes, and what a language model has cost, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from heapq import nlargest

from adapters.storage.shapes import only_settings, only_short_ids
from bot.domain.audit import Change, everywhere
from bot.domain.companion import KEPT, Ceiling, day_of, month_of
from bot.domain.events import ChannelRef
from bot.domain.workspace import WorkspaceSettings


class MemoryChanges:
    """`bot.ports.Changes` in memory."""

    def __init__(self) -> None:
        self._lines: dict[ChannelRef, dict[str, Change]] = {}

    def write(self, change: Change | None) -> None:
        """Write a line, if there is one, as part of the change it tells of; ValueError where a fact is anything but a
        short id, before anything is written."""
        if change is not None:
            only_short_ids("a change", (*change.facts, *change.facts.values()))
            self._lines.setdefault(change.ref, {}).setdefault(change.id, change)

    async def of(self, ref: ChannelRef, *, at_most: int = 20) -> Sequence[Change]:
        found = [line for where in {ref, everywhere(ref)} for line in self._lines.get(where, {}).values()]
        return nlargest(at_most, found, key=lambda change: (change.at, change.id))

    def forget(self, ref: ChannelRef) -> None:
        """Let go of a channel's lines."""
        self._lines.pop(ref, None)

    def places(self, workspace: str) -> set[ChannelRef]:
        """Where anything of this is kept in a workspace."""
        return {ref for ref in self._lines if ref.workspace == workspace}


class MemoryWorkspaces:
    """`bot.ports.Workspaces` in memory."""

    def __init__(self, changes: MemoryChanges) -> None:
        self._changes = changes
        self._settings: dict[str, WorkspaceSettings] = {}

    async def of(self, workspace: str) -> WorkspaceSettings:
        return self._settings.get(workspace, WorkspaceSettings())

    async def save(self, workspace: str, settings: WorkspaceSettings, *, told: Change | None = None) -> bool:
        only_settings(settings)
        if self._settings.get(workspace, WorkspaceSettings()).version != settings.version:
            return False
        self._changes.write(told)
        numbers = {profile: dict(moved) for profile, moved in settings.numbers.items() if moved}
        self._settings[workspace] = replace(settings, numbers=numbers, version=settings.version + 1)
        return True

    async def take_back(self, workspace: str) -> None:
        self._settings.pop(workspace, None)


class MemorySpendings:
    """`bot.ports.Spendings` in memory."""

    def __init__(self) -> None:
        self._tokens: dict[str, dict[datetime, int]] = {}

    async def reserve(self, workspace: str, tokens: int, *, ceiling: Ceiling, now: datetime) -> bool:
        today, month = await self.spent(workspace, now)
        if today + tokens > ceiling.a_day or month + tokens > ceiling.a_month:
            return False
        await self.correct(workspace, tokens, now=now)
        days = self._tokens[workspace]
        self._tokens[workspace] = {day: n for day, n in days.items() if day >= day_of(now) - KEPT}
        return True

    async def correct(self, workspace: str, change: int, *, now: datetime) -> None:
        days = self._tokens.setdefault(workspace, {})
        days[day_of(now)] = days[day_of(now)] + change if day_of(now) in days else max(change, 0)

    async def spent(self, workspace: str, now: datetime) -> tuple[int, int]:
        days = self._tokens.get(workspace, {})
        return days.get(day_of(now), 0), sum(n for day, n in days.items() if day >= month_of(now))

    async def forget(self, workspace: str) -> None:
        self._tokens.pop(workspace, None)
