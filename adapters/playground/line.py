"""A line of the rehearsal: one thing that a person or Kith said in a channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.speech import Message

KITH = "kith"
"""The author of what Kith says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing in a channel: a person's `text`, or Kith's `message`.

    `only_for` is the one persona who sees it, `asked` the command it answers. `reactions` maps an emoji to the
    personas who put it there. A line taken back stays, empty, for as long as it holds a thread.
    """

    id: str
    channel: str
    author: str
    at: datetime
    text: str = ""
    message: Message | None = None
    thread: str | None = None
    reactions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    edited: bool = False
    deleted: bool = False
    only_for: str | None = None
    asked: str = ""
