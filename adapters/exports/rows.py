"""Turns one row of a day file into events, or says why it is left out; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from adapters.exports.people import People
from adapters.exports.times import message_id, micros, moment
from adapters.slack_markup import plain
from bot.domain.archive import LeftOut, LeftOutReason
from bot.domain.events import ChannelRef, Event, MessageEdited, MessagePosted, ReactionChanged

Row = dict[str, Any]

_BY_PEOPLE = frozenset({"thread_broadcast", "me_message", "file_share", "file_comment"})
"""Subtypes that a person wrote; every other subtype is a notice by Slack or a bot."""

_SUBTYPE = re.compile(r"[a-z][a-z_]{0,39}")


def time_or_reason(row: object, file: str) -> int | LeftOut:
    """A row's time in microseconds since 1970, or the reason to leave it out without a look at its author and text."""
    if not isinstance(row, dict):
        return LeftOut(reason=LeftOutReason.UNREADABLE, file=file)
    if row.get("type", "message") != "message":
        return LeftOut(reason=LeftOutReason.NOT_A_MESSAGE, file=file)
    value = micros(row.get("ts"))
    if value is None:
        return LeftOut(reason=LeftOutReason.NO_TIME, file=file)
    subtype = row.get("subtype")
    if subtype == "bot_message":
        return LeftOut(reason=LeftOutReason.BOT, file=file)
    if subtype and not (isinstance(subtype, str) and subtype in _BY_PEOPLE):
        known = isinstance(subtype, str) and _SUBTYPE.fullmatch(subtype)
        return LeftOut(reason=LeftOutReason.NOTICE, file=file, detail=str(subtype) if known else "other")
    if row.get("bot_id") or row.get("bot_profile"):
        return LeftOut(reason=LeftOutReason.BOT, file=file)
    return value


def events_of(row: Row, value: int, *, channel: ChannelRef, people: People, file: str) -> Iterator[Event | LeftOut]:
    """The message, then who reacted to it, then that it was edited; or the reason why none of it counts.

    An export tells reactions without their time and an edited message only in its last wording, so all of it is told
    at the time of the message: the clock of a replay never runs backwards within a day. `value` is the row's `ts`.
    """
    author = _author(row)
    if author is None:
        yield LeftOut(reason=LeftOutReason.NO_AUTHOR, file=file)
        return
    if author in people.bots:
        yield LeftOut(reason=LeftOutReason.BOT, file=file)
        return
    text = _text(row)
    if text is None:
        yield LeftOut(reason=LeftOutReason.UNREADABLE, file=file)
        return
    if not (row.get("files") or row.get("file") or text.strip()):
        yield LeftOut(reason=LeftOutReason.NO_TEXT, file=file)
        return
    posted = _posted(row, value, author=author, text=text, channel=channel, people=people)
    yield posted
    if "reactions" in row:
        yield from _reactions(row["reactions"], posted, people)
    if row.get("edited"):
        yield MessageEdited(
            channel=channel,
            message=posted.message,
            author=author,
            at=posted.at,
            text=posted.text,
            by_guest=posted.by_guest,
        )


def _posted(row: Row, value: int, *, author: str, text: str, channel: ChannelRef, people: People) -> MessagePosted:
    """The message itself; a reply that was also sent to the channel stays a reply."""
    calls = False
    if "<" in text or "&" in text:
        text, calls = plain(text)
    opener = micros(row["thread_ts"]) if "thread_ts" in row else None
    at: datetime = moment(value)
    return MessagePosted(
        channel=channel,
        message=message_id(value),
        author=author,
        at=at,
        text=text,
        thread=None if opener is None or opener == value else message_id(opener),
        by_guest=people.writes_as_guest(author, row.get("user_profile")),
        calls_everyone=calls,
    )


def _author(row: Row) -> str | None:
    """Who wrote it; a comment on a file names its author inside (exports before 2018)."""
    author = row.get("user")
    if not author and isinstance(row.get("comment"), Mapping):
        author = row["comment"].get("user")
    return author if isinstance(author, str) and author else None


def _text(row: Row) -> str | None:
    """What the person wrote; "" for a file without words, None for something that is no text.

    Exports before 2018 wrap the words about a file in a sentence of Slack's own ("… uploaded a file … and commented");
    the words alone stand beside it.
    """
    text = row.get("text")
    if row.get("subtype") == "file_comment" and isinstance(row.get("comment"), Mapping):
        text = row["comment"].get("comment")
    elif row.get("subtype") == "file_share" and isinstance(row.get("file"), Mapping):
        comment = row["file"].get("initial_comment")
        text = comment.get("comment") if isinstance(comment, Mapping) else None
    if text is None:
        return ""
    return text if isinstance(text, str) else None


def _reactions(reactions: object, posted: MessagePosted, people: People) -> Iterator[ReactionChanged]:
    """One event for each person and sign, bots aside, as the chat itself would have told it."""
    for reaction in reactions if isinstance(reactions, list) else ():
        users = reaction.get("users") if isinstance(reaction, Mapping) else None
        for user in users if isinstance(users, list) else ():
            if isinstance(user, str) and user and user not in people.bots:
                yield ReactionChanged(channel=posted.channel, message=posted.message, by=user, at=posted.at)
