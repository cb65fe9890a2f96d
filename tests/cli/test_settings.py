"""Settings: from the environment and kith.toml, every bad value reported at once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.config import load_settings, sqlite_file
from bot.errors import ConfigError


def current(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """`kith db current` with these variables."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("KITH_")}  # noqa: TID251
    command = [sys.executable, "-m", "bot.cli", "db", "current"]
    return subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=clean | environment, check=False)


def test_every_bad_value_is_reported_at_once(tmp_path: Path) -> None:
    run = current(tmp_path, KITH_PORT="seventy", KITH_ZONE="Mars/Olympus", KITH_HOST="0.0.0.0")
    assert run.returncode == 2 and "Traceback" not in run.stderr
    for name in ("KITH_PORT", "KITH_ZONE", "KITH_HOST"):
        assert name in run.stderr


def test_a_toml_file_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    (tmp_path / "kith.toml").write_text('database_url = "sqlite:///from-file.db"\n')
    subprocess.run([sys.executable, "-m", "bot.cli", "db", "upgrade"], cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "from-file.db").exists()
    current(tmp_path, KITH_DATABASE_URL=f"sqlite:///{tmp_path}/from-environment.db")
    assert (tmp_path / "from-environment.db").exists()


def test_an_unknown_key_in_the_toml_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "kith.toml").write_text('databse_url = "sqlite:///x.db"\n')
    run = current(tmp_path)
    assert run.returncode == 2 and "DATABSE_URL" in run.stderr


def test_a_broken_toml_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "kith.toml").write_text("database_url = \n")
    run = current(tmp_path)
    assert run.returncode == 2 and "kith.toml" in run.stderr and "Traceback" not in run.stderr


def test_kith_is_served_to_this_machine_alone() -> None:
    with pytest.raises(ConfigError, match="KITH_HOST"):
        load_settings(host="0.0.0.0")


def test_the_file_behind_a_database_url() -> None:
    assert sqlite_file("sqlite:///.kith/kith.db") == Path(".kith/kith.db")
    assert sqlite_file("sqlite:////var/kith.db") == Path("/var/kith.db")
    assert sqlite_file("postgresql://localhost/kith") is None


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"slack_bot_token": "xoxb-1"}, "needs KITH_SLACK_APP_TOKEN (Socket Mode) or KITH_SLACK_SIGNING_SECRET"),
        ({"slack_signing_secret": "s"}, "KITH_SLACK_BOT_TOKEN is missing"),
        ({"slack_bot_token_file": "/nowhere/at/all"}, "KITH_SLACK_BOT_TOKEN_FILE: is no file"),
        ({"slack_api_url": "slack.com"}, "KITH_SLACK_API_URL: "),
    ],
)
def test_what_is_missing_for_slack_is_said(given: dict[str, str], sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings(**given)
    assert sentence in str(caught.value)


def test_a_secret_given_twice_is_refused_and_not_shown(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("xoxb-planted")
    with pytest.raises(ConfigError) as caught:
        load_settings(slack_bot_token="xoxb-planted", slack_bot_token_file=tmp_path / "token")
    assert "KITH_SLACK_BOT_TOKEN and KITH_SLACK_BOT_TOKEN_FILE are both set" in str(caught.value)
    assert "planted" not in str(caught.value)


def test_an_empty_secret_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("\n")
    with pytest.raises(ConfigError, match="is an empty file"):
        load_settings(slack_bot_token_file=tmp_path / "token")
