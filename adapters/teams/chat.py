"""Kith's voice in Teams: finds the address of a channel, and says there what is to be said."""

from __future__ import annotations

from adapters.teams.cards import card, cut, spoken
from adapters.teams.connector import Connector
from adapters.teams.shapes import Json
from adapters.teams.whence import conversation_id
from bot.domain.speech import Emphasis, Message, Paragraph, Place
from bot.errors import PlatformError
from bot.ports import Addresses

CARD = "application/vnd.microsoft.card.adaptive"
LONGEST_SUMMARY = 200
"""Characters of what a notification shows."""


class TeamsChat:
    """A ChatPlatform for all tenants that Kith is for.

    The connector has no way to recognise a message sent twice: if its answer is lost, the outbox decides what is worse.
    """

    def __init__(self, connector: Connector, addresses: Addresses) -> None:
        self._connector = connector
        self._addresses = addresses

    async def post(self, place: Place, message: Message) -> str:
        """Say `message` and return its id; see `bot.ports.ChatPlatform` for the errors."""
        address = await self._addresses.find(place.channel)
        if address is None:
            raise PlatformError(problem="the channel's address is not known yet; it comes with its next message")
        conversation = conversation_id(place.channel.channel, place.thread if address.group else None)
        return await self._connector.send(address.url, conversation, activity_of(message))


def activity_of(message: Message) -> Json:
    """What is sent for a message: plain words where words are all it is, a card for anything else."""
    said = spoken(message)
    if _words_alone(message):
        return {"type": "message", "textFormat": "plain", "text": said}
    return carded(card(message), said)


def carded(content: Json, said: str) -> Json:
    """What is sent for a card; `said` is what a notification shows of it."""
    return {
        "type": "message",
        "summary": cut(said, LONGEST_SUMMARY),
        "attachments": [{"contentType": CARD, "content": content}],
    }


def _words_alone(message: Message) -> bool:
    """Whether a message is nothing but a sentence or two."""
    return (
        not message.choices
        and len(message.body) <= 2
        and all(isinstance(said, Paragraph) and said.emphasis is Emphasis.PLAIN for said in message.body)
    )
