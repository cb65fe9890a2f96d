"""What there is about a person, how they have it forgotten, and how they keep their messages from being read."""

from __future__ import annotations

from datetime import datetime

from bot.domain.channel import Channel
from bot.domain.check_in import Run
from bot.domain.dialogue import LASTS, Dialogue
from bot.domain.events import ChoiceMade, CommandGiven
from bot.domain.speech import Choice, Emphasis, Listing, Message, Paragraph, Reply, text
from bot.ports import House

Asker = CommandGiven | ChoiceMade

RECENT = 50
"""So many runs of check-ins are looked through, the newest: those still open are among them."""


async def show(channel: Channel | None, asker: Asker, *, house: House, now: datetime) -> Reply:
    """To the person alone: what is kept of them here, and their choices; `channel` is None where Kith is in none."""
    if channel is None:
        return await _show_alone(asker, house=house)
    say = house.content.say
    key = await house.store.traces.window_key(channel.ref, now)
    out = await house.store.choices.opted_out(channel.ref.workspace, asker.by)
    items = [say("data.traces", until=f"{key.closes_at:%Y-%m-%d}"), say("data.opted_out" if out else "data.read")]
    if talks := await _talks(asker, house):
        items.append(say("data.dialogue", until=f"{talks[-1].started_at + LASTS:%Y-%m-%d %H:%M}"))
    if asker.by == channel.charter.steward:
        items.append(say("data.steward"))
    path_round = await house.store.rounds.current(channel.ref, now)
    if path_round and await house.store.rounds.answered(channel.ref, path_round.id, path_round.pseudonym(asker.by)):
        items.append(say("data.round", until=f"{path_round.closes_at:%Y-%m-%d}"))
    answered = await _answered(channel, asker, house, now)
    items += [say("checkin.data.answered", day=f"{run.slot.day:%Y-%m-%d}") for run in answered]
    return _page(items, house, out=out, forgettable=True)


async def _show_alone(asker: Asker, *, house: House) -> Reply:
    """Where somebody talks with Kith alone, or Kith is not: no traces, perhaps a talk, and whether to be read."""
    say = house.content.say
    out = await house.store.choices.opted_out(asker.channel.workspace, asker.by)
    items = [say("data.no_traces"), say("data.opted_out" if out else "data.read")]
    if talks := await _talks(asker, house):
        items.append(say("data.dialogue_alone", until=f"{talks[-1].started_at + LASTS:%Y-%m-%d %H:%M}"))
    answered = await house.store.addresses.find(asker.channel) is not None
    if answered:
        items.append(say("data.address"))
    return _page(items, house, out=out, forgettable=bool(talks) or answered)


def _page(items: list[str], house: House, *, out: bool, forgettable: bool) -> Reply:
    say = house.content.say
    reading = "opt_in" if out else "opt_out"
    ids = (reading, "forget_me") if forgettable else (reading,)
    body = (
        Paragraph(text=say("data.opening"), emphasis=Emphasis.HEADING),
        Listing(items=tuple(items)),
        Paragraph(text=say("data.never")),
    )
    return Reply(message=Message(body=body, choices=tuple(Choice(id=i, label=say(f"choice.{i}")) for i in ids)))


async def opt_out(channel: Channel | None, asker: Asker, *, house: House, now: datetime) -> Reply:
    """From now on this person's messages are not read anywhere in the workspace."""
    del channel, now
    await house.store.choices.opt_out(asker.channel.workspace, asker.by)
    return Reply(message=text(house.content.say("data.now_opted_out")))


async def opt_in(channel: Channel | None, asker: Asker, *, house: House, now: datetime) -> Reply:
    """The way back; nothing remains of the opt-out."""
    del channel, now
    await house.store.choices.opt_in(asker.channel.workspace, asker.by)
    return Reply(message=text(house.content.say("data.now_opted_in")))


async def forget_me(channel: Channel | None, asker: Asker, *, house: House, now: datetime) -> Reply:
    """Delete the person's traces in this channel's window, and what is noted of their talks with Kith."""
    if channel is not None:
        key = await house.store.traces.window_key(channel.ref, now)
        await house.store.traces.drop_author(channel.ref, key, key.pseudonym(asker.by))
        for run in await _answered(channel, asker, house, now):
            await house.store.runs.answer(channel.ref, run.id, by=run.pseudonym(asker.by), text="", now=now)
    else:
        await house.store.addresses.forget(asker.channel)
    for dialogue in await _talks(asker, house):
        await house.store.dialogues.drop(asker.channel, dialogue.thread)
    return Reply(message=text(house.content.say("data.forgotten" if channel else "data.forgotten_talk")))


async def _answered(channel: Channel, asker: Asker, house: House, now: datetime) -> list[Run]:
    """The open check-ins that this person has answered through the form."""
    runs = [run for run in await house.store.runs.newest(channel.ref, at_most=RECENT) if run.takes_answers(now)]
    return [run for run in runs if await house.store.runs.answered(channel.ref, run.id, run.pseudonym(asker.by))]


async def _talks(asker: Asker, house: House) -> list[Dialogue]:
    """The person's dialogues where they ask, oldest first."""
    return [talk for talk in await house.store.dialogues.of(asker.channel) if talk.is_with(asker.by)]
