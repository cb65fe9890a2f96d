"""At what address a channel is answered, where a platform gives each of them one of its own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """The URL that what is said in a channel is sent to; `group` is the platform's id of the larger whole that the
    channel is part of ("": of none)."""

    url: str
    group: str = ""
