"""Gives Kith's forms the shape of Adaptive Cards, for a dialog or a chat, with what was wrong at its field; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from adapters.teams.cards import addressed, cut, one_line, text_block, whole_card
from adapters.teams.carrying import Kind, Way, action, answers, input_name, option_value
from adapters.teams.shapes import Json
from bot.domain.speech import Field, FieldKind, Form

__all__ = ["answers", "form_card"]

LONGEST_LABEL = 500
LONGEST_INPUT = 4000
MOST_OPTIONS = 100
MOST_EXPANDED = 8
"""More options than this to choose one of go into a list that opens."""

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def form_card(form: Form, *, way: Way = Way.WITHIN, channel: str = "") -> Json:
    """The card of a form, sent by `way` and acting in `channel` ("": where it is sent).

    Every field may be left empty, because only the core knows what it needs; what was wrong stands above its field.
    """
    body: list[Json] = []
    if way is Way.REFRESH:  # a dialog has the title in its frame
        body.append(text_block(form.title, style="heading", weight="Bolder", size="Medium"))
    if form.intro.strip():
        body.append(text_block(addressed(form.intro)))
    seen: set[str] = set()
    for field in form.fields:
        if field.id not in seen:
            seen.add(field.id)
            body += _field(field)
    send = action(one_line(form.submit) or "…", way, kind=Kind.FORM, what=form.id, about=form.about, channel=channel)
    fallback = "\n".join((form.title, addressed(form.intro), *(field.label for field in form.fields)))
    return whole_card(body, [send], fallback=fallback)


def _field(field: Field) -> Iterator[Json]:
    """The elements of one field: what was wrong, the input, the hint; none for a choice without options."""
    element = _input(field)
    if element is None:
        return
    if field.error.strip():
        yield text_block(addressed(field.error), color="Attention", weight="Bolder")
    several = field.kind is FieldKind.SOME_OF
    label = cut(addressed(field.label), LONGEST_LABEL) or "…"
    yield element | {"id": input_name(field.id, several=several), "label": label, "spacing": "Medium"}
    if field.hint.strip():
        yield text_block(addressed(field.hint), isSubtle=True, size="Small", spacing="Small")


def _input(field: Field) -> Json | None:
    match field.kind:
        case FieldKind.ONE_OF | FieldKind.SCALE | FieldKind.SOME_OF:
            return _choice_set(field)
        case FieldKind.TIME:
            at = _first(field.value)
            return {"type": "Input.Time"} | ({"value": at} if _CLOCK.fullmatch(at) else {})
        case FieldKind.LINE | FieldKind.TEXT:
            most = min(max(field.most or LONGEST_INPUT, 1), LONGEST_INPUT)
            typed = _first(field.value)[:most]
            element: Json = {"type": "Input.Text", "isMultiline": field.kind is FieldKind.TEXT, "maxLength": most}
            return element | ({"value": typed} if typed else {})


def _choice_set(field: Field) -> Json | None:
    several = field.kind is FieldKind.SOME_OF
    options = {option.value: option for option in field.options[:MOST_OPTIONS]}
    if not options:
        return None
    choices = [
        {
            "title": one_line(addressed(option.label), LONGEST_LABEL) or one_line(value, LONGEST_LABEL) or "…",
            "value": option_value(value, several=several),
        }
        for value, option in options.items()
    ]
    chosen = [option_value(value, several=several) for value in field.value if value in options]
    expanded = several or len(options) <= MOST_EXPANDED
    return {
        "type": "Input.ChoiceSet",
        "isMultiSelect": several,
        "style": "expanded" if expanded else "compact",
        "wrap": True,
        "choices": choices,
    } | ({"value": ",".join(chosen if several else chosen[:1])} if chosen else {})


def _first(values: Sequence[str]) -> str:
    return values[0] if values else ""
