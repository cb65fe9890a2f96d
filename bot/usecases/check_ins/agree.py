"""Set up, show, change, skip and stop a channel's check-ins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from bot.domain.audit import What
from bot.domain.channel import Channel
from bot.domain.charter import SILENT, Act, lapse_if_over
from bot.domain.check_in import MOST_IN_CHANNEL, MOST_SKIPS, ROTATION, CheckIn, new_id
from bot.domain.events import ChoiceMade, CommandGiven, FormSubmitted
from bot.domain.rhythm import Timing, Weekly, next_slot
from bot.domain.speech import Choice, Listing, Message, Paragraph, Part, Reply, text
from bot.ports import House
from bot.usecases.channels.charter import allowed, refusal
from bot.usecases.check_ins.answers import parsed
from bot.usecases.check_ins.form import again, check_in_form, preview
from bot.usecases.check_ins.words import described, run_line
from bot.usecases.check_ins.words import slot as slot_words
from bot.usecases.checks.sharing import heading, note, silent
from bot.usecases.workspaces.changes import line_of

Asker = CommandGiven | ChoiceMade

LATELY = 3
"""So many past runs the list shows."""

NEW = "new"
_NEW = re.compile(r"new(?:-(?P<id>[0-9a-f]{12}))?")
"""What a form is about that makes a check-in."""


async def open_check_ins(channel: Channel, asker: CommandGiven | ChoiceMade, *, house: House, now: datetime) -> Reply:
    """`checkin` with new, edit, skip or stop, and perhaps a number; anything else shows the list."""
    words = asker.words.split()[1:] if isinstance(asker, CommandGiven) else []
    act = words[0].lower() if words else ""
    if act == "new":
        return await begin(channel, asker, house=house, now=now)
    there = await house.store.check_ins.of(channel.ref)
    if act not in _ACTS or not there:
        return await show(channel, asker, house=house, now=now)
    number = words[1] if len(words) > 1 else "1" if len(there) == 1 else ""
    if not (number.isascii() and number.isdigit() and 0 < int(number[:3]) <= len(there)):
        shown = await _list(channel, asker, there, house, now)
        which = Paragraph(text=house.content.say("checkin.which", act=act))
        return Reply(message=replace(shown, body=(which, *shown.body)))
    return await _ACTS[act](channel, asker, there[int(number[:3]) - 1], house=house, now=now)


async def show(channel: Channel, asker: Asker, *, house: House, now: datetime) -> Reply:
    """What this channel is asked, and when, to anyone in it."""
    there = await house.store.check_ins.of(channel.ref)
    return Reply(message=await _list(channel, asker, there, house, now))


async def begin(channel: Channel, asker: Asker, *, house: House, now: datetime) -> Reply:
    """The form for a new check-in."""
    if not allowed(Act.CHANGE_SETTINGS, asker, channel, house):
        return refusal(house)
    if (refused := silent(channel, house, now)) is not None:
        return refused
    if len(await house.store.check_ins.of(channel.ref)) >= MOST_IN_CHANNEL:
        return _say(house, "checkin.saved.too_many", most=MOST_IN_CHANNEL)
    begun = fresh(channel, now)
    return Reply(form=check_in_form(begun, house.content, about=f"{NEW}-{begun.id}"))


async def choose_edit(channel: Channel, asker: ChoiceMade, *, house: House, now: datetime) -> Reply:
    """The button that opens the form of one check-in."""
    return await _chosen("edit", channel, asker, house, now)


async def choose_skip(channel: Channel, asker: ChoiceMade, *, house: House, now: datetime) -> Reply:
    """The button that leaves out the next one."""
    return await _chosen("skip", channel, asker, house, now)


async def choose_stop(channel: Channel, asker: ChoiceMade, *, house: House, now: datetime) -> Reply:
    """The button that ends a check-in."""
    return await _chosen("stop", channel, asker, house, now)


async def submit(channel: Channel, event: FormSubmitted, *, house: House, now: datetime) -> Reply:
    """Show what a form would do, and save it once it comes back as it was shown; errors stand at their fields."""
    asker = ChoiceMade(
        channel=event.channel, by=event.by, choice="checkin", about="", at=event.at, standing=event.standing
    )
    if not allowed(Act.CHANGE_SETTINGS, asker, channel, house):
        return refusal(house)
    about, _, shown = event.about.partition(".")
    there = {check_in.id: check_in for check_in in await house.store.check_ins.of(channel.ref)}
    new = _NEW.fullmatch(about)
    known = _begun(channel, new["id"], now) if new else there.get(about)
    if known is None:
        return _say(house, "checkin.gone")
    found = parsed(event.answers, known, channel, house.almanac, now)
    if found.errors:
        return Reply(form=again(event.answers, found.errors, house.content, about=about))
    form = preview(event.answers, found.check_in, house.almanac, house.content, about=about)
    if form.about != f"{about}.{shown}":
        return Reply(form=form)
    if new and known.id in there:
        return _say(house, "checkin.saved.overtaken")
    if new:
        return await _added(channel, asker, found.check_in, house, now)
    return await _changed(channel, asker, found.check_in, house, now)


async def _added(channel: Channel, asker: Asker, check_in: CheckIn, house: House, now: datetime) -> Reply:
    if (refused := silent(channel, house, now)) is not None:
        return refused
    told = line_of(What.CHECK_IN_NEW, channel, asker, now=now)
    if not await house.store.check_ins.add(check_in, at_most=MOST_IN_CHANNEL, told=told):
        return _say(house, "checkin.saved.too_many", most=MOST_IN_CHANNEL)
    return _to_channel(house, "checkin.saved.new", **described(check_in, house.content))


async def _changed(channel: Channel, asker: Asker, check_in: CheckIn, house: House, now: datetime) -> Reply:
    """Save it; a day on which it has asked already does not come a second time."""
    runs = await house.store.runs.newest(check_in.ref, at_most=2 * MOST_IN_CHANNEL)
    last = max((run.slot.day for run in runs if run.check_in == check_in.id), default=None)
    if check_in.next and last and check_in.next.day <= last:
        since = last + timedelta(days=1)
        coming = next_slot(check_in.timing, check_in.next.at, house.almanac, since=since)
        check_in = replace(check_in, next=coming)
    told = line_of(What.CHECK_IN_CHANGED, channel, asker, now=now)
    if not await house.store.check_ins.save(check_in, told=told):
        return _say(house, "checkin.saved.overtaken")
    return _to_channel(house, "checkin.saved.edit", **described(check_in, house.content))


async def _edit(channel: Channel, asker: Asker, check_in: CheckIn, *, house: House, now: datetime) -> Reply:
    del now
    if not allowed(Act.CHANGE_SETTINGS, asker, channel, house):
        return refusal(house)
    return Reply(form=check_in_form(check_in, house.content, about=check_in.id))


async def _skip(channel: Channel, asker: Asker, check_in: CheckIn, *, house: House, now: datetime) -> Reply:
    """Anyone may: silence needs one word."""
    coming = check_in.next
    if coming is None:
        return _say(house, "checkin.skip.none")
    kept = {day for day in check_in.timing.skips if day >= now.date() - timedelta(days=1)}
    if len(kept) >= MOST_SKIPS:
        return _say(house, "checkin.skip.full", most=MOST_SKIPS)
    timing = replace(check_in.timing, skips=frozenset({*kept, coming.day}))
    after = replace(check_in, timing=timing, next=next_slot(timing, coming.at, house.almanac))
    told = line_of(What.CHECK_IN_SKIPPED, channel, asker, now=now)
    if not await house.store.check_ins.save(after, told=told):
        return _say(house, "checkin.saved.overtaken")
    day = slot_words(coming, timing, house.content)
    return _to_channel(house, "checkin.skip.done", day=day, next=described(after, house.content)["next"])


async def _stop(channel: Channel, asker: Asker, check_in: CheckIn, *, house: House, now: datetime) -> Reply:
    if not allowed(Act.CHANGE_SETTINGS, asker, channel, house):
        return refusal(house)
    told = line_of(What.CHECK_IN_STOPPED, channel, asker, now=now)
    if not await house.store.check_ins.stop(channel.ref, check_in.id, told=told):
        return _say(house, "checkin.gone")
    return _to_channel(house, "checkin.stop.done", **described(check_in, house.content))


_ACTS = {"edit": _edit, "skip": _skip, "stop": _stop}


async def _chosen(act: str, channel: Channel, asker: ChoiceMade, house: House, now: datetime) -> Reply:
    there = {check_in.id: check_in for check_in in await house.store.check_ins.of(channel.ref)}
    if asker.about not in there:
        return _say(house, "checkin.gone")
    return await _ACTS[act](channel, asker, there[asker.about], house=house, now=now)


async def _list(channel: Channel, asker: Asker, there: Sequence[CheckIn], house: House, now: datetime) -> Message:
    say, content = house.content.say, house.content
    may_change = allowed(Act.CHANGE_SETTINGS, asker, channel, house)
    if not there:
        return text(say("checkin.list.none"), choices=_choices(there, house, may_change=may_change))
    lines = tuple(
        say(
            "checkin.list.line",
            number=number,
            answering=say(f"checkin.answering.{check_in.answering}"),
            **described(check_in, content),
        )
        for number, check_in in enumerate(there, 1)
    )
    parts: list[Part] = [heading(say("checkin.list.heading")), Listing(items=lines)]
    if runs := await house.store.runs.newest(channel.ref, at_most=LATELY):
        before = tuple(run_line(run, content) for run in runs)
        parts += [heading(say("checkin.list.before")), Listing(items=before)]
    if lapse_if_over(channel.charter, now).state in SILENT:
        parts.append(Paragraph(text=say("checkin.list.silent")))
    if len(there) > 1:
        parts.append(note(say("checkin.list.note")))
    return Message(body=tuple(parts), choices=_choices(there, house, may_change=may_change))


def _choices(there: Sequence[CheckIn], house: House, *, may_change: bool) -> tuple[Choice, ...]:
    """The buttons for one check-in; where there are several, one to change each, and the rest by command."""
    say = house.content.say
    new = Choice(id="checkin_new", label=say("checkin.choice.new"))
    if len(there) == 1:
        acts = ("edit", "skip", "stop") if may_change else ("skip",)
        own = [Choice(id=f"checkin_{act}", label=say(f"checkin.choice.{act}"), about=there[0].id) for act in acts]
        return (*own, new) if may_change else tuple(own)
    if not may_change:
        return ()
    changes = tuple(
        Choice(id="checkin_edit", label=say("checkin.choice.edit_numbered", number=number), about=check_in.id)
        for number, check_in in enumerate(there, 1)
    )
    return (*changes, new) if len(there) < MOST_IN_CHANNEL else changes


def fresh(channel: Channel, now: datetime) -> CheckIn:
    """What stands in the form at first: Tuesdays at ten in the channel's zone, as in practice (EVIDENCE 3.3)."""
    timing = Timing(rhythm=Weekly(on=frozenset({1})), at=time(10), zone=channel.settings.zone)
    return CheckIn(ref=channel.ref, id=new_id(channel.ref, now), timing=timing, asks=ROTATION)


def _begun(channel: Channel, id_: str | None, now: datetime) -> CheckIn:
    """A new check-in under the id that its form carries, which also decides in which order its questions come: what
    the preview shows is what will be asked."""
    begun = fresh(channel, now)
    return replace(begun, id=id_) if id_ else begun


def _say(house: House, key: str, **facts: object) -> Reply:
    return Reply(message=text(house.content.say(key, **facts)))


def _to_channel(house: House, key: str, **facts: object) -> Reply:
    """What changes for everyone is said to everyone, without saying who did it."""
    return Reply(message=text(house.content.say(key, **facts)), to_channel=True)
