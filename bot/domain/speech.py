"""What Kith says, before any platform gives it a shape: messages, choices and forms."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.events import ChannelRef


class Emphasis(StrEnum):
    """How a paragraph is meant; platforms choose the look, never the meaning."""

    PLAIN = "plain"
    QUESTION = "question"
    HEADING = "heading"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """One paragraph of plain text."""

    text: str
    emphasis: Emphasis = Emphasis.PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A short list; every item is a line of plain text."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One line of a picture: what it stands for, and how many of the picture's people it holds for."""

    label: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """How many of `people` each line holds for, in an order that ranks nothing; nobody is named.

    `text` says the same in words: for screen readers, terminals, and platforms that draw nothing.
    """

    title: str
    bars: tuple[Bar, ...]
    people: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A button: `id` is what it does, `about` what it does it to, `label` what people read (75 characters at most)."""

    id: str
    label: str
    about: str = ""


Part = Paragraph | Listing | Picture
"""What a message is made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Something Kith says; at most six choices, the least of what the platforms allow (EVIDENCE 5.5)."""

    body: tuple[Part, ...]
    choices: tuple[Choice, ...] = ()

    @property
    def plain(self) -> str:
        """The whole message as text alone, for notifications, screen readers and terminals."""
        lines: list[str] = []
        for part in self.body:
            match part:
                case Listing():
                    lines += [f"• {item}" for item in part.items]
                case Picture():
                    lines += [part.title, part.text]
                case Paragraph():
                    lines.append(part.text)
        return "\n".join(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One of several answers to a field."""

    value: str
    label: str


class FieldKind(StrEnum):
    """What a field takes: one option, several, a line of text, a paragraph, a time of day, people, a place on a scale.

    A SCALE is a ONE_OF between two `ends`: its first options are the steps from one end to the other, each with a
    label that says it in words, so that a platform without scales can show it as any other ONE_OF. PEOPLE holds the
    platform's own ids; a platform without a way to pick people takes them as a line, with spaces or commas between.
    """

    ONE_OF = "one_of"
    SOME_OF = "some_of"
    LINE = "line"
    TEXT = "text"
    TIME = "time"
    PEOPLE = "people"
    SCALE = "scale"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A form's field; `value` is what stands in it at first (several for SOME_OF and PEOPLE), `error` what was wrong
    last time.

    `most` is how many characters a LINE or TEXT takes (None: the platform's own limit), `ends` what stands at the two
    ends of a SCALE.
    """

    id: str
    label: str
    kind: FieldKind
    hint: str = ""
    options: tuple[Option, ...] = ()
    value: tuple[str, ...] = ()
    error: str = ""
    most: int | None = None
    ends: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form to fill in; it comes back as `FormSubmitted` with the same `id` and `about`."""

    id: str
    title: str
    submit: str
    fields: tuple[Field, ...]
    about: str = ""
    intro: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The answer to a command, a choice or a form: to the person alone unless `to_channel`; a form opens;
    `replaces` puts the message in the place of the one whose button was pressed."""

    message: Message | None = None
    form: Form | None = None
    to_channel: bool = False
    replaces: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a message goes: a channel, or a thread in it (`thread` is the platform's id of the opening message)."""

    channel: ChannelRef
    thread: str | None = None


def text(*paragraphs: str, choices: tuple[Choice, ...] = ()) -> Message:
    """A message of plain paragraphs."""
    return Message(body=tuple(Paragraph(text=p) for p in paragraphs), choices=choices)
