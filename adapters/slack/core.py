"""What Slack needs from Kith: to hear events, to know where it is, and what to show on somebody's own page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.domain.content import Content
from bot.domain.events import ChannelRef, Event, Standing
from bot.domain.home import HomePage
from bot.domain.installation import Installation
from bot.domain.speech import Reply


class Core(Protocol):
    """Kith itself, joined in bootstrap to this workspace."""

    async def receive(self, event: Event) -> Reply | None:
        """Take one event; commands, choices and forms may be answered. KithError if it cannot be taken."""
        ...

    async def channels(self, workspace: str) -> Sequence[ChannelRef]:
        """Where Kith is, or has been invited and not yet left."""
        ...

    async def home(
        self, workspace: str, person: str, among: frozenset[str], *, standing: Standing, acts_in: str = ""
    ) -> HomePage:
        """What Kith does in those of the channels `among` that it is in, the person's own choices, and for admins the
        way to the workspace's settings; buttons act in `acts_in`, or in the first of them."""
        ...

    async def installed(self, installation: Installation) -> None:
        """Kith was installed in a workspace; what is left of an earlier time there is gone then."""
        ...

    async def ended(self, workspace: str, *, revoked: bool) -> None:
        """Kith was taken out of a workspace, or only its token was `revoked`."""
        ...

    async def may_read(self, workspace: str, person: str) -> bool:
        """Whether this person's messages may be read; False for those who asked Kith not to."""
        ...

    async def words(self, channel: ChannelRef) -> Content:
        """The words in which Kith speaks in a channel: in its language, or its workspace's where Kith is not in it."""
        ...
