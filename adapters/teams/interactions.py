"""Reads what people do on purpose (commands, buttons, forms, actions on a message) out of activities; pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum, auto

from adapters.teams.carrying import Carried, carried_in
from adapters.teams.markup import mentions, plain, words_of
from adapters.teams.shapes import Json, ident, part, word
from adapters.teams.translate import by_person, from_elsewhere, kith_in
from adapters.teams.whence import Whence, whence
from bot.domain.events import Standing

ASK = "ask"
"""The id of the action "Ask about this", which is the command it stands for."""

JOIN = "join"
"""What brings Kith into one more channel of a team that it is installed in: only Teams needs a word for that."""

WITH_MORE = frozenset({"ask", "draft", "check", "path", "checkin"})
"""Commands that take more words; any other word with more after it is talk. Of `check` and `path` too, much more is."""

_LONGEST_LINE = {"check": 12, "path": 2, "checkin": 6}
"""Words, the command among them."""

_SLASHED = re.compile(r"\s*/kith\b", re.IGNORECASE)
_ADDRESS = re.compile(r"^\s*(?:@kith|/?kith\b)?[\s,:]*", re.IGNORECASE)


class Surface(Enum):
    """Where somebody acted, which is where the answer goes: in the chat, in a dialog, in a dialog that an action on a
    message opened, or on a card that changes."""

    CHAT = auto()
    DIALOG = auto()
    EXTENSION = auto()
    CARD = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where an answer belongs: who acted, where, on which message, and Kith's own id there."""

    where: Whence
    by: str
    kith: str
    surface: Surface
    standing: Standing = Standing.MEMBER

    @property
    def thread(self) -> str | None:
        """The thread that it is in, if it is in a channel's."""
        return self.where.thread or None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedAbout:
    """A message that somebody wants a question about: who wrote it, by their id in the directory ("" for a bot), and
    its words."""

    author: str
    text: str


_SURFACES = {
    "task/fetch": Surface.DIALOG,
    "task/submit": Surface.DIALOG,
    "composeExtension/fetchTask": Surface.EXTENSION,
    "composeExtension/submitAction": Surface.EXTENSION,
    "adaptiveCard/action": Surface.CARD,
}


def spot_of(activity: Json, app: str, admins: frozenset[str]) -> Spot | None:
    """Who acted and where; None where that was no person, or nowhere."""
    where, kith = whence(activity), kith_in(activity, app)
    sender = part(activity, "from")
    if where is None or not by_person(sender, kith):
        return None
    surface = _SURFACES.get(word(activity, "name"), Surface.CHAT) if activity.get("type") == "invoke" else Surface.CHAT
    leads = ident(sender, "aadObjectId") in admins and not from_elsewhere(activity)
    return Spot(
        where=where,
        by=ident(sender, "id"),
        kith=ident(activity, "recipient", "id") or f"28:{app}",
        surface=surface,
        standing=Standing.ADMIN if leads else Standing.MEMBER,
    )


def command_in(activity: Json, app: str, words: Collection[str]) -> str | None:
    """The command in a message, as typed but for Kith's name; None for talk.

    To Kith alone a bare word is a command, elsewhere its name or "/kith" comes first. Greetings are talk, and answered
    as such.
    """
    if activity.get("type") != "message" or activity.get("value") is not None:
        return None
    kith, where = kith_in(activity, app), whence(activity)
    if where is None or not by_person(part(activity, "from"), kith):
        return None
    text, _ = plain(activity, kith=kith)
    slashed = _SLASHED.match(text) is not None
    if not (where.alone or slashed or mentions(activity, kith)):
        return None
    said = _ADDRESS.sub("", text.replace("@kith", " ", 1) if mentions(activity, kith) else text).strip()
    typed = said.split()
    first = typed[0].lower().strip("?!.,/") if typed else ""
    if slashed and not typed:
        return "help"
    if first not in {*words, "help", JOIN}:
        return said if slashed else None
    alone = len(typed) == 1 or slashed
    return said if alone or _takes(first, len(typed)) else None


def _takes(command: str, count: int) -> bool:
    """Whether so many words can be this command, rather than a sentence that begins with its word."""
    return command in WITH_MORE and count <= _LONGEST_LINE.get(command, 10_000)


def acted_in(activity: Json) -> Carried | None:
    """What a button or form brought back, whichever way it came; None where it is nothing of Kith's."""
    value = activity.get("value")
    if activity.get("type") == "message":
        return carried_in(value)
    if word(activity, "name") == "adaptiveCard/action":
        return carried_in(part(value, "action").get("data"))
    return carried_in(part(value).get("data"))


def asked_about(activity: Json) -> AskedAbout | None:
    """The message that "Ask about this" was used on."""
    value = part(activity, "value")
    if word(activity, "name") != "composeExtension/fetchTask" or value.get("commandId") != ASK:
        return None
    payload = part(value, "messagePayload")
    body = part(payload, "body")
    return AskedAbout(author=ident(payload, "from", "user", "id"), text=words_of(word(body, "content")))
