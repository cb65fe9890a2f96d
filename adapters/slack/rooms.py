"""Looks up what an event about a channel leaves out: its name, its purpose, its size, and whether Kith is in it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from adapters.slack.people import People
from adapters.slack.shapes import Json, ident, part, word
from adapters.slack.web import Web
from bot.domain.events import ChannelChanged, ChannelRef, Event, KithInvited, MessageEdited, MessagePosted

MOST_PAGES = 10
"""Pages of 200 channels that are looked through for one person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A channel as Slack describes it; `members` leaves Kith out."""

    name: str
    purpose: str
    members: int | None
    external: bool
    with_kith: bool
    small: bool = False
    """A group message, or a talk with Kith alone."""


class Rooms:
    """Looks channels up; nothing is kept."""

    def __init__(self, web: Web) -> None:
        self._web = web

    async def room(self, channel: ChannelRef) -> Room:
        """The channel; PlatformError if Slack does not tell."""
        answer = await self._web.ask("conversations.info", channel=channel.channel, include_num_members="true")
        return room_in(part(answer, "channel"))

    async def of(self, user: str) -> frozenset[str]:
        """The ids of the channels that this person is in, as far as Kith may see them."""
        found: set[str] = set()
        cursor = ""
        for _ in range(MOST_PAGES):
            answer = await self._web.ask(
                "users.conversations",
                user=user,
                types="public_channel,private_channel",
                exclude_archived="true",
                limit=200,
                cursor=cursor,
            )
            listed = answer.get("channels")
            found |= {ident(entry, "id") for entry in listed} if isinstance(listed, list) else set()
            cursor = word(answer, "response_metadata", "next_cursor")
            if not cursor:
                break
        return frozenset(found - {""})


def room_in(channel: Json) -> Room:
    """What a channel object says."""
    members = channel.get("num_members")
    texts = (word(channel, "topic", "value"), word(channel, "purpose", "value"))
    shared = any(channel.get(mark) is True for mark in ("is_ext_shared", "is_pending_ext_shared"))
    return Room(
        name=word(channel, "name") or "direct message",
        purpose=" ".join(text for text in texts if text),
        members=max(0, members - 1) if isinstance(members, int) and not isinstance(members, bool) else None,
        external=shared,
        with_kith=channel.get("is_member") is True or channel.get("is_im") is True,
        small=channel.get("is_mpim") is True or channel.get("is_im") is True,
    )


async def complete(event: Event, people: People, rooms: Rooms) -> Event | None:
    """The event with what only a look-up can tell; None for an invitation into a channel that Kith is not in.

    PlatformError if a channel cannot be looked up: Slack then delivers the event again.
    """
    match event:
        case MessagePosted() | MessageEdited() if not event.by_guest:
            return replace(event, by_guest=True) if (await people.person(event.author)).guest else event
        case KithInvited() | ChannelChanged():
            room = await rooms.room(event.channel)
            if isinstance(event, KithInvited) and not room.with_kith:
                return None
            return replace(event, name=room.name, purpose=room.purpose, members=room.members, external=room.external)
        case _:
            return event
