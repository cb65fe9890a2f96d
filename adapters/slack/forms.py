"""Gives Kith's forms the shape of Slack's modals, and reads back what people put into them; pure.

A modal carries its form's id, what it is about and the channel it belongs to. Whoever sends it may have changed any
of that, so the core checks everything again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import orjson

from adapters.slack.render import LONGEST_HEADER, LONGEST_SECTION, blocks_of, cut, plain_text
from adapters.slack.shapes import Json, ident, part, word
from bot.domain.speech import Field, FieldKind, Form, Message, Option

FORM = "kith-form"
WHERE = "kith-where"
"""The callback ids of Kith's modals: one of its forms, and the question where a shortcut belongs."""

LONGEST_TITLE = 24
LONGEST_LABEL = 2000
LONGEST_INPUT = 3000
LONGEST_OPTION = 75
LONGEST_OPTION_VALUE = 150
MOST_BOXES = 10
MOST_GROUPS = 3
MOST_OPTIONS = 100
MOST_BLOCKS = 100
LONGEST_METADATA = 3000
_ANSWER = "answer"
_GROUP = "~"
_ID = re.compile(r"[A-Z0-9]{2,64}", re.ASCII)
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What a modal carries with it: the form it is, what that is about, and the channel it was opened from."""

    form: str = ""
    about: str = ""
    channel: str = ""


def modal(form: Form, *, channel: str, cancel: str) -> Json:
    """The view of a form; a field whose answer is optional to the core may be left empty here too."""
    blocks: list[Json] = _intro(form.intro)
    seen: set[str] = set()
    for field in form.fields:
        if field.id not in seen:
            seen.add(field.id)
            blocks += _field(field)
    view = _view(form.title, blocks, cancel=cancel)
    carried = {"form": form.id, "about": form.about, "channel": channel}
    return view | {
        "callback_id": FORM,
        "submit": plain_text(form.submit, LONGEST_TITLE),
        "private_metadata": _metadata(carried),
    }


def told(message: Message, *, title: str, channel: str, close: str) -> Json:
    """The view that shows an answer, with its buttons."""
    view = _view(title, blocks_of(message), cancel=close)
    return view | {"private_metadata": _metadata({"channel": channel})}


def where(*, title: str, label: str, submit: str, cancel: str, words: str) -> Json:
    """The view that asks in which channel `words` is to be done, the one in view being offered."""
    element = {
        "type": "conversations_select",
        "action_id": _ANSWER,
        "default_to_current_conversation": True,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    ask = {"type": "input", "block_id": "where", "label": plain_text(label, LONGEST_LABEL), "element": element}
    view = _view(title, [ask], cancel=cancel)
    return view | {
        "callback_id": WHERE,
        "submit": plain_text(submit, LONGEST_TITLE),
        "private_metadata": _metadata({"form": words}),
    }


def errors_of(form: Form) -> dict[str, str]:
    """What is wrong, by block, as Slack shows it at the fields."""
    return {_blocks_of_field(field)[0]: cut(field.error, LONGEST_LABEL) for field in form.fields if field.error.strip()}


def carried_by(view: Json) -> Carried:
    """What a view carries; empty where it is nothing that Kith wrote."""
    try:
        found = part(orjson.loads(word(view, "private_metadata") or "{}"))
    except orjson.JSONDecodeError:
        found = {}
    return Carried(form=word(found, "form"), about=word(found, "about"), channel=ident(found, "channel"))


def answers_in(view: Json) -> dict[str, str | tuple[str, ...]]:
    """What was put into a form, by field id; an empty field is "" or ()."""
    answers: dict[str, str | tuple[str, ...]] = {}
    for block, elements in part(view, "state", "values").items():
        answer = _answer(part(elements, _ANSWER))
        field = str(block).partition(_GROUP)[0]
        before = answers.get(field)
        if isinstance(answer, tuple) and isinstance(before, tuple):
            answer = (*before, *answer)
        answers[field] = answer
    return answers


def _answer(element: Json) -> str | tuple[str, ...]:
    match word(element, "type"):
        case "checkboxes" | "multi_static_select":
            chosen = element.get("selected_options")
            return tuple(_value(option) for option in chosen) if isinstance(chosen, list) else ()
        case "radio_buttons" | "static_select":
            return _value(element.get("selected_option"))
        case "timepicker":
            return word(element, "selected_time")
        case "multi_users_select":
            people = element.get("selected_users")
            return tuple(filter(None, (ident(person) for person in people))) if isinstance(people, list) else ()
        case "conversations_select":
            return ident(element, "selected_conversation")
        case _:
            return word(element, "value")


def _value(option: object) -> str:
    """The value of an option, without the sign that keeps it from being empty."""
    return word(option, "value").removeprefix("=")


def _view(title: str, blocks: Sequence[Json], *, cancel: str) -> Json:
    """A modal; a title that is too long for its frame stands in full above the rest."""
    said = title.strip()
    if len(said) > LONGEST_TITLE:
        blocks = [{"type": "header", "text": plain_text(said, LONGEST_HEADER)}, *blocks]
    return {
        "type": "modal",
        "title": plain_text(title, LONGEST_TITLE),
        "close": plain_text(cancel, LONGEST_TITLE),
        "blocks": list(blocks[:MOST_BLOCKS]) or [{"type": "section", "text": plain_text("", LONGEST_SECTION)}],
    }


def _metadata(carried: Mapping[str, str]) -> str:
    """The values as JSON; nothing at all if they are over Slack's limit, which the core answers as a stale form."""
    packed = orjson.dumps(dict(carried)).decode()
    return packed if len(packed) <= LONGEST_METADATA else "{}"


