"""The page on settings is made from the settings, and the sample file can be used as it stands."""

from __future__ import annotations

import re
from pathlib import Path

from bot.cli.settings import HIDDEN, _shown, reference
from bot.config import Settings, load_settings

ROOT = Path(__file__).parents[2]


def test_the_page_on_settings_is_what_kith_settings_prints() -> None:
    page = (ROOT / "docs/settings.md").read_text()
    assert page == "\n".join(reference()) + "\n", "run: kith settings > docs/settings.md"


def test_every_setting_says_what_it_is_for() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_no_secret_is_shown_with_the_values_in_force() -> None:
    found = load_settings(
        database_url="postgresql://kith:planted@server/kith", slack_bot_token="planted", slack_signing_secret="planted"
    )
    shown = {name: _shown(name, getattr(found, name)) for name in Settings.model_fields}
    assert "planted" not in "".join(shown.values())
    assert shown["slack_bot_token"] == HIDDEN
    assert shown["database_url"] == "postgresql://server/kith"


def test_every_line_of_the_sample_file_can_be_used(tmp_path: Path) -> None:
    import tomllib

    sample = (ROOT / "docs/kith.sample.toml").read_text()
    for block in re.split(r"\n(?=## )", sample):
        given = tomllib.loads(re.sub(r"^#(?=\w+ = )", "", block, flags=re.M))
        files = {name: str(tmp_path / name) for name in given if name.endswith("_file")}
        for file in files.values():
            Path(file).write_text("planted")
        load_settings(**(given | files))
