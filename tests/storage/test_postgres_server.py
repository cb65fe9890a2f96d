"""The PostgreSQL of the tests cleans up after itself, also when it never came up."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from tests.postgres import postgres_server, wheel_binaries


def left_behind() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob("kith-pg-*"))


def failing(folder: Path, name: str) -> None:
    program = folder / name
    program.write_text("#!/bin/sh\necho it broke >&2\nexit 3\n")
    program.chmod(0o755)


def test_a_failed_initdb_is_told_and_leaves_no_folder(tmp_path: Path) -> None:
    binaries = tmp_path / "pkg" / "pginstall" / "bin"
    binaries.mkdir(parents=True)
    failing(binaries, "initdb")
    before = left_behind()
    with pytest.raises(RuntimeError, match="initdb failed: it broke"), postgres_server(binaries):
        pass
    assert left_behind() == before


def test_a_server_that_does_not_start_leaves_no_folder(tmp_path: Path) -> None:
    binaries = tmp_path / "pkg" / "pginstall" / "bin"
    binaries.mkdir(parents=True)
    failing(binaries, "pg_ctl")
    (binaries / "initdb").symlink_to(wheel_binaries() / "initdb")
    before = left_behind()
    with pytest.raises(RuntimeError, match="failed"), postgres_server(binaries):
        pass
    assert left_behind() == before
