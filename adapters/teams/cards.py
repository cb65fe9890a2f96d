"""Gives what Kith says the shape of Adaptive Cards that are valid however long or many the parts are; pure.

Version 1.5 is the newest that every client of Teams shows. Nothing that people wrote may become Markdown there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import orjson

from adapters.teams.carrying import Kind, Way, action
from adapters.teams.shapes import Json
from bot.domain.speech import Choice, Emphasis, Listing, Message, Paragraph, Part, Picture

VERSION = "1.5"
MOST_ACTIONS = 6
"""Actions of a card (EVIDENCE 5.5)."""

LARGEST_CARD = 26_000
"""Bytes of a card; a whole message may have some 28,000 (EVIDENCE 5.5)."""

MOST_CHARACTERS = (11_000, 5000, 2500, 1000, 300)
"""Characters of all texts of a card together: the first of these with which it is small enough."""

MOST_PARTS = 60
MOST_ITEMS = 60
MOST_BARS = 8
LONGEST_TEXT = 4000
LONGEST_ITEM = 500
LONGEST_TITLE = 75
LONGEST_FALLBACK = 3000
LONGEST_SPOKEN = 1000

_LINK = re.compile(r"https?://[^\s<>|\"“”\\]+[^\s<>|\"“”.,;:!?)\]\\]")
_MARKS = re.compile(r"([\\`*_\[\]~<>])")
_LINE_MARKS = re.compile(r"^(\s*\d*)([#]+|[-+]|(?<=\d)[.)])(?=\s)", re.MULTILINE)
_SLASH = re.compile(r"/kith(?=[ .,;:”`)]|$)")
_SPACES = re.compile(r"\s+")


def card(message: Message, *, way: Way = Way.DIALOG, channel: str = "") -> Json:
    """The card of a message, its buttons coming back by `way` and acting in `channel` ("": where they are pressed)."""
    asked = _asked(message)
    buttons = [_button(choice, way, channel, asked) for choice in message.choices[:MOST_ACTIONS]]
    made: Json = {}
    for room in MOST_CHARACTERS:
        made = whole_card(body_of(message.body, room), buttons, fallback=cut(spoken(message), room))
        if size_of(made) <= LARGEST_CARD:
            break
    return made


def whole_card(body: Sequence[Json], actions: Sequence[Json], *, fallback: str) -> Json:
    """A card of these elements and actions; `fallback` is what clients say or show that cannot draw it."""
    said = cut(fallback, LONGEST_FALLBACK) or "…"
    return {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": VERSION,
        "fallbackText": said,
        "speak": cut(said.replace("&", "and").replace("<", "").replace(">", ""), LONGEST_SPOKEN) or "…",
        "body": list(body) or [text_block("…")],
        **({"actions": list(actions[:MOST_ACTIONS])} if actions else {}),
    }


def spoken(message: Message) -> str:
    """The whole message in plain words, for notifications, screen readers and clients without cards."""
    said = message.plain.strip() or " · ".join(choice.label for choice in message.choices).strip()
    return cut(addressed(said), LONGEST_FALLBACK) or "…"


def addressed(text: str) -> str:
    """Kith's words as they are given here: by its name, where other platforms have a slash."""
    return _SLASH.sub("@Kith", text)


def size_of(made: Json) -> int:
    """Bytes of a card on its way."""
    return len(orjson.dumps(made))


def body_of(parts: Sequence[Part], room: int) -> list[Json]:
    """The parts as elements of at most `room` characters together, and at most MOST_PARTS of them."""
    elements: list[Json] = []
    for said in parts[:MOST_PARTS]:
        for element in _elements(said, room):
            elements.append(element)
            room -= _length(element)
        if room <= 1:
            break
    return elements


def text_block(text: str, **look: object) -> Json:
    """A paragraph of plain words; addresses of the web in it become links."""
    return {"type": "TextBlock", "text": _marked(cut(text, LONGEST_TEXT)) or "…", "wrap": True, **look}


def cut(text: str, most: int) -> str:
    """The text if it fits, else its beginning and an ellipsis; "" for one without a visible character."""
    said = text.strip()
    return said if len(said) <= most else said[: max(0, most - 1)].rstrip() + "…"


def one_line(text: str, most: int = LONGEST_TITLE) -> str:
    """The text in one line of at most `most` characters."""
    return cut(_SPACES.sub(" ", text), most)


