"""`kith read`: what messages carry, line by line."""

from __future__ import annotations

import asyncio
import sys
from typing import Annotated

import typer

from bot import bootstrap
from bot.errors import BadInputError
from bot.ports import Reader
from bot.usecases.read_lines import read_lines, read_text


def read(
    text: Annotated[str | None, typer.Option(help="Read this text instead of standard input.")] = None,
) -> None:
    """Read JSON lines {"id", "text"} and print what each message carries, line by line, in order."""
    reader = bootstrap.reader()
    if text is not None:
        sys.stdout.write(asyncio.run(read_text(text, reader=reader)) + "\n")
        return
    asyncio.run(_read_stream(reader))


async def _read_stream(reader: Reader) -> None:
    if sys.stdin is None:  # closed by whoever called
        raise BadInputError(problem="There is no standard input to read; pipe lines into it, or give one --text.")
    async for line in read_lines(sys.stdin.buffer, reader=reader):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
