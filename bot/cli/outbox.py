"""`kith outbox …`: messages that were given up, for those who run Kith."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from bot import bootstrap
from bot.config import load_settings


def dead(database_url: Annotated[str | None, typer.Option()] = None) -> None:
    """List messages that were given up, the oldest first: id, kind, channel, when it was due, failed tries."""
    letters = asyncio.run(bootstrap.dead_letters(load_settings(database_url=database_url)))
    for letter in letters:
        ref = letter.place.channel
        due = letter.due_at.isoformat(timespec="minutes")
        typer.echo(f"{letter.id}  {letter.kind}  {ref.workspace}/{ref.channel}  {due}  {letter.attempts}")
    if not letters:
        typer.echo("There are no dead letters.", err=True)


def resend(
    name: Annotated[str, typer.Argument(metavar="ID", help="As `kith outbox dead` lists it.")],
    database_url: Annotated[str | None, typer.Option()] = None,
) -> None:
    """Send one of them again. Mend first what kept it from going out; it waits for the channel's turn as any other."""
    letter = asyncio.run(bootstrap.resend(name, load_settings(database_url=database_url)))
    typer.echo(f"{letter.id} goes out at the next tick of any running Kith, if what it says still holds.")
