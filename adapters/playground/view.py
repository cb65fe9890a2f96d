"""What a page is given: lines, messages and forms as plain JSON, without any rule of their own."""

from __future__ import annotations

from adapters.playground.line import Line
from bot.domain.speech import Field, Form, Listing, Message, Part, Picture

Json = dict[str, object]


def line_seen(line: Line) -> Json:
    """A line as the page draws it; times are ISO 8601 in UTC."""
    return {
        "id": line.id,
        "channel": line.channel,
        "author": line.author,
        "at": line.at.isoformat(),
        "text": line.text,
        "message": message_seen(line.message) if line.message else None,
        "thread": line.thread,
        "reactions": [{"emoji": emoji, "by": list(by)} for emoji, by in line.reactions.items()],
        "edited": line.edited,
        "deleted": line.deleted,
        "only_for": line.only_for,
        "asked": line.asked,
    }


def message_seen(message: Message) -> Json:
    """Kith's message: its parts in order, its choices, and the whole as plain text."""
    return {
        "parts": [_part(part) for part in message.body],
        "choices": [{"id": c.id, "label": c.label, "about": c.about} for c in message.choices],
        "plain": message.plain,
    }


def form_seen(form: Form) -> Json:
    """A form with what stands in its fields and what was wrong with them."""
    return {
        "id": form.id,
        "about": form.about,
        "title": form.title,
        "intro": form.intro,
        "submit": form.submit,
        "fields": [_field(field) for field in form.fields],
    }


def _part(part: Part) -> Json:
    if isinstance(part, Listing):
        return {"kind": "listing", "items": list(part.items)}
    if isinstance(part, Picture):
        bars = [{"label": bar.label, "count": bar.count} for bar in part.bars]
        return {"kind": "picture", "title": part.title, "text": part.text, "people": part.people, "bars": bars}
    return {"kind": part.emphasis.value, "text": part.text}


def _field(field: Field) -> Json:
    return {
        "id": field.id,
        "label": field.label,
        "kind": field.kind.value,
        "hint": field.hint,
        "options": [{"value": o.value, "label": o.label} for o in field.options],
        "value": list(field.value),
        "error": field.error,
        "most": field.most,
        "ends": list(field.ends) if field.ends else None,
    }
