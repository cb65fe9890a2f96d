"""Carries Kith's answers back to where somebody acted: to them alone, into the channel, or into a modal."""

from __future__ import annotations

from adapters.slack.chat import SlackChat
from adapters.slack.core import Core
from adapters.slack.forms import errors_of, modal, told
from adapters.slack.interactions import Spot, Surface
from adapters.slack.render import posted
from adapters.slack.shapes import Json
from adapters.slack.web import Web
from bot.domain.events import ChannelRef
from bot.domain.speech import Form, Message, Place, Reply, text
from bot.errors import PlatformError


class Replies:
    """The ways back to people; nothing that matters is ever said in an ephemeral message alone."""

    def __init__(self, web: Web, chat: SlackChat, core: Core) -> None:
        self._web = web
        self._chat = chat
        self._core = core

    async def trouble(self, channel: ChannelRef) -> Reply:
        """What people read where Kith could not do what they asked."""
        return Reply(message=await self.sentence("trouble.later", channel))

    async def sentence(self, key: str, channel: ChannelRef) -> Message:
        """One sentence of Slack's own, in the channel's language."""
        return text((await self._core.words(channel)).say(key))

    async def carry(self, reply: Reply, spot: Spot) -> Json:
        """Do what the reply asks for; what is left for the person alone is given back as a payload ({}: nothing is).

        A form that Slack does not open any more (it gives three seconds) becomes a sentence that says so.
        """
        payload = await self._say(reply, spot) if reply.message else {}
        if reply.form is None:
            return payload
        try:
            await self._show(await self._modal(reply.form, spot), spot)
        except PlatformError:
            return _alone(await self.sentence("trouble.form_late", spot.channel))
        return payload

    async def to_form(self, reply: Reply | None, spot: Spot, form: str) -> Json:
        """How Slack shows the answer to the form with id `form`: at its fields, as the next modal, or not at all."""
        if reply is None:
            return {"response_action": "clear"}
        if reply.form is not None:
            errors = errors_of(reply.form) if reply.form.id == form else {}
            if errors:
                return {"response_action": "errors", "errors": errors}
            return _update(await self._modal(reply.form, spot))
        if reply.message is None:
            return {"response_action": "clear"}
        if reply.to_channel:
            await self._to_channel(reply.message, spot)
        return _update(await self._told(reply.message, spot))

    async def waiting(self, spot: Spot) -> Json:
        """What a modal shows while its answer takes its time."""
        return _update(await self._told(await self.sentence("trouble.wait", spot.channel), spot))

    async def replace(self, shown: Json, spot: Spot) -> None:
        """Put a late answer in the place of the modal that waits for it; errors at fields become a sentence."""
        view = shown.get("view")
        if view is None:
            view = await self._told(await self.sentence("trouble.later", spot.channel), spot)
        await self._web.call("views.update", view_id=spot.view, view=view)

    async def alone(self, payload: Json, spot: Spot) -> None:
        """Say something to the person alone, if there is anything to say and a way to say it."""
        if payload and spot.response_url:
            await self._web.answer(spot.response_url, payload)

    async def _say(self, reply: Reply, spot: Spot) -> Json:
        message = reply.message or text("")
        said_to_all = reply.to_channel and await self._to_channel(message, spot)
        if spot.surface is not Surface.CHANNEL:
            await self._in_modal(message, spot)
            return {}
        if reply.replaces:
            return posted(message) | {"replace_original": True}
        return {} if said_to_all else _alone(message)

    async def _to_channel(self, message: Message, spot: Spot) -> bool:
        """Whether everyone could be told; where not, the person at least is."""
        try:
            await self._chat.post(Place(channel=spot.channel, thread=spot.thread), message)
        except PlatformError:
            return False
        return True

    async def _in_modal(self, message: Message, spot: Spot) -> None:
        """In the modal that is open, or in a new one."""
        view = await self._told(message, spot)
        if spot.surface is Surface.MODAL:
            await self._web.call("views.update", view_id=spot.view, view=view)
        elif spot.trigger:
            await self._web.call("views.open", trigger_id=spot.trigger, view=view)

    async def _show(self, view: Json, spot: Spot) -> None:
        method = "views.push" if spot.surface is Surface.MODAL else "views.open"
        await self._web.call(method, trigger_id=spot.trigger, view=view)

    async def _told(self, message: Message, spot: Spot) -> Json:
        say = (await self._core.words(spot.channel)).say
        return told(message, title=say("modal.title"), channel=spot.channel.channel, close=say("modal.close"))

    async def _modal(self, form: Form, spot: Spot) -> Json:
        close = (await self._core.words(spot.channel)).say("modal.close")
        return modal(form, channel=spot.channel.channel, cancel=close)


def _alone(message: Message) -> Json:
    return {"response_type": "ephemeral", "replace_original": False} | posted(message)


def _update(view: Json) -> Json:
    return {"response_action": "update", "view": view}
