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
        write(output, written)
