"""Answers what people do on purpose: commands, buttons, forms, and actions on a message."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping

from adapters.teams.carrying import Carried, Kind
from adapters.teams.core import Core
from adapters.teams.hearing import Hearing, Places
from adapters.teams.interactions import JOIN, AskedAbout, Spot
from adapters.teams.people import People
from adapters.teams.replies import Replies
from adapters.teams.turns import Answer
from bot.domain.events import ChannelRef, ChoiceMade, CommandGiven, Event, FormSubmitted, KithInvited
from bot.domain.speech import Field, FieldKind, Form, Option, Reply, text
from bot.errors import BadInputError, KithError, PlatformError
from bot.ports import Clock

WHERE = "where"
"""The form that asks in which channel something is to be done, of somebody who is alone with Kith."""

MOST_CHANNELS = 12
"""Channels that are offered to choose from."""

_log = logging.getLogger("kith.teams")


class Acting:
    """Takes one interaction at a time."""

    def __init__(
        self,
        core: Core,
        hearing: Hearing,
        places: Places,
        people: People,
        replies: Replies,
        clock: Clock,
        words: Collection[str],
        alone: Collection[str],
    ) -> None:
        self._core = core
        self._hearing = hearing
        self._places = places
        self._people = people
        self._replies = replies
        self._clock = clock
        self._words = words
        self._alone = alone

    async def command(self, words: str, spot: Spot) -> None:
        """Obey a command that was written in a chat; PlatformError where its answer could not be given."""
        if spot.where.alone:
            await self._command_alone(words, spot)
            return
        names = await self._core.names(spot.where.ref.workspace)
        if spot.where.ref not in names:
            await self._outside(words, spot)
            return
        words = "help" if words.split()[0].lower() == JOIN else words
        reply = await self._commanded(words, spot, spot.where.ref)
        await self._answer(reply, spot, spot.where.ref, words=words, name=names[spot.where.ref])

    async def is_outside(self, spot: Spot) -> bool:
        """Whether this is a channel that Kith is not in, of a team that it is installed in."""
        return not spot.where.alone and spot.where.ref not in await self._core.names(spot.where.ref.workspace)

    async def say_how_to_join(self, spot: Spot) -> None:
        """Kith was spoken to where it is not; it says how that is changed."""
        await self._replies.said(await self._replies.sentence("teams.join.how", spot.where.ref), spot, "")

    async def written(self, carried: Carried, spot: Spot) -> None:
        """A button or form that came back as a message, from a client that opens no dialogs."""
        reply, channel = await self._acted(carried, spot)
        if reply is None:
            return
        names = await self._core.names(channel.workspace)
        await self._answer(reply, spot, channel, words=self._safe(carried.what), name=names.get(channel, ""))

    async def pressed(self, carried: Carried, spot: Spot) -> Answer:
        """A button or form that is answered at once, where it stands."""
        reply, channel = await self._acted(carried, spot)
        if reply is not None and reply.to_channel and reply.message is not None:
            await self._replies.to_channel(reply.message, spot, channel)
            await self._left(channel)
        return await self._replies.shown(reply, spot, self._acts_in(channel, spot))

    async def about(self, asked: AskedAbout, spot: Spot) -> Answer:
        """The action on a message: a question about it, for the asker alone. Messages of guests, bots, and people who
        asked not to be read are not read."""
        author = await self._people.person(asked.author, spot.where) if asked.author else None
        readable = author is not None and not author.guest
        readable = readable and await self._core.may_read(spot.where.ref.workspace, author.id if author else "")
        words = f"ask {asked.text}" if readable else "ask"
        reply = await self._commanded(words, spot, spot.where.ref)
        return await self._replies.shown(reply, spot, "")

    async def _command_alone(self, words: str, spot: Spot) -> None:
        """To somebody alone: done in the one channel that they share with Kith; where there are several, they choose
        one, unless it can be done without."""
        first = words.split()[0].lower().strip("?!.,/")
        if first in ("help", "data") or first not in self._words:
            reply = await self._commanded("help" if first == JOIN else words, spot, spot.where.ref)
            await self._replies.said(reply, spot, "")
            return
        shared = await self._shared(spot)
        if len(shared) > 1 and first in self._alone:
            shared = {}
        if len(shared) > 1:
            await self._replies.said(Reply(form=await self._where(words, shared, spot)), spot, "")
            return
        channel = next(iter(shared), spot.where.ref)
        reply = await self._commanded(words, spot, channel)
        await self._answer(reply, spot, channel, words=words, name=shared.get(channel, ""))

    async def _answer(self, reply: Reply, spot: Spot, channel: ChannelRef, *, words: str, name: str) -> None:
        """Give the answer to what was written: to all if it is for all, else to the person alone."""
        if reply.to_channel and reply.message is not None:
            await self._replies.to_channel(reply.message, spot, channel)
            await self._left(channel)
            if spot.where.ref == channel:
                return
        if spot.where.alone:
            await self._replies.said(reply, spot, self._acts_in(channel, spot))
        else:
            await self._replies.privately(reply, spot, words=self._safe(words), name=name)

    async def _outside(self, words: str, spot: Spot) -> None:
        """A command in a channel that Kith is not in: it comes in if it is asked to, and else says how to ask."""
        if words.split()[0].lower() != JOIN:
            await self.say_how_to_join(spot)
            return
        event = KithInvited(channel=spot.where.ref, name="", by=spot.by, at=self._clock.now())
        try:
            await self._hearing.invite(event, spot.where)
        except PlatformError:
            await self._replies.said(await self._replies.sentence("teams.join.trouble", spot.where.ref), spot, "")

    async def _acted(self, carried: Carried, spot: Spot) -> tuple[Reply | None, ChannelRef]:
        """What the core answers to a button or form, and the channel that it acted in. One that names another channel
        than it stands in is believed only of people who are in that channel."""
        channel = spot.where.ref
        if carried.kind is Kind.FORM and carried.what == WHERE:
            chosen = carried.answers.get(WHERE, "")
            named = chosen if isinstance(chosen, str) else ""
            carried = Carried(kind=Kind.COMMAND, what=carried.about or "help", channel=named)
        stale = False
        if carried.channel and carried.channel != channel.channel:
            channel = ChannelRef(channel.workspace, carried.channel)
            stale = not await self._may_act(spot, channel)
        if carried.kind is Kind.COMMAND:
            words = "help" if stale else carried.what
            return await self._commanded(words, spot, spot.where.ref if stale else channel), channel
        at = self._clock.now()
        what, about = ("", "") if stale else (carried.what, carried.about)
        event: Event
        if carried.kind is Kind.CHOICE:
            event = ChoiceMade(channel=channel, by=spot.by, choice=what, about=about, at=at, standing=spot.standing)
        else:
            event = FormSubmitted(
                channel=channel, by=spot.by, form=what, about=about, at=at, standing=spot.standing,
                answers={} if stale else carried.answers,
            )  # fmt: skip
        return await self._received(event), channel

    async def _may_act(self, spot: Spot, channel: ChannelRef) -> bool:
        address = await self._places.find(channel)
        try:
            return address is not None and await self._people.is_in(spot.by, channel.channel, address.url)
        except PlatformError:
            return False

    async def _shared(self, spot: Spot) -> Mapping[ChannelRef, str]:
        """The channels that somebody shares with Kith, by name."""
        names = await self._core.names(spot.where.ref.workspace)
        shared: dict[ChannelRef, str] = {}
        for ref, name in sorted(names.items(), key=lambda found: found[1].lower()):
            if len(shared) < MOST_CHANNELS and await self._may_act(spot, ref):
                shared[ref] = name
        return shared

    async def _where(self, words: str, shared: Mapping[ChannelRef, str], spot: Spot) -> Form:
        say = (await self._core.words(spot.where.ref)).say
        options = tuple(Option(value=ref.channel, label=name) for ref, name in shared.items())
        first = options[0].value
        field = Field(id=WHERE, label=say("shortcut.where"), kind=FieldKind.ONE_OF, options=options, value=(first,))
        return Form(id=WHERE, title=say("modal.title"), submit=say("shortcut.go_on"), fields=(field,), about=words)

    async def _commanded(self, words: str, spot: Spot, channel: ChannelRef) -> Reply:
        event = CommandGiven(
            channel=channel,
            by=spot.by,
            words=words,
            at=self._clock.now(),
            standing=spot.standing,
            thread=spot.thread if channel == spot.where.ref else None,
        )
        return await self._received(event) or await self._replies.sentence("trouble.later", channel)

    async def _received(self, event: Event) -> Reply | None:
        """What the core answers; where it cannot, one sentence that says so."""
        try:
            return await self._core.receive(event)
        except BadInputError as exc:
            return Reply(message=text(str(exc)))
        except KithError as exc:
            _log.error("Something people asked for could not be done: %s", type(exc).__name__)
            return await self._replies.sentence("trouble.later", event.channel)

    async def _left(self, channel: ChannelRef) -> None:
        """Where the core has left a channel, the adapter forgets it too."""
        if channel not in await self._core.names(channel.workspace):
            await self._places.forget(channel)

    def _acts_in(self, channel: ChannelRef, spot: Spot) -> str:
        """What is shown next carries the channel it acts in, if that is not where it stands."""
        return "" if channel == spot.where.ref else channel.channel

    def _safe(self, words: str) -> str:
        """A command's word without what people wrote after it: it goes into a card for all to see."""
        first = (words.split() or ["help"])[0].lower().strip("?!.,/")
        return first if first in self._words else "help"
