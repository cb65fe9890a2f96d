"""`kith data …`: gives out, or deletes, everything about a workspace, a channel or a person."""

from __future__ import annotations

import asyncio
import json as jsons
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from bot import bootstrap
from bot.config import load_settings
from bot.errors import BadInputError

Workspace = Annotated[str, typer.Option(help="The platform's id of the workspace.")]
Channel = Annotated[str | None, typer.Option(help="The platform's id of one channel.")]
Person = Annotated[str | None, typer.Option(help="The platform's id of one person.")]
LEFT_OUT = [
    "Answers to check-ins that are still open, if there are any: whoever wrote them reads them with /kith data in the "
    "channel, and until it closes nobody else may know that they answered. Once it is closed, no answer leads anywhere."
]
"""Told in a person's document whether or not there is anything to leave out, so that it says nothing."""

DatabaseUrl = Annotated[str | None, typer.Option(help="sqlite:///path or postgresql://…")]


def export(
    workspace: Workspace,
    channel: Channel = None,
    person: Person = None,
    output: Annotated[Path | None, typer.Option(help="Write to this file instead of standard output.")] = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Write all there is as one JSON document. What people sealed stays sealed; a person's answers to check-ins that
    are open are left out, and the document says so."""
    _refuse_both(channel, person)
    with _writing_to(output) as file:
        rows = asyncio.run(_export(file, workspace, channel, person, database_url))
    if output is not None:
        typer.echo(f"{rows} rows written to {output}.")
    elif not rows:
        typer.echo("There is nothing about that in the database.", err=True)


def forget(
    workspace: Workspace,
    channel: Channel = None,
    person: Person = None,
    with_opt_out: Annotated[
        bool,
        typer.Option("--with-opt-out", help="Delete a person's wish not to be read too; they would be read again."),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    database_url: DatabaseUrl = None,
) -> None:
    """Delete all there is; it cannot be undone."""
    _refuse_both(channel, person)
    named = f"person {person}" if person else f"channel {channel}" if channel else "the whole workspace"
    if not yes and not typer.confirm(f"Delete everything about {named} in {workspace}?", err=True):
        raise typer.Exit(1)
    gone = asyncio.run(_forget(workspace, channel, person, with_opt_out, database_url))
    for table, rows in sorted(gone.items()):
        typer.echo(f"{table}: {rows}")
    typer.echo(f"{sum(gone.values())} rows deleted." if gone else "There was nothing about that in the database.")


def _refuse_both(channel: str | None, person: str | None) -> None:
    if channel and person:
        raise BadInputError(problem="Give --channel or --person, not both.")


@contextmanager
def _writing_to(output: Path | None) -> Iterator[TextIO]:
    """The file, readable for its owner alone; one plain sentence if it cannot be written."""
    if output is None:
        yield sys.stdout
        return
    try:
        output.touch(mode=0o600)
        with output.open("w", encoding="utf-8") as file:
            yield file
    except OSError as exc:
        raise BadInputError(problem=f"{output} cannot be written: {exc.strerror}. Choose another place.") from exc


async def _export(
    file: TextIO, workspace: str, channel: str | None, person: str | None, database_url: str | None
) -> int:
    async with bootstrap.opened_store(load_settings(database_url=database_url)) as store:
        records = store.records
        rows = records.of_person(workspace, person) if person else records.of_place(workspace, channel)
        about = {"workspace": workspace, "channel": channel, "person": person}
        head: dict[str, object] = {"about": {name: value for name, value in about.items() if value}}
        if person:
            head["left_out"] = LEFT_OUT
        return await _written(rows, head, file.write)


async def _written(
    rows: AsyncIterator[tuple[str, dict[str, Any]]], head: dict[str, object], write: Callable[[str], object]
) -> int:
    """The rows as one JSON document, written as they come; says how many."""
    write(jsons.dumps(head, ensure_ascii=False)[:-1] + ', "tables": {')
    count, before = 0, ""
    async for table, row in rows:
        if table != before:
            write(("\n]," if before else "") + f"\n{jsons.dumps(table)}: [\n")
        else:
            write(",\n")
        write(jsons.dumps(row, ensure_ascii=False, sort_keys=True))
        count, before = count + 1, table
    write(("\n]" if before else "") + "\n}}\n")
    return count


async def _forget(
    workspace: str, channel: str | None, person: str | None, with_opt_out: bool, database_url: str | None
) -> dict[str, int]:
    async with bootstrap.opened_store(load_settings(database_url=database_url)) as store:
        if person:
            return dict(await store.records.forget_person(workspace, person, unread=not with_opt_out))
        return dict(await store.records.forget_place(workspace, channel))
