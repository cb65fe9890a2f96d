"""Broken and hostile exports: one clear line for each bad file, the rest is read, nothing is written."""

from __future__ import annotations

import os
import stat
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.exports import open_export
from adapters.exports.source import LARGEST_FILE
from tests.exports.build import as_bytes, folder, one_day, problems, said, texts, zipped

GOOD = one_day(said("still here"))
BAD = "general/2024-01-02.json"


@pytest.fixture(autouse=True)
def nothing_is_written(tmp_path: Path) -> Iterator[None]:
    """Whatever a test does, reading an export leaves no file behind."""
    (tmp_path / "export").mkdir()
    yield
    assert not [p for p in tmp_path.rglob("*") if "evil" in p.name]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'[{"type": "message", "text": "a sec', "broken JSON (line 1)"),
        (b"[]\n}", "broken JSON (line 2)"),
        (b"[NaN]", "broken JSON"),
        (b"", "empty"),
        (b'{"ok": true}', "not a list of messages"),
        (b"7", "not a list of messages"),
        ("[]".encode("utf-16"), "not written in UTF-8"),
        ('[{"text": "caf\xe9"}]'.encode("latin-1"), "not written in UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b"\x00" * 50, "broken JSON"),
    ],
)
@pytest.mark.parametrize("build", [folder, zipped])
def test_a_broken_day_is_one_line_and_the_rest_is_read(tmp_path: Path, build: Any, content: bytes, says: str) -> None:
    export = open_export(build(tmp_path / "export", {**GOOD, BAD: content}))
    assert texts(export) == ["still here"]
    (line,) = problems(export)
    assert line.startswith(f"{BAD}: ")
    assert says in line
    assert "sec" not in line
    assert "\n" not in line


@pytest.mark.parametrize("name", ["channels.json", "users.json", "groups.json", "dms.json", "mpims.json"])
@pytest.mark.parametrize("content", [b"{", b"", b'[1, null, {}, {"id": 4}]', b'{"a": 1}'])
def test_a_broken_list_does_not_stop_the_talk_from_being_read(tmp_path: Path, name: str, content: bytes) -> None:
    export = open_export(folder(tmp_path / "export", {**GOOD, name: content}))
    assert texts(export) == ["still here"]
    assert all(line.startswith(f"{name}: ") for line in problems(export))


def test_half_an_emoji_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    day = b'\xef\xbb\xbf[{"type":"message","user":"U1","text":"oh \\ud83d","ts":"1704200000.000000"}]'
    export = open_export(folder(tmp_path / "export", {**GOOD, BAD: day}))
    assert texts(export) == ["still here", "oh ?"]
    assert problems(export) == []


@pytest.mark.parametrize("name", ["general/notes.json", "general/2024-13-45.json", "general/2024-01-01 (1).json"])
def test_a_file_not_named_after_a_day_is_said(tmp_path: Path, name: str) -> None:
    (line,) = problems(open_export(folder(tmp_path / "export", {**GOOD, name: b"[]"})))
    assert line == f"{name}: is not named after a day (YYYY-MM-DD.json); it was not read."


def test_links_are_never_followed_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "outside.json").write_bytes(as_bytes([said("a secret")]))
    (tmp_path / "far").mkdir()
    (tmp_path / "far/2024-01-01.json").write_bytes(as_bytes([said("a secret")]))
    path = folder(tmp_path / "export", GOOD)
    (path / BAD).symlink_to(tmp_path / "outside.json")
    (path / "linked").symlink_to(tmp_path / "far", target_is_directory=True)
    export = open_export(path)
    assert texts(export) == ["still here"]
    assert problems(export) == [
        "linked: is a link; links are never followed.",
        f"{BAD}: is a link; links are never followed.",
    ]


def test_pipes_and_folders_named_like_files_are_not_opened(tmp_path: Path) -> None:
    path = folder(tmp_path / "export", GOOD)
    os.mkfifo(path / BAD)
    (path / "general/2024-01-03.json").mkdir()
    export = open_export(path)
    assert texts(export) == ["still here"]
    assert problems(export) == [
        f"{BAD}: is no regular file; it was not opened.",
        "general/2024-01-03.json: is a folder with the name of a file; it was not read.",
    ]


@pytest.mark.parametrize(
    "name",
    ["../evil.json", "/evil.json", "general/../../evil.json", "..\\evil.json", "C:\\evil.json", "general/../evil.json"],
)
def test_names_that_lead_outside_are_said_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    export = open_export(zipped(tmp_path / "export", {**GOOD, name: [said("a secret")]}))
    assert texts(export) == ["still here"]
    (line,) = problems(export)
    assert line == f"{name.replace(chr(92), '/')}: has a name that leads out of the export; it was not read."


def test_a_link_in_a_zip_is_said(tmp_path: Path) -> None:
    path = zipped(tmp_path / "export", GOOD)
    link = zipfile.ZipInfo(BAD)
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    export = open_export(path)
    assert problems(export) == [f"{BAD}: is a link; links are never followed."]
    assert texts(export) == ["still here"]


@pytest.mark.parametrize(("size", "says"), [(8 * 2**20, "zip bomb"), (LARGEST_FILE + 1, "larger than 64 MB")])
def test_a_zip_bomb_is_noticed(tmp_path: Path, size: int, says: str) -> None:
    (line,) = problems(open_export(zipped(tmp_path / "export", {**GOOD, BAD: b" " * size})))
    assert line.startswith(f"{BAD}: ")
    assert says in line


