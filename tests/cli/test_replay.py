"""`kith replay` from end to end: an export goes in, a summary, a JSON and a page come out."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.replaying import Replay, Selection
from bot.usecases.replay import ReplayOptions

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
CLEAR = "we need 500 posts in #ideas by March, leaderboard on Fridays"


def kith(*words: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot.cli", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False)


def row(who: str, at: datetime, text: str, **more: Any) -> dict[str, Any]:
    return {"type": "message", "user": who, "text": text, "ts": f"{at.timestamp():.6f}", **more}


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Two channels over six weeks: in one, talk comes back to counts in the fourth; in the other, nothing happens."""
    days: dict[str, list[dict[str, Any]]] = {}
    for week in range(6):
        for day in range(5):
            at = MONDAY + timedelta(weeks=week, days=day)
            rows = days.setdefault(f"{at:%Y-%m-%d}", [])
            rows.append(row("U1", at, "the van is back"))
            rows.append(row("U2", at + timedelta(minutes=4), "thanks, I will take it at two"))
            if week == 3 and day < 3:
                for hour, who in ((1, "U1"), (2, "U2"), (3, "U3")):
                    rows.append(row(who, at + timedelta(hours=hour), CLEAR))
    folder = tmp_path / "export"
    for channel, clear in (("ideas", True), ("parking", False)):
        (folder / channel).mkdir(parents=True)
        for day_name, rows in days.items():
            kept = [r for r in rows if clear or r["text"] != CLEAR]
            (folder / channel / f"{day_name}.json").write_text(json.dumps(kept))
    listed = [
        {"id": f"C{n}", "name": name, "members": ["U1", "U2", "U3", "U4", "U5"]}
        for n, name in enumerate(("ideas", "parking"))
    ]
    (folder / "channels.json").write_text(json.dumps(listed))
    return folder


def result(tmp_path: Path, *words: object) -> dict[str, Any]:
    run = kith("replay", *words, "--json", tmp_path / "result.json", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    loaded: dict[str, Any] = json.loads((tmp_path / "result.json").read_text())
    return loaded


def channel(replayed: dict[str, Any], name: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = [c for c in replayed["channels"] if c["name"] == name]
    assert len(found) == 1
    return found[0]


def test_talk_that_narrows_is_found_and_asked_about_once(tmp_path: Path, export: Path) -> None:
    replayed = result(tmp_path, export)
    ideas = channel(replayed, "ideas")
    assert [f["pattern"] for f in ideas["findings"]] == ["numbers_obsessed"]
    assert [a["pattern"] for a in ideas["asked"]] == ["numbers_obsessed"]
    assert ideas["asked"][0]["question"].endswith("?")
    assert ideas["messages"] == 69 and ideas["people"] == 3


def test_ordinary_talk_is_met_with_silence(tmp_path: Path, export: Path) -> None:
    parking = channel(result(tmp_path, export), "parking")
    assert parking["findings"] == parking["asked"] == parking["held"] == []


def test_a_channel_named_as_announcement_only_is_never_asked_but_still_shown(tmp_path: Path, export: Path) -> None:
    ideas = channel(result(tmp_path, export, "--announcement-only", "ideas"), "ideas")
    assert ideas["asked"] == [] and {h["reason"] for h in ideas["held"]} == {"not_a_conversation"}
    assert [f["pattern"] for f in ideas["findings"]] == ["numbers_obsessed"]


def test_one_channel_can_be_chosen(tmp_path: Path, export: Path) -> None:
    assert [c["name"] for c in result(tmp_path, export, "--channel", "parking")["channels"]] == ["parking"]


def test_days_outside_since_and_until_are_not_replayed(tmp_path: Path, export: Path) -> None:
    replayed = result(tmp_path, export, "--since", "2026-03-09", "--until", "2026-03-13")
    assert channel(replayed, "ideas")["messages"] == 10


def test_the_calendars_last_day_ends_a_replay_as_any_other_does(tmp_path: Path, export: Path) -> None:
    assert result(tmp_path, export, "--until", "9999-12-31") == result(tmp_path, export)


def test_a_zip_gives_what_the_folder_gives(tmp_path: Path, export: Path) -> None:
    packed = tmp_path / "export.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for file in sorted(export.rglob("*.json")):
            archive.write(file, file.relative_to(export))
    assert result(tmp_path, packed)["channels"] == result(tmp_path, export)["channels"]


def test_an_export_and_channels_with_spaces_in_their_names_are_replayed(tmp_path: Path, export: Path) -> None:
    renamed = export.rename(tmp_path / "Acme Slack export Jan 1 2026 - Feb 1 2026")
    (renamed / "parking").rename(renamed / "parking lot")
    names = [c["name"] for c in result(tmp_path, renamed)["channels"]]
    assert "parking lot" in names and "ideas" in names


def test_the_attentive_profile_asks_earlier_and_in_the_same_words_twice_over(tmp_path: Path, export: Path) -> None:
    gentle, attentive = result(tmp_path, export), result(tmp_path, export, "--profile", "attentive")
    assert channel(attentive, "ideas")["asked"][0]["at"] <= channel(gentle, "ideas")["asked"][0]["at"]
    assert attentive == result(tmp_path, export, "--profile", "attentive")


def test_messages_are_quoted_only_when_asked_for(tmp_path: Path, export: Path) -> None:
    kith("replay", export, "--html", tmp_path / "plain.html", cwd=tmp_path)
    kith("replay", export, "--html", tmp_path / "quoted.html", "--show-text", cwd=tmp_path)
    assert "leaderboard on Fridays" not in (tmp_path / "plain.html").read_text()
    quoted = (tmp_path / "quoted.html").read_text()
    assert "leaderboard" in quoted and "Fridays" in quoted


def test_a_broken_day_is_one_line_and_the_rest_is_read(tmp_path: Path, export: Path) -> None:
    (export / "ideas" / "2026-03-04.json").write_text('[{"type": "mess')
    replayed = result(tmp_path, export)
    assert len(replayed["troubles"]) == 1 and "2026-03-04.json" in replayed["troubles"][0]
    assert channel(replayed, "ideas")["messages"] > 50


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nowhere",), "nowhere"),
        (("export", "--channel", "attic"), "there is no channel attic"),
        (("export", "--json", "no/such/folder/x.json"), "cannot be written"),
    ],
)
def test_bad_input_is_one_plain_sentence_and_exit_code_2(
    tmp_path: Path, export: Path, words: tuple[str, ...], told: str
) -> None:
    run = kith("replay", *words, cwd=tmp_path)
    assert run.returncode == 2
    assert told in run.stderr and "Traceback" not in run.stderr


@pytest.mark.parametrize("words", [("--profile", "rehearsal"), ("--since", "March"), ("--profile", "loud")])
def test_a_strange_option_is_named_with_what_it_may_be(tmp_path: Path, export: Path, words: tuple[str, str]) -> None:
    run = kith("replay", export, *words, cwd=tmp_path)
    assert run.returncode == 2 and words[0] in run.stderr


def test_channels_shared_out_among_processes_give_what_one_process_gives(export: Path) -> None:
    told: list[int] = []
    alone = Replay(export, Selection(), ReplayOptions())
    shared = Replay(export, Selection(), ReplayOptions(), share_from=1)
    assert shared.run(told.append) == alone.run(lambda _: None)
    assert shared.account.rows == alone.account.rows
    assert sum(told) == shared.days == 60
