"""Reads the rehearsal's people, channels and sample talk from prompts/, or says which key is wrong."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NoReturn, TypeVar

import yaml

from bot.domain.events import Standing
from bot.errors import ContentError

T = TypeVar("T")

HUES = frozenset({"clay", "ochre", "moss", "slate", "indigo", "plum", "rose", "sand"})
"""The colours that static/style.css knows for people."""

REACTIONS = ("👍", "❤️", "😄", "🎉", "🤔", "👀", "☕", "🌱")
"""The reactions that the rehearsal offers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """An invented person to speak as; a guest is counted as a voice and not read."""

    id: str
    name: str
    initials: str
    hue: str
    role: str
    standing: Standing = Standing.MEMBER
    guest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A channel of the rehearsal; `invited_by` is the persona who brought Kith in, empty where it is not."""

    id: str
    name: str
    purpose: str
    invited_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the sample: a message (`says`, perhaps `under` an earlier one) or a reaction (`reacts` on `to`)."""

    who: str
    id: str = ""
    says: str = ""
    under: str = ""
    reacts: str = ""
    to: str = ""


_FIRST = "en"
_TALK = "rehearsal_talk.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """All that a rehearsal starts with."""

    workspace: str
    personas: tuple[Persona, ...]
    rooms: tuple[Room, ...]
    talk_in: str
    steps: tuple[Step, ...]


def shipped_script(locale: str = _FIRST) -> Script:
    """The script that ships with Kith, in one locale; the English one where that has none, for Kith reads English."""
    own = files("prompts") / locale / _TALK
    return read_script(own if own.is_file() else files("prompts") / _FIRST / _TALK)


def read_script(file: Traversable) -> Script:
    """The script in `file`; ContentError names the file and the key that is wrong."""
    try:
        raw = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as exc:
        raise ContentError(file=file.name, key="(whole file)", problem=f"it cannot be read: {exc}") from exc
    return _Sheet(file.name).script(raw)


class _Sheet:
    """Turns the file's raw lists into a Script, and any surprise into a ContentError with its place."""

    def __init__(self, file: str) -> None:
        self._file = file

    def script(self, raw: object) -> Script:
        top = self._mapping(raw, "(top)", {"workspace", "personas", "channels", "talk"})
        talk = self._mapping(top.get("talk"), "talk", {"channel", "steps"})
        people = self._rows(top.get("personas"), "personas", self._persona)
        rooms = self._rows(top.get("channels"), "channels", self._room)
        script = Script(
            workspace=self._text(top, "workspace", "(top)"),
            personas=people,
            rooms=rooms,
            talk_in=self._text(talk, "channel", "talk"),
            steps=self._rows(talk.get("steps"), "talk.steps", self._step),
        )
        self._check(script)
        return script

    def _persona(self, raw: object, at: str) -> Persona:
        row = self._mapping(raw, at, {"id", "name", "initials", "hue", "role", "standing", "guest"})
        return Persona(
            id=self._text(row, "id", at),
            name=self._text(row, "name", at),
            initials=self._text(row, "initials", at),
            hue=self._one_of(row, "hue", at, HUES),
            role=self._text(row, "role", at),
            standing=Standing(self._one_of(row, "standing", at, set(Standing), Standing.MEMBER)),
            guest=self._one_of(row, "guest", at, {"yes", "no"}, "no") == "yes",
        )

    def _room(self, raw: object, at: str) -> Room:
        row = self._mapping(raw, at, {"id", "name", "purpose", "invited_by"})
        return Room(
            id=self._text(row, "id", at),
            name=self._text(row, "name", at),
            purpose=self._text(row, "purpose", at),
            invited_by=self._text(row, "invited_by", at) if "invited_by" in row else "",
        )

    def _step(self, raw: object, at: str) -> Step:
        row = self._mapping(raw, at, {"who", "id", "says", "under", "reacts", "to"})
        step = Step(who=self._text(row, "who", at), **{key: self._text(row, key, at) for key in row if key != "who"})
        if bool(step.says) == bool(step.reacts) or bool(step.reacts) != bool(step.to):
            self._wrong(at, "a step either says something or reacts to something")
        if step.reacts and step.reacts not in REACTIONS:
            self._wrong(f"{at}.reacts", "not one of the reactions offered")
        return step

    def _check(self, script: Script) -> None:
        for name, ids in (("personas", [p.id for p in script.personas]), ("channels", [r.id for r in script.rooms])):
            if len(set(ids)) != len(ids):
                self._wrong(name, "an id stands twice")
        if script.talk_in not in {room.id for room in script.rooms}:
            self._wrong("talk.channel", "no such channel")
        people, known = {p.id for p in script.personas}, set[str]()
        for room in script.rooms:
            if room.invited_by and room.invited_by not in people:
                self._wrong(f"channels: {room.id}", "invited_by is no persona here")
        for number, step in enumerate(script.steps, 1):
            if step.who not in people:
                self._wrong(f"talk.steps[{number}].who", "no such persona")
            for target in filter(None, (step.under, step.to)):
                if target not in known:
                    self._wrong(f"talk.steps[{number}]", f"no earlier step has the id {target}")
            known.add(step.id)

    def _rows(self, raw: object, at: str, read: Callable[[object, str], T]) -> tuple[T, ...]:
        if not isinstance(raw, list) or not raw:
            self._wrong(at, "expected a list with at least one line")
        return tuple(read(row, f"{at}[{number}]") for number, row in enumerate(raw, 1))

    def _mapping(self, raw: object, at: str, keys: Collection[str]) -> Mapping[str, object]:
        if not isinstance(raw, dict):
            self._wrong(at, "expected keys with values")
        for key in raw:
            if key not in keys:
                self._wrong(at, f"does not know the key {key}")
        return raw

    def _text(self, row: Mapping[str, object], key: str, at: str) -> str:
        value = row.get(key)
        if not isinstance(value, str) or not value.strip():
            self._wrong(f"{at}.{key}", "expected text (put quotation marks around it)")
        return value

    def _one_of(self, row: Mapping[str, object], key: str, at: str, allowed: Collection[str], default: str = "") -> str:
        value = self._text(row, key, at) if key in row or not default else default
        if value not in allowed:
            self._wrong(f"{at}.{key}", f"expected one of {', '.join(sorted(allowed))}")
        return value

    def _wrong(self, key: str, problem: str) -> NoReturn:
        raise ContentError(file=self._file, key=key, problem=problem)
