"""Turns what people do in Slack on purpose (commands, buttons, forms, shortcuts) into events of the core; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from adapters.slack.forms import WHERE, answers_in, carried_by
from adapters.slack.render import pressed
from adapters.slack.shapes import Json, ident, part, stamp, word
from adapters.slack.translate import Kith, by_person
from adapters.slack_markup import plain
from bot.domain.events import ChannelRef, ChoiceMade, CommandGiven, FormSubmitted, Standing

CHECK = "kith-check"
ASK = "kith-ask"
"""The callback ids of the two shortcuts: look at a plan, ask about this message."""


class Surface(Enum):
    """Where somebody acted, which is where the answer goes."""

    CHANNEL = auto()
    MODAL = auto()
    HOME = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where an answer belongs: who acted, in which channel and thread, on what, and the ways back that Slack gave."""

    channel: ChannelRef
    by: str
    surface: Surface = Surface.CHANNEL
    thread: str | None = None
    trigger: str = ""
    response_url: str = ""
    view: str = ""


def commanded(body: Json, kith: Kith, now: datetime, standing: Standing) -> tuple[CommandGiven, Spot] | None:
    """A slash command; what Slack made of mentions in it becomes plain words again."""
    channel, by = ident(body, "channel_id"), ident(body, "user_id")
    if not (channel and by):
        return None
    ref = ChannelRef(kith.workspace, channel)
    words = plain(word(body, "text"), kith=kith.user)[0].strip()
    spot = Spot(channel=ref, by=by, trigger=word(body, "trigger_id"), response_url=word(body, "response_url"))
    return CommandGiven(channel=ref, by=by, words=words, at=now, standing=standing), spot


def chosen(body: Json, kith: Kith, now: datetime, standing: Standing) -> tuple[ChoiceMade, Spot] | None:
    """A pressed button of Kith's; None for anything else that can be pressed."""
    actions = body.get("actions")
    found = pressed(part(actions[0])) if isinstance(actions, list) and len(actions) == 1 else None
    by = ident(body, "user", "id")
    if found is None or not by:
        return None
    choice, about, within = found
    view = part(body, "view")
    surface = Surface.CHANNEL if not view else Surface.HOME if view.get("type") == "home" else Surface.MODAL
    places = {
        Surface.CHANNEL: ident(body, "channel", "id") or ident(body, "container", "channel_id"),
        Surface.HOME: within,
        Surface.MODAL: carried_by(view).channel,
    }
    ref = ChannelRef(kith.workspace, places[surface])
    spot = Spot(
        channel=ref,
        by=by,
        surface=surface,
        thread=stamp(body, "container", "thread_ts") or stamp(body, "message", "thread_ts") or None,
        trigger=word(body, "trigger_id"),
        response_url=word(body, "response_url"),
        view=ident(view, "id"),
    )
    return ChoiceMade(channel=ref, by=by, choice=choice, about=about, at=now, standing=standing), spot


def sent(body: Json, kith: Kith, now: datetime, standing: Standing) -> tuple[FormSubmitted | CommandGiven, Spot] | None:
    """A form, or the answer to "in which channel", which is the command that began it."""
    view, by = part(body, "view"), ident(body, "user", "id")
    if not (view and by):
        return None
    carried, answers = carried_by(view), answers_in(view)
    asks_where = view.get("callback_id") == WHERE
    channel = ident(answers.get("where")) if asks_where else carried.channel
    ref = ChannelRef(kith.workspace, channel)
    spot = Spot(channel=ref, by=by, surface=Surface.MODAL, trigger=word(body, "trigger_id"), view=ident(view, "id"))
    if asks_where:
        return CommandGiven(channel=ref, by=by, words=carried.form, at=now, standing=standing), spot
    form = FormSubmitted(
        channel=ref, by=by, form=carried.form, about=carried.about, at=now, standing=standing, answers=answers
    )
    return form, spot


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedAbout:
    """A message that somebody wants a question about: who wrote it ("" for a bot) and its words."""

    author: str
    text: str


def shortcut_on_message(body: Json, kith: Kith) -> tuple[AskedAbout, Spot] | None:
    """The message shortcut; its answer goes into the message's thread, to the asker alone."""
    channel, by, message = ident(body, "channel", "id"), ident(body, "user", "id"), part(body, "message")
    if body.get("callback_id") != ASK or not (channel and by):
        return None
    spot = Spot(
        channel=ChannelRef(kith.workspace, channel),
        by=by,
        thread=stamp(message, "thread_ts") or stamp(message, "ts") or None,
        trigger=word(body, "trigger_id"),
        response_url=word(body, "response_url"),
    )
    author = ident(message, "user") if by_person(message, kith) else ""
    return AskedAbout(author=author, text=plain(word(message, "text"), kith=kith.user)[0]), spot


def names(body: Json) -> Sequence[str]:
    """The user ids that a request may come from, the likeliest first."""
    return [user for user in (ident(body, "user", "id"), ident(body, "user_id")) if user]
