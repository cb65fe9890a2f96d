"""Gives what Kith says Slack's shape: blocks that are valid however long or many the parts are; pure.

Everything is plain or rich text, never Slack's markup, so nothing in a sentence can call anybody or become a link to
somewhere else. Limits are Slack's own (Block Kit reference), with room to spare where Slack counts differently.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import orjson

from adapters.slack.shapes import Json, part, word
from bot.domain.speech import Choice, Emphasis, Listing, Message, Paragraph, Part, Picture

MOST_BLOCKS = 45
"""Blocks of a message or page (Slack: 50 and 100); what is over goes into one last block as plain text."""

MOST_CHARACTERS = 11_000
"""Characters of all blocks together (Slack refuses somewhat over 13,000)."""

LONGEST_FALLBACK = 3000
LONGEST_SECTION = 3000
LONGEST_HEADER = 150
LONGEST_LABEL = 75
LONGEST_VALUE = 2000
MOST_BUTTONS = 25
MOST_ITEMS = 100
CHOICE = "choice"
"""How the ids of Kith's buttons begin."""

_LINK = re.compile(r"https?://[^\s<>\"“”]+[^\s<>\"“”.,;:!?)\]]")
_SPACES = re.compile(r"\s+")


def posted(message: Message) -> Json:
    """The `text` and `blocks` of a message; the text is what notifications and screen readers say."""
    blocks = blocks_of(message)
    return {"text": escaped(fallback(message)), "blocks": blocks}


def blocks_of(message: Message, *, within: str = "") -> list[Json]:
    """The blocks of a message, buttons last; `within` goes back with every button (the channel it acts in)."""
    blocks: list[Json] = []
    room = MOST_CHARACTERS
    buttons = _actions(message.choices, _asked(message), within)
    places = MOST_BLOCKS - len(buttons)
    for number, said in enumerate(message.body):
        if len(blocks) >= places - 1 and number < len(message.body) - 1:
            said = Paragraph(text=Message(body=message.body[number:]).plain)
        block = _block(said, room)
        if block is None:
            continue
        blocks.append(block)
        room -= _length(block)
        if len(blocks) >= places or room <= 1:
            break
    if not blocks and not buttons:
        blocks = [{"type": "section", "text": plain_text("…", LONGEST_SECTION)}]
    return [*blocks, *buttons]


def fallback(message: Message) -> str:
    """The whole message in plain words, or what its buttons say where there are none."""
    said = message.plain.strip() or " · ".join(choice.label for choice in message.choices).strip()
    return cut(said, LONGEST_FALLBACK) or "…"


