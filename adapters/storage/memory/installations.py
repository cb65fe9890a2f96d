"""Where Kith is installed, in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.installation import RENEW_BEFORE, Installation


class MemoryInstallations:
    """`bot.ports.Installations` in memory."""

    def __init__(self) -> None:
        self._installed: dict[str, Installation] = {}
        self._leased: dict[str, datetime] = {}
        self._forget_at: dict[str, datetime] = {}
        self._versions: dict[str, int] = {}

    async def install(self, installation: Installation) -> None:
        self._forget_at.pop(installation.workspace, None)
        self._keep(installation)

    async def of(self, workspace: str) -> Installation | None:
        return self._installed.get(workspace)

    async def versions(self) -> Mapping[str, int]:
        return {workspace: installation.version for workspace, installation in self._installed.items()}

    async def claim_renewal(self, now: datetime, *, lease: timedelta, at_most: int = 20) -> Sequence[Installation]:
        due = sorted(
            (kept.expires_at, workspace)
            for workspace, kept in self._installed.items()
            if kept.expires_at is not None
            and kept.expires_at <= now + RENEW_BEFORE
            and self._leased.get(workspace, now) <= now
        )
        claimed = [workspace for _, workspace in due[:at_most]]
        self._leased |= dict.fromkeys(claimed, now + lease)
        return [self._installed[workspace] for workspace in claimed]

    async def renew(self, installation: Installation) -> bool:
        kept = self._installed.get(installation.workspace)
        if kept is None or kept.version != installation.version:
            return False
        self._keep(
            replace(kept, token=installation.token, refresh=installation.refresh, expires_at=installation.expires_at)
        )
        return True

    async def end(self, workspace: str, *, forget_at: datetime) -> None:
        self._installed.pop(workspace, None)
        self._leased.pop(workspace, None)
        self._versions[workspace] = self._versions.get(workspace, 0) + 1
        self._forget_at[workspace] = min(forget_at, self._forget_at.get(workspace, forget_at))

    async def ended(self, now: datetime, *, at_most: int = 10) -> Sequence[str]:
        due = sorted((at, workspace) for workspace, at in self._forget_at.items() if at <= now)
        return [workspace for _, workspace in due[:at_most]]

    async def is_over(self, workspace: str, now: datetime) -> bool:
        at = self._forget_at.get(workspace)
        return at is not None and at <= now

    async def drop(self, workspace: str) -> None:
        if workspace not in self._installed:
            self._forget_at.pop(workspace, None)
            self._versions.pop(workspace, None)

    def _keep(self, installation: Installation) -> None:
        workspace = installation.workspace
        self._versions[workspace] = self._versions.get(workspace, 0) + 1
        ends = installation.expires_at if installation.refresh else None
        self._installed[workspace] = replace(installation, expires_at=ends, version=self._versions[workspace])
        self._leased.pop(workspace, None)


class MemoryHandshakes:
    """`bot.ports.Handshakes` in memory."""

    def __init__(self) -> None:
        self._begun: dict[str, datetime] = {}

    async def begin(self, state: str, *, until: datetime) -> None:
        self._begun[state] = until

    async def finish(self, state: str, now: datetime) -> bool:
        self._begun = {begun: until for begun, until in self._begun.items() if until > now}
        return self._begun.pop(state, None) is not None
