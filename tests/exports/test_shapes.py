"""The shapes an export comes in: folder or zip, with or without lists, wrapped in another folder."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from adapters.exports import open_export
from bot.domain.archive import TalkKind
from bot.domain.events import MessagePosted
from bot.errors import ExportError
from tests.exports.build import everything, folder, one_day, problems, said, texts, zipped


def test_folder_and_zip_tell_the_same(tmp_path: Path) -> None:
    files = one_day(said("one"), said("two", by="U2", minutes=1, thread_ts="1704100000.000000"))
    (tmp_path / "export").mkdir()
    as_folder = open_export(folder(tmp_path / "export", files))
    as_zip = open_export(zipped(tmp_path, files))
    assert everything(as_folder) == everything(as_zip)
    assert as_folder.channels() == as_zip.channels()


def test_a_channel_tells_its_name_purpose_members_and_days(tmp_path: Path) -> None:
    channel = {
        "id": "C1",
        "name": "general",
        "members": ["U1", "U2", "U9"],
        "topic": {"value": "Spring fair"},
        "purpose": {"value": "For all"},
        "is_ext_shared": True,
    }
    files = {
        "channels.json": [channel],
        "users.json": [{"id": "U9", "is_bot": True}],
        "general/2024-02-03.json": [],
        "general/2024-01-01.json": [],
    }
    (found,) = open_export(folder(tmp_path, files)).channels()
    assert (found.name, found.purpose, found.members, found.external) == ("general", "Spring fair For all", 2, True)
    assert (found.days, found.first_day, found.last_day) == (2, date(2024, 1, 1), date(2024, 2, 3))


def test_without_lists_the_folders_are_the_channels(tmp_path: Path) -> None:
    export = open_export(folder(tmp_path, {"katas/2021-05-14.json": [said("hi")]}))
    (channel,) = export.channels()
    assert (channel.name, channel.declared, channel.members) == ("katas", False, None)
    assert texts(export) == ["hi"]


def test_a_declared_channel_without_messages_is_listed_with_no_days(tmp_path: Path) -> None:
    files = one_day(said("hi")) | {"channels.json": [{"id": "C2", "name": "empty", "members": []}]}
    channels = open_export(folder(tmp_path, files)).channels()
    assert [(c.name, c.days, c.declared) for c in channels] == [("empty", 0, True), ("general", 1, False)]


def test_private_talk_is_listed_by_its_kind_and_only_channels_are_open_to_kith(tmp_path: Path) -> None:
    files = one_day(
        said("hi"),
        **{
            "groups.json": [{"id": "G1", "name": "board", "members": ["U1"]}],
            "dms.json": [{"id": "D012345AB", "members": ["U1", "U2"]}],
            "mpims.json": [{"id": "G2", "name": "mpdm-a--b-1", "members": ["U1"]}],
            "board/2024-01-01.json": [],
            "D012345AB/2024-01-01.json": [],
            "mpdm-a--b-1/2024-01-01.json": [],
            "D0999999Z/2024-01-01.json": [],
            "mpdm-x--y-1/2024-01-01.json": [],
            "FC:F01:Plans/2024-01-01.json": [],
        },
    )
    channels = open_export(folder(tmp_path, files)).channels()
    assert {c.name: c.kind for c in channels} == {
        "general": TalkKind.PUBLIC,
        "board": TalkKind.PRIVATE,
        "mpdm-a--b-1": TalkKind.GROUP,
        "mpdm-x--y-1": TalkKind.GROUP,
        "D012345AB": TalkKind.DIRECT,
        "D0999999Z": TalkKind.DIRECT,
        "FC:F01:Plans": TalkKind.FILE,
    }
    assert {c.name for c in channels if c.open_to_kith} == {"general", "board"}


def test_an_export_inside_another_folder_is_found(tmp_path: Path) -> None:
    files = {f"Our Slack/{name}": content for name, content in one_day(said("hi")).items()}
    files |= {"__MACOSX/Our Slack/general/._2024-01-01.json": b"x", "Our Slack/.DS_Store": b"x"}
    export = open_export(zipped(tmp_path, files))
    assert texts(export) == ["hi"]
    assert problems(export) == []


def test_canvases_lists_and_attachments_beside_the_talk_are_no_trouble(tmp_path: Path) -> None:
    beside = {
        "canvases.json": [{"id": "F1"}],
        "huddle_transcripts.json": [""],
        "integration_logs.json": [],
        "general/canvas_in_the_conversation.json": [],
        "attachments/F1-plan.png": b"\x89PNG",
    }
    assert problems(open_export(folder(tmp_path, one_day(said("hi"), **beside)))) == []


def test_days_outside_the_wanted_ones_are_not_opened(tmp_path: Path) -> None:
    files = {f"general/2024-01-{day:02}.json": b"broken" for day in range(1, 29)}
    files["general/2024-01-15.json"] = b'[{"type":"message","user":"U1","text":"hi","ts":"1705312800.000000"}]'
    files["general/2024-01-14.json"] = files["general/2024-01-16.json"] = b"[]"
    export = open_export(folder(tmp_path, files))
    (channel,) = export.channels()
    days: list[None] = []
    wanted = date(2024, 1, 15)
    found = list(export.rows(channel, since=wanted, until=wanted, after_day=lambda: days.append(None)))
    assert [type(item) for item in found] == [MessagePosted]
    assert len(days) == 28


def test_two_channels_with_one_id_stay_two(tmp_path: Path) -> None:
    files = {
        "channels.json": [{"id": "C1", "name": "a"}, {"id": "C1", "name": "b"}],
        "a/2024-01-01.json": [said("in a")],
        "b/2024-01-01.json": [said("in b")],
    }
    export = open_export(folder(tmp_path, files))
    assert len({c.ref for c in export.channels()}) == 2
    assert texts(export) == ["in a", "in b"]


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"notes.txt": b"hello"}, "no Slack export"),
        ({"2024-01-01.json": b"[]"}, "the folder above it"),
        ({}, "no Slack export"),
    ],
)
def test_what_is_no_export_is_said_with_what_to_do(tmp_path: Path, files: dict[str, bytes], says: str) -> None:
    with pytest.raises(ExportError, match=says):
        open_export(folder(tmp_path, files))


def test_a_path_that_leads_nowhere_is_said(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"missing\.zip: there is nothing of that name"):
        open_export(tmp_path / "missing.zip")


def test_a_file_that_is_no_zip_is_said(tmp_path: Path) -> None:
    (tmp_path / "notes.zip").write_bytes(b"hello")
    with pytest.raises(ExportError, match=r"notes\.zip: this is no zip"):
        open_export(tmp_path / "notes.zip")


@pytest.mark.parametrize("day", [date.min, date(2024, 1, 1), date.max])
def test_days_at_either_end_of_the_calendar_can_be_asked_for_and_passed_over(tmp_path: Path, day: date) -> None:
    files = {f"general/{each.isoformat()}.json": [said("hi")] for each in (date.min, date(2024, 1, 1), date.max)}
    export = open_export(folder(tmp_path, files))
    (channel,) = export.channels()
    assert any(isinstance(item, MessagePosted) for item in export.rows(channel, since=day, until=day))


@pytest.mark.skipif(os.name == "nt", reason="there a file's name is always text")
def test_a_folder_whose_name_is_no_utf_8_gets_an_id_that_can_be_written(tmp_path: Path) -> None:
    export = open_export(folder(tmp_path, {os.fsdecode(b"caf\xe9/2024-01-01.json"): [said("hi")]}))
    (channel,) = export.channels()
    assert texts(export) == ["hi"]
    assert channel.ref.channel.encode() and channel.name.encode()