def _elements(said: Part, room: int) -> list[Json]:
    """One part as elements of at most `room` characters together; none where it has nothing visible to say."""
    match said:
        case Listing():
            return _listing(said.items, room)
        case Picture():
            return _picture(said, room)
        case Paragraph():
            text = cut(addressed(said.text), min(LONGEST_TEXT, room))
            return [_paragraph(text, said.emphasis)] if text else []


def _paragraph(text: str, emphasis: Emphasis) -> Json:
    match emphasis:
        case Emphasis.HEADING:
            return text_block(text, style="heading", weight="Bolder", size="Medium")
        case Emphasis.NOTE:
            return text_block(text, isSubtle=True, size="Small")
        case Emphasis.QUESTION:
            return {"type": "Container", "style": "emphasis", "items": [text_block(text, size="Medium")]}
        case Emphasis.PLAIN:
            return text_block(text)


def _listing(items: Sequence[str], room: int) -> list[Json]:
    """A list, one line an item."""
    lines: list[str] = []
    for item in items[:MOST_ITEMS]:
        said = one_line(addressed(item), LONGEST_ITEM)
        if not said or len(said) + 2 > room:
            continue
        lines.append(f"- {_marked(said)}")
        room -= len(said) + 2
    return [{"type": "TextBlock", "text": "\n".join(lines), "wrap": True}] if lines else []


def _picture(said: Picture, room: int) -> list[Json]:
    """A picture as bars, each under a line that says its own number; in words alone where there is no room for them."""
    title = cut(said.title, min(LONGEST_TEXT, room))
    drawn: list[Json] = [text_block(title, weight="Bolder")] if title else []
    bars = said.bars[:MOST_BARS] if len(said.bars) <= MOST_BARS and said.people > 0 else ()
    if not bars or sum(len(bar.label) + 12 for bar in bars) + len(title) > room:
        return [*drawn, *([text_block(cut(said.text, room))] if said.text.strip() else [])]
    for bar in bars:
        drawn += _bar(one_line(bar.label) or "…", min(max(bar.count, 0), said.people), said.people)
    return drawn


def _bar(label: str, count: int, people: int) -> list[Json]:
    """How many of `people`; a column without width is not drawn at all, so there is none for nobody."""
    parts = [(count, "accent"), (people - count, "emphasis")]
    columns = [
        {"type": "Column", "width": width, "style": style, "minHeight": "10px", "items": []}
        for width, style in parts
        if width > 0
    ]
    line = {"type": "ColumnSet", "columns": columns, "spacing": "Small"}
    return [text_block(f"{label}: {count} / {people}"), line]


def _button(choice: Choice, way: Way, channel: str, asked: str) -> Json:
    label = one_line(choice.label) or one_line(choice.id) or "…"
    hint = one_line(f"{label}: {asked}") if asked else ""
    return action(label, way, kind=Kind.CHOICE, what=choice.id, about=choice.about, channel=channel, hint=hint)


def _asked(message: Message) -> str:
    """What the buttons belong to: the question, or the first words of the message."""
    paragraphs = [said for said in message.body if isinstance(said, Paragraph) and said.text.strip()]
    question = next((said for said in paragraphs if said.emphasis is Emphasis.QUESTION), None)
    first = question or (paragraphs[0] if paragraphs else None)
    return one_line(first.text) if first else ""


def _marked(text: str) -> str:
    """Plain words in the card's Markdown, in which only addresses of the web mean anything."""
    pieces: list[str] = []
    end = 0
    for link in _LINK.finditer(text):
        pieces += [_plain(text[end : link.start()]), f"[{_plain(link[0])}]({link[0]})"]
        end = link.end()
    return "".join((*pieces, _plain(text[end:])))


def _plain(text: str) -> str:
    unlisted = _LINE_MARKS.sub(r"\1\\\2", _MARKS.sub(r"\\\1", text))
    return unlisted.replace("{{", "{\u2060{").replace("\n", "\n\n")


def _length(element: object) -> int:
    """Characters that people read in an element."""
    if isinstance(element, dict):
        return sum(len(v) if k in _READ and isinstance(v, str) else _length(v) for k, v in element.items())
    return sum(map(_length, element)) if isinstance(element, list) else 0


_READ = frozenset({"text", "title", "value"})
