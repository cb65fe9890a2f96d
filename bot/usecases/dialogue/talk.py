"""Talk with somebody who speaks to Kith: take up what was said, ask one question at a time, and know when to stop.

What is said to Kith leaves no trace in the window: somebody who asks for a question makes no evidence about the
channel, and a talk with a bot says nothing about how people there talk with one another.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.asking import sentence_of
from bot.domain.channel import Channel
from bot.domain.charter import CharterState
from bot.domain.content import Content
from bot.domain.dialogue import PAUSE, Dialogue, Heard, Saying, Step, Turn, begin, go_on, pseudonym
from bot.domain.events import MessagePosted
from bot.domain.intents import Intent, command_in, intent_of, speaks_to_another
from bot.domain.outgoing import Outgoing, OutgoingKind
from bot.domain.patterns import Pattern
from bot.domain.reading import UNREAD, Reading
from bot.domain.speech import Place
from bot.domain.window import WindowKey
from bot.ports import House
from bot.usecases.alone import no_channel
from bot.usecases.asking.reflect import restraint_of
from bot.usecases.dialogue.companion import invited, worded
from bot.usecases.workspaces.holding import at_home

COMMAND_WORDS = frozenset("check path draft ask why ledger checkin settings pause resume leave data words".split())
"""Words that are commands; where one alone is said to Kith, it says how to give it."""

SAYS_COMMAND, SAYS_SILENT = "command", "silent"
"""Fixed answers beside those that are called after an intent."""

ALONE = "alone"
"""The one talk in a channel that holds somebody and Kith alone."""

_GONE_ON_WITH = frozenset({Intent.SUBJECT, Intent.UNSURE, Intent.ADVICE, Intent.GREETING})
_NOT_HEARD = frozenset({CharterState.INVITED})
_SILENT = frozenset({CharterState.PAUSED, CharterState.LAPSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Situation:
    """A message to Kith, where it was said, and the dialogue it goes on with, if it does."""

    event: MessagePosted
    channel: Channel
    key: WindowKey
    heard: Heard
    dialogue: Dialogue | None
    now: datetime

    @property
    def thread(self) -> str:
        return _thread(self.event) or self.event.message

    @property
    def place(self) -> Place:
        """In the message's thread, or, where nobody else is, wherever the person wrote."""
        thread = self.event.thread if self.event.alone_with_kith else self.thread
        return Place(channel=self.channel.ref, thread=thread)

    @property
    def waiting(self) -> bool:
        """Whether Kith's last words are still unsaid, because the person may not have finished."""
        return self.dialogue is not None and self.now < self.dialogue.replies_at


async def talk(event: MessagePosted, *, house: House, now: datetime) -> bool:
    """Answer a message that mentions Kith, is for Kith alone, or goes on with a dialogue; False if it is none of these.

    The answer goes to the outbox as ids. The text is looked at here and goes nowhere else, unless a companion may help.
    """
    standing = await _standing(event, house, now)
    theirs = standing if standing and standing.is_with(event.author) and not speaks_to_another(event.text) else None
    addressed = event.addresses_kith or event.alone_with_kith
    if not addressed and theirs is None:
        return False
    channel = await _channel(event, house)
    if channel is None or channel.charter.state in _NOT_HEARD:
        return False
    house = house.speaking(channel.settings.locale)
    if house.companion is not None:
        house = await at_home(house, event.channel.workspace)
    if channel.charter.state in _SILENT and not addressed:
        await house.store.dialogues.drop(event.channel, event.thread or "")
        return False
    situation = _Situation(
        event=event,
        channel=channel,
        key=await _key(event, house),
        heard=await _heard(
            event, channel, house, now, answering=theirs is not None and theirs.step is not Step.WELCOME
        ),
        dialogue=theirs,
        now=now,
    )
    turn = _turn(situation, house.content)
    if standing is not None and theirs is None:  # one dialogue a thread: somebody else's mention gets its answer alone
        turn = replace(turn, after=None)
    await _say(turn, situation, house)
    return True


async def _standing(event: MessagePosted, house: House, now: datetime) -> Dialogue | None:
    """The dialogue that stands in the message's thread."""
    thread = _thread(event)
    found = await house.store.dialogues.find(event.channel, thread) if thread else None
    return None if found is None or found.lapsed(now) else found


def _thread(event: MessagePosted) -> str | None:
    """The name of the talk that a message may go on with: its thread, or all that is said to Kith alone."""
    return ALONE if event.alone_with_kith else event.thread


async def _channel(event: MessagePosted, house: House) -> Channel | None:
    """Where the talk is; with one person alone there is no channel, and none is kept."""
    if event.alone_with_kith:
        return no_channel(event.channel, event.at, house)
    return await house.store.channels.get(event.channel)


async def _key(event: MessagePosted, house: House) -> WindowKey:
    """The channel's window gives the pseudonyms. A talk alone with Kith has no window, and opens none: its place says
    whose it is anyhow, and it is gone within a day."""
    if event.alone_with_kith:
        salt = hashlib.blake2b(event.channel.channel.encode(), digest_size=16).digest()
        return WindowKey(opened_at=event.at, salt=salt)
    return await house.store.traces.window_key(event.channel, event.at)


