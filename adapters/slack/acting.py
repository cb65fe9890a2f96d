"""Answers what people do on purpose: commands, buttons, forms and shortcuts, each within three seconds."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

from adapters.slack.core import Core
from adapters.slack.forms import where
from adapters.slack.hearing import Hearing
from adapters.slack.home import GO
from adapters.slack.interactions import (
    CHECK,
    Spot,
    Surface,
    chosen,
    commanded,
    names,
    sent,
    shortcut_on_message,
)
from adapters.slack.patience import Patience
from adapters.slack.people import UNKNOWN, People
from adapters.slack.replies import Replies
from adapters.slack.shapes import Json, word
from adapters.slack.translate import Kith
from adapters.slack.web import Web
from bot.domain.events import ChannelRef, ChoiceMade, CommandGiven, Event, FormSubmitted, Standing
from bot.domain.speech import Reply, text
from bot.errors import BadInputError, KithError, PlatformError
from bot.ports import Clock

_log = logging.getLogger("kith.slack")


class Acting:
    """Takes one interaction at a time and gives back what Slack is to be answered with at once ({}: nothing)."""

    def __init__(
        self,
        web: Web,
        kith: Kith,
        core: Core,
        hearing: Hearing,
        people: People,
        replies: Replies,
        clock: Clock,
        patience: Patience,
    ) -> None:
        self._web = web
        self._kith = kith
        self._core = core
        self._hearing = hearing
        self._people = people
        self._replies = replies
        self._clock = clock
        self._patience = patience

    async def command(self, body: Json) -> Json:
        """A slash command."""
        given = commanded(body, self._kith, self._clock.now(), await self._standing(body))
        return await self._answered(*given) if given else {}

    async def choice(self, body: Json) -> Json:
        """A pressed button; a button that is not Kith's is let be. Slack shows nothing of an answer given at once, so
        it goes the other way."""
        made = chosen(body, self._kith, self._clock.now(), await self._standing(body))
        if made is None:
            return {}
        event, spot = made
        work = self._chosen(event, spot)
        await self._patience.answer(work, late=_nothing)
        return {}

    async def form(self, body: Json) -> Json:
        """A form that was sent, or the channel that a shortcut belongs to."""
        given = sent(body, self._kith, self._clock.now(), await self._standing(body))
        if given is None:
            return {}
        event, spot = given
        form = event.form if isinstance(event, FormSubmitted) else ""
        shown = await self._patience.answer(
            self._sent(event, spot, form), late=lambda late: self._replies.replace(late, spot)
        )
        return await self._replies.waiting(spot) if shown is None else shown

    async def shortcut(self, body: Json) -> Json:
        """The shortcut for a plan, which first asks for a channel, or the one about a message."""
        if body.get("callback_id") == CHECK:
            say = (await self._core.words(ChannelRef(self._kith.workspace, ""))).say
            view = where(
                title=say("modal.title"),
                label=say("shortcut.where"),
                submit=say("shortcut.go_on"),
                cancel=say("modal.close"),
                words="check",
            )
            await self._web.call("views.open", trigger_id=word(body, "trigger_id"), view=view)
            return {}
        found = shortcut_on_message(body, self._kith)
        if found is None:
            return {}
        about, spot = found
        unread = not about.author or (await self._people.person(about.author)).guest
        unread = unread or not await self._core.may_read(self._kith.workspace, about.author)
        words = "ask" if unread else f"ask {about.text}"
        standing = await self._standing(body)
        event = CommandGiven(
            channel=spot.channel, by=spot.by, words=words, at=self._clock.now(), standing=standing, thread=spot.thread
        )
        payload = await self._answered(event, spot)
        await self._replies.alone(payload, spot)
        return {}

    async def _answered(self, event: Event, spot: Spot) -> Json:
        """The answer for the person alone; one that comes late goes through the address that Slack gave for it."""
        work = self._told(event, spot)
        return await self._patience.answer(work, late=lambda late: self._replies.alone(late, spot)) or {}

    async def _chosen(self, event: ChoiceMade, spot: Spot) -> None:
        """Buttons of somebody's own page, or in a modal, name a channel that they must still be in; else they are
        stale."""
        if not await self._may_act(spot):
            event = replace(event, choice="", about="")
        if spot.surface is not Surface.HOME:
            await self._replies.alone(await self._told(event, spot), spot)
            return
        if event.choice != GO:
            await self._told(event, spot)
        await self._hearing.show_home(spot.by, acts_in=spot.channel.channel)

    async def _may_act(self, spot: Spot) -> bool:
        """Whether somebody is in the channel that they act on. Slack vouches for it where they act in a channel; what a
        modal or a page was opened for may be long ago."""
        if spot.surface is Surface.CHANNEL or not spot.channel.channel:
            return True
        return await self._hearing.may_see(spot.by, spot.channel)

    async def _sent(self, event: FormSubmitted | CommandGiven, spot: Spot, form: str) -> Json:
        """A form for a channel that its sender is not in is as stale as one that Kith never wrote."""
        if not await self._may_act(spot):
            stale = Reply(message=await self._replies.sentence("choice.stale", spot.channel))
            return await self._replies.to_form(stale, spot, form)
        return await self._replies.to_form(await self._received(event), spot, form)

    async def _told(self, event: Event, spot: Spot) -> Json:
        reply = await self._received(event)
        payload: Json = {}
        try:
            payload = await self._replies.carry(reply, spot) if reply else {}
        except PlatformError as exc:
            _log.warning("An answer was not taken. %s", exc)
        if reply and reply.to_channel:
            await self._leave_if_gone(spot)
        return payload

    async def _received(self, event: Event) -> Reply | None:
        """What the core answers; where it cannot, one sentence that says so."""
        try:
            return await self._core.receive(event)
        except BadInputError as exc:
            return Reply(message=text(str(exc)))
        except KithError as exc:
            _log.error("Something people asked for could not be done: %s", type(exc).__name__)
            return await self._replies.trouble(event.channel)

    async def _leave_if_gone(self, spot: Spot) -> None:
        """Where the core has left a channel, Kith's user leaves it too; without the scope for it, people remove it."""
        if spot.channel in await self._core.channels(self._kith.workspace):
            return
        try:
            await self._web.call("conversations.leave", channel=spot.channel.channel)
        except PlatformError as exc:
            _log.warning("Kith has left a channel and its user is still in it; /remove takes it out. %s", exc)

    async def _standing(self, body: Json) -> Standing:
        users = names(body)
        return (await self._people.person(users[0]) if users else UNKNOWN).standing


async def _nothing(_: None) -> None:
    """A pressed button was answered on the other way already."""


Handler = Callable[[Json], Awaitable[Json]]