def escaped(text: str) -> str:
    """Text that Slack reads as plain words where it would look for its markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain_text(text: str, most: int) -> Json:
    """A text object of plain words, never empty and never over `most` characters."""
    return {"type": "plain_text", "text": cut(text, most) or "…", "emoji": False}


def cut(text: str, most: int) -> str:
    """The text if it fits, else its beginning and an ellipsis; "" for one without a visible character."""
    said = text.strip()
    return said if len(said) <= most else said[: max(0, most - 1)].rstrip() + "…"


def pressed(action: Json) -> tuple[str, str, str] | None:
    """The choice, what it is about, and where it acts, of one of Kith's buttons; None for any other action.

    A value that Kith never wrote gives an empty choice, which the core answers as it answers any stale button.
    """
    if not word(action, "action_id").startswith(f"{CHOICE}-"):
        return None
    try:
        value = orjson.loads(word(action, "value"))
    except orjson.JSONDecodeError:
        return "", "", ""
    carried = part(value)
    return word(carried, "do"), word(carried, "about"), word(carried, "in")


def _block(said: Part, room: int) -> Json | None:
    """One part as one block of at most `room` characters; None where it has nothing visible to say."""
    match said:
        case Listing():
            return _listing(said.items, room)
        case Picture():
            return _picture(said, room)
        case Paragraph(emphasis=Emphasis.HEADING):
            text = cut(_one_line(said.text), min(LONGEST_HEADER, room))
            return {"type": "header", "text": plain_text(text, LONGEST_HEADER)} if text else None
        case Paragraph(emphasis=Emphasis.NOTE):
            text = cut(said.text, min(LONGEST_SECTION - 1000, room))
            return {"type": "context", "elements": [plain_text(text, LONGEST_SECTION)]} if text else None
        case Paragraph():
            text = cut(said.text, min(LONGEST_SECTION, room))
            kind = "rich_text_quote" if said.emphasis is Emphasis.QUESTION else "rich_text_section"
            return _rich({"type": kind, "elements": list(_words(text))}) if text else None


def _listing(items: Sequence[str], room: int) -> Json | None:
    lines: list[Json] = []
    for item in items[:MOST_ITEMS]:
        text = cut(item, min(LONGEST_SECTION, room))
        if text and room > 1:
            lines.append({"type": "rich_text_section", "elements": list(_words(text))})
            room -= len(text)
    return _rich({"type": "rich_text_list", "style": "bullet", "elements": lines}) if lines else None


def _picture(picture: Picture, room: int) -> Json | None:
    """A title and a line for each bar, as words and numbers: a drawn bar would be noise to a screen reader."""
    bold = {"bold": True}
    title = cut(picture.title, min(LONGEST_SECTION, room))
    bars = [f"{bar.label}: {bar.count}/{picture.people}" for bar in picture.bars] or [picture.text]
    listed = _listing(bars, room - len(title))
    head = {"type": "rich_text_section", "elements": list(_words(title, bold))} if title else None
    lists = listed["elements"] if listed else []
    return _rich(*([head] if head else []), *lists) if head or lists else None


def _rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def _words(text: str, style: Json | None = None) -> Iterator[Json]:
    """Plain words, with addresses of the web as links."""
    styled = {"style": style} if style else {}
    end = 0
    for link in _LINK.finditer(text):
        if link.start() > end:
            yield {"type": "text", "text": text[end : link.start()], **styled}
        yield {"type": "link", "url": link[0], **styled}
        end = link.end()
    if end < len(text):
        yield {"type": "text", "text": text[end:], **styled}


def _actions(choices: Sequence[Choice], asked: str, within: str) -> list[Json]:
    """The buttons, in as few rows as Slack takes; at most two rows of 25."""
    buttons = [_button(number, choice, asked, within) for number, choice in enumerate(choices[: 2 * MOST_BUTTONS])]
    rows = [buttons[start : start + MOST_BUTTONS] for start in range(0, len(buttons), MOST_BUTTONS)]
    return [{"type": "actions", "elements": row} for row in rows]


def _button(number: int, choice: Choice, asked: str, within: str) -> Json:
    """A button whose value carries what it does; read aloud, its label is followed by what it belongs to."""
    label = _one_line(choice.label) or choice.id
    value = orjson.dumps({"do": choice.id, "about": choice.about, "in": within}).decode()
    return {
        "type": "button",
        "action_id": f"{CHOICE}-{number}",
        "text": plain_text(label, LONGEST_LABEL),
        "value": value if len(value) <= LONGEST_VALUE else "{}",
        "accessibility_label": cut(f"{label}: {asked}" if asked else label, LONGEST_LABEL) or "…",
    }


def _asked(message: Message) -> str:
    """What the buttons belong to: the question, or the first words of the message."""
    paragraphs = [said for said in message.body if isinstance(said, Paragraph) and said.text.strip()]
    question = next((said for said in paragraphs if said.emphasis is Emphasis.QUESTION), None)
    first = question or (paragraphs[0] if paragraphs else None)
    return _one_line(first.text) if first else ""


def _one_line(text: str) -> str:
    return _SPACES.sub(" ", text).strip()


def _length(block: object) -> int:
    """Characters that people read in a block."""
    if isinstance(block, dict):
        return sum(len(v) if k in ("text", "url") and isinstance(v, str) else _length(v) for k, v in block.items())
    return sum(map(_length, block)) if isinstance(block, list) else 0