async def _heard(event: MessagePosted, channel: Channel, house: House, now: datetime, *, answering: bool) -> Heard:
    """What the message is. Guests and people who opted out are not read; they get what a call for help gets, so that
    nobody can tell by the answer who opted out."""
    unread = event.by_guest or await house.store.choices.opted_out(event.channel.workspace, event.author)
    reading = UNREAD if unread else await house.reader.read(event.text)
    pattern = plainest(reading, channel, now)
    intent = intent_of(event.text, house.content.cues, read=pattern is not None, answering=answering)
    return Heard(
        intent=Intent.HELP if unread else intent,
        seed=f"{event.channel.channel}/{event.message}",
        at=now,
        pattern=pattern,
        topics=tuple(topic for topic in reading.topics if topic in house.content.topics),
        asked=channel.history.asked,
    )


def left_alone(channel: Channel, now: datetime) -> frozenset[Pattern]:
    """The patterns that Kith does not speak of here: switched off, or stilled by "not here"."""
    stilled = (pattern for pattern, until in channel.history.stilled.items() if until > now)
    return channel.settings.patterns_off | frozenset(stilled)


def plainest(reading: Reading, channel: Channel, now: datetime) -> Pattern | None:
    """The most probable of the clear patterns that may be spoken of here."""
    clear = reading.clear - left_alone(channel, now)
    return min(clear, key=lambda pattern: (-reading.probabilities[pattern], pattern), default=None)


def _turn(s: _Situation, content: Content) -> Turn:
    if s.heard.intent is Intent.HAND_OVER:
        return Turn(saying=Saying(says=Intent.HAND_OVER))
    if s.channel.charter.state in _SILENT:
        return Turn(saying=Saying(keys=(f"dialogue.{SAYS_SILENT}.{s.channel.charter.state}",)))
    if s.dialogue is None:
        if word := command_in(s.event.text, COMMAND_WORDS):
            return Turn(saying=Saying(says=SAYS_COMMAND, topic=word))
        return begin(_new(s), s.heard, content)
    if not s.waiting:
        return go_on(s.dialogue, s.heard, content)
    return _turn_while_waiting(s.dialogue, s.heard, content)


def _turn_while_waiting(dialogue: Dialogue, heard: Heard, content: Content) -> Turn:
    """Kith's question is still unsaid: it waits longer for somebody who goes on, comes after the answer to a wish, and
    makes way for whatever else is wanted. In none of these is it a turn more."""
    unsaid = Saying(question=dialogue.asked[-1], topic=dialogue.topic)
    if heard.intent in _GONE_ON_WITH:
        return Turn(saying=unsaid, after=dialogue)
    turn = go_on(replace(dialogue, turns=dialogue.turns - 1), heard, content)
    if turn.after is None or turn.saying.question or not turn.saying.keys:
        return turn
    return replace(turn, saying=replace(unsaid, keys=turn.saying.keys[:1]))


def _new(s: _Situation) -> Dialogue:
    salt = s.key.secret_of(s.thread)
    return Dialogue(
        thread=s.thread,
        by=pseudonym(s.event.author, salt),
        salt=salt,
        started_at=s.now,
        last_heard=s.key.pseudonym(s.event.message),
        replies_at=s.now,
    )


async def _say(turn: Turn, s: _Situation, house: House) -> None:
    """Queue the answer and keep where the dialogue stands. That the message has its answer is noted of all alike, a
    hand-over too, so that no repeated delivery brings it again and no row tells it from any other."""
    message = s.key.pseudonym(s.event.message)
    helps = bool(turn.saying.question) and not s.waiting and not s.event.by_guest and invited(house)
    due_at = s.now + _pause(s, house)
    if helps and house.companion is not None:
        due_at = max(due_at, s.now + timedelta(seconds=house.companion.patience + 1))
    after = replace(turn.after, last_heard=message, replies_at=due_at) if turn.after else None
    saying = turn.saying
    facts = {f"key{number}": key for number, key in enumerate(saying.keys)}
    facts |= {"question": saying.question, "topic": saying.topic or "", "says": saying.says}
    facts |= {"companion": "asked" if helps else ""}
    facts |= {"talk": ALONE if s.event.alone_with_kith else ""}
    facts |= {"note": "note" if saying.note else "", "turn": str(after.turns) if after else ""}
    outgoing = Outgoing(
        id=f"dialogue-{message}",
        place=s.place,
        kind=OutgoingKind.DIALOGUE,
        due_at=due_at,
        about=message if after else "",
        facts={name: value for name, value in facts.items() if value},
    )
    queued = await house.store.dialogues.answer(outgoing, heard=message, at=s.now, before=s.dialogue, after=after)
    if queued and helps and house.companion is not None:
        own = sentence_of(saying.question, saying.topic, house.content) or ""
        ref, by = s.event.channel, s.event.author
        work = worded(s.event.text, own, workspace=ref.workspace, by=by, house=house, now=s.now)
        house.companion.begin(outgoing.id, work)


def _pause(s: _Situation, house: House) -> timedelta:
    """How long the answer waits: not at all for what was wished for, a little for what was told."""
    rehearsing = restraint_of(s.channel.settings, house).rehearsing
    at_once = s.dialogue is None or s.heard.intent not in _GONE_ON_WITH or rehearsing
    return timedelta(0) if at_once else PAUSE
