"""Takes in the events of a workspace: each once, each completed by what has to be looked up, each told to the core."""

from __future__ import annotations

import logging
from collections import OrderedDict

from adapters.once import Once
from adapters.slack.core import Core
from adapters.slack.home import home_blocks
from adapters.slack.people import People
from adapters.slack.rooms import Rooms, complete
from adapters.slack.shapes import Json, ident
from adapters.slack.sizes import Sizes
from adapters.slack.translate import (
    HomeOpened,
    Kith,
    MembersChanged,
    Notice,
    RateLimited,
    TokensRevoked,
    Uninstalled,
    comes_from_outside,
    translate,
)
from adapters.slack.web import Web
from bot.domain.events import ChannelChanged, ChannelRef
from bot.errors import PlatformBusyError, PlatformError, PlatformGoneError, PlatformUnsureError
from bot.ports import Clock

MOST_SHARED = 10_000
"""Shared channels that are remembered as told to the core."""

_log = logging.getLogger("kith.slack")


class Hearing:
    """One workspace's events. An event is taken once the core has kept it; until then it may come again."""

    def __init__(self, web: Web, kith: Kith, core: Core, people: People, clock: Clock, *, acts_in: str = "…") -> None:
        """`acts_in` stands before the list of channels on somebody's own page."""
        self._acts_in = acts_in
        self._web = web
        self._kith = kith
        self._core = core
        self._people = people
        self._clock = clock
        self._rooms = Rooms(web)
        self._once = Once()
        self._sizes = Sizes()
        self._shared: OrderedDict[str, None] = OrderedDict()

    async def take(self, body: Json) -> None:
        """Take one body of the Events API; KithError where it could not be taken and should come again."""
        await self._once.do(ident(body, "event_id"), lambda: self._take(body))

    async def show_home(self, person: str, *, acts_in: str = "") -> None:
        """Show somebody's own page as it is now, its buttons acting in this channel; where Slack does not take it, it
        stays as it was."""
        try:
            among = await self._rooms.of(person)
            standing = (await self._people.person(person)).standing
            page = await self._core.home(self._kith.workspace, person, among, standing=standing, acts_in=acts_in)
            view = {"type": "home", "blocks": home_blocks(page, self._acts_in)}
            await self._web.call("views.publish", user_id=person, view=view)
        except PlatformError as exc:
            _log.warning("A home page could not be shown. %s", exc)

    async def may_see(self, person: str, channel: ChannelRef) -> bool:
        """Whether somebody is in a channel, or talks there with Kith alone or in a small group, which Slack lists to
        nobody else; False where Slack does not tell."""
        if channel.channel.startswith("D"):
            return True
        try:
            return channel.channel in await self._rooms.of(person) or (await self._rooms.room(channel)).small
        except PlatformError:
            return False

    async def _take(self, body: Json) -> None:
        told = translate(body, self._kith)
        if told is None:
            return
        if isinstance(told, Notice):
            await self._note(told)
            return
        try:
            event = await complete(told, self._people, self._rooms)
            if event is not None and comes_from_outside(body):
                await self._tell_shared(event.channel)
        except PlatformGoneError:
            return  # of a channel that Kith cannot see; it need not come again
        if event is None:
            return
        await self._core.receive(event)
        await self._count(event.channel)

    async def _note(self, notice: Notice) -> None:
        match notice:
            case MembersChanged():
                self._sizes.changed(notice.channel.channel)
                await self._count(notice.channel)
            case HomeOpened():
                await self.show_home(notice.by)
            case Uninstalled() | TokensRevoked() if await self._installed():
                _log.warning("A workspace says that it ended, and Kith's token there works: it was installed anew.")
            case Uninstalled():
                await self._core.ended(self._kith.workspace, revoked=False)
                _log.warning("Kith was taken out of a workspace; what it kept there is deleted.")
            case TokensRevoked():
                await self._core.ended(self._kith.workspace, revoked=True)
                _log.error("Kith's token in a workspace was revoked; install Kith there again (docs/slack.md).")
            case RateLimited():
                _log.warning("The workspace sends more events than Slack delivers; some messages were not heard.")

    async def _installed(self) -> bool:
        """Whether Kith's token works: Slack may send late that it ended, when Kith has been installed anew. Where it
        does not say, KithError, so that it sends that again."""
        try:
            await self._web.call("auth.test")
        except (PlatformBusyError, PlatformUnsureError):
            raise
        except PlatformError:
            return False
        return True

    async def _count(self, channel: ChannelRef) -> None:
        """Tell the core how many people are in a channel, if that changed and it is not too soon to look again."""
        if not self._sizes.due(channel.channel, self._clock.now()):
            return
        try:
            if channel in await self._core.channels(self._kith.workspace):
                await self._core.receive(await self._seen(channel))
        except PlatformError as exc:
            _log.warning("A channel could not be counted anew. %s", exc)

    async def _seen(self, channel: ChannelRef, *, external: bool = False) -> ChannelChanged:
        """A channel as it is now."""
        room = await self._rooms.room(channel)
        return ChannelChanged(
            channel=channel,
            name=room.name,
            at=self._clock.now(),
            purpose=room.purpose,
            members=room.members,
            external=external or room.external,
        )

    async def _tell_shared(self, channel: ChannelRef) -> None:
        """Tell the core once that people from outside are in a channel, in case that was never announced."""
        if channel.channel in self._shared:
            return
        await self._core.receive(await self._seen(channel, external=True))
        self._shared[channel.channel] = None
        while len(self._shared) > MOST_SHARED:
            self._shared.popitem(last=False)
