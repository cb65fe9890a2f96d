"""A dialogue: what Kith says when somebody speaks to it, one question at a time, and when it ends.

Steps follow one another: notice, explore, imagine, a next small step, thanks. Whatever is said, Kith speaks at most
MOST_TURNS times, and near that bound steps are left out so that the small step still has its place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.asking import opening
from bot.domain.channel import Asked
from bot.domain.content import Content
from bot.domain.intents import Intent
from bot.domain.patterns import Pattern
from bot.domain.phrasing import fresh, in_turn, pick

MOST_TURNS = 5
"""So many times Kith speaks in one dialogue, greeting and thanks included."""

LASTS = timedelta(hours=24)
"""A dialogue that nobody went on with is forgotten this long after it began."""

PAUSE = timedelta(seconds=8)
"""Kith waits this long after an answer, and starts waiting anew if the person goes on writing: bots that took their
turn too early were resented (EVIDENCE 3.2)."""


class Step(StrEnum):
    """Which question stands at the moment."""

    WELCOME = "welcome"
    NOTICE = "notice"
    EXPLORE = "explore"
    IMAGINE = "imagine"
    NEXT = "next"


_ANY = "dialogue.ask.any."
"""Questions for when somebody wants one and has brought nothing."""

_AFTER = {Step.WELCOME: Step.NOTICE, Step.NOTICE: Step.EXPLORE, Step.EXPLORE: Step.IMAGINE, Step.IMAGINE: Step.NEXT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    """What Kith remembers of a talk in a thread: no word of it.

    `by` is a pseudonym of who began, made with this dialogue's own `salt`; `turns` says how often Kith has spoken,
    `asked` the ids of its questions in order, `last_heard` a pseudonym of the message answered last. Until
    `replies_at` Kith's next words wait, in case the person goes on.
    """

    thread: str
    by: str
    salt: bytes
    started_at: datetime
    last_heard: str
    replies_at: datetime
    step: Step = Step.WELCOME
    turns: int = 0
    pattern: Pattern | None = None
    topic: str | None = None
    asked: tuple[str, ...] = ()

    def is_with(self, person: str) -> bool:
        """Whether it was this person who began."""
        return self.by == pseudonym(person, self.salt)

    def lapsed(self, now: datetime) -> bool:
        """Whether its time is over."""
        return now >= self.started_at + LASTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What was made of a message to Kith: what it wants, and the pattern and topics found in it, if any.

    `seed` settles the choice among phrasings; `asked` are the channel's recent questions, which rest.
    """

    intent: Intent
    seed: str
    at: datetime
    pattern: Pattern | None = None
    topics: tuple[str, ...] = ()
    asked: tuple[Asked, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What Kith says: keys of sentences in prompts/, then at most one question by its id (with the topic in its slot).

    `says` names a fixed message with a shape of its own (help, a hand-over) that stands in for the sentences.
    """

    keys: tuple[str, ...] = ()
    question: str = ""
    topic: str | None = None
    says: str = ""
    note: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One turn of Kith's, and the dialogue as it stands afterwards; None: it is over, or none was begun."""

    saying: Saying
    after: Dialogue | None = None


def pseudonym(person: str, salt: bytes) -> str:
    """A 16-character stand-in for a person, good for one dialogue."""
    return hashlib.blake2b(person.encode(), key=salt, digest_size=8).hexdigest()


def begin(new: Dialogue, heard: Heard, content: Content) -> Turn:
    """The first turn: greet, help, admit, or take up what was said; `new` is a dialogue without any turn yet."""
    match heard.intent:
        case Intent.GREETING | Intent.SOMETHING_ELSE | Intent.HOW_ARE_YOU | Intent.HERE:
            lead = heard.intent.value if heard.intent in (Intent.HOW_ARE_YOU, Intent.HERE) else "greet"
            return _welcomed(new, (_one_of(lead, heard, content),), heard, content)
        case Intent.ANOTHER:
            question = fresh(_ANY, (), heard.seed, content)
            return _asking(replace(new, step=Step.NOTICE), (), question, None, note=True)
        case Intent.SUBJECT | Intent.ADVICE | Intent.UNSURE:
            return _taken_up(new, heard, content)
        case Intent.FACT | Intent.ORDER | Intent.PERSON:
            return Turn(saying=Saying(keys=(_one_of(f"admit.{heard.intent}", heard, content), "dialogue.admit.offer")))
        case Intent.PUZZLED:
            return Turn(saying=Saying(says=Intent.HELP))
        case _:
            return Turn(saying=_fixed(heard, content))


def go_on(dialogue: Dialogue, heard: Heard, content: Content) -> Turn:
    """The turn after an answer; the last turn there may be says thanks, unless something else was wanted."""
    if heard.intent in (Intent.HAND_OVER, Intent.STOP):
        return Turn(saying=_fixed(heard, content))
    is_last = dialogue.turns + 1 >= MOST_TURNS
    if heard.intent in _ANSWERED:
        stands = () if is_last else ("dialogue.admit.stands",)
        saying = _fixed(heard, content, dialogue)
        if saying.keys:
            saying = replace(saying, keys=(*saying.keys, *stands))
        return Turn(saying=saying, after=None if is_last else replace(dialogue, turns=dialogue.turns + 1))
    if is_last or (dialogue.step is Step.NEXT and heard.intent in _ADVANCING):
        return Turn(saying=Saying(keys=(_one_of("thanks", heard, content),)))
    if heard.intent is Intent.SOMETHING_ELSE:
        aside = replace(dialogue, step=Step.WELCOME, pattern=None, topic=None)
        return _welcomed(aside, (_one_of("lead.something_else", heard, content),), heard, content)
    if heard.intent in (Intent.ANOTHER, Intent.PUZZLED):
        return _again(dialogue, heard, content)
    if dialogue.step is Step.WELCOME:
        return _welcomed_again(dialogue, heard, content)
    return _asked_next(dialogue, heard, content)


_ANSWERED = frozenset(
    {
        Intent.HELP,
        Intent.KEEPS,
        Intent.WHAT_ARE_YOU,
        Intent.HERE,
        Intent.HOW_ARE_YOU,
        Intent.FACT,
        Intent.ORDER,
        Intent.PERSON,
    }
)
"""Wishes that are answered without moving on; the question that stands keeps standing."""

_ADVANCING = frozenset({Intent.SUBJECT, Intent.ADVICE, Intent.UNSURE, Intent.GREETING})


def _fixed(heard: Heard, content: Content, dialogue: Dialogue | None = None) -> Saying:
    """What is said whatever the step; within a dialogue what cannot be done or told is admitted in other words each
    time."""
    match heard.intent:
        case Intent.HAND_OVER | Intent.HELP:
            return Saying(says=heard.intent)
        case Intent.FACT | Intent.ORDER | Intent.PERSON:
            seed, turn = (dialogue.by, dialogue.turns) if dialogue else (heard.seed, 0)
            return Saying(keys=(in_turn(f"dialogue.admit.{heard.intent}.", seed, turn, content),))
        case _:
            return Saying(keys=(_one_of(heard.intent, heard, content),))


def _welcomed(dialogue: Dialogue, keys: tuple[str, ...], heard: Heard, content: Content) -> Turn:
    question = fresh("dialogue.ask.welcome.", dialogue.asked, heard.seed, content)
    return _asking(replace(dialogue, step=Step.WELCOME), keys, question, None)


def _welcomed_again(dialogue: Dialogue, heard: Heard, content: Content) -> Turn:
    """After the welcome: a second hello is greeted, anything else is taken up."""
    if heard.intent is Intent.GREETING:
        return _welcomed(dialogue, (_one_of("greet", heard, content),), heard, content)
    return _taken_up(dialogue, heard, content)


def _taken_up(dialogue: Dialogue, heard: Heard, content: Content) -> Turn:
    """The question that fits what the person brought: by its pattern, else by its topic, else an open one."""
    asked = (*heard.asked, *_as_asked(dialogue.asked, heard))
    question, topic = opening(
        content, heard.pattern, topics=heard.topics, asked=asked, now=heard.at, seed=heard.seed, done=dialogue.asked
    )
    noticed = replace(dialogue, step=Step.NOTICE, pattern=heard.pattern, topic=next(iter(heard.topics), None))
    lead = {Intent.ADVICE: "admit.answer", Intent.UNSURE: "lead.unsure"}.get(heard.intent, "lead.notice")
    return _asking(noticed, (_one_of(lead, heard, content),), question, topic, note=dialogue.turns <= 1)


def _again(dialogue: Dialogue, heard: Heard, content: Content) -> Turn:
    """Another question, or the same thing in other words: the step stays."""
    lead = _one_of(f"lead.{heard.intent}", heard, content)
    if dialogue.step is Step.WELCOME:
        return _welcomed(dialogue, (lead,), heard, content)
    if dialogue.asked[-1:] and dialogue.asked[-1].startswith(_ANY):
        return _asking(dialogue, (lead,), fresh(_ANY, dialogue.asked, heard.seed, content), None)
    if dialogue.step is not Step.NOTICE:
        return _asking(dialogue, (lead,), _of_step(dialogue, heard, content), None)
    topics = (dialogue.topic,) if dialogue.topic else ()
    question, topic = opening(
        content,
        dialogue.pattern,
        topics=topics,
        asked=(*heard.asked, *_as_asked(dialogue.asked, heard)),
        now=heard.at,
        seed=heard.seed,
        done=dialogue.asked,
    )
    return _asking(dialogue, (lead,), question, topic)


def _asked_next(dialogue: Dialogue, heard: Heard, content: Content) -> Turn:
    """The next step; the last question there is room for is always the one about a small step.

    Where the beginning carried no pattern, one that an answer carries is taken up.
    """
    step = Step.NEXT if dialogue.turns + 2 >= MOST_TURNS else _AFTER[dialogue.step]
    moved = replace(dialogue, step=step, pattern=dialogue.pattern or heard.pattern)
    lead = {Intent.ADVICE: "admit.answer", Intent.UNSURE: "lead.unsure"}.get(heard.intent, f"lead.{step}")
    return _asking(moved, (_one_of(lead, heard, content),), _of_step(moved, heard, content), None)


def _of_step(dialogue: Dialogue, heard: Heard, content: Content) -> str:
    """A question of the step that was not asked yet: the pattern's own first, then one that fits everything."""
    if dialogue.step is Step.NEXT:
        return fresh("dialogue.ask.next.", dialogue.asked, heard.seed, content)
    own = f"dialogue.ask.{dialogue.step}.{dialogue.pattern}." if dialogue.pattern else ""
    general = f"dialogue.ask.{dialogue.step}.any."
    return (own and fresh(own, dialogue.asked, heard.seed, content, again=False)) or fresh(
        general, dialogue.asked, heard.seed, content
    )


def _asking(dialogue: Dialogue, keys: tuple[str, ...], question: str, topic: str | None, *, note: bool = False) -> Turn:
    after = replace(dialogue, turns=dialogue.turns + 1, asked=(*dialogue.asked, question))
    return Turn(saying=Saying(keys=keys, question=question, topic=topic, note=note), after=after)


def _one_of(what: str, heard: Heard, content: Content) -> str:
    return pick(f"dialogue.{what}.", f"{heard.seed}/{what}", content)


def _as_asked(ids: Iterable[str], heard: Heard) -> tuple[Asked, ...]:
    """Questions of this dialogue, as asked this moment; the pattern does not matter for their rest."""
    return tuple(Asked(at=heard.at, pattern=Pattern.NUMBERS_OBSESSED, question=question) for question in ids)
