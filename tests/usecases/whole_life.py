"""A channel's whole life, walked through for its words: every command, form and button, and a talk of every kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count

from bot.domain.charter import CharterState
from bot.domain.events import Event, Standing
from bot.domain.speech import Choice, Field, FieldKind, Form, Message, Picture, Reply
from bot.usecases.channels.home import home_page
from bot.usecases.command import COMMANDS
from tests.talk import REF
from tests.usecases.conversation import ADMIN, Conversation, narrow_to_numbers
from tests.usecases.test_check_ins import WEEKLY

PEOPLE = ("ana", "bo", "cy", "dee", "eli", "fay")

TYPED = "zzz"
"""What people type into every field: no word of any language."""

DRAFT = "zzz [numbers_obsessed] leaderboard zzz"


class Listening(Conversation):
    """A conversation that notes everything people read of Kith: (where, text)."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.read: list[tuple[str, str]] = []
        self.pressed: set[str] = set()
        self._posted = 0
        self._talks = count(1)

    def note(self, where: str, message: Message) -> None:
        self.read += [(where, text) for text in texts_of(message)]

    async def tick(self) -> None:
        await super().tick()
        for said in self.transcript.said[self._posted :]:
            self.note("said", said.message)
        self._posted = len(self.transcript.said)

    async def _receive(self, event: Event) -> Reply | None:
        reply = await super()._receive(event)
        if reply and reply.message:
            self.note(type(event).__name__, reply.message)
        if reply and reply.form:
            self.read += [(f"form {reply.form.id}", text) for text in texts_in(reply.form)]
        return reply

    async def follow(self, reply: Reply, by: str) -> None:
        """Fill in the form if there is one, and press every button that was not pressed yet."""
        if reply.form:
            await self.fill(reply.form, by)
        for choice in reply.message.choices if reply.message else ():
            await self.try_press(choice, by)

    async def try_press(self, choice: Choice, by: str) -> None:
        if choice.id not in self.pressed and choice.id not in ("leave", "pause", "forget_me"):
            self.pressed.add(choice.id)
            await self.follow(await self.press(choice, by=by), by)

    async def fill(self, form: Form, by: str) -> None:
        """Send it empty, then with nonsense, then with an answer that fits each field, twice (the second saves)."""
        for kind in ("nothing", "nonsense", "fitting", "fitting"):
            answers = {field.id: _answer(field, kind) for field in form.fields}
            key = f"{form.id}/{kind}/{form.about}"
            if key in self.pressed:
                continue
            self.pressed.add(key)
            reply = await self.submit(by, form.id, form.about, **answers)
            if reply.form:
                form = reply.form
            else:
                await self.follow(reply, by)

    async def talk(self, *lines: str, who: str = "cy") -> None:
        """A talk with Kith in a thread of its own, with the pauses that it makes."""
        thread: str | None = None
        for line in lines:
            message = await self.say(who, line, thread=thread, to_kith=thread is None)
            thread = thread or message
            self.now += timedelta(minutes=1)
            await self.tick()


async def live(c: Listening, lines: tuple[tuple[str, ...], ...]) -> None:
    """Everything there is to hear of Kith in one channel and alone; `lines` are talks with it."""
    await c.invite(members=7)
    await narrow_to_numbers(c, "1")
    await c.wait_until("2/tue 12:00")
    for words in ("", "helpp", "xyzzy", "data", "settings", "agree", "resume", "ask", f"ask {DRAFT}", "why", "ledger"):
        await c.command(words)
    await c.charter_is(CharterState.SPEAKING)
    for talk in lines:
        await c.talk(*talk)
    for word in COMMANDS:
        if word in ("leave", "pause"):
            continue
        for words in (word, f"{word} {DRAFT}", f"{word} team", f"{word} new", f"{word} changes"):
            for by, standing in (("bo", Standing.MEMBER), ("ana", Standing.MEMBER), (ADMIN, Standing.ADMIN)):
                await c.follow(await c.command(words, by=by, standing=standing), by)
    for who in PEOPLE:
        await _answer_what_stands(c, who)
    await _agree_on_check_ins(c)
    await _be_asked(c)
    for who in PEOPLE:
        await _answer_what_stands(c, who)
    for _ in range(3):
        c.now += timedelta(days=35)
        await c.tick()
    await _silenced(c)
    for among in (frozenset({REF.channel}), frozenset[str]()):
        c.note("home", (await home_page(REF.workspace, "bo", among=among, house=c.house)).message)
    await c.press("forget_me")
    await c.command("leave")


