"""What somebody wants who speaks to Kith, recognised by short lists of expressions that prompts/ holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache

LONGEST = 4_000
"""Characters of a message that are looked at, so that any text takes bounded time."""

SHORT = 12
"""A wish is said in so many words at most; in a longer message the same words are part of an answer."""

CURT = 6
"""A thank you that ends a talk has so many words at most."""

Cues = Mapping[str, tuple[str, ...]]
"""Expressions by list; a trailing * stands for any ending of the word before it, a leading = for a whole message.
In `order` a leading … stands for all that comes between an opener and the last word. `not_names` are words that are
written with a capital letter and name nobody."""


class Intent(StrEnum):
    """What a message to Kith is, from the most to the least urgent; SUBJECT is everything else."""

    HAND_OVER = "hand_over"
    STOP = "stop"
    GREETING = "greeting"
    HERE = "here"
    HOW_ARE_YOU = "how_are_you"
    HELP = "help"
    KEEPS = "keeps"
    WHAT_ARE_YOU = "what_are_you"
    SOMETHING_ELSE = "something_else"
    ANOTHER = "another"
    PUZZLED = "puzzled"
    PERSON = "person"
    ADVICE = "advice"
    FACT = "fact"
    ORDER = "order"
    UNSURE = "unsure"
    SUBJECT = "subject"


LISTS = (*(intent.value for intent in Intent if intent is not Intent.SUBJECT), "thanks", "not_thanks")
LISTS += ("order_for_me", "openers", "fillers", "not_names")
"""Every list that a locale must have."""

_WISHES = (
    Intent.HERE,
    Intent.HOW_ARE_YOU,
    Intent.HELP,
    Intent.KEEPS,
    Intent.WHAT_ARE_YOU,
    Intent.SOMETHING_ELSE,
    Intent.ANOTHER,
    Intent.PUZZLED,
)
_APOSTROPHES = re.compile(r"['’`´]")
_WORD = re.compile(r"\w+")
_MENTION = re.compile(r"@(?!kith\b)\w[\w.-]*", re.IGNORECASE)
_NAME = re.compile(r"(?<=[a-z] )[A-Z][^\W\d_]+")
_TO_ANOTHER = re.compile(r"\s*@(?!kith\b)\w", re.IGNORECASE)


def intent_of(text: str, cues: Cues, *, read: bool, answering: bool = False) -> Intent:
    """What the message wants; `read` says that the reader found a pattern in it, which makes it a subject.

    A hand-over is looked for first and anywhere, in favour of finding it; facts and orders only at the beginning, and
    where somebody is `answering` a question, only if they are plainly meant for Kith.
    """
    words = _words(text)
    said = " ".join(words)
    if not said:
        return Intent.GREETING
    if _has(said, cues["hand_over"]):
        return Intent.HAND_OVER
    core = " ".join(word for word in words if word not in cues["fillers"])
    if _only(said, cues["greeting"]) or _only(core, cues["greeting"]):
        return Intent.GREETING
    if _only(said, cues["stop"]) or _only(core, (*cues["stop"], *cues["thanks"])):
        return Intent.STOP
    core = _without(cues["greeting"], core)
    if len(words) <= SHORT and (wish := next((i for i in _WISHES if _wished(said, core, cues[i])), None)):
        return wish
    if len(words) <= SHORT and _about_a_person(text, cues):
        return Intent.PERSON
    if len(words) <= CURT and _begins(core, cues["thanks"]) and not _begins(core, cues["not_thanks"]):
        return Intent.STOP
    if _wished(said, core, cues["advice"]):
        return Intent.ADVICE
    if len(words) <= SHORT and _wished(said, core, cues["unsure"]):
        return Intent.UNSURE
    if read:
        return Intent.SUBJECT
    return _plain_intent(_without(cues["greeting"], said), cues, answering=answering, asks="?" in text)


def speaks_to_another(text: str) -> bool:
    """Whether a message begins by calling somebody else."""
    return _TO_ANOTHER.match(text) is not None


def command_in(text: str, commands: frozenset[str]) -> str | None:
    """The command that the whole message is, if it is one."""
    words = _words(text)
    return words[0] if len(words) == 1 and words[0] in commands else None


def _about_a_person(text: str, cues: Cues) -> bool:
    """Whether it begins by asking about somebody: in the expressions of `person`, "mention" stands for a mention,
    "name" for a mention or a word that is written like a name."""
    mentioned = _MENTION.sub("mention", text[:LONGEST])
    named = _NAME.sub(lambda found: found[0] if found[0].lower() in cues["not_names"] else "name", mentioned)
    forms = (mentioned, named.replace("mention", "name"))
    said = (_without(cues["openers"], _without(cues["greeting"], " ".join(_words(form)))) for form in forms)
    return any(_begins(each, cues["person"]) for each in said)


def _plain_intent(said: str, cues: Cues, *, answering: bool, asks: bool) -> Intent:
    wanted = _without(cues["openers"], said)
    opened = wanted != said
    if _begins(wanted, cues["fact"]) and (asks or not answering):
        return Intent.FACT
    if _begins(wanted, cues["order_for_me"]) or (_begins(wanted, cues["order"]) and (opened or not answering)):
        return Intent.ORDER
    if opened and _ends(wanted, cues["order"]):
        return Intent.ORDER
    return Intent.SUBJECT


def _words(text: str) -> list[str]:
    """Lower-case words without apostrophes and without Kith's name."""
    plain = _APOSTROPHES.sub("", text[:LONGEST].lower())
    return [word for word in _WORD.findall(plain) if word != "kith"]


def _wished(said: str, core: str, expressions: tuple[str, ...]) -> bool:
    """Whether one of the expressions is in the message, or (where it begins with =) is the message."""
    if {f"={said}", f"={core}"} & set(expressions):
        return True
    return _has(said, tuple(each for each in expressions if not each.startswith("=")))


def _has(said: str, expressions: tuple[str, ...]) -> bool:
    return _expression(expressions).search(said) is not None


def _begins(said: str, expressions: tuple[str, ...]) -> bool:
    return _expression(expressions).match(said) is not None


def _ends(said: str, expressions: tuple[str, ...]) -> bool:
    """Whether it ends with one of those that are written with … before them."""
    return said.split(" ")[-1] in {each[1:] for each in expressions if each.startswith("…")}


def _only(said: str, expressions: tuple[str, ...]) -> bool:
    """Whether a message is made of nothing but these expressions."""
    return bool(said) and not _expression(expressions).sub("", said).strip()


def _without(expressions: tuple[str, ...], said: str) -> str:
    """The message after those of the expressions that it begins with."""
    while found := _expression(expressions).match(said):
        said = said[found.end() :].strip()
    return said


@lru_cache(maxsize=64)
def _expression(expressions: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the expressions, as whole words."""
    forms = (re.escape(_APOSTROPHES.sub("", each.lower())).replace(r"\*", r"\w*") for each in expressions)
    return re.compile(rf"\b(?:{'|'.join(sorted(forms, key=len, reverse=True))})(?!\w)")
