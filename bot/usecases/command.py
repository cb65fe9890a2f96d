"""Obey a typed command: the same words on every platform, and a helpful answer to any other word."""

from __future__ import annotations

import difflib
from collections.abc import Awaitable
from datetime import datetime
from typing import Protocol

from bot.domain.channel import Channel
from bot.domain.events import CommandGiven
from bot.domain.speech import Emphasis, Listing, Message, Paragraph, Reply, text
from bot.ports import House
from bot.usecases import alone
from bot.usecases.asking.why import why
from bot.usecases.channels import charter, settings
from bot.usecases.channels.ledger_page import show_ledger
from bot.usecases.check_ins import agree as check_ins
from bot.usecases.checks import ask, check, draft, path
from bot.usecases.dialogue.companion import told
from bot.usecases.keeping import own_data
from bot.usecases.workspaces import form as workspace_form
from bot.usecases.workspaces import own_words
from bot.usecases.workspaces.changes import show_changes


class Command(Protocol):
    """One command's use case."""

    def __call__(self, channel: Channel, asker: CommandGiven, *, house: House, now: datetime) -> Awaitable[Reply]: ...


async def obey(event: CommandGiven, *, house: House, now: datetime) -> Reply:
    """Answer the first word of `event.words`; nothing at all, hi and hello mean help."""
    word = (event.words.split() or ["help"])[0].lower().strip("?!.,/")
    channel = await house.store.channels.get(event.channel)
    house = house.speaking(channel.settings.locale) if channel else house
    if word in ("help", "hi", "hello", "hey", ""):
        return help_reply(channel, house)
    if word not in COMMANDS:
        return _unknown(word, house)
    if channel is None and word == "data":
        return await own_data.show(None, event, house=house, now=now)
    if word == "settings" and event.words.lower().split()[1:2] == ["workspace"]:
        return await workspace_form.open_workspace(channel, event, house=house, now=now)
    if channel is None and word == "settings":
        return await workspace_form.which(event, house=house)
    if channel is None:
        return await _obey_alone(word, event, house, now)
    return await COMMANDS[word](channel, event, house=house, now=now)


async def _obey_alone(word: str, event: CommandGiven, house: House, now: datetime) -> Reply:
    """What needs no channel, for one person; a round with a team needs one."""
    team = word == "path" and event.words.lower().split()[1:2] == ["team"]
    if word not in alone.COMMANDS or team:
        return Reply(message=text(house.content.say("not_in_channel")))
    nobody_else = alone.no_channel(event.channel, event.at, house)
    return alone.for_one(await COMMANDS[word](nobody_else, event, house=house, now=now))


def help_reply(channel: Channel | None, house: House) -> Reply:
    """What Kith is, every command in one line each, and how things stand in this channel."""
    say = house.content.say
    state = say(f"state.{channel.charter.state}") if channel else say("not_in_channel")
    return Reply(
        message=Message(
            body=(
                Paragraph(text=say("help.hello")),
                Paragraph(text=state),
                Listing(items=tuple(say(f"help.{word}") for word in ("help", *COMMANDS))),
                *told(house, "help"),
                Paragraph(text=say("help.note"), emphasis=Emphasis.NOTE),
            )
        )
    )


async def _ledger(channel: Channel, asker: CommandGiven, *, house: House, now: datetime) -> Reply:
    """What Kith asked and kept to itself; with "changes" behind it, what people changed of how Kith is here."""
    wanted = asker.words.split()[1:2]
    shown = show_changes if wanted and wanted[0].lower() == "changes" else show_ledger
    return await shown(channel, asker, house=house, now=now)


async def _why_last(channel: Channel, asker: CommandGiven, *, house: House, now: datetime) -> Reply:
    """Why the newest question of this channel was asked."""
    del asker, now
    newest = next(iter(await house.store.ledger.entries(channel.ref, at_most=1, asked=True)), None)
    if newest is None:
        return Reply(message=text(house.content.say("why.nothing_asked")))
    return await why(newest, channel, house=house)


def _unknown(word: str, house: House) -> Reply:
    near = difflib.get_close_matches(word, ("help", *COMMANDS), n=1)
    if near:
        return Reply(message=text(house.content.say("unknown_command.near", near=near[0])))
    return Reply(message=text(house.content.say("unknown_command.far")))


COMMANDS: dict[str, Command] = {
    "ask": ask.ask,
    "check": check.open_check,
    "path": path.open_path,
    "draft": draft.open_draft,
    "why": _why_last,
    "ledger": _ledger,
    "words": own_words.open_words,
    "checkin": check_ins.open_check_ins,
    "settings": settings.open_settings,
    "pause": charter.pause,
    "resume": charter.resume,
    "data": own_data.show,
    "leave": charter.leave,
}
"""Every word that Kith obeys in a channel, in the order in which help lists them."""
