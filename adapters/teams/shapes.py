"""Reads values out of the Bot Connector's JSON without trusting its shape; pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from adapters.json_parts import Json, part, word

__all__ = ["Json", "entries", "ident", "moment", "part", "spoken_at", "word"]

_ID = re.compile(r"[A-Za-z0-9@:;=._|+/~-]{1,255}", re.ASCII)
_MILLISECONDS = re.compile(r"1\d{12}", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FRACTION = re.compile(r"\.(\d{6})\d+")


def ident(value: object, *path: str) -> str:
    """The id under `path`; "" where something else stands, so that no words ever pass for an id."""
    found = word(value, *path)
    return found if _ID.fullmatch(found) else ""


def entries(value: object, key: str) -> list[Json]:
    """The objects in the list under `key`; what is no object is left out."""
    listed = part(value).get(key)
    return [dict(entry) for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []


def moment(value: object, *path: str) -> datetime | None:
    """The ISO 8601 time under `path`, aware, in UTC; None where something else stands."""
    found = _FRACTION.sub(r".\1", word(value, *path))
    try:
        at = datetime.fromisoformat(found)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def spoken_at(message: str, otherwise: datetime | None) -> datetime | None:
    """When a message was written: its id says so to the millisecond in real tenants, so that a later edit or reaction
    finds the window it belongs to; elsewhere `otherwise`."""
    if _MILLISECONDS.fullmatch(message):
        return _EPOCH + timedelta(milliseconds=int(message))
    return otherwise
