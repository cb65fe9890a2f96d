"""`kith check`: a plan placed between the two ends of seven contrasts, in a terminal."""

from __future__ import annotations

import asyncio

import typer

from bot import talking
from bot.config import load_settings
from bot.domain.speech import Field, FieldKind
from bot.errors import BadInputError


def check() -> None:
    """Look at a plan in this terminal, question by question; nothing of it is kept."""
    settings = load_settings()
    form = talking.check_form_for(settings)
    typer.echo(f"{form.title}\n{form.intro}\n")
    answers = {field.id: _answered(field) for field in form.fields}
    reply = asyncio.run(talking.checked(answers, settings))
    if reply.form is not None:
        raise BadInputError(problem=" ".join(field.error for field in reply.form.fields if field.error))
    typer.echo(f"\n{reply.message.plain if reply.message else ''}")


def _answered(field: Field) -> str:
    """What somebody types for a field; a number for one of its options, asked for until it is one."""
    if field.kind is FieldKind.LINE:
        return str(typer.prompt(f"{field.label} {field.hint}".strip()))
    lines = (f"  {number}  {option.label}" for number, option in enumerate(field.options, start=1))
    typer.echo("\n".join((f"\n{field.label}", *lines)))
    while True:
        typed = str(typer.prompt("", prompt_suffix="> ", default="", show_default=False)).strip()
        if typed.isascii() and typed.isdigit() and 1 <= int(typed) <= len(field.options):
            return field.options[int(typed) - 1].value