def test_a_bomb_that_lies_about_its_size_is_noticed(tmp_path: Path) -> None:
    path = zipped(tmp_path / "export", {**GOOD, BAD: b" " * (8 * 2**20)})
    content = path.read_bytes()
    path.write_bytes(content.replace(struct.pack("<I", 8 * 2**20), struct.pack("<I", 100)))
    export = open_export(path)
    assert texts(export) == ["still here"]
    assert "zip bomb" in problems(export)[0]


def test_members_that_share_their_bytes_are_not_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "export", {**GOOD, BAD: [said("twice?", minutes=2000)]})
    with zipfile.ZipFile(path, "a") as archive:
        shared = archive.getinfo(BAD)
        again = zipfile.ZipInfo("general/2024-01-03.json")
        for field in ("header_offset", "compress_size", "file_size", "CRC", "compress_type", "flag_bits"):
            setattr(again, field, getattr(shared, field))
        archive.filelist.append(again)
        archive.NameToInfo[again.filename] = again
        archive.comment = b"x"
    export = open_export(path)
    assert texts(export) == ["still here"]
    assert len(problems(export)) == 2
    assert all("shares its bytes" in line for line in problems(export))


def test_a_member_without_a_name_is_said(tmp_path: Path) -> None:
    path = zipped(tmp_path / "export", {**GOOD, "?": b"[]"})
    content = path.read_bytes()
    entry = content.rindex(b"PK\x01\x02")
    path.write_bytes(content[: entry + 28] + struct.pack("<HH", 0, 1) + content[entry + 32 :])
    export = open_export(path)
    assert texts(export) == ["still here"]
    assert problems(export) == ["?: is a member without a name; it was not read."]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_a_member_that_stands_twice_the_first_is_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "export", GOOD)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("general/2024-01-01.json", as_bytes([said("another")]))
    export = open_export(path)
    assert texts(export) == ["still here"]
    assert problems(export) == ["general/2024-01-01.json: stands in the zip twice; only the first was read."]


def test_a_zip_in_the_zip_is_not_opened(tmp_path: Path) -> None:
    inner = zipped(tmp_path, one_day(said("a secret")), name="inner.zip").read_bytes()
    export = open_export(zipped(tmp_path / "export", {**GOOD, "more.zip": inner, "general/x.zip": inner}))
    assert texts(export) == ["still here"]
    assert [line.split(": ")[0] for line in problems(export)] == ["more.zip", "general/x.zip"]


@pytest.mark.parametrize("later_sizes", [False, True])
def test_a_zip_that_breaks_off_is_read_up_to_the_break(tmp_path: Path, later_sizes: bool) -> None:
    path = zipped(tmp_path / "export", {})
    days = {f"general/2024-01-{d:02}.json": as_bytes([said(f"day {d}", minutes=d * 1440)]) for d in range(1, 20)}
    with path.open("wb") as file:
        target: Any = _Pipe(file) if later_sizes else file
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in days.items():
                archive.writestr(name, content)
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.index(b"general/2024-01-11.json") + 40])
    export = open_export(path)
    assert texts(export) == [f"day {d}" for d in range(1, 11)]
    assert problems(export) == [
        "export.zip: breaks off before its list of contents (a download that stopped?); "
        "what stands before the break was read.",
        "general/2024-01-11.json: breaks off in the middle of the zip; it could not be read.",
    ]


def test_a_damaged_member_is_said(tmp_path: Path) -> None:
    path = zipped(tmp_path / "export", {**GOOD, BAD: [said("x" * 500, minutes=2000)]})
    content = bytearray(path.read_bytes())
    at = content.index(BAD.encode()) + len(BAD) + 20
    content[at : at + 8] = b"\xff" * 8
    path.write_bytes(content)
    export = open_export(path)
    assert texts(export) == ["still here"]
    assert problems(export) == [f"{BAD}: is damaged inside the zip; it could not be read."]


@pytest.mark.parametrize(("flag", "method", "says"), [(1, 8, "password"), (0, 99, "exports do not use")])
def test_locked_and_strangely_packed_members_are_said(tmp_path: Path, flag: int, method: int, says: str) -> None:
    path = zipped(tmp_path / "export", {**GOOD, BAD: [said("hm", minutes=2000)]})
    content = bytearray(path.read_bytes())
    entry = content.rindex(BAD.encode()) - 46
    content[entry + 8 : entry + 12] = struct.pack("<HH", flag, method)
    path.write_bytes(content)
    assert says in problems(open_export(path))[0]


def test_names_cannot_write_over_the_terminal(tmp_path: Path) -> None:
    export = open_export(folder(tmp_path / "export", {**GOOD, "gen\x1b[2Jeral\n/2024-01-01.json": b"{"}))
    assert [line for line in problems(export) if not line.isprintable()] == []
    assert all(channel.name.isprintable() for channel in export.channels())


class _Pipe:
    """A file that cannot seek, so that a zip written to it gives its sizes behind each member, as Slack's do."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def write(self, content: bytes) -> int:
        return int(self._file.write(content))

    def flush(self) -> None:
        self._file.flush()
