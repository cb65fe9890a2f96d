"""Reads values out of Slack's JSON without trusting its shape; pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from adapters.json_parts import Json, part, word

__all__ = ["Json", "ident", "moment", "part", "seconds_since_1970", "stamp", "word"]

_STAMP = re.compile(r"\d{10}\.\d{6}", re.ASCII)
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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
