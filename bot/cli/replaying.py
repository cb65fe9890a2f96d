"""`kith replay`: what Kith would have asked in past talk."""

from __future__ import annotations

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

from adapters.reports import html_report, json_report, terminal
from bot import bootstrap
from bot.cli.writing import write
from bot.config import load_settings
from bot.domain.channel import ChannelSettings
from bot.domain.replayed import Replayed
from bot.errors import BadInputError
from bot.replaying import Replay, Selection
from bot.usecases.replay import ReplayOptions


class Profile(StrEnum):
    """The profiles that can be replayed; rehearsal is for the rehearsal workspace alone."""

    GENTLE = "gentle"
    ATTENTIVE = "attentive"


def _day(written: str) -> datetime:
    try:
        return datetime.strptime(written, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as exc:
        raise typer.BadParameter("a day is written as in 2026-03-31.") from exc


Day = Annotated[datetime | None, typer.Option(parser=_day, metavar="YYYY-MM-DD", help="A day (UTC).")]


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
    if since and until and since > until:
        raise BadInputError(problem="--since is later than --until, so there is no day between them.")
    settings = load_settings(zone=zone)
    content = bootstrap.content_of(settings)
    options = ReplayOptions(
        settings=ChannelSettings(profile=profile, zone=settings.zone, locale=settings.locale),
        since=since,
        until=_day_after(until) if until else None,
        show_text=show_text,
    )
    selection = Selection(channels=channel or (), announcement_only=announcement_only or ())
    begun = time.perf_counter()
    run = Replay(export, selection, options)
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
        write(json, json_report.render(replayed))
    if html:
        write(html, html_report.render(replayed, content))
    terminal.show(replayed, content, Console())


def _day_after(day: datetime) -> datetime:
    """When the day is over, in UTC; the calendar's last day ends with its last moment."""
    return min(day, datetime.max.replace(tzinfo=UTC) - timedelta(days=1)) + timedelta(days=1)


@contextmanager
def _progress(days: int) -> Iterator[Callable[[int], None]]:
    """A bar over day files on a terminal's standard error; nothing where nobody watches."""
    columns = (TextColumn("Replaying"), BarColumn(), MofNCompleteColumn(), TextColumn("days"), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=days)
        yield lambda days: progress.advance(task, days)
