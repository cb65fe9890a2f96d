"""Reads values out of Slack's JSON without trusting its shape; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

Json = dict[str, Any]

_STAMP = re.compile(r"\d{10}\.\d{6}", re.ASCII)
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def part(value: object, *path: str) -> Json:
    """The object under `path`; an empty one where something else stands."""
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return dict(value) if isinstance(value, Mapping) else {}


def word(value: object, *path: str) -> str:
    """The text under `path`; "" where there is none."""
    found = part(value, *path[:-1]).get(path[-1]) if path else value
    return found if isinstance(found, str) else ""


def ident(value: object, *path: str) -> str:
    """The id under `path`; "" where something else stands, so that no words ever pass for an id."""
    found = word(value, *path)
    return found if _ID.fullmatch(found) else ""


def stamp(value: object, *path: str) -> str:
    """The message timestamp under `path`, which is the message's id too; "" where something else stands."""
    found = word(value, *path)
    return found if _STAMP.fullmatch(found) else ""


def moment(stamped: str) -> datetime:
    """The time in a message timestamp, aware, in UTC, exact to the microsecond."""
    seconds, micros = stamped.split(".")
    return _EPOCH + timedelta(seconds=int(seconds), microseconds=int(micros))


def seconds_since_1970(value: object) -> datetime | None:
    """The time that a whole number of seconds means; None if it is no number of this century."""
    sane = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 4_102_444_800
    return _EPOCH + timedelta(seconds=int(str(value))) if sane else None
