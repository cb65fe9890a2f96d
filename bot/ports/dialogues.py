"""Talks with people who spoke to Kith."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.dialogue import Dialogue
from bot.domain.events import ChannelRef
from bot.domain.outgoing import Outgoing


class Dialogues(Protocol):
    """Talks with people who spoke to Kith, kept with their thread and for a day at most."""

    async def find(self, ref: ChannelRef, thread: str) -> Dialogue | None:
        """The dialogue in this thread; lapsed ones are there until they are swept out."""
        ...

    async def of(self, ref: ChannelRef) -> Sequence[Dialogue]:
        """All of this channel's, oldest first."""
        ...

    async def answer(
        self,
        outgoing: Outgoing,
        *,
        heard: str,
        at: datetime,
        before: Dialogue | None = None,
        after: Dialogue | None = None,
    ) -> bool:
        """In one transaction: note for a day that the message `heard` (a pseudonym) was answered, put `after` in the
        place of `before`, queue `outgoing`. False, and nothing written, if it was answered or `before` has changed."""
        ...

    async def drop(self, ref: ChannelRef, thread: str) -> None:
        """Forget the dialogue in this thread, if there is one."""
        ...

    async def sweep(self, before: datetime, *, at_most: int = 1000) -> int:
        """Forget dialogues begun, and answers noted, at or before `before`, the oldest `at_most` of each; says how many
        went of whichever were more."""
        ...
