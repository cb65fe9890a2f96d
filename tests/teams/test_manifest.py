"""The app package for Teams, held by Microsoft's own schemas, from the command line to the zip."""

from __future__ import annotations

import json
import re
import struct
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from typer.testing import CliRunner

from adapters.prompt_files import shipped_content
from adapters.teams.manifest import Publisher, localised, manifest
from bot.cli import app
from bot.usecases.command import COMMANDS

APP = "11111111-2222-3333-4444-555555555555"
CONTENT = shipped_content("en")
SCHEMAS = Path(__file__).parent / "schema"
PUBLISHER = Publisher(
    name="A co-op", website="https://a.example", privacy="https://a.example/p", terms="https://a.example/t"
)


def validator(name: str) -> jsonschema.Draft7Validator:
    return jsonschema.Draft7Validator(json.loads((SCHEMAS / name).read_text(encoding="utf-8")))


def written(folder: Path, *more: str) -> zipfile.ZipFile:
    file = folder / "kith.zip"
    run = CliRunner().invoke(
        app,
        ["manifest", "teams", "--url", "https://kith.example", "--output", str(file), *more],
        env={"KITH_TEAMS_APP_ID": APP, "KITH_TEAMS_TENANT": APP, "KITH_TEAMS_APP_PASSWORD": "x"},
    )
    assert run.exit_code == 0, run.output
    return zipfile.ZipFile(file)


def test_the_manifest_is_what_microsofts_schema_asks_for(tmp_path: Path) -> None:
    made = json.loads(written(tmp_path, "--name", "A co-op").read("manifest.json"))
    validator("MicrosoftTeams.schema.json").validate(made)
    assert made["id"] == made["bots"][0]["botId"] == APP
    assert made["developer"]["name"] == "A co-op"
    assert re.fullmatch(r"\d+\.\d+\.\d+", made["version"])


def test_it_asks_for_no_more_than_the_messages_where_it_is_a_guest(tmp_path: Path) -> None:
    made = json.loads(written(tmp_path).read("manifest.json"))
    asked = [permission["name"] for permission in made["authorization"]["permissions"]["resourceSpecific"]]
    assert asked == ["ChannelMessage.Read.Group", "ChatMessage.Read.Chat"]
    assert "webApplicationInfo" not in made
    assert "keeps no text" in made["description"]["full"]


def test_the_commands_it_lists_are_commands_it_obeys_with_words_of_their_own(tmp_path: Path) -> None:
    listed = json.loads(written(tmp_path).read("manifest.json"))["bots"][0]["commandLists"][0]["commands"]
    assert {command["title"] for command in listed} <= {"help", *COMMANDS}
    assert all(5 < len(command["description"]) <= 128 for command in listed)
    assert len({command["description"] for command in listed}) == len(listed) > 9


def test_another_language_comes_as_a_file_of_its_own() -> None:
    say = CONTENT.interface
    other = replace(CONTENT, interface={**say, "teams.manifest.short": "Now and then a question."})
    places = localised(other, COMMANDS)
    validator("MicrosoftTeams.Localization.schema.json").validate(places)
    assert places["description.short"] == "Now and then a question."
    made = manifest(CONTENT, "en", ["de"], APP, "0.1.0", PUBLISHER, COMMANDS)
    validator("MicrosoftTeams.schema.json").validate(made)
    assert made["localizationInfo"] == {
        "defaultLanguageTag": "en",
        "additionalLanguages": [{"languageTag": "de", "file": "de.json"}],
    }
    found: Any = made
    for place in places:
        if place != "$schema":
            at = found
            for step in re.findall(r"\w+", place):
                at = at[int(step)] if step.isdigit() else at[step]
            assert isinstance(at, str), place


def test_both_icons_are_of_the_size_that_teams_asks_for(tmp_path: Path) -> None:
    package = written(tmp_path)
    for name, size in (("color.png", 192), ("outline.png", 32)):
        data = package.read(name)
        assert data.startswith(b"\x89PNG\r\n\x1a\n")
        assert struct.unpack(">II", data[16:24]) == (size, size)


def test_the_same_settings_make_the_same_package(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    written(first)
    written(second)
    assert (first / "kith.zip").read_bytes() == (second / "kith.zip").read_bytes()


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--url", "http://kith.example"], "--url is an https address"),
        (["--url", "https://kith.example", "--terms", "here"], "--terms is an https address"),
        (["--url", "https://kith.example", "--name", "x" * 33], "--name takes 1 to 32"),
    ],
)
def test_what_teams_would_not_take_is_refused(more: list[str], says: str, tmp_path: Path) -> None:
    run = CliRunner().invoke(app, ["manifest", "teams", "--output", str(tmp_path / "k.zip"), *more])
    assert run.exit_code == 2
    assert says in run.output
    assert list(tmp_path.iterdir()) == []


def test_without_a_registration_it_says_what_is_missing(tmp_path: Path) -> None:
    run = CliRunner().invoke(
        app, ["manifest", "teams", "--url", "https://kith.example", "--output", str(tmp_path / "k.zip")]
    )
    assert "KITH_TEAMS_APP_ID" in str(run.exception)
