"""Bring a database from one schema to the next, safely for several processes that try at once."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from functools import lru_cache

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text

from adapters.storage.engine import Database, build_engine
from bot.errors import StoreError

SCRIPTS = "migrations:"
"""Where the migrations are: the package, wherever it is installed."""

_UPGRADE_LOCK = 7_105_644_008
"""The advisory lock that upgrading processes queue for on PostgreSQL; any number that nobody else uses."""


async def upgrade(url: str, *, to: str = "head", scripts: str = SCRIPTS) -> None:
    """Bring the database at `url` to revision `to`; all of it or, on any error, nothing (StoreError)."""
    await _run(url, lambda connection: command.upgrade(_config(connection, scripts), to))


async def downgrade(url: str, to: str, *, scripts: str = SCRIPTS) -> None:
    """Take the database back to revision `to` ("base": no tables); what newer tables held is lost."""
    await _run(url, lambda connection: command.downgrade(_config(connection, scripts), to))


async def check(url: str, *, scripts: str = SCRIPTS) -> None:
    """StoreError naming the differences if the database at `url` is not what `adapters.storage.schema` says."""
    await _run(url, lambda connection: command.check(_config(connection, scripts)))


async def draft(url: str, message: str, *, revision: str, scripts: str = SCRIPTS) -> None:
    """Write the migration that takes the database at `url` to what the schema says, to be read and mended by hand."""

    def write(connection: Connection) -> None:
        command.revision(_config(connection, scripts), message, autogenerate=True, rev_id=revision)

    await _run(url, write)


def newest(*, scripts: str = SCRIPTS) -> str:
    """The revision that this version of Kith needs."""
    config = Config()
    config.set_main_option("script_location", scripts)
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config).get_current_head() or ""


async def current(url: str) -> str | None:
    """The revision the database is at; None if it has no tables of ours."""
    database = Database(build_engine(url, for_migration=True))
    try:
        async with database.reading() as connection:
            return await connection.run_sync(lambda c: MigrationContext.configure(c).get_current_revision())
    finally:
        await database.close()


def is_up_to_date(connection: Connection) -> bool:
    """Whether the database is at the newest revision that this Kith knows, or at one that only a newer Kith knows:
    migrations let the old version go on beside the new one."""
    at = MigrationContext.configure(connection).get_current_revision()
    known = _known()
    return at is not None and (at == known[0] or at not in known)


@lru_cache(maxsize=1)
def _known() -> tuple[str, ...]:
    """The revisions that this Kith knows, the newest first."""
    config = Config()
    config.set_main_option("script_location", SCRIPTS)
    config.set_main_option("path_separator", "os")
    return tuple(script.revision for script in ScriptDirectory.from_config(config).walk_revisions())


async def _run(url: str, work: Callable[[Connection], object]) -> None:
    """Do `work` in one transaction that waits for its turn and leaves no broken reference behind."""
    database = Database(build_engine(url, for_migration=True))
    try:
        async with database.writing() as connection:
            await connection.begin()  # before Alembic looks, which would otherwise begin and commit by itself
            if not database.is_sqlite:
                await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _UPGRADE_LOCK})
            try:
                await connection.run_sync(work)
            except CommandError as exc:
                raise StoreError(problem=str(exc)) from exc
            if database.is_sqlite and (broken := (await connection.execute(text("PRAGMA foreign_key_check"))).all()):
                tables = ", ".join(sorted({row[0] for row in broken}))
                raise StoreError(problem=f"the migration would leave rows without a parent in {tables}")
    finally:
        await database.close()


def _config(connection: Connection, scripts: str) -> Config:
    config = Config(attributes={"connection": connection}, cmd_opts=Namespace(quiet=True))
    config.set_main_option("script_location", scripts)
    config.set_main_option("path_separator", "os")
    return config
