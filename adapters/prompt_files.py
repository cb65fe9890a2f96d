"""Load prompts/<locale>/ into typed content, or say which file and key is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import is_dataclass
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar, get_args, get_type_hints

import yaml
from pydantic import TypeAdapter, ValidationError

from bot.domain.content import Article, Content, Contrast, PathWords, PatternWords, ThemeWords
from bot.domain.intents import LISTS
from bot.domain.paths import SocialPath
from bot.domain.patterns import MESSAGE_PATTERNS, Pattern
from bot.domain.themes import Theme
from bot.errors import ContentError

T = TypeVar("T")
Id = TypeVar("Id", Pattern, SocialPath, Theme)
W = TypeVar("W", PatternWords, PathWords, ThemeWords)

_PATTERN_WORDS: TypeAdapter[PatternWords] = TypeAdapter(PatternWords)
_PATH_WORDS: TypeAdapter[PathWords] = TypeAdapter(PathWords)
_THEME_WORDS: TypeAdapter[ThemeWords] = TypeAdapter(ThemeWords)
_CONTRASTS: TypeAdapter[dict[str, Contrast]] = TypeAdapter(dict[str, Contrast])
_ARTICLES = TypeAdapter(dict[str, dict[str, str]])
_SENTENCES: TypeAdapter[dict[str, str]] = TypeAdapter(dict[str, str])
_CUES: TypeAdapter[dict[str, tuple[str, ...]]] = TypeAdapter(dict[str, tuple[str, ...]])
_RAW = TypeAdapter(dict[str, Any])

_PREFIXED = {
    "report.yaml": "report.",
    "rehearsal.yaml": "rehearsal.",
    "dialogue.yaml": "dialogue.",
    "check_ins.yaml": "checkin.",
    "teams.yaml": "teams.",
}
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
    if not folder.is_dir():
        raise ContentError(file=folder, key=locale, problem="there are no words in this language; KITH_LOCALE names it")
    interface = _load(folder / "interface.yaml", _SENTENCES)
    topics = _load(folder / "topics.yaml", _SENTENCES)
    for name, prefix in _PREFIXED.items():
        if (folder / name).is_file():
            more = _load(folder / name, _SENTENCES)
            interface |= {prefix + key: text for key, text in more.items()}
    articles = _load(folder / "articles.yaml", _ARTICLES)
    return Content(
        locale=locale,
        patterns=_files_of(folder / "patterns", tuple(Pattern), _PATTERN_WORDS, PatternWords),
        paths=_files_of(folder / "paths", tuple(SocialPath), _PATH_WORDS, PathWords),
        themes=_files_of(folder / "check_ins", tuple(Theme), _THEME_WORDS, ThemeWords),
        contrasts=_contrasts(folder / "self_checks" / "contrasts.yaml"),
        topics=topics,
        articles={key: _article(key, facts, folder) for key, facts in articles.items()},
        interface=interface,
        cues=_cues(folder / "dialogue_cues.yaml"),
    )


def _files_of(folder: Traversable, ids: Sequence[Id], shape: TypeAdapter[W], kind: type[W]) -> Mapping[Id, W]:
    """One file for each id in `folder`, each called after the id that it holds."""
    words: dict[Id, W] = {}
    for known in ids:
        file = folder / f"{known}.yaml"
        if not file.is_file():
            problem = f"this file is missing; there must be one for each of {', '.join(ids)}"
            raise ContentError(file=file, key=known, problem=problem)
        raw = _load(file, _RAW)
        _refuse_unknown_keys(file, raw, kind)
        words[known] = _shaped(file, raw, shape)
        if words[known].id is not known:
            raise ContentError(file=file, key="id", problem=f"must be {known}, as the file is called")
    return words


def _contrasts(file: Traversable) -> Mapping[Pattern, Contrast]:
    """One contrast for each message pattern, in the article's order."""
    raw = _load(file, _RAW)
    if set(raw) != set(MESSAGE_PATTERNS):
        odd = sorted(set(raw) ^ set(MESSAGE_PATTERNS))[0]
        raise ContentError(file=file, key=odd, problem="there must be one contrast for each of the seven patterns")
    for known in MESSAGE_PATTERNS:
        _refuse_unknown_keys(file, raw[known], Contrast, f"{known}.")
    contrasts = _shaped(file, raw, _CONTRASTS)
    for known in MESSAGE_PATTERNS:
        if contrasts[known].id is not known:
            raise ContentError(file=file, key=f"{known}.id", problem=f"must be {known}, as its key is")
    return {known: contrasts[known] for known in MESSAGE_PATTERNS}


def _cues(file: Traversable) -> Mapping[str, tuple[str, ...]]:
    """The expressions that Kith understands; every list must be there, and none may be empty."""
    cues = _load(file, _CUES)
    if odd := sorted(set(cues) ^ set(LISTS)):
        raise ContentError(file=file, key=odd[0], problem=f"there must be one list for each of {', '.join(LISTS)}")
    if empty := next((name for name, expressions in cues.items() if not expressions), None):
        raise ContentError(file=file, key=empty, problem="is empty")
    return cues


def _refuse_unknown_keys(file: Traversable, raw: object, shape: type, where: str = "") -> None:
    """A misspelt key would be lost silently; name it instead, however deep it stands."""
    if not isinstance(raw, dict):
        return
    kinds = get_type_hints(shape)
    if strange := sorted(set(raw) - set(kinds)):
        raise ContentError(file=file, key=f"{where}{strange[0]}", problem="no such key; is it misspelt?")
    for key, kind in kinds.items():
        inner = next((k for k in (kind, *get_args(kind)) if is_dataclass(k)), None)
        held = raw.get(key)
        if isinstance(inner, type):
            parts = (
                [(f"{key}.{n}.", part) for n, part in enumerate(held)]
                if isinstance(held, list)
                else [(f"{key}.", held)]
            )
            for place, part in parts:
                _refuse_unknown_keys(file, part, inner, where + place)


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
