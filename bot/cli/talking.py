"""`kith ask`, `kith dialogue` and `kith questions`: what Kith says, without a workspace."""

from __future__ import annotations

import asyncio
import json as jsons
import sys
from typing import Annotated

import typer

from adapters.question_page import question_page
from bot import bootstrap, talking
from bot.config import load_settings
from bot.errors import BadInputError


def ask(
    text: Annotated[str, typer.Option(help="What somebody wrote or would like to write.")],
    n: Annotated[int, typer.Option("--n", min=1, max=3, help="How many questions at most.")] = 1,
    json: Annotated[bool, typer.Option("--json", help="Print JSON lines.")] = False,
) -> None:
    """Print the questions that Kith would choose for a text, with the reasons."""
    if not text.strip():
        raise BadInputError(problem="There is no text; write one after --text.")
    for row in asyncio.run(talking.questions_for(text, n, load_settings())):
        typer.echo(jsons.dumps(row, ensure_ascii=False) if json else _readable(row))


def _readable(row: dict[str, object]) -> str:
    """A suggestion in a few lines, the question first."""
    if "hand_over" in row:
        return str(row["hand_over"])
    read = f"   {row['pattern']} ({row['point']}), probability {row['probability']}" if row["pattern"] else ""
    topic = f"   topic: {row['topic']}" if row["topic"] else ""
    parts = (
        row["question"],
        f"   {row['why']}",
        read + topic,
        row["counter_reading"] and f"   {row['counter_reading']}",
    )
    return "\n".join(str(part) for part in parts if part) + "\n"


def dialogue() -> None:
    """Talk with Kith in this terminal; it ends with the input (Ctrl+D), and nothing is kept."""
    asyncio.run(_talk(talking.TerminalTalk(load_settings())))


async def _talk(talk: talking.TerminalTalk) -> None:
    await talk.begin()
    if sys.stdin.isatty():
        typer.echo("Write to Kith; /kith help shows its commands, Ctrl+D ends.", err=True)
    for line in sys.stdin:
        for said in await talk.say(line.strip()):
            typer.echo(f"kith: {said}\n")


def questions() -> None:
    """Print all questions as one Markdown page (docs/questions.md)."""
    typer.echo(question_page(bootstrap.content_of(load_settings())), nl=False)