async def _answer_what_stands(c: Listening, who: str) -> None:
    """Press, as one person, every button under what was said, and answer its forms."""
    for said in list(c.transcript.said):
        for choice in said.message.choices:
            if choice.id in ("leave", "pause", "forget_me", "opt_out") or choice.id.endswith(("_stop", "_skip")):
                continue
            reply = await c.press(choice, by=who)
            if reply.form and reply.form.id != "settings":
                answers = {field.id: _answer(field, "fitting") for field in reply.form.fields}
                await c.submit(who, reply.form.id, reply.form.about, **answers)


async def _agree_on_check_ins(c: Listening) -> None:
    """Two check-ins, one answered through the form and one in the thread; then skipped, and stopped."""
    for answering, asks in (("form", "purpose"), ("thread", "own")):
        fitting = {**WEEKLY, "answering": answering, "asks": asks, "own_question": "zzz zzz?" if asks == "own" else ""}
        shown = await c.submit("ana", "checkin", "new", **{**fitting, "at": "9"})
        for _ in range(2):
            shown = await c.submit("ana", "checkin", shown.form.about if shown.form else "new", **fitting)
    await c.wait_until("4/tue 10:00")
    for who in PEOPLE:
        await _answer_what_stands(c, who)
    await c.wait_until("4/thu 12:00")
    for words in (
        "checkin",
        "checkin skip",
        "checkin skip 1",
        "checkin edit 1",
        "checkin stop 1",
        "checkin stop 9",
        "data",
    ):
        await c.follow(await c.command(words, by="ana"), "ana")


async def _be_asked(c: Listening) -> None:
    """A question of a message, unasked, with its answers."""
    channel = await c.channel()
    attentive = replace(channel.settings, profile="attentive", patterns_off=frozenset(), announcement_only=None)
    await c.house.store.channels.save(replace(channel, settings=attentive))
    for week in ("6", "7"):
        for when, who in (("mon 09:00", "ana"), ("mon 11:00", "bo"), ("mon 15:00", "cy"), ("tue 09:00", "ana")):
            await c.say(who, DRAFT, when=f"{week}/{when}")
        await c.wait_until(f"{week}/thu 16:00")
    await c.command("ledger")
    await c.command("why")
    await c.command("ask")


async def _silenced(c: Listening) -> None:
    for state in (CharterState.LAPSED, CharterState.INVITED, CharterState.LISTENING, CharterState.PAUSED):
        await c.charter_is(state)
        for words in ("help", "resume", "ask", "pause", "checkin"):
            await c.command(words, by="ana")
        await c.press("agree", by="ana")
        await c.press("check_share", about="numbers_obsessed=5")
        await c.talk("hello")


def _answer(field: Field, kind: str) -> str | tuple[str, ...]:
    """What somebody puts into a field."""
    some = field.kind is FieldKind.SOME_OF
    if kind == "nothing":
        return () if some else ""
    if kind == "nonsense":
        return ("@@",) if some else "@@"
    match field.kind:
        case FieldKind.SOME_OF:
            return tuple(option.value for option in field.options[:1])
        case FieldKind.ONE_OF | FieldKind.SCALE:
            chosen = field.value[:1] or tuple(option.value for option in field.options[1:2] or field.options)
            return chosen[0] if chosen else ""
        case FieldKind.TIME:
            return field.value[0] if field.value else "10:00"
        case _:
            kept = field.value[0] if field.value and field.value != ("@@",) else ""
            return kept or (TYPED if field.kind is FieldKind.TEXT or field.id == "plan" else "")


def texts_of(message: Message) -> Iterator[str]:
    """Every text of a message, its buttons' too."""
    for part in message.body:
        if isinstance(part, Picture):
            yield from (part.title, part.text, *(bar.label for bar in part.bars))
    yield message.plain
    yield from (choice.label for choice in message.choices)


def texts_in(form: Form) -> Iterator[str]:
    """Every text of a form that is not somebody's own."""
    yield from (form.title, form.intro, form.submit)
    for field in form.fields:
        yield from (field.label, field.hint, field.error, *(field.ends or ()))
        yield from (option.label for option in field.options)
