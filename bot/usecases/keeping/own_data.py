"""What there is about a person, how they have it forgotten, and how they keep their messages from being read."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.channel import Channel
from bot.domain.check_in import Run
from bot.domain.content import Content
from bot.domain.dialogue import LASTS, Dialogue
from bot.domain.events import ChoiceMade, CommandGiven
from bot.domain.speech import Choice, Emphasis, Listing, Message, Paragraph, Part, Reply, text
from bot.domain.window import Trace, Window
from bot.ports import House
from bot.usecases.checks.sharing import heading, note
from bot.usecases.dialogue.companion import told

Asker = CommandGiven | ChoiceMade

RECENT = 50
"""So many runs of check-ins are looked through, the newest: those still open are among them."""
MOST_LINES = 60
"""So many traces are told one by one in a chat; the rest is one command away for whoever runs Kith."""


async def show(channel: Channel | None, asker: Asker, *, house: House, now: datetime) -> Reply:
    """To the person alone: what is kept of them here, and their choices; `channel` is None where Kith is in none."""
    if channel is None:
        return await _show_alone(asker, house=house)
    say = house.content.say
    window = await house.store.traces.window(channel.ref, now)
    theirs = await _traces(channel, asker, window, house, now)
    out = await house.store.choices.opted_out(channel.ref.workspace, asker.by)
    traces = say("data.traces", until=f"{window.closes_at:%Y-%m-%d}") if theirs else say("data.no_traces_now")
    items = [traces, say("data.opted_out" if out else "data.read")]
    if talks := await _talks(asker, house):
        items.append(say("data.dialogue", until=f"{talks[-1].started_at + LASTS:%Y-%m-%d %H:%M}"))
    if asker.by == channel.charter.steward:
        items.append(say("data.steward"))
    items += [part.text for part in told(house, "data")]
    if asker.by in house.workspace.admins:
        items.append(say("data.admin"))
    path_round = await house.store.rounds.current(channel.ref, now)
    if path_round and await house.store.rounds.answered(channel.ref, path_round.id, path_round.pseudonym(asker.by)):
        items.append(say("data.round", until=f"{path_round.closes_at:%Y-%m-%d}"))
    answered = await _answered(channel, asker, house, now)
    items += [say("checkin.data.answered", day=f"{run.slot.day:%Y-%m-%d}") for run in answered]
    return _page(items, house, out=out, forgettable=bool(theirs or talks or answered), more=bool(theirs or answered))


async def copy(channel: Channel, asker: Asker, *, house: House, now: datetime) -> Reply:
    """To the person alone: every row there is about them here, in words, the newest first."""
    say, content = house.content.say, house.content
    window = await house.store.traces.window(channel.ref, now)
    theirs = await _traces(channel, asker, window, house, now)
    lines = [trace_line(trace, channel.settings.zone, content) for trace in sorted(theirs, key=lambda t: t.at)[::-1]]
    shown = tuple(lines[:MOST_LINES]) or (say("data.no_traces_now"),)
    body: list[Part] = [heading(say("data.copy.traces")), Listing(items=shown)]
    if len(lines) > MOST_LINES:
        body.append(Paragraph(text=say("data.copy.more", left=len(lines) - MOST_LINES)))
    if answered := await _answered(channel, asker, house, now):
        kept = [(await house.store.runs.answers(run.ref, run.id)).get(run.pseudonym(asker.by)) for run in answered]
        quoted = tuple(say("data.copy.answer", answer=answer) for answer in kept if answer)
        body += [heading(say("data.copy.answers")), Listing(items=quoted)]
    body.append(note(say("data.copy.note")))
    return Reply(message=Message(body=tuple(body)))


def trace_line(trace: Trace, zone: str, content: Content) -> str:
    """One trace in one line: all that is kept of a message."""
    say = content.say
    facts = [f"{trace.at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"]
    marks = {"thread": trace.thread, "question": trace.question, "edited": trace.edited}
    facts += [say(f"data.copy.{name}") for name, holds in marks.items() if holds]
    facts += [say("data.copy.reactions", n=trace.reactions)] if trace.reactions else []
    for pattern, chance in trace.evidence.items():
        facts.append(say("data.copy.pattern", title=content.patterns[pattern].title, chance=f"{chance:.2f}"))
    topics = ", ".join(content.topics[topic] for topic in trace.topics if topic in content.topics)
    facts += [say("data.copy.topics", topics=topics)] if topics else []
    return " · ".join(facts)


async def _traces(channel: Channel, asker: Asker, window: Window, house: House, now: datetime) -> list[Trace]:
    """The person's traces in this window; asking opens none."""
    if not window.traces:
        return []
    key = await house.store.traces.window_key(channel.ref, now)
    return [trace for trace in window.traces if trace.author == key.pseudonym(asker.by)]


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


def _page(items: list[str], house: House, *, out: bool, forgettable: bool, more: bool = False) -> Reply:
    say = house.content.say
    reading = "opt_in" if out else "opt_out"
    ids = (reading, *(("data_copy",) if more else ()), *(("forget_me",) if forgettable else ()))
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
    """Delete the person's traces in this channel's window, what they answered to check-ins that are open still, and
    what is noted of their talks with Kith."""
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
