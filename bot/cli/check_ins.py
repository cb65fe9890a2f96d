"""`kith checkin …`: which check-ins come next, and when one would come."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from bot import scheduling
from bot.config import load_settings
from bot.usecases.check_ins.answers import EVERY


def list_next(
    n: Annotated[int, typer.Option("--n", min=1, max=10_000, help="How many at most.")] = 20,
    database_url: Annotated[str | None, typer.Option(help="sqlite:///path or postgresql://…")] = None,
) -> None:
    """Print the check-ins that come next in all channels, the soonest first; no word that a channel gave."""
    lines = asyncio.run(scheduling.coming_next(n, load_settings(database_url=database_url)))
    typer.echo("\n".join(lines) or "No check-in is to come.")


def preview(
    on: Annotated[list[str] | None, typer.Option("--on", help="A weekday, mon to sun; may be repeated.")] = None,
    every: Annotated[str, typer.Option(help=f"One of {', '.join(EVERY)}.")] = "week1",
    cron: Annotated[str, typer.Option(help="Five fields, as in “30 9 1-7 * mon”, instead of the two above.")] = "",
    at: Annotated[str, typer.Option(help="Wall time, as in 10:00.")] = "10:00",
    zone: Annotated[str | None, typer.Option(help="Time zone, as in Europe/Dublin.")] = None,
    country: Annotated[str, typer.Option(help="Whose public holidays are left out, as in IE or DE-BY.")] = "",
    skips: Annotated[str, typer.Option(help="Other days to leave out, as in “2026-12-24, 2026-12-31”.")] = "",
    n: Annotated[int, typer.Option("--n", min=1, max=400, help="How many dates.")] = 5,
) -> None:
    """Print the dates on which a check-in would come, as the form shows them before it is saved."""
    settings = load_settings(zone=zone)
    asked = scheduling.Asked(
        every="cron" if cron else every,
        weekdays=on or (),
        cron=cron,
        at=at,
        zone=settings.zone,
        country=country,
        skips=skips,
    )
    typer.echo("\n".join(scheduling.dates(asked, n, settings)))
