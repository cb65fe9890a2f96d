"""What two languages must have in common, so that nothing else changes when a channel changes its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from string import Formatter
from typing import TypeVar

from bot.domain.content import Content, PathWords, PatternWords, Question, ThemeWords

_OF_A_BANK = ("title", "noticed", "opens", "standing", "promise", "downside")
"""What stands above the questions of a pattern, a path or a theme."""

K = TypeVar("K")
V = TypeVar("V")


def differences(content: Content, reference: Content) -> tuple[str, ...]:
    """Everything in which `content` departs from `reference` beside its wording, one line each; empty if nothing."""
    return tuple(_differences(content, reference))


def untranslated(content: Content, reference: Content) -> tuple[str, ...]:
    """Keys and ids whose text is the reference's own, word for word; a text of fewer than three words may be."""
    theirs = dict(_texts(reference))
    return tuple(where for where, text in _texts(content) if _prose(text) and theirs.get(where) == text)


def _differences(content: Content, reference: Content) -> Iterator[str]:
    yield from _keys("interface", content.interface, reference.interface)
    for key, sentence, wanted in _pairs(content.interface, reference.interface):
        if (held := _slots(sentence)) != (needed := _slots(wanted)):
            yield f"interface {key}: has the slots {sorted(held)}, needs {sorted(needed)}"
    for name in ("topics", "articles", "contrasts", "patterns", "paths", "themes", "cues"):
        yield from _keys(name, getattr(content, name), getattr(reference, name))
    for key, contrast, other in _pairs(content.contrasts, reference.contrasts):
        if contrast.asks_from is not other.asks_from:
            yield f"contrast {key}: asks from the other end"
    for path, words, others in _pairs(content.paths, reference.paths):
        if len(words.statements) != len(others.statements):
            yield f"path {path}: has {len(words.statements)} statements, needs {len(others.statements)}"
    for bank in ("patterns", "themes", "paths"):
        for _, said, wished in _pairs(getattr(content, bank), getattr(reference, bank)):
            if (said.article, said.point) != (wished.article, wished.point):
                yield f"{said.id}: stands on another point of the articles"
    yield from _question_differences(content, reference)


def _question_differences(content: Content, reference: Content) -> Iterator[str]:
    ours = {question.id: question for question in content.questions}
    theirs = {question.id: question for question in reference.questions}
    yield from _keys("questions", ours, theirs)
    for key, question, other in _pairs(ours, theirs):
        if _shape(question) != _shape(other):
            yield f"{key}: has other tags or topics, or another set of forms"


def _shape(question: Question) -> tuple[object, ...]:
    return (question.tags, question.topics, question.plain is None, question.given is None)


def _keys(what: str, held: Mapping[K, object], needed: Mapping[K, object]) -> Iterator[str]:
    yield from (f"{what}: {key} is missing" for key in needed if key not in held)
    yield from (f"{what}: {key} is superfluous" for key in held if key not in needed)


def _pairs(held: Mapping[K, V], needed: Mapping[K, V]) -> Iterator[tuple[K, V, V]]:
    yield from ((key, held[key], needed[key]) for key in needed if key in held)


def _slots(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def _texts(content: Content) -> Iterator[tuple[str, str]]:
    yield from content.interface.items()
    yield from ((f"topic {key}", phrase) for key, phrase in content.topics.items())
    banks: list[PatternWords | PathWords | ThemeWords] = [*content.patterns.values(), *content.paths.values()]
    banks += content.themes.values()
    for words in banks:
        yield from ((f"{words.id} {name}", getattr(words, name, "")) for name in _OF_A_BANK)
    for key, contrast in content.contrasts.items():
        yield from ((f"contrast {key} {name}", getattr(contrast, name)) for name in ("title", "heard"))
        for end in (contrast.left, contrast.right):
            yield from ((f"contrast {key} {end.says}", text) for text in (end.says, end.speaks_for))
    for question in content.questions:
        forms = {"": question.text, " plain": question.plain, " given": question.given}
        yield from ((f"{question.id}{form}", text) for form, text in forms.items() if text)
        yield f"{question.id} counter-reading", question.counter_reading


def _prose(text: str) -> bool:
    return sum(word.strip("{}“”„.,:").isalpha() and "{" not in word for word in text.split()) >= 3
