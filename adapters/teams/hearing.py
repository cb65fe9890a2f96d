"""Takes in what happens in the tenants: each thing once, completed by what has to be looked up, told to the core."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from adapters.once import Once
from adapters.teams.core import Core
from adapters.teams.people import People
from adapters.teams.rooms import Rooms
from adapters.teams.shapes import Json, word
from adapters.teams.translate import ClosedAlone, GroupGone, MembersChanged, Notice, OpenedAlone, Told, translate
from adapters.teams.whence import Whence, whence
from bot.domain.address import Address
from bot.domain.events import ChannelChanged, ChannelRef, Event, KithInvited, KithRemoved, MessageEdited, MessagePosted
from bot.errors import PlatformGoneError
from bot.ports import Addresses, Clock

MOST_PLACES = 20_000
"""Conversations whose address, or lack of one, is remembered."""

ABSENT_FOR = timedelta(seconds=30)
"""How long a channel counts as one that Kith is not in, before the store is asked again: somebody may have brought it
in by way of another process."""


class Places:
    """Where Kith is, and at what address: the store's addresses with what was asked lately kept at hand."""

    def __init__(self, addresses: Addresses, clock: Clock) -> None:
        self._addresses = addresses
        self._clock = clock
        self._known: OrderedDict[ChannelRef, tuple[Address | None, datetime]] = OrderedDict()

    async def find(self, ref: ChannelRef) -> Address | None:
        """The address; None where Kith is not."""
        known = self._known.get(ref)
        if known and (known[0] or known[1] > self._clock.now()):
            return known[0]
        address = await self._addresses.find(ref)
        self._note(ref, address)
        return address

    async def keep(self, ref: ChannelRef, address: Address) -> None:
        """Keep an address; nothing is written where it is the one that is kept."""
        if await self._addresses.find(ref) != address:
            await self._addresses.keep(ref, address)
        self._note(ref, address)

    async def forget(self, ref: ChannelRef) -> None:
        """Kith is not there any more."""
        await self._addresses.forget(ref)
        self._known.pop(ref, None)

    async def within(self, workspace: str, group: str) -> Sequence[ChannelRef]:
        """The channels of a team that Kith is in."""
        return await self._addresses.within(workspace, group)

    def _note(self, ref: ChannelRef, address: Address | None) -> None:
        self._known[ref] = (address, self._clock.now() + ABSENT_FOR)
        self._known.move_to_end(ref)
        while len(self._known) > MOST_PLACES:
            self._known.popitem(last=False)


class Hearing:
    """What happens in the tenants. Something is taken once the core has kept it; until then it may come again."""

    def __init__(self, app: str, core: Core, people: People, rooms: Rooms, places: Places) -> None:
        self._app = app
        self._core = core
        self._people = people
        self._rooms = rooms
        self._places = places
        self._once = Once()

    async def once(self, activity: Json, take: Callable[[Json], Awaitable[None]]) -> None:
        """Do it for the first delivery of an activity alone."""
        data = activity.get("channelData")
        where = whence(activity)
        parts = (
            word(activity, "type"),
            word(data, "eventType"),
            where.ref.channel if where else "",
            word(activity, "id"),
            word(activity, "timestamp"),
        )
        await self._once.do("/".join(parts) if word(activity, "id") else "", lambda: take(activity))

    async def take(self, activity: Json) -> None:
        """Take one activity; KithError where it could not be taken and should come again."""
        where = whence(activity)
        if where is None:
            return
        for told in translate(activity, self._app):
            await self._tell(told, where)

    async def invite(self, event: KithInvited, where: Whence) -> None:
        """Bring Kith into a channel or chat: its address is kept before it is told, so that it can introduce itself."""
        address = Address(url=where.service_url, group=where.group)
        room = await self._rooms.room(event.channel, address)
        await self._places.keep(event.channel, address)
        await self._core.receive(replace(event, name=room.name, members=room.members, external=room.external))

    async def _tell(self, told: Told, where: Whence) -> None:
        match told:
            case GroupGone() | MembersChanged() | OpenedAlone() | ClosedAlone():
                await self._note(told)
            case KithInvited():
                await self.invite(told, where)
            case KithRemoved():
                await self._gone(told)
            case ChannelChanged():
                await self._changed(told.channel, told.at, name=told.name)
            case _:
                if await self._is_heard(told, where):
                    await self._core.receive(await self._complete(told, where))

    async def _is_heard(self, event: Event, where: Whence) -> bool:
        """Whether what is said there is for Kith: somebody alone with it, or a channel that it is in. Elsewhere in a
        team nothing is looked at, and nobody looked up."""
        known = await self._places.find(where.ref)
        if where.alone:
            if isinstance(event, MessagePosted):
                await self._places.keep(where.ref, Address(url=where.service_url))
            return True
        if known is None:
            return False
        if known.url != where.service_url:
            await self._places.keep(where.ref, replace(known, url=where.service_url))
        return True

    async def _complete(self, event: Event, where: Whence) -> Event:
        if isinstance(event, MessagePosted | MessageEdited) and not event.by_guest:
            return replace(event, by_guest=(await self._people.person(event.author, where)).guest)
        return event

    async def _note(self, notice: Notice) -> None:
        match notice:
            case GroupGone():
                for ref in await self._places.within(notice.workspace, notice.group):
                    await self._gone(KithRemoved(channel=ref, at=notice.at))
            case MembersChanged():
                where = notice.whence
                refs = await self._places.within(where.ref.workspace, where.group) if where.group else [where.ref]
                for ref in refs:
                    await self._changed(ref, notice.at)
            case OpenedAlone():
                await self._places.keep(notice.whence.ref, Address(url=notice.whence.service_url))
            case ClosedAlone():
                await self._places.forget(notice.ref)

    async def _gone(self, event: KithRemoved) -> None:
        await self._core.receive(event)
        await self._places.forget(event.channel)

    async def _changed(self, ref: ChannelRef, at: datetime, *, name: str = "") -> None:
        """Tell the core how a channel that Kith is in is now."""
        address = await self._places.find(ref)
        if address is None:
            return
        try:
            room = await self._rooms.room(ref, address)
        except PlatformGoneError:
            return  # it has gone meanwhile, and that is told on its own
        changed = ChannelChanged(
            channel=ref, name=name.strip()[:255] or room.name, at=at, members=room.members, external=room.external
        )
        await self._core.receive(changed)
