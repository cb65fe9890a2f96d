"""What can be checked by rule of the words of the self-checks: lengths that every platform shows, and neutral ends."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.content import Content, Contrast, PathWords
from bot.domain.language_rules import LanguageRules
from bot.domain.paths import SocialPath

LONGEST_OPTION = 75
"""Characters of an option's label, the least of what the platforms show."""

LONGEST_END = 60
"""Characters of one end of a contrast, which leaves room for "clearly" and the like in an option's label."""

LEAST_STATEMENTS = 4
LEAST_ON_EACH_SIDE = 15
"""So many statements a path at least, and so many questions on its promise and on its downside."""


def path_faults(path: SocialPath, words: PathWords, content: Content) -> Iterator[str]:
    """Every breach in a path's words, its questions aside."""
    for name, bank in (("on_promise", words.on_promise), ("on_downside", words.on_downside)):
        if len(bank) < LEAST_ON_EACH_SIDE:
            yield f"{path} {name}: has {len(bank)} questions, needs {LEAST_ON_EACH_SIDE}"
        if not any({"team", "opening"} <= set(question.tags) for question in bank):
            yield f"{path} {name}: needs questions for a whole team"
    if words.article not in content.articles:
        yield f"{path}: names the article {words.article}, which articles.yaml does not have"
    if len(words.statements) < LEAST_STATEMENTS:
        yield f"{path}: has {len(words.statements)} statements, needs {LEAST_STATEMENTS}"
    for statement in words.statements:
        if len(statement) > LONGEST_OPTION:
            yield f"{path}: a statement has {LONGEST_OPTION} characters at most: {statement}"
        if not statement.endswith(".") or "!" in statement:
            yield f"{path}: a statement ends with a full stop: {statement}"
    if len(words.title) > LONGEST_OPTION:
        yield f"{path}: the title has {LONGEST_OPTION} characters at most"


def contrast_faults(contrast: Contrast, rules: LanguageRules) -> Iterator[str]:
    """Every breach in a contrast's words."""
    for name, end in (("left", contrast.left), ("right", contrast.right)):
        if len(end.says) > LONGEST_END:
            yield f"{contrast.id} {name}: has {len(end.says)} characters, {LONGEST_END} at most"
        if found := rules.judges.search(end.says):
            yield f"{contrast.id} {name}: has a word that judges ({found[0]}); both ends are put in neutral words"
        if not end.speaks_for.endswith(".") or re.search(r"[.!?]\s", end.speaks_for):
            yield f"{contrast.id} {name}: what speaks for it must be one sentence"
    if not contrast.heard.startswith(rules.heard) or contrast.heard.endswith("."):
        yield f"{contrast.id}: heard must complete “A reader may hear …”, beginning with “{rules.heard.strip()}”"
