"""The PostgreSQL of the tests cleans up after itself, also when it never came up."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import postgres_server

SUCCEEDS = "#!/bin/sh\nexit 0\n"
FAILS = "#!/bin/sh\necho it broke >&2\nexit 3\n"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder of this test alone that anybody may enter, as the user the server runs as must."""
    with tempfile.TemporaryDirectory(prefix="kith-open-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def programs(folder: Path, **scripts: str) -> Path:
    binaries = folder / "pkg" / "pginstall" / "bin"
    binaries.mkdir(parents=True)
    for name, script in scripts.items():
        (binaries / name).write_text(script)
        (binaries / name).chmod(0o755)
    return binaries


def test_a_failed_initdb_is_told_and_leaves_no_folder(folder: Path) -> None:
    binaries = programs(folder, initdb=FAILS, pg_ctl=SUCCEEDS)
    with pytest.raises(RuntimeError, match="initdb failed: it broke"), postgres_server(binaries, folder=folder):
        pass
    assert list(folder.glob("kith-pg-*")) == []


def test_a_server_that_does_not_start_is_told_and_leaves_no_folder(folder: Path) -> None:
    binaries = programs(folder, initdb=SUCCEEDS, pg_ctl=FAILS)
    with pytest.raises(RuntimeError, match="pg_ctl failed: it broke"), postgres_server(binaries, folder=folder):
        pass
    assert list(folder.glob("kith-pg-*")) == []


def test_a_test_that_fails_leaves_no_folder(folder: Path) -> None:
    binaries = programs(folder, initdb=SUCCEEDS, pg_ctl=SUCCEEDS)
    with pytest.raises(KeyError), postgres_server(binaries, folder=folder):
        assert len(list(folder.glob("kith-pg-*"))) == 1
        raise KeyError
    assert list(folder.glob("kith-pg-*")) == []
