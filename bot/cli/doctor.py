"""`kith doctor`: whether everything that Kith needs is as it should be."""

from __future__ import annotations

import asyncio

import typer

from bot import bootstrap
from bot.config import load_settings


def doctor() -> None:
    """Look at settings, database, keys, reader, tokens, scopes, clock and door; say what to do. Exit code 1 if
    something is wrong."""
    settings = load_settings()
    found = asyncio.run(bootstrap.examine(settings))
    for finding in found:
        typer.echo(f"{finding.mark.value:<6}{finding.text}")
    if any(finding.mark is bootstrap.Mark.WRONG for finding in found):
        raise typer.Exit(1)
