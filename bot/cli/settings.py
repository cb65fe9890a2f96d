"""`kith settings`: every setting there is, as a page or with the values in force."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, get_args, get_origin

import typer
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from bot.config import Settings, load_settings

HIDDEN = "(set)"
"""What is shown of a secret."""


def settings(
    in_force: Annotated[bool, typer.Option("--in-force", help="Print the values in force, secrets hidden.")] = False,
) -> None:
    """Print the reference of all settings (docs/settings.md), or the values in force."""
    lines = _in_force(load_settings()) if in_force else reference()
    typer.echo("\n".join(lines))


def reference() -> Iterator[str]:
    """A Markdown page on every setting: its name, what it is for, what it may be, what it is if nobody sets it."""
    yield "# Settings"
    yield ""
    yield "Each is a variable of the environment or, in small letters and without `KITH_`, a line in `kith.toml`; the"
    yield "environment wins. What ends in `_FILE` names a file that holds the value, as containers hand over secrets."
    yield "`kith settings --in-force` prints what holds now. Made by `kith settings`; do not edit."
    yield ""
    yield "| setting | what for | may be | unless set |"
    yield "|---|---|---|---|"
    for name, field in Settings.model_fields.items():
        told = (field.description or "").replace("|", "\\|")
        yield f"| `KITH_{name.upper()}` | {told} | {_may_be(field.annotation)} | {_default(field)} |"


def _in_force(found: Settings) -> Iterator[str]:
    for name in Settings.model_fields:
        value = getattr(found, name)
        yield f"KITH_{name.upper()}={_shown(name, value)}"


def _shown(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, SecretStr):
        return HIDDEN
    if name == "database_url":  # its password stays here
        scheme, _, rest = str(value).partition("://")
        return f"{scheme}://{rest.rpartition('@')[2]}"
    return str(value)


def _may_be(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return " ".join(f"`{each}`" for each in get_args(kind))
    if isinstance(kind, UnionType) or get_origin(kind) is not None:
        return ", ".join(_may_be(each) for each in get_args(kind) if each is not NoneType)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return " ".join(f"`{each.value}`" for each in kind)
    return _KINDS.get(kind, "text")


_KINDS: dict[Any, str] = {
    bool: "`true` `false`",
    int: "a whole number",
    float: "a number",
    SecretStr: "a secret",
    Path: "a path",
}


def _default(field: FieldInfo) -> str:
    value = field.default
    if value is None or value == "":
        return "–"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"
