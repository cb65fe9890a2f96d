"""How the store stands, in numbers for those who run Kith: about no channel and nobody in particular."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """`waiting` messages are due and not said, the oldest since `oldest_due_at`; `dead` ones were given up."""

    waiting: int
    oldest_due_at: datetime | None
    dead: int
    windows: int
    channels: int
