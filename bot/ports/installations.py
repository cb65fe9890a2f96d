"""Where Kith is installed, and the handshakes by which it gets there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.installation import Installation


class Installations(Protocol):
    """Workspaces under their tokens, which are sealed; and workspaces that are over and still to be forgotten."""

    async def install(self, installation: Installation) -> None:
        """Keep it in the place of any before; a workspace that was to be forgotten is not any more."""
        ...

    async def of(self, workspace: str) -> Installation | None:
        """The installation with its tokens; None where there is none. SealError if no key opens it."""
        ...

    async def versions(self) -> Mapping[str, int]:
        """Every workspace that has tokens, with the version they are at."""
        ...

    async def claim_renewal(self, now: datetime, *, lease: timedelta, at_most: int = 20) -> Sequence[Installation]:
        """Installations whose token ends within RENEW_BEFORE and can be renewed, each handed to one caller alone until
        the lease is over; one that no key opens is left out."""
        ...

    async def renew(self, installation: Installation) -> bool:
        """Write its new tokens and free it; False, and nothing changed, if it changed since it was claimed."""
        ...

    async def end(self, workspace: str, *, forget_at: datetime) -> None:
        """Delete its tokens at once, and note when all else is to be forgotten; the earliest time that was noted
        holds."""
        ...

    async def ended(self, now: datetime, *, at_most: int = 10) -> Sequence[str]:
        """Workspaces that are to be forgotten by now, the longest due first."""
        ...

    async def is_over(self, workspace: str, now: datetime) -> bool:
        """Whether this workspace is to be forgotten by now."""
        ...

    async def drop(self, workspace: str) -> None:
        """Delete that it ended; nothing where it was installed anew."""
        ...


class Handshakes(Protocol):
    """Installations that somebody has begun in their browser: each can be finished once, and not for long."""

    async def begin(self, state: str, *, until: datetime) -> None:
        """Remember this unpredictable word until then."""
        ...

    async def finish(self, state: str, now: datetime) -> bool:
        """Whether this word was begun, its time is not over, and nobody finished it before; forgets it, and all whose
        time is over."""
        ...
