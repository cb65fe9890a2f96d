"""`kith manifest slack` from outside."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from bot.cli import app


def test_the_manifest_is_written_as_json(tmp_path: Path) -> None:
    file = tmp_path / "slack.json"
    run = CliRunner().invoke(app, ["manifest", "slack", "--url", "https://kith.example", "--output", str(file)])
    assert run.exit_code == 0, run.output
    written = json.loads(file.read_text(encoding="utf-8"))
    assert written["settings"]["interactivity"]["request_url"] == "https://kith.example/slack/events"
    assert [shortcut["callback_id"] for shortcut in written["features"]["shortcuts"]] == ["kith-check", "kith-ask"]


def test_without_an_address_it_is_for_socket_mode() -> None:
    run = CliRunner().invoke(app, ["manifest", "slack"])
    assert json.loads(run.output)["settings"]["socket_mode_enabled"] is True


def test_an_address_slack_would_not_take_is_refused() -> None:
    for url in ("http://kith.example", "https://kith.example/path", "kith.example"):
        assert CliRunner().invoke(app, ["manifest", "slack", "--url", url]).exit_code == 2


def test_for_many_workspaces_it_names_where_slack_sends_people_back_to_and_renews_tokens() -> None:
    run = CliRunner().invoke(app, ["manifest", "slack", "--url", "https://kith.example/", "--many"])
    written = json.loads(run.output)
    assert written["oauth_config"]["redirect_urls"] == ["https://kith.example/slack/oauth_redirect"]
    assert written["settings"]["token_rotation_enabled"] is True
    assert CliRunner().invoke(app, ["manifest", "slack", "--many"]).exit_code == 2
