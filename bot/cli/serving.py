"""`kith serve`: Kith in its workspaces, with the rehearsal beside it."""

from __future__ import annotations

from typing import Annotated

import typer

from bot import bootstrap
from bot.config import load_settings


def serve(
    port: Annotated[int | None, typer.Option(help="0 takes any free port.")] = None,
    database_url: Annotated[str | None, typer.Option(help="sqlite:///path or postgresql://…")] = None,
    workers: Annotated[
        int, typer.Option(min=1, help="processes behind one door; with several the rehearsal is not served.")
    ] = 1,
) -> None:
    """Start Kith with the rehearsal workspace, on this machine alone."""
    settings = load_settings(port=port, database_url=database_url)
    bootstrap.set_up_logs(level=settings.log_level, format=settings.log_format)

    def announce(address: str) -> None:
        typer.echo(f"Kith's rehearsal workspace: {address}\nStop it with Ctrl+C.")

    def announce_door(address: str | None) -> None:
        if settings.slack_bot_token is not None:
            by_http = address is not None and settings.slack_signing_secret is not None
            typer.echo(f"Kith in Slack: {f'{address}slack/events' if by_http else 'connected over Socket Mode'}")
        if settings.teams_app_id is not None:
            typer.echo(f"Kith in Teams: {address}api/messages")

    if workers > 1:
        bootstrap.serve_on_all(settings, workers=workers, announce_door=announce_door)
    else:
        bootstrap.run(bootstrap.serve(settings, announce=announce, announce_door=announce_door))
