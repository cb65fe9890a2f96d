"""Load prompts/<locale>/ into typed content, or say which file and key is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from bot.domain.content import Article, Content, PatternWords, Question
from bot.domain.patterns import Pattern
from bot.errors import ContentError

T = TypeVar("T")

_PATTERN_WORDS = TypeAdapter(PatternWords)
_ARTICLES = TypeAdapter(dict[str, dict[str, str]])
_SENTENCES: TypeAdapter[dict[str, str]] = TypeAdapter(dict[str, str])
_RAW = TypeAdapter(dict[str, Any])

_PREFIXED = {"report.yaml": "report.", "rehearsal.yaml": "rehearsal."}
"""Files of sentences beside interface.yaml; their keys get this prefix."""


class _Strict(yaml.CSafeLoader):
    """Safe YAML that reads every plain value as the text it is (no dates, no booleans) and refuses a key twice."""


_Strict.yaml_implicit_resolvers = {}


def _mapping(loader: _Strict, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [loader.construct_object(key, deep=True) for key, _ in node.value]
    for position, key in enumerate(keys):
        if key in keys[:position]:
            raise yaml.constructor.ConstructorError(None, None, f"the key {key} stands twice", node.start_mark)
    return dict(loader.construct_pairs(node, deep=True))


_Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


@lru_cache(maxsize=8)
def shipped_content(locale: str = "en") -> Content:
    """The words that ship with Kith, in one locale."""
    return load_content(files("prompts") / locale, locale)


def load_content(folder: Traversable, locale: str) -> Content:
    """All words in `folder`; ContentError names the first file and key that cannot be used."""
    interface = dict(_load(folder / "interface.yaml", _SENTENCES))
    for name, prefix in _PREFIXED.items():
        if (folder / name).is_file():
            interface.update({prefix + key: text for key, text in _load(folder / name, _SENTENCES).items()})
    articles = _load(folder / "articles.yaml", _ARTICLES)
    return Content(
        locale=locale,
        patterns=_patterns(folder / "patterns"),
        topics=_load(folder / "topics.yaml", _SENTENCES),
        articles={key: _article(key, facts, folder) for key, facts in articles.items()},
        interface=interface,
    )


def _patterns(folder: Traversable) -> Mapping[Pattern, PatternWords]:
    words = {}
    for pattern in Pattern:
        file = folder / f"{pattern}.yaml"
        if not file.is_file():
            raise ContentError(file=file, key=pattern, problem="this file is missing; every pattern needs its words")
        raw = _load(file, _RAW)
        _refuse_unknown_keys(file, raw)
        words[pattern] = _shaped(file, raw, _PATTERN_WORDS)
        if words[pattern].id is not pattern:
            raise ContentError(file=file, key="id", problem=f"must be {pattern}, as the file is called")
    return words


def _refuse_unknown_keys(file: Traversable, raw: dict[str, Any]) -> None:
    """A misspelt key would be lost silently; name it instead."""
    questions = raw.get("questions")
    parts: list[tuple[str, object, type]] = [("", raw, PatternWords)]
    if isinstance(questions, list):
        parts += [(f"questions.{n}.", question, Question) for n, question in enumerate(questions)]
    for where, part, shape in parts:
        known = {field.name for field in fields(shape)}
        strange = sorted(set(part) - known) if isinstance(part, dict) else []
        if strange:
            raise ContentError(file=file, key=f"{where}{strange[0]}", problem="no such key; is it misspelt?")


def _article(key: str, facts: dict[str, str], folder: Traversable) -> Article:
    try:
        return Article(id=key, **facts)
    except TypeError as exc:
        problem = "an article has title, author, published and url, and nothing else"
        raise ContentError(file=folder / "articles.yaml", key=key, problem=problem) from exc


def _load(file: Traversable, shape: TypeAdapter[T]) -> T:
    try:
        raw = yaml.load(file.read_text(encoding="utf-8"), Loader=_Strict)  # noqa: S506, the loader derives from SafeLoader
    except (OSError, UnicodeDecodeError) as exc:
        raise ContentError(file=file, key="-", problem="cannot be read as UTF-8 text") from exc
    except yaml.YAMLError as exc:
        raise ContentError(file=file, key="-", problem=" ".join(str(exc).split())) from exc
    return _shaped(file, raw, shape)


def _shaped(file: Traversable, raw: object, shape: TypeAdapter[T]) -> T:
    try:
        return shape.validate_python(raw)
    except ValidationError as exc:
        first = exc.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "-"
        raise ContentError(file=file, key=key, problem=first["msg"]) from exc
