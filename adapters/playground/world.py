"""The rehearsal's world in memory: people, channels, threads, reactions, and whatever Kith says there."""

from __future__ import annotations

from dataclasses import replace

from adapters.playground.clock import MovableClock
from adapters.playground.feed import Feed
from adapters.playground.line import KITH, Line
from adapters.playground.refused import RefusedError
from adapters.playground.script import REACTIONS, Persona, Room, Script
from adapters.playground.view import line_seen
from adapters.transcript import Said, Transcript
from bot.domain.events import ChannelRef
from bot.domain.speech import Message, Place
from bot.errors import PlatformError

WORKSPACE = "rehearsal"
"""The workspace's id in every ChannelRef of the rehearsal."""

FULL = 5000
"""So many lines a rehearsal holds before it asks to be started afresh."""


class World:
    """The chat that Kith is a guest in; a ChatPlatform whose every change is published in `feed`."""

    def __init__(self, script: Script, clock: MovableClock, *, zone: str = "UTC") -> None:
        self.script = script
        self.clock = clock
        self.zone = zone
        self._stamp = 0
        self.feed = Feed(run=self.next_id())
        self.transcript = Transcript(next_id=self.next_id, heard=self._heard)
        self._people = {persona.id: persona for persona in script.personas}
        self._rooms = {room.id: room for room in script.rooms}
        self._lines: dict[str, Line] = {}
        self._with_kith: set[str] = set()

    def next_id(self) -> str:
        """An id that is larger than all before, in this run and (as real time goes on) in earlier ones."""
        self._stamp = max(self._stamp + 1, int(self.clock.now().timestamp() * 1_000_000))
        return f"{self._stamp:017d}"

    @property
    def workspace(self) -> str:
        """The workspace's id, as in every ChannelRef of this world."""
        return WORKSPACE

    @property
    def people(self) -> tuple[Persona, ...]:
        return tuple(self._people.values())

    @property
    def rooms(self) -> tuple[Room, ...]:
        return tuple(self._rooms.values())

    @property
    def lines(self) -> tuple[Line, ...]:
        """Everything said so far, oldest first."""
        return tuple(self._lines.values())

    def persona(self, persona: str) -> Persona:
        """The persona with this id; RefusedError if there is none."""
        if persona not in self._people:
            raise RefusedError(404, "persona", persona=persona[:80])
        return self._people[persona]

    def room(self, channel: str) -> Room:
        """The channel with this id; RefusedError if there is none."""
        if channel not in self._rooms:
            raise RefusedError(404, "channel", channel=channel[:80])
        return self._rooms[channel]

    def ref(self, channel: str) -> ChannelRef:
        """The core's name for a channel; RefusedError if there is none with this id."""
        return ChannelRef(WORKSPACE, self.room(channel).id)

    def line(self, channel: str, line: str, *, seen_by: str | None = None) -> Line:
        """A line of this channel that is still there and that `seen_by` may see; RefusedError otherwise."""
        found = self._lines.get(line)
        hidden = found is not None and found.only_for not in (None, seen_by)
        if found is None or found.channel != channel or found.deleted or hidden:
            raise RefusedError(404, "message")
        return found

    def check_thread(self, channel: str, thread: str | None) -> None:
        """RefusedError unless `thread` is None or opens a thread in this channel."""
        opening = self._lines.get(thread) if thread is not None else None
        if thread is not None and (opening is None or opening.channel != channel or opening.thread or opening.only_for):
            raise RefusedError(404, "thread")

    def has_kith(self, channel: str) -> bool:
        """Whether Kith is in the channel and hears what is said there."""
        return channel in self._with_kith

    def set_kith(self, channel: str, here: bool) -> None:
        """Note that Kith came or went."""
        if here != self.has_kith(channel):
            (self._with_kith.add if here else self._with_kith.discard)(channel)
            self.feed.publish("channel", {"id": channel, "kith": here})

    def say(self, channel: str, persona: str, text: str, thread: str | None = None) -> Line:
        """Somebody writes; RefusedError for unknown people, channels and threads, and when the rehearsal is full."""
        self.room(channel), self.persona(persona)
        self.check_thread(channel, thread)
        if len(self._lines) >= FULL:
            raise RefusedError(409, "full")
        return self._put(
            Line(id=self.next_id(), channel=channel, author=persona, at=self.clock.now(), text=text, thread=thread)
        )

    def edit(self, channel: str, persona: str, line: str, text: str) -> Line:
        """The author changes a line; RefusedError for anybody else."""
        return self._put(replace(self._own(channel, persona, line), text=text, edited=True))

    def delete(self, channel: str, persona: str, line: str) -> None:
        """The author takes a line back; an empty one stays where a thread hangs on it."""
        own = self._own(channel, persona, line)
        if any(other.thread == line for other in self._lines.values()):
            self._put(replace(own, text="", reactions={}, deleted=True))
        else:
            self._drop(own)

    def react(self, channel: str, persona: str, line: str, emoji: str) -> bool:
        """Put a reaction on a line, or take it off again; says whether it is there now."""
        self.persona(persona)
        found = self.line(channel, line, seen_by=persona)
        if emoji not in REACTIONS:
            raise RefusedError(422, "emoji")
        before = found.reactions.get(emoji, ())
        added = persona not in before
        after = (*before, persona) if added else tuple(who for who in before if who != persona)
        reactions = {**found.reactions, emoji: after}
        self._put(replace(found, reactions={e: who for e, who in reactions.items() if who}))
        return added

    def whisper(
        self, channel: str, persona: str, message: Message, *, thread: str | None = None, asked: str = ""
    ) -> Line:
        """Kith says something that this persona alone can see."""
        return self._put(
            Line(
                id=self.next_id(),
                channel=channel,
                author=KITH,
                at=self.clock.now(),
                message=message,
                thread=thread,
                only_for=persona,
                asked=asked,
            )
        )

    def replace(self, line: str, message: Message) -> None:
        """Kith's line says `message` from now on, if it is still there."""
        if line in self._lines:
            self._put(replace(self._lines[line], message=message))

    def put_away(self, channel: str, persona: str, line: str) -> None:
        """Remove a line that only this persona saw; RefusedError for any other line."""
        found = self.line(channel, line, seen_by=persona)
        if found.only_for != persona:
            raise RefusedError(403, "not_author")
        self._drop(found)

    async def post(self, place: Place, message: Message) -> str:
        """Kith speaks; PlatformError where there is no such channel or thread (any longer)."""
        try:
            self.room(place.channel.channel)
            self.check_thread(place.channel.channel, place.thread)
        except RefusedError as exc:
            raise PlatformError(problem=f"there is no such place ({exc})") from exc
        return await self.transcript.post(place, message)

    def _heard(self, said: Said) -> None:
        channel, thread = said.place.channel.channel, said.place.thread
        self._put(
            Line(id=said.id, channel=channel, author=KITH, at=self.clock.now(), message=said.message, thread=thread)
        )

    def _own(self, channel: str, persona: str, line: str) -> Line:
        self.persona(persona)
        found = self.line(channel, line, seen_by=persona)
        if found.author != persona:
            raise RefusedError(403, "not_author")
        return found

    def _put(self, line: Line) -> Line:
        self._lines[line.id] = line
        self.feed.publish("line", line_seen(line))
        return line

    def _drop(self, line: Line) -> None:
        del self._lines[line.id]
        self.feed.publish("gone", {"id": line.id, "channel": line.channel})
