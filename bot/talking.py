"""A talk with Kith in a terminal, and questions for a text: the same use cases in memory, without any platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from itertools import count

from adapters.almanac import LibraryAlmanac
from adapters.scheduler import MachineClock
from adapters.storage.memory.store import MemoryStore
from adapters.transcript import Transcript
from bot.bootstrap import Kith, content_of, reader
from bot.config import Settings
from bot.domain.channel import ChannelSettings
from bot.domain.content import Content
from bot.domain.events import ChannelRef, CommandGiven, FormSubmitted, KithInvited, MessagePosted
from bot.domain.speech import Form, Reply
from bot.ports import Clock, House
from bot.usecases.alone import no_channel
from bot.usecases.checks.ask import choose_for_text, told
from bot.usecases.checks.check import check_form, submit_check
from bot.usecases.dialogue.compose import hand_over

HERE = ChannelRef("terminal", "terminal")
YOU = "you"
COMMAND = "/kith"


class TerminalTalk:
    """One person and Kith in a channel that lives as long as the process; nothing is written anywhere."""

    def __init__(self, settings: Settings, *, clock: Clock | None = None) -> None:
        self._clock = clock or MachineClock()
        self._chat = Transcript()
        self._store = MemoryStore()
        self._kith = Kith(
            house=_house(settings, self._store),
            chat=self._chat,
            clock=self._clock,
            newcomers=ChannelSettings(profile="rehearsal", zone=settings.zone, locale=settings.locale),
        )
        self._numbers = count(1)
        self._thread: str | None = None

    async def begin(self) -> None:
        """Bring Kith in; its introduction is left unshown."""
        await self._kith.receive(KithInvited(channel=HERE, name="terminal", by=YOU, at=self._now()))
        await self._kith.tick()

    async def say(self, line: str) -> tuple[str, ...]:
        """What Kith says to one line, as plain text; a line that begins with /kith is a command."""
        before = len(self._chat.said)
        answered: tuple[str, ...] = ()
        if line.startswith(COMMAND):
            words = line.removeprefix(COMMAND).strip()
            reply = await self._kith.receive(CommandGiven(channel=HERE, by=YOU, words=words, at=self._now()))
            answered = (reply.message.plain,) if reply and reply.message else ()
        else:
            await self._speak(line)
        await self._kith.tick()
        if self._thread and await self._store.dialogues.find(HERE, self._thread) is None:
            self._thread = None  # it has ended; the next line begins another
        return (*answered, *(said.message.plain for said in self._chat.said[before:]))

    async def _speak(self, line: str) -> None:
        message = f"t{next(self._numbers)}"
        posted = MessagePosted(
            channel=HERE,
            message=message,
            author=YOU,
            at=self._now(),
            text=line,
            thread=self._thread,
            addresses_kith=True,
        )
        self._thread = self._thread or message
        await self._kith.receive(posted)

    def _now(self) -> datetime:
        return self._clock.now()


async def questions_for(text: str, n: int, settings: Settings) -> list[dict[str, object]]:
    """One to `n` questions for a text as plain values; one value, {"hand_over": what Kith says}, where people are
    needed and no question is."""
    house = _house(settings, MemoryStore())
    chosen = await choose_for_text(text, house=house, now=MachineClock().now(), n=n)
    if chosen.for_people:
        return [{"hand_over": hand_over(house, to_one=True).plain}]
    return [told(suggestion, house.content) for suggestion in chosen.suggestions]


def check_form_for(settings: Settings) -> Form:
    """The form of a self-check, in the deployment's language."""
    return check_form(content_of(settings), {})


async def checked(answers: Mapping[str, str], settings: Settings) -> Reply:
    """Where a plan leans, for these answers; the form again if something in them cannot be used. Nothing is kept."""
    house, now = _house(settings, MemoryStore()), MachineClock().now()
    event = FormSubmitted(channel=HERE, by=YOU, form="check", about="", at=now, answers=dict(answers))
    return await submit_check(no_channel(HERE, now, house), event, house=house, now=now)


def _in_a_terminal(content: Content) -> Content:
    """The words for a talk in a terminal, where there is no thread, no chat, and nobody else."""
    fitting = {
        f"dialogue.{key.removeprefix(prefix)}": sentence
        for prefix in ("dialogue.alone.", "dialogue.terminal.")
        for key, sentence in content.interface.items()
        if key.startswith(prefix)
    }
    return replace(content, interface={**content.interface, **fitting})


def _house(settings: Settings, store: MemoryStore) -> House:
    return House(
        store=store,
        reader=reader(),
        content=_in_a_terminal(content_of(settings)),
        rule=settings.charter_rule,
        human_help=settings.human_help,
        almanac=LibraryAlmanac(),
    )
