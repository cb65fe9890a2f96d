"""Gives what Kith says Slack's shape: blocks that are valid however long or many the parts are; pure.

Words stay plain text wherever they can. Only quoted questions and addresses need Slack's markup, and there everything
that could call somebody is escaped. Limits are Slack's own (Block Kit reference), with room to spare.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

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
LONGEST_NOTE = 2000
LONGEST_LABEL = 75
LONGEST_VALUE = 2000
MOST_BUTTONS = 25
MOST_ITEMS = 100
LONGEST_ITEM = 500
CHOICE = "choice"
"""How the ids of Kith's buttons begin."""

_LINK = re.compile(r"https?://[^\s<>|\"“”]+[^\s<>|\"“”.,;:!?)\]]")
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
        for block in _blocks(said, room)[: places - len(blocks)]:
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
        value = orjson.loads(word(action, "value") or word(action, "selected_option", "value"))
    except orjson.JSONDecodeError:
        return "", "", ""
    carried = part(value)
    return word(carried, "do"), word(carried, "about"), word(carried, "in")


def _blocks(said: Part, room: int) -> list[Json]:
    """One part as blocks of at most `room` characters together; none where it has nothing visible to say."""
    match said:
        case Listing():
            return _listing(said.items, room)
        case Picture():
            bars = [f"{bar.label}: {bar.count}/{said.people}" for bar in said.bars] or [said.text]
            return [*_section(said.title, room), *_listing(bars, room - len(said.title))]
        case Paragraph(emphasis=Emphasis.HEADING):
            text = cut(_one_line(said.text), min(LONGEST_HEADER, room))
            return [{"type": "header", "text": plain_text(text, LONGEST_HEADER)}] if text else []
        case Paragraph(emphasis=Emphasis.NOTE):
            text = cut(said.text, min(LONGEST_NOTE, room))
            return [{"type": "context", "elements": [plain_text(text, LONGEST_NOTE)]}] if text else []
        case Paragraph(emphasis=Emphasis.QUESTION):
            return _quoted(said.text, room)
        case Paragraph():
            return _section(said.text, room)


def _section(text: str, room: int) -> list[Json]:
    """A paragraph: plain text, or Slack's markup where an address in it is to be a link."""
    said = cut(text, min(LONGEST_SECTION, room))
    if not said:
        return []
    marked = _linked(said) if _LINK.search(said) else ""
    plain = plain_text(said, LONGEST_SECTION)
    return [{"type": "section", "text": _markup(marked) if 0 < len(marked) <= LONGEST_SECTION else plain}]


def _quoted(text: str, room: int) -> list[Json]:
    """A question, as people quote one another."""
    said = cut(text, min(LONGEST_SECTION, room))
    quoted = "\n".join(f"> {line}" for line in escaped(said).splitlines())
    if not said or len(quoted) > LONGEST_SECTION:
        return _section(text, room)
    return [{"type": "section", "text": _markup(quoted)}]


def _listing(items: Sequence[str], room: int) -> list[Json]:
    """A list, in as many blocks as it takes."""
    blocks: list[Json] = []
    lines: list[str] = []
    for item in items[:MOST_ITEMS]:
        line = f"• {_linked(cut(item, LONGEST_ITEM))}"
        if len(line) <= 2 or room < len(line):
            continue
        if lines and sum(map(len, lines)) + len(lines) + len(line) > LONGEST_SECTION - 200:
            blocks.append({"type": "section", "text": _markup("\n".join(lines))})
            lines = []
        lines.append(line)
        room -= len(line) + 1
    return [*blocks, *([{"type": "section", "text": _markup("\n".join(lines))}] if lines else [])]


def _markup(text: str) -> Json:
    """Slack's markup, in which Slack makes no links or calls of its own."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _linked(text: str) -> str:
    """Plain words in Slack's markup, with addresses of the web as links."""
    pieces: list[str] = []
    end = 0
    for link in _LINK.finditer(text):
        pieces += [escaped(text[end : link.start()]), f"<{escaped(link[0])}>"]
        end = link.end()
    return "".join((*pieces, escaped(text[end:])))


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
        return sum(len(v) if k == "text" and isinstance(v, str) else _length(v) for k, v in block.items())
    return sum(map(_length, block)) if isinstance(block, list) else 0
