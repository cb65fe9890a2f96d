"""Reads values out of a platform's JSON without trusting its shape; pure, and shared by the adapters that meet it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]


def part(value: object, *path: str) -> Json:
    """The object under `path`; an empty one where something else stands."""
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return dict(value) if isinstance(value, Mapping) else {}


def word(value: object, *path: str) -> str:
    """The text under `path`; "" where there is none."""
    found = part(value, *path[:-1]).get(path[-1]) if path else value
    return found if isinstance(found, str) else ""
