"""What Kith's buttons and forms carry with them, and what comes back when somebody presses or sends one; pure.

Whoever sends it may have changed any of it, so the core checks everything again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from urllib.parse import quote, unquote

import orjson

from adapters.teams.shapes import Json, ident, part, word

KITH = "kith"
"""The key under which Kith's own part of an action's data stands; also the verb of its Action.Execute."""

MOST_DATA = 2000
"""Bytes that one button carries (a whole message may have some 28,000); what is longer is left out, which the core
answers as it answers any stale button."""

_ONE, _SOME = "one.", "some."
"""How the names of inputs begin: with one answer, or with several that come back joined by commas."""


class Way(Enum):
    """How an action comes back: DIALOG opens one (task/fetch), WITHIN answers inside one (task/submit), REFRESH changes
    the card it stands on (Action.Execute)."""

    DIALOG = auto()
    WITHIN = auto()
    REFRESH = auto()


class Kind(Enum):
    """What came back: a button, a form, or words that are to be obeyed as a command."""

    CHOICE = "do"
    FORM = "form"
    COMMAND = "say"


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """One thing that came back: `what` is the choice's id, the form's id or the command's words, `channel` the id of
    the channel that it acts in ("": the one it was pressed in), `answers` what was put into the form."""

    kind: Kind
    what: str
    about: str = ""
    channel: str = ""
    answers: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)


def action(title: str, way: Way, *, kind: Kind, what: str, about: str = "", channel: str = "", hint: str = "") -> Json:
    """A button that brings back what it carries; read aloud, `hint` says what it belongs to."""
    carried = {name: value for name, value in ((kind.value, what), ("about", about), ("in", channel)) if value}
    if len(orjson.dumps(carried)) > MOST_DATA:
        carried = {}
    data: Json = {KITH: carried}
    told: Json = {"title": title} | ({"tooltip": hint} if hint else {})
    match way:
        case Way.REFRESH:
            return {"type": "Action.Execute", "verb": KITH, **told, "data": data}
        case Way.DIALOG:
            return {"type": "Action.Submit", **told, "data": {"msteams": {"type": "task/fetch"}, **data}}
        case Way.WITHIN:
            return {"type": "Action.Submit", **told, "data": data}


def carried_in(data: object) -> Carried | None:
    """What an action's data brings back; None where it is nothing of Kith's. Parts that Kith never wrote are empty,
    which the core answers as it answers any stale button."""
    found = part(data, KITH)
    if KITH not in part(data):
        return None
    kind = next((kind for kind in Kind if isinstance(found.get(kind.value), str)), Kind.CHOICE)
    return Carried(
        kind=kind,
        what=word(found, kind.value),
        about=word(found, "about"),
        channel=ident(found, "in"),
        answers=answers(part(data)),
    )


def answers(value: Json) -> dict[str, str | tuple[str, ...]]:
    """What was put into a form, by field id; an empty field is "" or ()."""
    found: dict[str, str | tuple[str, ...]] = {}
    for name, given in value.items():
        typed = given if isinstance(given, str) else ""
        if name.startswith(_ONE):
            found[name.removeprefix(_ONE)] = typed
        elif name.startswith(_SOME):
            found[name.removeprefix(_SOME)] = tuple(unquote(one) for one in typed.split(",") if one)
    return found


def input_name(field: str, *, several: bool) -> str:
    """The name of a field's input."""
    return f"{_SOME if several else _ONE}{field}"


def option_value(value: str, *, several: bool) -> str:
    """An option's value as it stands in a card; several come back joined by commas, so none may hold one."""
    return quote(value, safe=" ") if several else value
