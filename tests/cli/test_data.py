"""`kith data` on the command line: real processes on a real database."""

from __future__ import annotations

import asyncio
import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.storage import migrate
from adapters.storage.sealing import Sealer, new_key
from adapters.storage.sql import open_store
from bot.domain.own_words import OwnWords
from tests.storage.samples import IDEAS, OTHER, a_channel

HERE = Path(__file__).parents[2]


@pytest.fixture
def url(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'kith.db'}"

    async def fill() -> None:
        await migrate.upgrade(url)
        store = await open_store(url, sealer=Sealer([new_key()]))
        for ref in (IDEAS, OTHER):
            await store.channels.add(a_channel(ref))
        await store.choices.opt_out("T-1", "U-ana")
        await store.own_words.give("T-1", OwnWords(stands_for="Ünder the bridge"))
        await store.close()

    asyncio.run(fill())
    return url


def kith(*words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "bot.cli", "data", *words]
    return subprocess.run(line, capture_output=True, text=True, cwd=HERE, input=given, timeout=60)


def exported(*words: str) -> dict[str, list[dict[str, object]]]:
    result = kith("export", *words)
    assert result.returncode == 0, result.stderr
    tables: dict[str, list[dict[str, object]]] = json.loads(result.stdout)["tables"]
    return tables


def test_a_workspace_a_channel_and_a_person_are_given_out_as_json(url: str, tmp_path: Path) -> None:
    whole = ("--workspace", "T-1", "--database-url", url)
    tables = exported(*whole)
    assert len(tables["channels"]) == 2
    assert tables["own_words"][0]["stands_for"] == "Ünder the bridge"
    assert [row["channel"] for row in exported(*whole, "--channel", "C-ideas")["channels"]] == ["C-ideas"]
    person = exported(*whole, "--person", "U-ana")
    assert set(person) == {"channels", "opted_out"}
    (left_out,) = json.loads(kith("export", *whole, "--person", "U-ana").stdout)["left_out"]
    assert "check-ins that are still open" in left_out and "/kith data" in left_out
    file = tmp_path / "export.json"
    told = kith("export", *whole, "--output", str(file))
    assert "rows written" in told.stdout
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text())["about"] == {"workspace": "T-1"}


def test_what_is_not_there_is_an_empty_document_and_a_plain_sentence(url: str) -> None:
    result = kith("export", "--workspace", "T-9", "--database-url", url)
    assert json.loads(result.stdout)["tables"] == {}
    assert "nothing about that" in result.stderr


def test_forgetting_asks_first_and_then_says_what_went(url: str) -> None:
    whole = ("--workspace", "T-1", "--database-url", url)
    assert kith("forget", *whole, given="n\n").returncode == 1
    assert len(exported(*whole)["channels"]) == 2
    result = kith("forget", *whole, "--channel", "C-ideas", given="y\n")
    assert "channels: 1" in result.stdout
    result = kith("forget", *whole, "--person", "U-ana", "--yes")
    assert "opted_out" not in result.stdout and "channels: 1" in result.stdout
    assert "opted_out: 1" in kith("forget", *whole, "--person", "U-ana", "--with-opt-out", "--yes").stdout
    assert "rows deleted" in kith("forget", *whole, "--yes").stdout
    assert exported(*whole) == {}


def test_a_channel_and_a_person_at_once_is_one_plain_sentence(url: str, tmp_path: Path) -> None:
    both = ("--workspace", "T-1", "--channel", "C", "--person", "U", "--database-url", url)
    for command in ("export", "forget"):
        result = kith(command, *both)
        assert result.returncode == 2 and result.stderr.strip() == "Give --channel or --person, not both."
    result = kith("export", "--workspace", "T-1", "--database-url", url, "--output", str(tmp_path / "no" / "x.json"))
    assert result.returncode == 2 and "cannot be written" in result.stderr


def said(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *words], capture_output=True, text=True, cwd=HERE, timeout=60
    )


def test_what_cannot_be_asked_is_answered_in_one_plain_sentence(tmp_path: Path) -> None:
    for words, sentence in (
        (("ask", "--text", "  "), "There is no text; write one after --text."),
        (
            ("replay", str(tmp_path), "--since", "2026-03-02", "--until", "2026-03-01"),
            "--since is later than --until, so there is no day between them.",
        ),
    ):
        result = said(*words)
        assert result.returncode == 2 and result.stderr.strip() == sentence
        assert result.stdout == ""


def test_what_was_typed_wrongly_is_answered_in_one_plain_sentence_with_the_choices(tmp_path: Path) -> None:
    for words, sentence in (
        (("ask",), "Missing option '--text'. See python -m bot.cli ask --help."),
        (("replay",), "Missing argument 'export'. See python -m bot.cli replay --help."),
        (
            ("replay", str(tmp_path), "--profile", "loud"),
            "Invalid value for '--profile': 'loud' is not one of 'gentle', 'attentive'. "
            "See python -m bot.cli replay --help.",
        ),
        (
            ("replay", str(tmp_path), "--since", "March"),
            "Invalid value for '--since': a day is written as in 2026-03-31. See python -m bot.cli replay --help.",
        ),
        (("checkin", "preview", "--zone", "Mars"), "--zone: is no IANA time zone such as Europe/Dublin."),
        (
            ("checkin", "preview", "--every", "0"),
            "--every: is one of week1, week2, week3, week4, month1, month2, month3, month4, month5, last, cron. "
            "--on: is one or more of mon, tue, wed, thu, fri, sat, sun, as in --on tue --on thu.",
        ),
        (
            ("manifest", "teams", "--url", "http://x"),
            "--url is an https address, such as https://kith.example.org",
        ),
    ):
        result = said(*words)
        assert (result.returncode, result.stderr.strip(), result.stdout) == (2, sentence, "")


def test_help_of_the_first_command_names_what_was_typed_and_what_else_there_is() -> None:
    line = [sys.executable, "-m", "bot.cli.start", "--help"]
    shown = subprocess.run(line, capture_output=True, text=True, cwd=HERE, timeout=60).stdout
    assert "Usage: python3 -m bot [OPTIONS]" in shown and ".venv/bin/kith --help" in shown
