"""What can happen in a chat, in the past tense and without any platform's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True, order=True)
class ChannelRef:
    """Which channel, in which workspace; both are the platform's own ids."""

    workspace: str
    channel: str


class Standing(StrEnum):
    """What somebody may decide: an admin for the workspace, a steward for the channel, a member for themselves."""

    MEMBER = "member"
    STEWARD = "steward"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePosted:
    """A person wrote a message; bots, joins and integrations never become events.

    `text` has the platform's markup already turned into plain words. `thread` is the id of the message that
    opened the thread, None for a message in the channel itself. Guests are counted as voices but not read.
    `alone_with_kith` is a direct message: the channel holds this person and Kith, and nobody invited Kith there.
    """

    channel: ChannelRef
    message: str
    author: str
    at: datetime
    text: str
    thread: str | None = None
    by_guest: bool = False
    calls_everyone: bool = False
    addresses_kith: bool = False
    alone_with_kith: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEdited:
    """The author changed a message; `text` is the new wording."""

    channel: ChannelRef
    message: str
    author: str
    at: datetime
    text: str
    by_guest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDeleted:
    """A message was taken back; its trace goes too."""

    channel: ChannelRef
    message: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionChanged:
    """Somebody put a reaction on a message, or took it off again (`added` False)."""

    channel: ChannelRef
    message: str
    by: str
    at: datetime
    added: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class KithInvited:
    """Kith was brought into a channel by somebody, who becomes its steward."""

    channel: ChannelRef
    name: str
    by: str
    at: datetime
    purpose: str = ""
    members: int | None = None
    external: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KithRemoved:
    """Kith was taken out of a channel, or the channel is gone."""

    channel: ChannelRef
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelChanged:
    """A channel got another name, purpose, number of members, or people from outside."""

    channel: ChannelRef
    name: str
    at: datetime
    purpose: str = ""
    members: int | None = None
    external: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandGiven:
    """Somebody typed a command; `words` is what follows Kith's name, with its case as typed."""

    channel: ChannelRef
    by: str
    words: str
    at: datetime
    standing: Standing = Standing.MEMBER
    thread: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceMade:
    """Somebody pressed a button; `choice` and `about` are what the message carried, so both may be stale or forged."""

    channel: ChannelRef
    by: str
    choice: str
    about: str
    at: datetime
    standing: Standing = Standing.MEMBER


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSubmitted:
    """Somebody sent a form; `answers` maps field ids to what was typed or chosen (a list where several may be)."""

    channel: ChannelRef
    by: str
    form: str
    about: str
    at: datetime
    standing: Standing = Standing.MEMBER
    answers: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)


Event = (
    MessagePosted
    | MessageEdited
    | MessageDeleted
    | ReactionChanged
    | KithInvited
    | KithRemoved
    | ChannelChanged
    | CommandGiven
    | ChoiceMade
    | FormSubmitted
)