def _intro(intro: str) -> list[Json]:
    return [{"type": "section", "text": plain_text(intro, LONGEST_SECTION)}] if intro.strip() else []


def _field(field: Field) -> list[Json]:
    """The blocks of one field: one, or one for every ten boxes to tick; none for a choice without options."""
    elements = list(_elements(field))
    blocks = []
    for number, (block_id, element) in enumerate(zip(_blocks_of_field(field), elements, strict=False)):
        label = field.label
        if len(elements) > 1:
            label = f"{cut(field.label, LONGEST_LABEL - 20)} ({number + 1}/{len(elements)})"
        block: Json = {
            "type": "input",
            "block_id": block_id,
            "label": plain_text(label, LONGEST_LABEL),
            "element": element | {"action_id": _ANSWER},
            "optional": field.kind in (FieldKind.SOME_OF, FieldKind.PEOPLE) or not _first(field.value).strip(),
        }
        hint = field.hint.strip() if number == len(elements) - 1 else ""
        blocks.append(block | ({"hint": plain_text(hint, LONGEST_LABEL)} if hint else {}))
    return blocks


def _blocks_of_field(field: Field) -> list[str]:
    name = field.id[:250]
    return [name, *(f"{name}{_GROUP}{number}" for number in range(1, MOST_GROUPS))]


def _elements(field: Field) -> Iterator[Json]:
    match field.kind:
        case FieldKind.ONE_OF | FieldKind.SCALE:
            options = _options(field)
            many = "static_select" if len(options) > MOST_BOXES else "radio_buttons"
            chosen = [option for option in options if option["value"] == f"={_first(field.value)}" and field.value]
            if options:
                initial = {"initial_option": chosen[0]} if chosen else {}
                yield {"type": many, "options": options, **initial}
        case FieldKind.SOME_OF:
            yield from _boxes(_options(field), {f"={value}" for value in field.value})
        case FieldKind.TIME:
            at = _first(field.value)
            yield {"type": "timepicker"} | ({"initial_time": at} if _CLOCK.fullmatch(at) else {})
        case FieldKind.PEOPLE:
            known = [person for person in dict.fromkeys(field.value) if _ID.fullmatch(person)]
            yield {"type": "multi_users_select"} | ({"initial_users": known} if known else {})
        case FieldKind.LINE | FieldKind.TEXT:
            most = min(max(field.most or LONGEST_INPUT, 1), LONGEST_INPUT)
            typed = _first(field.value)[:most]
            element: Json = {"type": "plain_text_input", "multiline": field.kind is FieldKind.TEXT, "max_length": most}
            yield element | ({"initial_value": typed} if typed else {})


def _boxes(options: list[Json], chosen: set[str]) -> Iterator[Json]:
    """Boxes to tick, ten at a time at most and as many in each group as in the others; one list to pick from where they
    would be over thirty."""
    kind, groups = "checkboxes", -(-len(options) // MOST_BOXES)
    if groups > MOST_GROUPS:
        kind, groups = "multi_static_select", 1
    size = -(-len(options) // max(groups, 1)) or 1
    for start in range(0, len(options), size):
        group = options[start : start + size]
        initial = [option for option in group if option["value"] in chosen]
        yield {"type": kind, "options": group} | ({"initial_options": initial} if initial else {})


def _options(field: Field) -> list[Json]:
    """The options with different values; a long label goes on in the option's description."""
    options: dict[str, Json] = {}
    for option in field.options[:MOST_OPTIONS]:
        value = cut(f"={option.value}", LONGEST_OPTION_VALUE)
        options.setdefault(value, _option(option, value))
    return list(options.values())


def _option(option: Option, value: str) -> Json:
    label = option.label.strip() or option.value.strip()
    if len(label) <= LONGEST_OPTION:
        return {"text": plain_text(label, LONGEST_OPTION), "value": value}
    at = label.rfind(" ", 1, LONGEST_OPTION + 1)
    at = at if at > LONGEST_OPTION // 2 else LONGEST_OPTION
    head, rest = label[:at], label[at:]
    return {
        "text": plain_text(head, LONGEST_OPTION),
        "value": value,
        "description": plain_text(rest, LONGEST_OPTION),
    }


def _first(values: Sequence[str]) -> str:
    return values[0] if values else ""
