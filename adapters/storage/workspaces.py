"""What workspaces decide for all their channels, in a database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, and_, delete, select, update

from adapters.storage.changes import write_line
from adapters.storage.engine import Database
from adapters.storage.schema import workspaces
from adapters.storage.shapes import only_settings
from bot.domain.audit import Change
from bot.domain.charter import CharterRule
from bot.domain.workspace import WorkspaceSettings


class SqlWorkspaces:
    """`bot.ports.Workspaces` on a database."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def of(self, workspace: str) -> WorkspaceSettings:
        async with self._db.reading() as connection:
            row = (await connection.execute(select(workspaces).where(workspaces.c.workspace == workspace))).first()
        return _settings(row) if row else WorkspaceSettings()

    async def save(self, workspace: str, settings: WorkspaceSettings, *, told: Change | None = None) -> bool:
        only_settings(settings)
        values = {**_values(settings), "version": settings.version + 1}
        unchanged = and_(workspaces.c.workspace == workspace, workspaces.c.version == settings.version)
        first = self._db.insert(workspaces).values(workspace=workspace, **values).on_conflict_do_nothing()
        async with self._db.writing() as connection:
            if settings.version == 0:
                written = (await connection.execute(first.returning(workspaces.c.workspace))).first() is not None
            else:
                written = (await connection.execute(update(workspaces).where(unchanged).values(values))).rowcount == 1
            if written:
                await write_line(self._db, connection, told)
        return written

    async def take_back(self, workspace: str) -> None:
        async with self._db.writing() as connection:
            await connection.execute(delete(workspaces).where(workspaces.c.workspace == workspace))


def _values(settings: WorkspaceSettings) -> dict[str, Any]:
    return {
        "rule": settings.rule.value if settings.rule else None,
        "human_help": settings.human_help,
        "profile": settings.profile,
        "opens": settings.opens,
        "closes": settings.closes,
        "zone": settings.zone,
        "locale": settings.locale,
        "holidays": settings.holidays or None,
        "keeps_days": settings.keeps_days,
        "admins": sorted(settings.admins),
        "companion": settings.companion,
        "numbers": {profile: dict(numbers) for profile, numbers in settings.numbers.items() if numbers},
    }


def _settings(row: Row[Any]) -> WorkspaceSettings:
    return WorkspaceSettings(
        rule=CharterRule(row.rule) if row.rule else None,
        human_help=row.human_help,
        profile=row.profile,
        opens=row.opens,
        closes=row.closes,
        zone=row.zone,
        locale=row.locale,
        holidays=row.holidays or "",
        keeps_days=row.keeps_days,
        admins=frozenset(row.admins or ()),
        companion=row.companion,
        numbers=row.numbers or {},
        version=row.version,
    )
