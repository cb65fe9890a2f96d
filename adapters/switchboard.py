"""Lets one outbox speak in several workspaces: each message goes to the chat of its channel's workspace."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.speech import Message, Place
from bot.errors import PlatformError
from bot.ports import ChatPlatform


class Switchboard:
    """A ChatPlatform made of others, by the id of their workspace."""

    def __init__(self, chats: Mapping[str, ChatPlatform]) -> None:
        self._chats = dict(chats)

    def connect(self, workspace: str, chat: ChatPlatform) -> None:
        """From now on what is said in this workspace goes to `chat`."""
        self._chats[workspace] = chat

    def disconnect(self, workspace: str) -> None:
        """Nothing can be said there any more until it is connected again."""
        self._chats.pop(workspace, None)

    async def post(self, place: Place, message: Message) -> str:
        """Say it where it belongs; a workspace that is not connected now may be again, so it is tried later."""
        chat = self._chats.get(place.channel.workspace)
        if chat is None:
            raise PlatformError(problem="the channel's workspace is not connected")
        return await chat.post(place, message)
