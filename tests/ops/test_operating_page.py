"""The operators' page names only what there is."""

from __future__ import annotations

import re
from pathlib import Path

from adapters.telemetry import Metrics
from bot.cli import app
from bot.config import Settings

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/operating.md").read_text()


def test_every_setting_it_names_is_one() -> None:
    known = {f"KITH_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"\bKITH_[A-Z_]+\b", PAGE)) <= known


def test_every_figure_it_names_is_told() -> None:
    told = Metrics(version="1", lag=lambda: 0.0)
    names = told.page().decode() + (ROOT / "adapters/telemetry/figures.py").read_text()
    for figure in set(re.findall(r"`(kith_[a-z_]+[a-z])", PAGE)):
        assert figure.removesuffix("_total") in names, figure


def test_every_command_it_names_is_one() -> None:
    groups = {group.name for group in app.registered_groups}
    commands = {c.name or (c.callback.__name__ if c.callback else "") for c in app.registered_commands}
    named = set(re.findall(r"(?:^    |`)(?:/opt/kith/bin/)?kith ([a-z-]+)", PAGE, re.M))
    assert named <= groups | commands


def test_every_file_it_links_to_is_there() -> None:
    for link in re.findall(r"\]\(([^)#:]+)\)", PAGE):
        assert (ROOT / "docs" / link).exists(), link
