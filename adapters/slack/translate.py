"""Turns what Slack tells of a workspace into events of the core, or into nothing; pure.

A message that mentions Kith comes twice, as a message and as an `app_mention`. Both become the same event with the
same message id, so whichever comes second is a repeated delivery to the core; where Kith may not read a private
channel's messages, the mention alone still comes through.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from adapters.slack.shapes import Json, ident, moment, part, seconds_since_1970, stamp, word
from adapters.slack_markup import plain
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
class Kith:
    """Who Kith is in this workspace: the workspace's id, its bot user's, its bot's and its app's ("" if not known)."""

    workspace: str
    user: str
    bot: str = ""
    app: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeOpened:
    """Somebody looks at Kith's own page."""

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Uninstalled:
    """Kith was taken out of the workspace."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TokensRevoked:
    """Kith's token does not open the workspace any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimited:
    """Slack holds events of this workspace back, because there are too many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersChanged:
    """Somebody other than Kith came into a channel, or left it."""

    channel: ChannelRef


Notice = HomeOpened | Uninstalled | TokensRevoked | RateLimited | MembersChanged
"""What concerns the adapter alone."""

BY_PEOPLE = frozenset({"", "thread_broadcast", "me_message", "file_share"})
"""Subtypes of messages that a person wrote; every other one is a notice by Slack or an integration."""

_SLACKBOT = "USLACKBOT"


def translate(body: Json, kith: Kith) -> Event | Notice | None:
    """The event in an Events API body, or nothing: bots, workflows, Kith itself, other workspaces, notices, and
    whatever Slack comes to send one day.

    What only a look-up can tell (a channel's name, whether somebody is a guest) is left empty; `complete` adds it.
    """
    if body.get("type") == "app_rate_limited":
        return RateLimited()
    if body.get("type") != "event_callback" or not _concerns(body, kith):
        return None
    reader = _READERS.get(word(body, "event", "type"))
    return reader(part(body, "event"), body, kith) if reader else None


def comes_from_outside(body: Json) -> bool:
    """Whether the channel of an event is shared with another organisation."""
    return body.get("is_ext_shared_channel") is True


def _concerns(body: Json, kith: Kith) -> bool:
    """Whether the workspace that an event is for is this one; a shared channel may belong to another one."""
    if kith.workspace in (ident(body, "team_id"), ident(body, "context_team_id")):
        return True
    authorizations = body.get("authorizations")
    listed = authorizations if isinstance(authorizations, list) else []
    return any(ident(entry, "team_id") == kith.workspace for entry in listed)


def _message(event: Json, body: Json, kith: Kith) -> Event | None:
    subtype = word(event, "subtype")
    if subtype == "message_changed":
        return _edited(event, kith)
    if subtype == "message_deleted":
        return _deleted(event, kith)
    if subtype not in BY_PEOPLE or not by_person(event, kith):
        return None
    channel, message = ident(event, "channel"), stamp(event, "ts")
    if not (channel and message):
        return None
    opener = stamp(event, "thread_ts")
    text, calls = plain(word(event, "text"), kith=kith.user)
    direct = event.get("channel_type") == "im"
    return MessagePosted(
        channel=ChannelRef(kith.workspace, channel),
        message=message,
        author=ident(event, "user"),
        at=moment(message),
        text=text,
        thread=opener if opener and opener != message else None,
        by_guest=_of_another_workspace(event, body, kith),
        calls_everyone=calls,
        addresses_kith=direct or event.get("type") == "app_mention" or f"<@{kith.user}" in word(event, "text"),
        alone_with_kith=direct,
    )


def by_person(event: Json, kith: Kith) -> bool:
    """Whether a message was written by a person, not by a bot, a workflow, an integration, Slackbot or Kith."""
    author = ident(event, "user")
    if not author or author in (kith.user, _SLACKBOT):
        return False
    return not (event.get("bot_id") or event.get("bot_profile") or event.get("workflow_id") or event.get("app_id"))


def _of_another_workspace(event: Json, body: Json, kith: Kith) -> bool:
    """In a shared channel, whether the author belongs to another organisation: a voice, and not read."""
    home = ident(event, "user_team") or ident(event, "team")
    return comes_from_outside(body) and bool(home) and home != kith.workspace


def _edited(event: Json, kith: Kith) -> MessageEdited | MessageDeleted | None:
    """Told at the time of the message it changes; unfurled links and new replies change a message and no word of it.
    A message with replies that is taken back is changed into a tombstone, and never told as deleted."""
    after, before = part(event, "message"), part(event, "previous_message")
    channel, message = ident(event, "channel"), stamp(after, "ts") or stamp(before, "ts")
    if word(after, "subtype") == "tombstone" and channel and message:
        return MessageDeleted(channel=ChannelRef(kith.workspace, channel), message=message, at=moment(message))
    if word(after, "subtype") not in BY_PEOPLE or not by_person(after, kith) or not (channel and message):
        return None
    if word(after, "text") == word(before, "text"):
        return None
    return MessageEdited(
        channel=ChannelRef(kith.workspace, channel),
        message=message,
        author=ident(after, "user"),
        at=moment(message),
        text=plain(word(after, "text"), kith=kith.user)[0],
    )


def _deleted(event: Json, kith: Kith) -> MessageDeleted | None:
    channel = ident(event, "channel")
    message = stamp(event, "deleted_ts") or stamp(event, "previous_message", "ts")
    if not (channel and message):
        return None
    return MessageDeleted(channel=ChannelRef(kith.workspace, channel), message=message, at=moment(message))


def _reaction(event: Json, body: Json, kith: Kith) -> ReactionChanged | None:
    """Told at the time of the message it is on, whose window counts it; which one it is is never looked at."""
    item, by = part(event, "item"), ident(event, "user")
    channel, message = ident(item, "channel"), stamp(item, "ts")
    if item.get("type", "message") != "message" or by in ("", kith.user, _SLACKBOT) or not (channel and message):
        return None
    return ReactionChanged(
        channel=ChannelRef(kith.workspace, channel),
        message=message,
        by=by,
        at=moment(message),
        added=event.get("type") == "reaction_added",
    )


def _joined(event: Json, body: Json, kith: Kith) -> KithInvited | MembersChanged | None:
    channel = ident(event, "channel")
    if ident(event, "user") != kith.user or not channel:
        return _members(event, kith)
    by, at = ident(event, "inviter"), _when(event, body)
    return KithInvited(channel=ChannelRef(kith.workspace, channel), name="", by=by, at=at) if at else None


def _unarchived(event: Json, body: Json, kith: Kith) -> KithInvited | None:
    """Whoever brings a channel back with Kith in it invites Kith anew; whether it is in is looked up."""
    channel, at = ident(event, "channel"), _when(event, body)
    if not channel or at is None:
        return None
    return KithInvited(channel=ChannelRef(kith.workspace, channel), name="", by=ident(event, "user"), at=at)


def _member_left(event: Json, body: Json, kith: Kith) -> KithRemoved | MembersChanged | None:
    return _gone(event, body, kith) if ident(event, "user") == kith.user else _members(event, kith)


def _members(event: Json, kith: Kith) -> MembersChanged | None:
    channel = ident(event, "channel")
    return MembersChanged(channel=ChannelRef(kith.workspace, channel)) if channel else None


def _new_id(event: Json, body: Json, kith: Kith) -> KithRemoved | None:
    """A channel that is shared with another organisation may get another id: what was kept under the old one goes, and
    Kith says nothing of itself in shared channels."""
    channel, at = ident(event, "old_channel_id"), _when(event, body)
    return KithRemoved(channel=ChannelRef(kith.workspace, channel), at=at) if channel and at else None


def _gone(event: Json, body: Json, kith: Kith) -> KithRemoved | None:
    channel, at = ident(event, "channel"), _when(event, body)
    return KithRemoved(channel=ChannelRef(kith.workspace, channel), at=at) if channel and at else None


def _changed(event: Json, body: Json, kith: Kith) -> ChannelChanged | None:
    """A new name, or people from outside; the channel is an object in one of these events and an id in the others."""
    channel, at = ident(event, "channel", "id") or ident(event, "channel"), _when(event, body)
    if not channel or at is None:
        return None
    return ChannelChanged(channel=ChannelRef(kith.workspace, channel), name=word(event, "channel", "name"), at=at)


def _home(event: Json, body: Json, kith: Kith) -> HomeOpened | None:
    by = ident(event, "user")
    return HomeOpened(by=by) if by and event.get("tab", "home") == "home" else None


def _uninstalled(event: Json, body: Json, kith: Kith) -> Uninstalled | None:
    at = _when(event, body)
    return Uninstalled(at=at) if at else None


def _revoked(event: Json, body: Json, kith: Kith) -> TokensRevoked | None:
    """Only a bot's token is Kith's; people may take back tokens of their own, which Kith never asks for."""
    return TokensRevoked() if part(event, "tokens").get("bot") else None


def _when(event: Json, body: Json) -> datetime | None:
    stamped = stamp(event, "event_ts")
    return moment(stamped) if stamped else seconds_since_1970(body.get("event_time"))


_READERS: dict[str, Callable[[Json, Json, Kith], Event | Notice | None]] = {
    "message": _message,
    "app_mention": _message,
    "reaction_added": _reaction,
    "reaction_removed": _reaction,
    "member_joined_channel": _joined,
    "member_left_channel": _member_left,
    "channel_left": _gone,
    "group_left": _gone,
    "channel_archive": _gone,
    "group_archive": _gone,
    "channel_deleted": _gone,
    "channel_id_changed": _new_id,
    "group_deleted": _gone,
    "channel_unarchive": _unarchived,
    "group_unarchive": _unarchived,
    "channel_rename": _changed,
    "group_rename": _changed,
    "channel_shared": _changed,
    "channel_unshared": _changed,
    "app_home_opened": _home,
    "app_uninstalled": _uninstalled,
    "tokens_revoked": _revoked,
}
