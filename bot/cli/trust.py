"""`kith trust-pack`: documents on what this deployment keeps and who sees it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from adapters.scheduler import MachineClock
from bot import bootstrap
from bot.cli.writing import write
from bot.config import load_settings


def trust_pack(
    output: Annotated[Path, typer.Option(help="The folder to write to; it is made if it is not there.")],
) -> None:
    """Write a data map, what admins can see, a DPIA draft and a model works agreement, as Kith stands here and now."""
    files = bootstrap.trust_files(load_settings(), made_on=MachineClock().now().date().isoformat())
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        typer.echo(f"{output} cannot be made: {exc.strerror}. Choose another place.", err=True)
        raise typer.Exit(2) from exc
    for name, text in files.items():
        write(output / name, text)
    typer.echo(f"Wrote {len(files)} files to {output}; begin with {output / 'index.html'}.")
