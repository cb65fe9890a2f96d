"""Turns a file's bytes into JSON values, leniently where Slack and its imitators are loose."""

from __future__ import annotations

import json
from typing import Any, Never

import orjson

from adapters.exports.source import trouble
from bot.domain.archive import Trouble

_BOM = b"\xef\xbb\xbf"


def load(name: str, content: bytes) -> Any | Trouble:
    """The JSON value, or a trouble that says what the file is instead."""
    content = content.removeprefix(_BOM)
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return _load_slowly(name, content)


def _load_slowly(name: str, content: bytes) -> Any | Trouble:
    """What orjson refuses and Slack may write: halves of emoji, numbers beyond 64 bits."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return trouble(name, "is not written in UTF-8; it was not read.")
    try:
        return _whole(json.loads(text, parse_constant=_refuse))
    except RecursionError:
        return trouble(name, "is nested too deeply to be an export's file; it was not read.")
    except ValueError as error:
        line = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        return trouble(name, f"is broken JSON{line}; it was not read.")


def _refuse(constant: str) -> Never:
    """JSON knows neither NaN nor infinity."""
    raise ValueError(constant)


def _whole(value: Any) -> Any:
    """The value with every half of an emoji replaced, so that its texts can be encoded again."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, dict):
        return {_whole(key): _whole(item) for key, item in value.items()}
    return value
