"""What may be written where only ids belong: the one guard that both the databases and the twin ask."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence

from bot.domain.restraint import BOUNDS, PROFILES
from bot.domain.workspace import LONGEST_HELP, WorkspaceSettings

_ID = re.compile(r"\S{1,400}")
_SHORT = re.compile(r"\S{0,64}")


def only_ids(what: str, values: Iterable[str | None]) -> None:
    """ValueError, naming `what` and never the value, unless each value is one unbroken run of up to 400 characters."""
    for value in values:
        if value is not None and not _ID.fullmatch(value):
            raise ValueError(f"{what} must be an id, not words")


def only_short_ids(what: str, values: Iterable[str | None]) -> None:
    """The same with at most 64 characters; an empty value is fine."""
    for value in values:
        if value is not None and not _SHORT.fullmatch(value):
            raise ValueError(f"{what} must be a short id or a number, not words")


def some(what: str, values: Sequence[str]) -> Sequence[str]:
    """The values; ValueError, naming `what`, if there are none."""
    if not values:
        raise ValueError(f"{what} must not be blank")
    return values


def only_known(what: str, values: Iterable[str], known: Container[str]) -> None:
    """ValueError, naming `what` and never the value, unless each value is one of the `known`."""
    if any(value not in known for value in values):
        raise ValueError(f"{what} must be made of words of our own alone")


def only_settings(settings: WorkspaceSettings) -> None:
    """ValueError unless what a workspace decided is made of ids, numbers of our own and one line on human help."""
    only_short_ids("a setting", (settings.profile, settings.zone, settings.locale, settings.holidays))
    only_ids("an admin", settings.admins)
    only_known("numbers", settings.numbers, PROFILES)
    for numbers in settings.numbers.values():
        only_known("numbers", numbers, BOUNDS)
    if settings.human_help is not None and (len(settings.human_help) > LONGEST_HELP or "\n" in settings.human_help):
        raise ValueError("human help must be one short line")
