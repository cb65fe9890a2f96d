"""Kith itself: a house with a chat to speak in and a clock to go by, as a platform's adapter is given it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.channel import ChannelSettings
from bot.domain.content import Content
from bot.domain.events import ChannelRef, Event, Standing
from bot.domain.home import HomePage
from bot.domain.insight import Insight
from bot.domain.installation import Installation
from bot.domain.reading import Reading
from bot.domain.speech import Reply
from bot.ports import ChatPlatform, Clock, House
from bot.usecases.asking.deliver import deliver
from bot.usecases.asking.look import look_over_due
from bot.usecases.channels.home import home_page
from bot.usecases.channels.inspect import inspect
from bot.usecases.check_ins.clock import fire_due
from bot.usecases.receive import receive
from bot.usecases.workspaces.holding import words_in
from bot.usecases.workspaces.install import end, forget_ended, install

_log = logging.getLogger("kith.tick")  # types of errors alone: an error's own text may hold anything


@dataclass(frozen=True, slots=True, kw_only=True)
class Kith:
    """What happens goes in by `receive`, what is due goes out by `tick`."""

    house: House
    chat: ChatPlatform
    clock: Clock
    newcomers: ChannelSettings
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    def stop(self) -> None:
        """From now on nothing new is begun: the tick under way ends soon."""
        self._stopping.set()

    async def receive(self, event: Event) -> Reply | None:
        """Handle one event at this moment."""
        return await receive(event, house=self.house, now=self.clock.now(), settings=self.newcomers)

    async def tick(self) -> None:
        """Do what is due, say what is waiting and forget what is over, whatever becomes of the others; none raises."""
        try:
            await look_over_due(house=self.house, now=self.clock.now())
        except Exception as exc:  # noqa: BLE001, a boundary: what is decided already is to be said all the same
            _log.error("looking at what is due failed: %s", type(exc).__name__)
        try:
            await fire_due(house=self.house, now=self.clock.now)
        except Exception as exc:  # noqa: BLE001, as above
            _log.error("claiming check-ins failed: %s", type(exc).__name__)
        try:
            await deliver(house=self.house, chat=self.chat, now=self.clock.now, stopping=self._stopping.is_set)
        except Exception as exc:  # noqa: BLE001, as above: the scheduler would log the error's text
            _log.error("delivering failed: %s", type(exc).__name__)
        try:
            await forget_ended(house=self.house, now=self.clock.now())
        except Exception as exc:  # noqa: BLE001, as above
            _log.error("forgetting what is over failed: %s", type(exc).__name__)

    async def installed(self, installation: Installation) -> None:
        """Keep an installation."""
        await install(installation, house=self.house, now=self.clock.now())

    async def ended(self, workspace: str, *, revoked: bool) -> None:
        """Kith was taken out of a workspace, or only its token was revoked."""
        await end(workspace, house=self.house, now=self.clock.now(), revoked=revoked)

    async def next_due(self, workspace: str) -> datetime | None:
        """When something falls due next in a workspace: a check-in, or a message that waits for its time."""
        now = self.clock.now()
        store = self.house.store
        moments = await store.check_ins.next_due(workspace, now), await store.outbox.next_due(workspace, now)
        return min((moment for moment in moments if moment is not None), default=None)

    async def insight(self, channel: ChannelRef) -> Insight | None:
        """What Kith sees of a channel now."""
        return await inspect(channel, house=self.house, now=self.clock.now())

    async def reading(self, text: str) -> Reading:
        """What the reader sees in a text; nothing is kept."""
        return await self.house.reader.read(text, explain=True)

    async def channels(self, workspace: str) -> Sequence[ChannelRef]:
        """Where Kith is in a workspace."""
        return [channel.ref for channel in await self.house.store.channels.all(workspace)]

    async def names(self, workspace: str) -> Mapping[ChannelRef, str]:
        """Where Kith is in a workspace, and what people call it."""
        return {channel.ref: channel.name for channel in await self.house.store.channels.all(workspace)}

    async def home(
        self, workspace: str, person: str, among: frozenset[str], *, standing: Standing, acts_in: str = ""
    ) -> HomePage:
        """Kith's own page for somebody who is in these channels, with buttons that act in one of them."""
        return await home_page(workspace, person, among=among, house=self.house, standing=standing, acts_in=acts_in)

    async def words(self, channel: ChannelRef) -> Content:
        """The words in which Kith speaks in a channel."""
        return await words_in(channel, house=self.house)

    async def may_read(self, workspace: str, person: str) -> bool:
        """Whether this person has not asked Kith to leave their messages unread."""
        return not await self.house.store.choices.opted_out(workspace, person)
