"""The two fields on why we go social, which the form for oneself and the team's round share."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.content import Content
from bot.domain.path_check import STAY, Statement, statements
from bot.domain.paths import SocialPath
from bot.domain.speech import Field, FieldKind, Option

Answers = Mapping[str, str | tuple[str, ...]]


def chosen_in(answers: Answers, content: Content) -> tuple[Statement, ...] | None:
    """The statements that a form has ticked; None if it names one that was not offered."""
    given = answers.get("statements", ())
    ids = {given} if isinstance(given, str) and given else set(given)
    offered = statements(content.paths)
    if not ids <= {statement.id for statement in offered}:
        return None
    return tuple(statement for statement in offered if statement.id in ids)


def statements_field(content: Content, *, error: str = "") -> Field:
    """All statements in their mixed order, to tick as many as fit."""
    options = tuple(Option(value=statement.id, label=statement.text) for statement in statements(content.paths))
    label, hint = content.say("path.statements.label"), content.say("path.statements.hint")
    return Field(id="statements", label=label, hint=hint, kind=FieldKind.SOME_OF, options=options, error=error)


def rather_field(content: Content, *, error: str = "") -> Field:
    """The four paths by their titles, and staying where one is."""
    paths = tuple(Option(value=path, label=content.paths[path].title) for path in SocialPath)
    stay = Option(value=STAY, label=content.say("path.stay"))
    label, hint = content.say("path.rather.label"), content.say("path.rather.hint")
    return Field(id="rather", label=label, hint=hint, kind=FieldKind.ONE_OF, options=(*paths, stay), error=error)
