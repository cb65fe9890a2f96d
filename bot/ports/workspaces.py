"""What workspaces decide for all their channels."""

from __future__ import annotations

from typing import Protocol

from bot.domain.audit import Change
from bot.domain.workspace import WorkspaceSettings


class Workspaces(Protocol):
    """The settings of workspaces, each kept until it changes or takes them back."""

    async def of(self, workspace: str) -> WorkspaceSettings:
        """Its settings; those that decide nothing, at version 0, if it never made any."""
        ...

    async def save(self, workspace: str, settings: WorkspaceSettings, *, told: Change | None = None) -> bool:
        """Keep these and raise the version; False, and nothing changed, if they have changed since they were loaded.
        `told` is the line of the trail that says so, written together with them or not at all."""
        ...

    async def take_back(self, workspace: str) -> None:
        """Delete them; nothing remains."""
        ...
