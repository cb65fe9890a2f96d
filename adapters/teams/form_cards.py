"""Gives Kith's forms the shape of Adaptive Cards, for a dialog or a chat, with what was wrong at its field; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from adapters.teams.cards import LARGEST_CARD, addressed, cut, one_line, size_of, text_block, whole_card
from adapters.teams.carrying import Kind, Way, action, answers, input_name, option_value
from adapters.teams.shapes import Json
from bot.domain.speech import Field, FieldKind, Form

__all__ = ["answers", "form_card"]

LONGEST_INPUT = 4000
MOST_EXPANDED = 8
"""More options than this to choose one of go into a list that opens, and so do scales, which tend to come together."""

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def form_card(form: Form, *, way: Way = Way.WITHIN, channel: str = "") -> Json:
    """The card of a form, sent by `way` and acting in `channel` ("": where it is sent).

    Every field may be left empty, because only the core knows what it needs; what was wrong stands above its field.
    """
    send = action(one_line(form.submit) or "…", way, kind=Kind.FORM, what=form.id, about=form.about, channel=channel)
    made: Json = {}
    for bounds in _BOUNDS:
        fallback = "\n".join((form.title, addressed(form.intro), *(field.label for field in form.fields)))
        made = whole_card(_body(form, way, bounds), [send], fallback=cut(fallback, bounds.text))
        if size_of(made) <= LARGEST_CARD:
            break
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bounds:
    """How long texts and labels may be, and how many options a field may have, for the card to be small enough."""

    text: int
    label: int
    options: int


_BOUNDS = (
    _Bounds(text=3000, label=500, options=100),
    _Bounds(text=1000, label=200, options=100),
    _Bounds(text=300, label=80, options=40),
    _Bounds(text=100, label=40, options=10),
    _Bounds(text=40, label=20, options=4),
)


def _body(form: Form, way: Way, bounds: _Bounds) -> list[Json]:
    body: list[Json] = []
    if way is Way.REFRESH:  # a dialog has the title in its frame
        body.append(text_block(cut(form.title, bounds.text), style="heading", weight="Bolder", size="Medium"))
    if form.intro.strip():
        lines = cut(addressed(form.intro), bounds.text).splitlines()
        body += [text_block(line, spacing="Small") if number else text_block(line) for number, line in enumerate(lines)]
    seen: set[str] = set()
    for field in form.fields:
        if field.id not in seen:
            seen.add(field.id)
            body += _field(field, bounds)
    return body


def _field(field: Field, bounds: _Bounds) -> Iterator[Json]:
    """The elements of one field: what was wrong, the input, the hint; none for a choice without options."""
    element = _input(field, bounds)
    if element is None:
        return
    if field.error.strip():
        yield text_block(cut(addressed(field.error), bounds.text), color="Attention", weight="Bolder", spacing="Medium")
    several = field.kind is FieldKind.SOME_OF
    label = cut(_labelled(field), bounds.label) or "…"
    yield element | {
        "id": input_name(field.id, several=several),
        "label": label,
        "spacing": "Small" if field.error.strip() else "Medium",
    }
    if field.hint.strip():
        yield text_block(cut(addressed(field.hint), bounds.text), isSubtle=True, size="Small", spacing="Small")


def _labelled(field: Field) -> str:
    """What a field is called; a scale, which opens as a list, says between which ends it lies."""
    ends = f": {field.ends[0]} – {field.ends[1]}" if field.ends else ""
    return f"{addressed(field.label).strip()}{ends}"


def _input(field: Field, bounds: _Bounds) -> Json | None:
    match field.kind:
        case FieldKind.ONE_OF | FieldKind.SCALE | FieldKind.SOME_OF:
            return _choice_set(field, bounds)
        case FieldKind.TIME:
            at = _first(field.value)
            return {"type": "Input.Time"} | ({"value": at} if _CLOCK.fullmatch(at) else {})
        case FieldKind.LINE | FieldKind.TEXT | FieldKind.PEOPLE:
            most = min(max(field.most or LONGEST_INPUT, 1), LONGEST_INPUT)
            people = field.kind is FieldKind.PEOPLE
            typed = (" ".join(field.value) if people else _first(field.value))[: min(most, bounds.text)]
            element: Json = {"type": "Input.Text", "isMultiline": field.kind is FieldKind.TEXT, "maxLength": most}
            return element | ({"value": typed} if typed else {})


def _choice_set(field: Field, bounds: _Bounds) -> Json | None:
    several = field.kind is FieldKind.SOME_OF
    options = {option.value: option for option in field.options[: bounds.options]}
    if not options:
        return None
    choices = [
        {
            "title": one_line(addressed(option.label), bounds.label) or one_line(value, bounds.label) or "…",
            "value": option_value(value, several=several),
        }
        for value, option in options.items()
    ]
    chosen = [option_value(value, several=several) for value in field.value if value in options]
    expanded = several or (len(options) <= MOST_EXPANDED and field.kind is not FieldKind.SCALE)
    return {
        "type": "Input.ChoiceSet",
        "isMultiSelect": several,
        "style": "expanded" if expanded else "compact",
        "wrap": True,
        "choices": choices,
    } | ({"value": ",".join(chosen if several else chosen[:1])} if chosen else {})


def _first(values: Sequence[str]) -> str:
    return values[0] if values else ""
