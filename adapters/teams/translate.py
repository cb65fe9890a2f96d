"""Turns what the Bot Connector tells of a tenant into events of the core, or into nothing; pure.

A channel is a conversation without its `;messageid=`, which names the thread. A team is not a channel: Kith comes with
it into the one channel that its installer chose, and into others when somebody asks it in there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from adapters.teams.markup import mentions, plain
from adapters.teams.shapes import Json, entries, ident, moment, part, spoken_at, word
from adapters.teams.whence import Whence, whence
from bot.domain.events import (
    ChannelChanged,
    ChannelRef,
    Event,
    KithInvited,
    KithRemoved,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    ReactionChanged,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupGone:
    """A whole team is gone, or Kith was taken out of it: none of its channels is there any more."""

    workspace: str
    group: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersChanged:
    """People came into a team or chat, or left it."""

    whence: Whence
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedAlone:
    """Somebody installed Kith for themselves: from now on it may write to them where they asked it something."""

    whence: Whence


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedAlone:
    """Somebody took Kith out of their own chats."""

    ref: ChannelRef


Notice = GroupGone | MembersChanged | OpenedAlone | ClosedAlone
"""What concerns the adapter alone."""

Told = Event | Notice


def translate(activity: Json, app: str) -> Sequence[Told]:
    """The events in an activity: none for bots, Kith itself, notices, and whatever the connector comes to send one day.

    What only a look-up can tell (a channel's name, whether somebody is a guest) is left empty; `complete` adds it.
    """
    where = whence(activity)
    reader = _READERS.get(word(activity, "type"))
    return reader(activity, where, kith_in(activity, app)) if where and reader else ()


def kith_in(activity: Json, app: str) -> frozenset[str]:
    """Kith's own ids: whom the activity is sent to, and its app's as a bot."""
    return frozenset({ident(activity, "recipient", "id"), f"28:{app}"} - {"", "28:"})


def by_person(sender: Json, kith: frozenset[str]) -> bool:
    """Whether somebody is a person, not a bot, a connector, a workflow or Kith."""
    who = ident(sender, "id")
    return bool(who) and who not in kith and not who.startswith("28:") and word(sender, "role") not in ("bot", "skill")


def _message(activity: Json, where: Whence, kith: frozenset[str]) -> Sequence[Told]:
    sender, message = part(activity, "from"), ident(activity, "id")
    at = spoken_at(message, moment(activity, "timestamp"))
    if not (message and at and by_person(sender, kith)) or activity.get("value") is not None:
        return ()
    text, calls = plain(activity, kith=kith)
    return (
        MessagePosted(
            channel=where.ref,
            message=message,
            author=ident(sender, "id"),
            at=at,
            text=text,
            thread=where.thread if where.thread and where.thread != message else None,
            by_guest=from_elsewhere(activity),
            calls_everyone=calls,
            addresses_kith=where.alone or mentions(activity, kith),
            alone_with_kith=where.alone,
        ),
    )


def from_elsewhere(activity: Json) -> bool:
    """Whether the sender is of another tenant than the conversation: a voice, not read, and in charge of nothing."""
    here, theirs = ident(activity, "conversation", "tenantId"), ident(activity, "channelData", "tenant", "id")
    own = ident(activity, "from", "tenantId")
    return any(bool(here and tenant) and tenant != here for tenant in (theirs, own))


def _updated(activity: Json, where: Whence, kith: frozenset[str]) -> Sequence[Told]:
    """An edit, told at the time of the message it changes. A message that comes back after its deletion stays
    forgotten, and is not answered a second time."""
    if word(activity, "channelData", "eventType") != "editMessage":
        return ()
    return tuple(
        MessageEdited(
            channel=new.channel, message=new.message, author=new.author, at=new.at, text=new.text, by_guest=new.by_guest
        )
        for new in _message(activity, where, kith)
        if isinstance(new, MessagePosted)
    )


def _deleted(activity: Json, where: Whence, kith: frozenset[str]) -> Sequence[Told]:
    message = ident(activity, "id")
    at = spoken_at(message, moment(activity, "timestamp"))
    soft = word(activity, "channelData", "eventType") in ("softDeleteMessage", "")
    return (MessageDeleted(channel=where.ref, message=message, at=at),) if message and at and soft else ()


def _reacted(activity: Json, where: Whence, kith: frozenset[str]) -> Sequence[Told]:
    """Told at the time of the message it is on, whose window counts it; which one it is is never looked at."""
    message, sender = ident(activity, "replyToId"), part(activity, "from")
    at = spoken_at(message, moment(activity, "timestamp"))
    if not (message and at and by_person(sender, kith)):
        return ()
    changes = [True] * len(entries(activity, "reactionsAdded")) + [False] * len(entries(activity, "reactionsRemoved"))
    return tuple(
        ReactionChanged(channel=where.ref, message=message, by=ident(sender, "id"), at=at, added=added)
        for added in changes
    )


def _conversation(activity: Json, where: Whence, kith: frozenset[str]) -> Sequence[Told]:
    at = moment(activity, "timestamp")
    if at is None:
        return ()
    event = word(activity, "channelData", "eventType").lower()
    if event in _ABOUT_GROUP or event in _ABOUT_CHANNEL:
        return _about(event, activity, where, at)
    came = {ident(entry, "id") for entry in entries(activity, "membersAdded")}
    went = {ident(entry, "id") for entry in entries(activity, "membersRemoved")}
    if came & kith:
        return _came(activity, where, at)
    if went & kith:
        return _went(where, at)
    return (MembersChanged(whence=where, at=at),) if (came or went or event) and not where.alone else ()


def _about(event: str, activity: Json, where: Whence, at: datetime) -> Sequence[Told]:
    if event in _ABOUT_GROUP:
        gone = GroupGone(workspace=where.ref.workspace, group=where.group, at=at)
        return (gone,) if where.group else ()
    channel = ident(activity, "channelData", "channel", "id")
    if not channel:
        return ()
    ref = ChannelRef(where.ref.workspace, channel)
    if event == "channeldeleted":
        return (KithRemoved(channel=ref, at=at),)
    return (ChannelChanged(channel=ref, name=word(activity, "channelData", "channel", "name"), at=at),)


def _installation(activity: Json, where: Whence, kith: frozenset[str]) -> Sequence[Told]:
    at, action = moment(activity, "timestamp"), word(activity, "action")
    if at is None or action not in ("add", "remove"):
        return ()
    return _came(activity, where, at) if action == "add" else _went(where, at)


def _came(activity: Json, where: Whence, at: datetime) -> Sequence[Told]:
    """Kith was installed: into the channel that the installer chose, a chat, or for somebody alone."""
    if where.alone:
        return (OpenedAlone(whence=where),)
    data = part(activity, "channelData")
    channel = ident(data, "settings", "selectedChannel", "id") or ident(data, "channel", "id") or where.ref.channel
    ref = ChannelRef(where.ref.workspace, channel)
    return (KithInvited(channel=ref, name="", by=ident(activity, "from", "id"), at=at),)


def _went(where: Whence, at: datetime) -> Sequence[Told]:
    if where.alone:
        return (ClosedAlone(ref=where.ref),)
    if where.group:
        return (GroupGone(workspace=where.ref.workspace, group=where.group, at=at),)
    return (KithRemoved(channel=where.ref, at=at),)


_ABOUT_GROUP = frozenset({"teamdeleted", "teamharddeleted", "teamarchived"})
_ABOUT_CHANNEL = frozenset({"channelrenamed", "channeldeleted", "channelshared", "channelunshared"})

_READERS: dict[str, Callable[[Json, Whence, frozenset[str]], Sequence[Told]]] = {
    "message": _message,
    "messageUpdate": _updated,
    "messageDelete": _deleted,
    "messageReaction": _reacted,
    "conversationUpdate": _conversation,
    "installationUpdate": _installation,
}
