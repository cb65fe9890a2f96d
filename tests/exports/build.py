"""Builds small Slack exports in the shapes that Slack writes, as a folder or a zip."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from adapters.exports import SlackExport
from bot.domain.archive import Account, LeftOut, Trouble
from bot.domain.events import Event, MessagePosted

Files = Mapping[str, Any]
"""Names in the export to JSON values, or to bytes as they shall stand there."""

MORNING = 1_704_100_000
"""1 January 2024, about nine in the morning, UTC."""


def ts(minutes: float = 0) -> str:
    """Slack's timestamp so many minutes after MORNING."""
    return f"{MORNING + minutes * 60:.6f}"


def said(text: str, *, by: str = "U1", minutes: float = 0, **more: Any) -> dict[str, Any]:
    """A row as Slack writes a person's message."""
    return {"type": "message", "user": by, "text": text, "ts": ts(minutes), **more}


def folder(at: Path, files: Files) -> Path:
    """The files as an unpacked export."""
    for name, content in files.items():
        (at / name).parent.mkdir(parents=True, exist_ok=True)
        (at / name).write_bytes(as_bytes(content))
    return at


def zipped(at: Path, files: Files, *, name: str = "export.zip") -> Path:
    """The files as a zipped export."""
    with zipfile.ZipFile(at / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in files.items():
            archive.writestr(member, as_bytes(content))
    return at / name


def as_bytes(content: Any) -> bytes:
    """Bytes as they are, everything else as JSON."""
    return content if isinstance(content, bytes) else json.dumps(content).encode()


def one_day(*rows: Any, **more: Any) -> dict[str, Any]:
    """An export of one channel and one day."""
    return {
        "channels.json": [{"id": "C1", "name": "general", "members": ["U1", "U2"]}],
        "general/2024-01-01.json": list(rows),
        **more,
    }


def everything(export: SlackExport) -> list[Event | LeftOut | Trouble]:
    """All rows of all channels."""
    return [item for channel in export.channels() for item in export.rows(channel)]


def texts(export: SlackExport) -> list[str]:
    """What people wrote, in order."""
    return [item.text for item in everything(export) if isinstance(item, MessagePosted)]


def account_of(export: SlackExport) -> Account:
    """The account of a whole export, what was odd about its files included."""
    account = Account()
    for item in everything(export):
        account.take(item)
    account.troubles[:0] = export.troubles
    return account


def problems(export: SlackExport) -> list[str]:
    """Every trouble's line."""
    return [trouble.line for trouble in account_of(export).troubles]
