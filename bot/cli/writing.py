"""Writes what a command made to a file."""

from __future__ import annotations

from pathlib import Path

import typer


def write(path: Path, made: str | bytes) -> None:
    """Write a report; one plain sentence if that cannot be done."""
    try:
        path.write_bytes(made if isinstance(made, bytes) else made.encode())
    except OSError as exc:
        typer.echo(f"{path} cannot be written: {exc.strerror}. Choose another place.", err=True)
        raise typer.Exit(2) from exc
