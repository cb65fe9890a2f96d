"""`kith manifest …`: what sets Kith up on a platform."""

from __future__ import annotations

import json as jsons
import re
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot import bootstrap
from bot.cli.writing import write
from bot.config import load_settings


def manifest_slack(
    url: Annotated[str | None, typer.Option(help="The https address Slack reaches Kith at; none: Socket Mode.")] = None,
    many: Annotated[bool, typer.Option("--many", help="Let any workspace install it at that address.")] = False,
    output: Annotated[Path | None, typer.Option(help="Write to this file instead of standard output.")] = None,
) -> None:
    """Write the app manifest that sets Kith up in Slack: the least scopes it needs."""
    if url is not None and not re.fullmatch(r"https://[^/?#\s]+/?", url):
        typer.echo("--url is an https address without a path, such as https://kith.example.org", err=True)
        raise typer.Exit(2)
    if many and url is None:
        typer.echo("--many needs --url: people install Kith at that address", err=True)
        raise typer.Exit(2)
    made = bootstrap.slack_manifest(load_settings(), url=url, many=many)
    written = jsons.dumps(made, indent=2, ensure_ascii=False) + "\n"
    if output is None:
        sys.stdout.write(written)
    else:
        write(output, written)


def manifest_teams(
    url: Annotated[str, typer.Option(help="An https page about your Kith; what the next two have no page of, it is.")],
    output: Annotated[Path, typer.Option(help="The zip to write.")] = Path("kith-teams.zip"),
    name: Annotated[str, typer.Option(help="Who runs this Kith, in 32 characters at most.")] = "Kith",
    privacy: Annotated[str | None, typer.Option(help="An https page on privacy.")] = None,
    terms: Annotated[str | None, typer.Option(help="An https page with the terms of use.")] = None,
) -> None:
    """Write the app package that sets Kith up in Teams, for the bot that KITH_TEAMS_APP_ID names."""
    pages = {"--url": url, "--privacy": privacy or url, "--terms": terms or url}
    for option, page in pages.items():
        if not re.fullmatch(r"https://[^\s]+", page):
            example = "https://kith.example.org" + {"--url": ""}.get(option, f"/{option[2:]}")
            typer.echo(f"{option} is an https address, such as {example}", err=True)
            raise typer.Exit(2)
    if not 1 <= len(name) <= 32:
        typer.echo("--name takes 1 to 32 characters.", err=True)
        raise typer.Exit(2)
    made = bootstrap.teams_package(
        load_settings(), name=name, website=url, privacy=pages["--privacy"], terms=pages["--terms"]
    )
    write(output, made)
    typer.echo(f"Wrote {output}; upload it in the Teams admin centre, or as a custom app in one team.")
