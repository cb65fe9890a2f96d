"""Reads values out of a platform's JSON without trusting its shape; pure, and shared by the adapters that meet it."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def part(value: object, *path: str) -> Json:
    """The object under `path`; an empty one where something else stands."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def word(value: object, *path: str) -> str:
    """The text under `path`; "" where there is none."""
    found = value
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, str) else ""
