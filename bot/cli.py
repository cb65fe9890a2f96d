"""The command line: serve, replay, read, ask, dialogue, questions, db."""

from __future__ import annotations

import asyncio
import json as jsons
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from adapters.question_page import question_page
from adapters.reports import html_report, json_report, terminal
from adapters.storage import migrate
from bot import bootstrap, replaying, talking
from bot.config import load_settings, sqlite_file
from bot.domain.channel import ChannelSettings
from bot.domain.replayed import Replayed
from bot.errors import KithError
from bot.ports import Reader
from bot.usecases.read_lines import read_lines, read_text
from bot.usecases.replay import ReplayOptions

app = typer.Typer(
    name="kith",
    help="A guest in a team's channels that asks one short reflective question when talk narrows.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
db = typer.Typer(help="Look after the database.", no_args_is_help=True)
app.add_typer(db, name="db")
manifest = typer.Typer(help="Write what sets Kith up on a platform.", no_args_is_help=True)
app.add_typer(manifest, name="manifest")


class Profile(StrEnum):
    """The profiles that can be replayed; rehearsal is for the rehearsal workspace alone."""

    GENTLE = "gentle"
    ATTENTIVE = "attentive"


Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="A day, as YYYY-MM-DD (UTC).")]


@app.command()
def serve(
    port: Annotated[int | None, typer.Option(help="0 takes any free port.")] = None,
    database_url: Annotated[str | None, typer.Option(help="sqlite:///path or postgresql://…")] = None,
) -> None:
    """Start Kith with the rehearsal workspace, on this machine alone."""
    settings = load_settings(port=port, database_url=database_url)

    def announce(address: str) -> None:
        typer.echo(f"Kith's rehearsal workspace: {address}\nStop it with Ctrl+C.")

    def announce_door(address: str | None) -> None:
        typer.echo(f"Kith in Slack: {f'{address}slack/events' if address else 'connected over Socket Mode'}")

    asyncio.run(bootstrap.serve(settings, announce=announce, announce_door=announce_door))


@manifest.command("slack")
def manifest_slack(
    url: Annotated[str | None, typer.Option(help="The https address Slack reaches Kith at; none: Socket Mode.")] = None,
    output: Annotated[Path | None, typer.Option(help="Write to this file instead of standard output.")] = None,
) -> None:
    """Write the app manifest that sets Kith up in Slack: the least scopes it needs."""
    if url is not None and not re.fullmatch(r"https://[^/?#\s]+/?", url):
        typer.echo("--url is an https address without a path, such as https://kith.example.org", err=True)
        raise typer.Exit(2)
    written = jsons.dumps(bootstrap.slack_manifest(load_settings(), url=url), indent=2, ensure_ascii=False) + "\n"
    if output is None:
        sys.stdout.write(written)
    else:
        _write(output, written)


@app.command()
def replay(
    export: Annotated[Path, typer.Argument(help="A Slack export: its folder or zip.")],
    profile: Annotated[Profile, typer.Option(help="How much Kith would have held back.")] = Profile.GENTLE,
    channel: Annotated[list[str] | None, typer.Option(help="Replay this channel alone; may be repeated.")] = None,
    announcement_only: Annotated[
        list[str] | None, typer.Option(help="This channel is for announcements; may be repeated.")
    ] = None,
    since: Day = None,
    until: Day = None,
    json: Annotated[Path | None, typer.Option(help="Write the result as JSON to this file.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write a report as one HTML file.")] = None,
    show_text: Annotated[bool, typer.Option(help="Quote the messages that carried a pattern.")] = False,
    zone: Annotated[str | None, typer.Option(help="Time zone of the working hours, as in Europe/Dublin.")] = None,
) -> None:
    """Show what Kith would have asked in past talk, and what it would have held back and why."""
    settings = load_settings(zone=zone)
    content = bootstrap.content_of(settings)
    options = ReplayOptions(
        settings=ChannelSettings(profile=profile, zone=settings.zone, locale=settings.locale),
        since=since.replace(tzinfo=UTC) if since else None,
        until=until.replace(tzinfo=UTC) + timedelta(days=1) if until else None,
        show_text=show_text,
    )
    selection = replaying.Selection(channels=channel or (), announcement_only=announcement_only or ())
    begun = time.perf_counter()
    run = replaying.Replay(export, selection, options)
    with _progress(run.days) as after_days:
        channels = run.run(after_days)
    account = run.account
    replayed = Replayed(
        source=run.name,
        profile=profile,
        channels=tuple(channels),
        rows=account.rows,
        left_out=dict(account.left_out),
        troubles=tuple(trouble.line for trouble in account.troubles),
        seconds=time.perf_counter() - begun,
    )
    if json:
        _write(json, json_report.render(replayed))
    if html:
        _write(html, html_report.render(replayed, content))
    terminal.show(replayed, content, Console())


@app.command()
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
    async for line in read_lines(sys.stdin.buffer, reader=reader):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


@app.command()
def ask(
    text: Annotated[str, typer.Option(help="What somebody wrote or would like to write.")],
    n: Annotated[int, typer.Option("--n", min=1, max=3, help="How many questions at most.")] = 1,
    json: Annotated[bool, typer.Option("--json", help="Print JSON lines.")] = False,
) -> None:
    """Print the questions that Kith would choose for a text, with the reasons."""
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


@app.command()
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


@app.command()
def questions() -> None:
    """Print all questions as one Markdown page (docs/questions.md)."""
    typer.echo(question_page(bootstrap.content_of(load_settings())), nl=False)


@db.command()
def upgrade(database_url: Annotated[str | None, typer.Option()] = None) -> None:
    """Bring the database to the form this version of Kith needs; safe to run again."""
    settings = load_settings(database_url=database_url)
    if (file := sqlite_file(settings.database_url)) is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
    asyncio.run(migrate.upgrade(settings.database_url))
    typer.echo(f"The database is at revision {asyncio.run(migrate.current(settings.database_url))}.")


@db.command()
def current(database_url: Annotated[str | None, typer.Option()] = None) -> None:
    """Say which form the database has."""
    settings = load_settings(database_url=database_url)
    typer.echo(asyncio.run(migrate.current(settings.database_url)) or "The database is empty; run `kith db upgrade`.")


@contextmanager
def _progress(days: int) -> Iterator[Callable[[int], None]]:
    """A bar over day files on a terminal's standard error; nothing where nobody watches."""
    columns = (TextColumn("Replaying"), BarColumn(), MofNCompleteColumn(), TextColumn("days"), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=days)
        yield lambda days: progress.advance(task, days)


def _write(path: Path, text: str) -> None:
    """Write a report; one plain sentence if that cannot be done."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as exc:
        typer.echo(f"{path} cannot be written: {exc.strerror}. Choose another place.", err=True)
        raise typer.Exit(2) from exc


def main() -> None:
    """Run the command line; what goes wrong is one plain sentence on standard error and exit code 2."""
    try:
        app()
    except KithError as exc:
        typer.echo(str(exc), err=True)
        raise SystemExit(2) from exc


if __name__ == "__main__":
    main()
