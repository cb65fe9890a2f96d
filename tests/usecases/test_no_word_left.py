"""That no word people read stands in code, and that a German channel hears German: a whole life, listened to."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

import pytest

from adapters.prompt_files import shipped_content, shipped_contents
from bot.domain.channel import ChannelSettings
from bot.domain.content import Content
from tests.usecases.whole_life import TYPED, Listening, live

ENGLISH, GERMAN = shipped_content("en"), shipped_content("de")

NUMBERS = "500 posts [numbers_obsessed] zzz"

TALKS = (
    ("hallo", "zzz zzz zzz zzz", "weiß ich nicht", "was denkst du?", "danke"),
    ("bist du da?", "wie geht es dir?", "was bist du?", "stopp"),
    ("was speicherst du?",),
    ("was kannst du?",),
    (NUMBERS, "andere Frage", "was meinst du?", "etwas anderes", NUMBERS),
    (NUMBERS, "zzz zzz zzz", "zzz zzz zzz", "zzz zzz zzz", "zzz zzz zzz"),
    ("wann ist das Treffen?",),
    ("kannst du mich morgen erinnern?", "erinnere mich morgen"),
    ("schick allen eine Mail",),
    ("was hältst du von @bo?",),
    ("gib mir eine Frage", "zzz zzz zzz"),
    ("ich kann nicht mehr",),
    ("pause",),
)
"""Talks in German, one of every kind."""


@pytest.fixture(scope="module")
def heard_in_german() -> list[tuple[str, str]]:
    """What people read in a German channel of a deployment that speaks English otherwise."""
    c = Listening(settings=ChannelSettings(locale="de"))
    asyncio.run(live(c, TALKS))
    return [(where, text) for where, text in c.read if where != "home"]


def test_the_walk_reaches_most_of_what_kith_can_say(heard_in_german: list[tuple[str, str]]) -> None:
    read = "\n".join(text for _, text in heard_in_german)
    spoken = [key for key, sentence in GERMAN.interface.items() if not key.startswith(ELSEWHERE)]
    unheard = [key for key in spoken if not all(piece in read for piece in _pieces(GERMAN.interface[key]))]
    asks = {key for key in unheard if key.rpartition(".")[2].isdigit()}  # phrasings, of which one is said
    left = sorted(set(unheard) - asks)
    assert len(left) < len(spoken) / 3, left


ELSEWHERE = (
    "report.",
    "rehearsal.",
    "teams.",
    "install.",
    "doctor.",
    "questions.",
    "dialogue.ask.",
    "manifest.",
    "shortcut.",
)
"""Sentences for other places than a channel."""


def test_nothing_english_is_heard_in_a_german_channel(heard_in_german: list[tuple[str, str]]) -> None:
    foreign = _only_english(lambda text: len(re.findall(r"[^\W\d_]{2,}", text)) >= 3)
    found = {(where, piece) for where, text in heard_in_german for piece in foreign if piece in text}
    assert found == set()


def test_no_short_label_is_left_english(heard_in_german: list[tuple[str, str]]) -> None:
    labels = _only_english(lambda text: True) - {ENGLISH.say("language.name")}
    found = {(where, text) for where, text in heard_in_german if text in labels}
    assert found == set()


async def test_every_word_that_people_read_comes_from_prompts() -> None:
    """Every text of prompts/ is put into marks; what people read outside them would stand in code."""
    marked = _each_text(ENGLISH, lambda text: f"«{text}»")
    marked = replace(marked, locale="en", cues=GERMAN.cues)
    c = Listening()
    c.house = replace(c.house, content=marked, contents={"en": marked})
    await c.command("help")
    await live(c, TALKS)
    allowed = re.compile(rf"\b({TYPED}|numbers_obsessed|leaderboard|ideas|UTC|en|[A-Z][A-Za-z]+/[A-Za-z_/]+)\b")
    assert {
        (where, text) for where, text in c.read if re.search(r"[^\W\d_]{2,}", allowed.sub("", _outside(text)))
    } == set()


def _outside(text: str) -> str:
    """What of a text stands in no marks."""
    kept, depth = [], 0
    for character in text:
        depth += character == "«"
        kept.append("" if depth else character)
        depth -= character == "»"
    return "".join(kept)


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    """The content with every text that people read changed; ids stay."""
    if is_dataclass(value) and not isinstance(value, type):
        kept = {"id", "topics", "tags", "article", "point", "locale", "cues", "url"} - _read_where(value)
        changed = {f.name: _each_text(getattr(value, f.name), change) for f in fields(value) if f.name not in kept}
        return replace(value, **changed)
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return change(value)
    if isinstance(value, tuple):
        return tuple(_each_text(each, change) for each in value)
    return {key: _each_text(each, change) for key, each in value.items()} if hasattr(value, "items") else value


def _read_where(value: object) -> set[str]:
    """In the content as a whole, topics and articles are texts."""
    return {"topics"} if isinstance(value, Content) else set()


def _pieces(sentence: str) -> list[str]:
    return [piece.strip() for piece in re.split(r"\{\w+\}", sentence) if piece.strip()]


def _only_english(fits: Callable[[str], bool]) -> frozenset[str]:
    """Pieces of English texts that stand in no German one."""
    german = {piece for text in _texts(GERMAN) for piece in _pieces(text)}
    return frozenset(p for text in _texts(ENGLISH) for p in _pieces(text) if fits(p) and p not in german)


def _texts(content: Content) -> Iterator[str]:
    found: list[str] = []
    _each_text(content, lambda text: found.append(text) or text)  # type: ignore[func-returns-value]
    yield from found


def test_every_language_that_ships_has_a_name_of_its_own() -> None:
    names = [content.say("language.name") for content in shipped_contents().values()]
    assert len(set(names)) == len(names) >= 2
