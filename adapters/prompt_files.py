"""Load prompts/<locale>/ into typed content, or say which file and key is wrong."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, is_dataclass, replace
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

FIRST = "en"
"""The locale that is always complete: a sentence that another lacks is said in it."""

CUES = "dialogue_cues.yaml"

_PREFIXED = {
    "report.yaml": "report.",
    "rehearsal.yaml": "rehearsal.",
    "dialogue.yaml": "dialogue.",
    "check_ins.yaml": "checkin.",
    "teams.yaml": "teams.",
    "install.yaml": "install.",
    "doctor.yaml": "doctor.",
    "admin.yaml": "",
    "companion.yaml": "companion.",
}
"""Files of sentences beside interface.yaml; their keys get this prefix."""

_log = logging.getLogger("kith.words")  # names of files and keys alone


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


@dataclass(frozen=True, slots=True)
class _Folder:
    """The words of one locale, and those in whose place they stand where a whole file is not there yet."""

    own: Traversable
    instead: Traversable | None = None

    def file(self, *parts: str) -> Traversable:
        """The file, or the one that stands in for it, with a note; its own place if there is none of either."""
        own, other = self.own.joinpath(*parts), self.instead and self.instead.joinpath(*parts)
        if other is None or own.is_file() or not other.is_file():
            return own
        _log.warning("%s has no %s; %s stands in for it", self.own.name, "/".join(parts), other)
        return other


def shipped_locales() -> tuple[str, ...]:
    """The languages that ship, English first."""
    found = sorted(folder.name for folder in files("prompts").iterdir() if (folder / "interface.yaml").is_file())
    return (FIRST, *(name for name in found if name != FIRST))


@lru_cache(maxsize=8)
def shipped_content(locale: str = FIRST) -> Content:
    """The words that ship with Kith, in one locale. English stands in for what a locale does not have yet; English
    wishes are understood everywhere, and a call for help in any language that ships."""
    english = files("prompts") / FIRST
    if locale == FIRST:
        content = load_content(english, locale)
    else:
        content = _completed(load_content(files("prompts") / locale, locale, instead=english), shipped_content())
    calls = (call for name in shipped_locales() for call in _cues(files("prompts") / name / CUES)["hand_over"])
    return replace(content, cues={**content.cues, "hand_over": tuple(dict.fromkeys(calls))})


@lru_cache(maxsize=1)
def shipped_contents() -> Mapping[str, Content]:
    """The words of every language that ships, by locale."""
    return {locale: shipped_content(locale) for locale in shipped_locales()}


def _completed(content: Content, english: Content) -> Content:
    """With the English sentence wherever one is missing, and English expressions beside the locale's own."""
    missing = [key for key in english.interface if key not in content.interface]
    if missing:
        _log.warning("%s has no sentence for %s; English stands in for it", content.locale, ", ".join(missing))
    cues = {name: tuple(dict.fromkeys((*own, *english.cues[name]))) for name, own in content.cues.items()}
    return replace(content, interface={**english.interface, **content.interface}, cues=cues)


def load_content(folder: Traversable, locale: str, *, instead: Traversable | None = None) -> Content:
    """All words in `folder`, of whole files that it lacks those in `instead`; ContentError names the first file and key
    that cannot be used."""
    if not folder.is_dir():
        raise ContentError(file=folder, key=locale, problem="there are no words in this language; KITH_LOCALE names it")
    words = _Folder(folder, instead)
    interface = read_yaml(words.file("interface.yaml"), _SENTENCES)
    topics = read_yaml(words.file("topics.yaml"), _SENTENCES)
    for name, prefix in _PREFIXED.items():
        if (file := words.file(name)).is_file():
            more = read_yaml(file, _SENTENCES)
            interface |= {prefix + key: text for key, text in more.items()}
    articles = words.file("articles.yaml")
    return Content(
        locale=locale,
        patterns=_files_of(words, "patterns", tuple(Pattern), _PATTERN_WORDS, PatternWords),
        paths=_files_of(words, "paths", tuple(SocialPath), _PATH_WORDS, PathWords),
        themes=_files_of(words, "check_ins", tuple(Theme), _THEME_WORDS, ThemeWords),
        contrasts=_contrasts(words.file("self_checks", "contrasts.yaml")),
        topics=topics,
        articles={key: _article(key, facts, articles) for key, facts in read_yaml(articles, _ARTICLES).items()},
        interface=interface,
        cues=_cues(words.file(CUES)),
    )


def _files_of(folder: _Folder, part: str, ids: Sequence[Id], shape: TypeAdapter[W], kind: type[W]) -> Mapping[Id, W]:
    """One file for each id in a part of `folder`, each called after the id that it holds."""
    words: dict[Id, W] = {}
    for known in ids:
        file = folder.file(part, f"{known}.yaml")
        if not file.is_file():
            problem = f"this file is missing; there must be one for each of {', '.join(ids)}"
            raise ContentError(file=file, key=known, problem=problem)
        raw = read_yaml(file, _RAW)
        _refuse_unknown_keys(file, raw, kind)
        words[known] = _shaped(file, raw, shape)
        if words[known].id is not known:
            raise ContentError(file=file, key="id", problem=f"must be {known}, as the file is called")
    return words


def _contrasts(file: Traversable) -> Mapping[Pattern, Contrast]:
    """One contrast for each message pattern, in the article's order."""
    raw = read_yaml(file, _RAW)
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
    cues = read_yaml(file, _CUES)
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


def _article(key: str, facts: dict[str, str], file: Traversable) -> Article:
    try:
        return Article(id=key, **facts)
    except TypeError as exc:
        problem = "an article has title, author, published and url, and nothing else"
        raise ContentError(file=file, key=key, problem=problem) from exc


def read_yaml(file: Traversable, shape: TypeAdapter[T]) -> T:
    """What stands in this file in this shape; ContentError names the file and the key that is wrong."""
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
