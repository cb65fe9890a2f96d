"""What people chose for themselves."""

from __future__ import annotations

from typing import Protocol


class Choices(Protocol):
    """What people chose for themselves, kept until they take it back."""

    async def opted_out(self, workspace: str, person: str) -> bool:
        """Whether this person asked Kith not to read their messages."""
        ...

    async def opt_out(self, workspace: str, person: str) -> None:
        """From now on this person's messages are counted as a voice and not read."""
        ...

    async def opt_in(self, workspace: str, person: str) -> None:
        """Take an opt-out back; leaves no trace of it."""
        ...
