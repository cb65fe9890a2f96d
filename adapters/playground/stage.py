"""Carries what people do on the page into the world and to Kith, one thing after another, and Kith's answers back."""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from adapters.playground.asks import Submit, spoken_text
from adapters.playground.core import Core
from adapters.playground.refused import RefusedError
from adapters.playground.view import Json, form_seen
from adapters.playground.world import World
from bot.domain.channel import ChannelSettings
from bot.domain.events import (
    ChoiceMade,
    CommandGiven,
    Event,
    FormSubmitted,
    KithInvited,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    ReactionChanged,
)
from bot.domain.restraint import LOOK_EVERY
from bot.domain.speech import FieldKind, Form, Place, Reply
from bot.domain.working_hours import next_opening

_COMMAND = re.compile(r"/kith(?:\s+(?P<words>.*))?", re.IGNORECASE | re.DOTALL)
_NAMES_KITH = re.compile(r"(?<![\w@])@kith\b", re.IGNORECASE)
_CALLS_EVERYONE = re.compile(r"(?<![\w@])@(everyone|channel|here)\b", re.IGNORECASE)

MOST_FORMS = 100
"""How many forms may be open at once, over all personas; the oldest is forgotten first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spot:
    """Where an answer of Kith belongs: who asked, where, by which command, and the line whose button was pressed."""

    channel: str
    persona: str
    thread: str | None = None
    asked: str = ""
    pressed: str | None = None


class Stage:
    """Everything that can be done in a rehearsal; each act ends with Kith having done whatever was due."""

    def __init__(self, world: World, core: Core) -> None:
        self.world = world
        self._core = core
        self._one_at_a_time = asyncio.Lock()
        self._forms: OrderedDict[tuple[str, str, str], tuple[_Spot, Form]] = OrderedDict()

    async def say(self, channel: str, persona: str, text: str, thread: str | None = None) -> Json:
        """Somebody writes `text`, or gives the command that it is; a form to open, if Kith answers with one."""
        text = spoken_text(text)
        if command := _COMMAND.fullmatch(text):
            return await self.command(channel, persona, command["words"] or "", thread)
        async with self._one_at_a_time:
            line = self.world.say(channel, persona, text, thread)
            posted = MessagePosted(
                channel=self.world.ref(channel),
                message=line.id,
                author=persona,
                at=line.at,
                text=text,
                thread=thread,
                by_guest=self.world.persona(persona).guest,
                calls_everyone=_CALLS_EVERYONE.search(text) is not None,
                addresses_kith=_NAMES_KITH.search(text) is not None,
            )
            return {"id": line.id} | await self._heard(
                posted, _Spot(channel=channel, persona=persona, thread=thread or line.id)
            )

    async def edit(self, channel: str, persona: str, line: str, text: str) -> Json:
        """The author changes a message."""
        text = spoken_text(text)
        async with self._one_at_a_time:
            self.world.edit(channel, persona, line, text)
            edited = MessageEdited(
                channel=self.world.ref(channel),
                message=line,
                author=persona,
                at=self.world.clock.now(),
                text=text,
                by_guest=self.world.persona(persona).guest,
            )
            return await self._heard(edited, _Spot(channel=channel, persona=persona))

    async def delete(self, channel: str, persona: str, line: str) -> Json:
        """The author takes a message back."""
        async with self._one_at_a_time:
            self.world.delete(channel, persona, line)
            deleted = MessageDeleted(channel=self.world.ref(channel), message=line, at=self.world.clock.now())
            return await self._heard(deleted, _Spot(channel=channel, persona=persona))

    async def react(self, channel: str, persona: str, line: str, emoji: str) -> Json:
        """Put a reaction on a message, or take it off again."""
        async with self._one_at_a_time:
            added = self.world.react(channel, persona, line, emoji)
            reacted = ReactionChanged(
                channel=self.world.ref(channel), message=line, by=persona, at=self.world.clock.now(), added=added
            )
            return await self._heard(reacted, _Spot(channel=channel, persona=persona))

    async def command(self, channel: str, persona: str, words: str, thread: str | None = None) -> Json:
        """Give Kith a command; it hears commands everywhere, in channels it is not in too."""
        self.world.check_thread(channel, thread)
        words = " ".join(words.split())
        spot = _Spot(channel=channel, persona=persona, thread=thread, asked=f"/kith {words}".strip()[:200])
        async with self._one_at_a_time:
            given = CommandGiven(
                channel=self.world.ref(channel),
                by=persona,
                words=words,
                at=self.world.clock.now(),
                standing=self.world.persona(persona).standing,
                thread=thread,
            )
            return await self._told(given, spot)

    async def choose(self, channel: str, persona: str, line: str, choice: str, about: str) -> Json:
        """Press a button of a message; RefusedError if that message carries no such button (any longer)."""
        who = self.world.persona(persona)
        async with self._one_at_a_time:
            pressed = self.world.line(channel, line, seen_by=persona)
            if pressed.message is None or (choice, about) not in {(c.id, c.about) for c in pressed.message.choices}:
                raise RefusedError(404, "choice")
            made = ChoiceMade(
                channel=self.world.ref(channel),
                by=persona,
                choice=choice,
                about=about,
                at=self.world.clock.now(),
                standing=who.standing,
            )
            spot = _Spot(channel=channel, persona=persona, thread=pressed.thread, pressed=line)
            return await self._told(made, spot)

    async def submit(self, ask: Submit) -> Json:
        """Send a form; the same form again if something in it needs another look."""
        who = self.world.persona(ask.persona)
        async with self._one_at_a_time:
            spot, form = self._forms.get((ask.persona, ask.form, ask.about), (None, None))
            if spot is None or form is None or spot.channel != ask.channel:
                raise RefusedError(404, "form")
            submitted = FormSubmitted(
                channel=self.world.ref(ask.channel),
                by=ask.persona,
                form=ask.form,
                about=ask.about,
                at=self.world.clock.now(),
                standing=who.standing,
                answers=_answers(ask, form),
            )
            answer = await self._told(submitted, spot)
            if "form" not in answer:
                self._forms.pop((ask.persona, ask.form, ask.about), None)
            return answer

    async def invite(self, channel: str, persona: str) -> Json:
        """Bring Kith into a channel; RefusedError if it is there."""
        room = self.world.room(channel)
        self.world.persona(persona)
        async with self._one_at_a_time:
            if self.world.has_kith(channel):
                raise RefusedError(409, "kith_here")
            invited = KithInvited(
                channel=self.world.ref(channel),
                name=room.name,
                by=persona,
                at=self.world.clock.now(),
                purpose=room.purpose,
                members=len(self.world.people),
            )
            return await self._told(invited, _Spot(channel=channel, persona=persona))

    async def forward(self, by: timedelta) -> Json:
        """Move the clock on, from one thing that is due to the next and a day's look at most at a time, so that nothing
        due on the way is jumped over."""
        async with self._one_at_a_time:
            left = by
            while left > timedelta(0):
                due = await self._core.next_due(self.world.workspace)
                step = min(left, LOOK_EVERY, max(due - self.world.clock.now(), timedelta(0)) if due else left)
                try:
                    self.world.clock.forward(step)
                except ValueError as exc:
                    raise RefusedError(409, "clock_far") from exc
                left -= step
                await self._core.tick()
            self.world.feed.publish("clock", clock_seen(self.world))
            for room in self.world.rooms:
                await self._look_around(room.id)
            return clock_seen(self.world)

    async def until_morning(self, channel: str | None) -> timedelta:
        """How long it is to the next working morning: the channel's, or Monday to Friday at nine."""
        insight = await self._core.insight(self.world.ref(channel)) if channel else None
        settings = insight.channel.settings if insight else ChannelSettings(zone=self.world.zone)
        now = self.world.clock.now()
        opening = next_opening(settings, now)
        return (opening if opening > now else next_opening(settings, _midnight_after(now, settings.zone))) - now

    async def _heard(self, event: Event, spot: _Spot) -> Json:
        """Tell Kith of something in a channel, if it is there to hear it."""
        return await self._told(event, spot) if self.world.has_kith(spot.channel) else {}

    async def _told(self, event: Event, spot: _Spot) -> Json:
        reply = await self._core.receive(event)
        answer = await self._answered(reply, spot) if reply else {}
        await self._core.tick()
        await self._look_around(spot.channel)
        return answer

    async def _look_around(self, channel: str) -> None:
        """Kith may have come or gone, and sees something new."""
        self.world.set_kith(channel, await self._core.insight(self.world.ref(channel)) is not None)
        self.world.feed.publish("seen", {"channel": channel})

    async def _answered(self, reply: Reply, spot: _Spot) -> Json:
        if reply.message:
            if reply.replaces and spot.pressed:
                self.world.replace(spot.pressed, reply.message)
            elif reply.to_channel:
                await self.world.post(Place(channel=self.world.ref(spot.channel), thread=spot.thread), reply.message)
            else:
                self.world.whisper(spot.channel, spot.persona, reply.message, thread=spot.thread, asked=spot.asked)
        if reply.form is None:
            return {}
        self._forms[spot.persona, reply.form.id, reply.form.about] = (spot, reply.form)
        while len(self._forms) > MOST_FORMS:
            self._forms.popitem(last=False)
        return {"form": form_seen(reply.form)}


def clock_seen(world: World) -> Json:
    """The rehearsal's clock as the page shows it."""
    return {
        "now": world.clock.now().isoformat(),
        "zone": world.zone,
        "ahead": world.clock.ahead.total_seconds(),
    }


def _midnight_after(now: datetime, zone: str) -> datetime:
    local = now.astimezone(ZoneInfo(zone))
    return datetime.combine(local.date() + timedelta(days=1), time(0), local.tzinfo)


def _answers(ask: Submit, form: Form) -> dict[str, str | tuple[str, ...]]:
    """The answers as the core takes them; RefusedError for a field that the form has not, or of the other kind."""
    kinds = {field.id: field.kind for field in form.fields}
    answers: dict[str, str | tuple[str, ...]] = {}
    for key, value in ask.answers.items():
        if key not in kinds or isinstance(value, list) != (kinds[key] is FieldKind.SOME_OF):
            raise RefusedError(422, "answers", field=key)
        answers[key] = tuple(value) if isinstance(value, list) else value
    return answers
