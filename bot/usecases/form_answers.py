"""Read what people put into a form's fields, without trusting its shape."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time

from bot.domain.channel import ChannelSettings
from bot.domain.content import Content
from bot.domain.restraint import PROFILES
from bot.domain.speech import Field, FieldKind, Option

Answers = Mapping[str, str | tuple[str, ...]]


def one(answers: Answers, name: str, default: str) -> str:
    """The one value of a field; `default` if the form does not have it."""
    value = answers.get(name, default)
    return value if isinstance(value, str) else (value[0] if value else "")


def several(answers: Answers, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
    """The values of a field; a line is taken apart at spaces and commas."""
    value = answers.get(name, default)
    return tuple(filter(None, re.split(r"[\s,;]+", value))) if isinstance(value, str) else tuple(value)


def clock_time(value: str) -> time | None:
    """A time as HH:MM and nothing more: an offset would quarrel with the channel's zone."""
    if not re.fullmatch(r"\d\d:\d\d", value.strip(), re.ASCII):
        return None
    try:
        return time.fromisoformat(value.strip())
    except ValueError:
        return None


def hours(answers: Answers, opens: time, closes: time) -> tuple[time, time, dict[str, str]]:
    """The working day that a form asks for, or the one there is, with the key of what is wrong by field id."""
    begins = clock_time(one(answers, "opens", f"{opens:%H:%M}"))
    ends = clock_time(one(answers, "closes", f"{closes:%H:%M}"))
    errors: dict[str, str] = {}
    if begins is None:
        errors["opens"] = "settings.error.time"
    if ends is None:
        errors["closes"] = "settings.error.time"
    elif begins is not None and ends <= begins:
        errors["closes"] = "settings.error.order"
    return (opens, closes, errors) if begins is None or ends is None or errors else (begins, ends, {})


def whole_number(value: str) -> int | None:
    """A number of up to three digits; None for anything else."""
    return int(value) if re.fullmatch(r"\d{1,3}", value.strip(), re.ASCII) else None


class Fields:
    """Makes the fields of one form, filled with what there is, or with what was sent before where that was wrong."""

    def __init__(self, prefix: str, content: Content, sent: Answers | None, errors: Mapping[str, str] | None) -> None:
        self._prefix = prefix
        self._content = content
        self._sent = sent or {}
        self._errors = errors or {}

    def field(
        self,
        name: str,
        kind: FieldKind,
        value: tuple[str, ...],
        options: tuple[Option, ...] = (),
        *,
        most: int | None = None,
        **facts: object,
    ) -> Field:
        """The field `name`; its words stand under `<prefix>.<name>.label` and `.hint`, which `facts` fill."""
        facts = {"most": most, **facts}
        given = self._sent.get(name)
        wrong = self._errors.get(name)
        say = self._content.say
        return Field(
            id=name,
            label=say(f"{self._prefix}.{name}.label", **facts),
            hint=say(f"{self._prefix}.{name}.hint", **facts),
            kind=kind,
            options=options,
            value=value if given is None else (given,) if isinstance(given, str) else tuple(given),
            error=say(wrong, **facts) if wrong else "",
            most=most,
        )

    def profile(self, settings: ChannelSettings) -> Field:
        """Which profile holds; the rehearsal's is offered only where it does already."""
        offered = [p.name for p in PROFILES.values() if not p.rehearsing or p.name == settings.profile]
        return self.field("profile", FieldKind.ONE_OF, (settings.profile,), self.named(offered, "profile"))

    def hours(self, settings: ChannelSettings) -> tuple[Field, Field, Field]:
        """When there is work, and in which zone."""
        return (
            self.field("opens", FieldKind.TIME, (f"{settings.opens:%H:%M}",)),
            self.field("closes", FieldKind.TIME, (f"{settings.closes:%H:%M}",)),
            self.field("zone", FieldKind.LINE, (settings.zone,)),
        )

    def named(self, values: list[str], prefix: str) -> tuple[Option, ...]:
        """Options with the words that stand under `<prefix>.<value>`."""
        return tuple(Option(value=value, label=self._content.say(f"{prefix}.{value or 'by_name'}")) for value in values)
