"""Carries Kith's answers back to where somebody acted: into a dialog, onto a card, into a chat, or to them alone."""

from __future__ import annotations

from adapters.teams.cards import card, one_line, spoken
from adapters.teams.carrying import Kind, Way, action
from adapters.teams.chat import CARD, activity_of, carded
from adapters.teams.connector import Connector
from adapters.teams.core import Core
from adapters.teams.form_cards import form_card
from adapters.teams.interactions import Spot, Surface
from adapters.teams.shapes import Json
from adapters.teams.turns import Answer
from adapters.teams.whence import conversation_id
from bot.domain.events import ChannelRef
from bot.domain.speech import Form, Message, Paragraph, Reply, text
from bot.errors import PlatformError
from bot.ports import Addresses

MESSAGE = "application/vnd.microsoft.activity.message"


class Replies:
    """The ways back to people. `channel` is always the id of the channel that what is shown acts in."""

    def __init__(self, connector: Connector, addresses: Addresses, core: Core) -> None:
        self._connector = connector
        self._addresses = addresses
        self._core = core

    async def sentence(self, key: str, channel: ChannelRef) -> Reply:
        """One sentence of Teams' own, in the channel's language."""
        return Reply(message=text((await self._core.words(channel)).say(key)))

    async def shown(self, reply: Reply | None, spot: Spot, channel: str) -> Answer:
        """The answer to a button or form, shown where it was pressed: in its dialog, or in the place of its card."""
        if spot.surface is Surface.CARD:
            return Answer(body=self._on_card(reply, channel))
        if reply is None or (reply.form is None and reply.message is None):
            return Answer(body={})
        if reply.form is not None:
            return self._dialog(reply.form.title, form_card(reply.form, way=Way.WITHIN, channel=channel), "medium")
        message = reply.message or text("")
        height = "small" if len(message.plain) < 300 else "medium"
        title = (await self._core.words(spot.where.ref)).say("modal.title")
        return self._dialog(title, card(message, way=Way.WITHIN, channel=channel), height)

    async def said(self, reply: Reply, spot: Spot, channel: str) -> None:
        """The answer to what somebody wrote, in the chat; PlatformError where it could not be said."""
        if spot.where.alone:
            await self.post(self.alone_activity(reply, channel), spot)
        elif reply.message:
            await self.post(activity_of(reply.message), spot)

    async def to_channel(self, message: Message, spot: Spot, channel: ChannelRef) -> bool:
        """Whether everyone in the channel could be told."""
        if channel == spot.where.ref:
            return await self._tried(spot.where.service_url, self._here(spot), activity_of(message))
        address = await self._addresses.find(channel)
        return bool(address) and await self._tried(
            address.url if address else "", channel.channel, activity_of(message)
        )

    async def privately(self, reply: Reply, spot: Spot, *, words: str, name: str) -> None:
        """An answer for one person, asked for where others read along: in their own chat with Kith, which says where
        it came from, if they have one; else a short hint to all, with a button that shows it to whoever presses it."""
        if await self._to_person(reply, spot, name):
            return
        say = (await self._core.words(spot.where.ref)).say
        label = one_line(say("teams.private.show"))
        button = action(label, Way.DIALOG, kind=Kind.COMMAND, what=words)
        hint = text(say("teams.private.hint"))
        shown = card(hint)
        await self.post(carded({**shown, "actions": [button]}, spoken(hint)), spot)

    def alone_activity(self, reply: Reply, channel: str, *, origin: str = "") -> Json:
        """What is sent to somebody alone; `origin` says where it came from."""
        if reply.form is not None:
            form = reply.form
            if origin:
                form = Form(
                    id=form.id,
                    title=form.title,
                    submit=form.submit,
                    fields=form.fields,
                    about=form.about,
                    intro=f"{origin}\n{form.intro}".strip(),
                )
            return carded(form_card(form, way=Way.REFRESH, channel=channel), form.title)
        message = reply.message or text("")
        if origin:
            message = Message(body=(Paragraph(text=origin), *message.body), choices=message.choices)
        if not channel:
            return activity_of(message)
        return carded(card(message, channel=channel), spoken(message))

    async def post(self, activity: Json, spot: Spot) -> None:
        """Say something where somebody acted."""
        await self._connector.send(spot.where.service_url, self._here(spot), activity)

    async def _to_person(self, reply: Reply, spot: Spot, name: str) -> bool:
        """Whether it could be said to them alone: they have a chat with Kith, and it is open."""
        where = spot.where
        try:
            chat = await self._connector.open_alone(
                where.service_url, kith=spot.kith, person=spot.by, tenant=where.ref.workspace
            )
            address = await self._addresses.find(ChannelRef(where.ref.workspace, chat))
            if address is None:
                return False
            origin = (await self._core.words(where.ref)).say("teams.private.from", channel=name)
            await self._connector.send(address.url, chat, self.alone_activity(reply, where.ref.channel, origin=origin))
        except PlatformError:
            return False
        return True

    async def _tried(self, service_url: str, conversation: str, activity: Json) -> bool:
        try:
            await self._connector.send(service_url, conversation, activity)
        except PlatformError:
            return False
        return True

    def _here(self, spot: Spot) -> str:
        return conversation_id(spot.where.ref.channel, spot.thread)

    def _on_card(self, reply: Reply | None, channel: str) -> Json:
        """What takes the place of a card that somebody acted on."""
        if reply is not None and reply.form is not None:
            return {"statusCode": 200, "type": CARD, "value": form_card(reply.form, way=Way.REFRESH, channel=channel)}
        if reply is not None and reply.message is not None:
            return {"statusCode": 200, "type": CARD, "value": card(reply.message, channel=channel)}
        return {"statusCode": 200, "type": MESSAGE, "value": "…"}

    def _dialog(self, title: str, content: Json, height: str) -> Answer:
        value = {
            "title": one_line(title),
            "height": height,
            "width": "medium",
            "card": {"contentType": CARD, "content": content},
        }
        return Answer(body={"task": {"type": "continue", "value": value}})
