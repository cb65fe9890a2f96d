"""`kith keys …`: looks after the keys that seal what is secret."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from bot import bootstrap
from bot.config import load_settings


def new() -> None:
    """Print a fresh key, for KITH_SECRET_KEYS or the file that KITH_SECRET_KEYS_FILE names."""
    typer.echo(bootstrap.fresh_key())


def rotate(database_url: Annotated[str | None, typer.Option()] = None) -> None:
    """Seal everything anew under the newest key; afterwards older keys can be thrown away."""
    settings = load_settings(database_url=database_url)
    done = asyncio.run(bootstrap.rotate_keys(settings))
    if done.lost:
        typer.echo(
            f"{done.lost} sealed values open with none of the keys; keep every key that you still have.", err=True
        )
        raise typer.Exit(1)
    ending = (
        "The keys after the first can be taken out of KITH_SECRET_KEYS now."
        if settings.secret_keys is not None
        else "The key file begins with a new key. Restart Kith, so that it knows it."
    )
    typer.echo(f"Sealed anew: {done.anew}. {ending}")
