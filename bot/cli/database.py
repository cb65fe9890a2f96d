"""`kith db …`: looks after the database."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from adapters.storage import migrate
from bot import bootstrap
from bot.config import load_settings, sqlite_file


def upgrade(database_url: Annotated[str | None, typer.Option()] = None) -> None:
    """Bring the database to the form this version of Kith needs; safe to run again."""
    settings = load_settings(database_url=database_url)
    if (file := sqlite_file(settings.database_url)) is not None:
        bootstrap.prepare_file(file)
    asyncio.run(migrate.upgrade(settings.database_url))
    typer.echo(f"The database is at revision {asyncio.run(migrate.current(settings.database_url))}.")


def current(database_url: Annotated[str | None, typer.Option()] = None) -> None:
    """Say which form the database has."""
    settings = load_settings(database_url=database_url)
    typer.echo(asyncio.run(migrate.current(settings.database_url)) or "The database is empty; run `kith db upgrade`.")
