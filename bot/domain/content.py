"""The words Kith can say, as typed data; prompts/ holds them, an adapter loads them, the core chooses among them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.channel import Asked
from bot.domain.paths import SocialPath
from bot.domain.patterns import Pattern
from bot.domain.themes import Theme


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of the bank. `text` may hold `{topic}`; `plain` is then the form for when no topic fits.

    `topics` are the ids that the slot (or the whole question) fits; `counter_reading` says when all may be well.
    `given` is the form for when the organisation's own words ("these words") stand right above the question.
    """

    id: str
    text: str
    counter_reading: str
    tags: tuple[str, ...]
    plain: str | None = None
    topics: tuple[str, ...] = ()
    given: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternWords:
    """What Kith says about one pattern: `noticed` about the room, `opens` and `standing` for "why this question?"."""

    id: Pattern
    title: str
    article: str
    point: str
    noticed: str
    opens: str
    standing: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PathWords:
    """What Kith says about one path: `promise` and `downside` in words of its own, `named` the downside as A2 names it.

    `statements` are what people on this path say; `on_promise` and `on_downside` are its questions.
    """

    id: SocialPath
    title: str
    article: str
    point: str
    promise: str
    downside: str
    named: str
    statements: tuple[str, ...]
    on_promise: tuple[Question, ...]
    on_downside: tuple[Question, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        return self.on_promise + self.on_downside


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeWords:
    """What a check-in on one theme asks: `opens` and `standing` for "why this question?", as with a pattern."""

    id: Theme
    title: str
    article: str
    point: str
    opens: str
    standing: str
    questions: tuple[Question, ...]


class Side(StrEnum):
    """One of the two ends of a contrast, as they stand in a form."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """One end of a contrast: what it is (fits after "towards"), and what speaks for it (a sentence)."""

    says: str
    speaks_for: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """A contrast of A1 by the pattern at one of its ends; the article asks its question from the side `asks_from`.

    `heard` is what a reader may hear in a text that carries the pattern.
    """

    id: Pattern
    title: str
    left: End
    right: End
    asks_from: Side
    heard: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A source, cited and never copied."""

    id: str
    title: str
    author: str
    published: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """All words of one locale: patterns, paths, check-ins' themes, contrasts (one for each message pattern), topics (id
    to noun phrase), articles, the interface's sentences by key, and the expressions that Kith understands by list
    (`domain.intents`)."""

    locale: str
    patterns: Mapping[Pattern, PatternWords]
    topics: Mapping[str, str]
    articles: Mapping[str, Article]
    interface: Mapping[str, str]
    paths: Mapping[SocialPath, PathWords]
    contrasts: Mapping[Pattern, Contrast]
    themes: Mapping[Theme, ThemeWords]
    cues: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def say(self, key: str, **facts: object) -> str:
        """The sentence under `key` with its `{slots}` filled; a missing key is a KeyError, found by the content linter.

        Where the key has the two forms `key.one` and `key.other`, the fact `n` chooses between them.
        """
        if key not in self.interface and "n" in facts:
            key = f"{key}.one" if facts["n"] == 1 else f"{key}.other"
        return self.interface[key].format(**facts)

    @property
    def questions(self) -> Iterator[Question]:
        """The whole bank: of the patterns, of the paths, then of the check-ins' themes."""
        for patterns in self.patterns.values():
            yield from patterns.questions
        for path in self.paths.values():
            yield from path.questions
        for theme in self.themes.values():
            yield from theme.questions

    def question(self, question: str) -> Question | None:
        """The question with this id, or None if it is no longer in the bank."""
        return next((candidate for candidate in self.questions if candidate.id == question), None)

    def theme_of(self, question: str) -> Theme | None:
        """The theme whose question this is; None for another's, or one that has left the bank."""
        of = (words.id for words in self.themes.values() if any(q.id == question for q in words.questions))
        return next(of, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A chosen question, and the topic (if any) that fills its slot."""

    question: Question
    topic: str | None = None

    def spoken(self, content: Content) -> str:
        """The sentence as people read it."""
        return spoken(self.question, self.topic, content)


def spoken(question: Question, topic: str | None, content: Content) -> str:
    """A question's sentence with its slot filled, or its plain form where the topic is unknown or does not fit."""
    phrase = content.topics.get(topic or "")
    if "{topic}" not in question.text:
        return question.text
    if phrase is None or topic not in question.topics:
        return question.plain or question.text
    return question.text.format(topic=phrase)


def choose_question(
    content: Content,
    pattern: Pattern,
    *,
    topics: Iterable[str],
    asked: Iterable[Asked],
    now: datetime,
    rest: timedelta,
    seed: str,
) -> Wording | None:
    """The question that fits best: it takes up a topic, and among those it has rested longest.

    Deterministic: `seed` settles ties, so that channels start differently. None if all were asked within `rest`.
    """
    last_asked = {a.question: a.at for a in asked}
    talked_about = tuple(topics)

    def order(question: Question) -> tuple[bool, float, bytes]:
        at = last_asked.get(question.id)
        tie = hashlib.blake2b(f"{seed}/{question.id}".encode(), digest_size=8).digest()
        return (not set(talked_about) & set(question.topics), at.timestamp() if at else 0.0, tie)

    rested = [
        question
        for question in content.patterns[pattern].questions
        if not {"person", "follow_up"} & set(question.tags)
        and (question.id not in last_asked or now - last_asked[question.id] >= rest)
    ]
    if not rested:
        return None
    best = min(rested, key=order)
    return Wording(question=best, topic=next((t for t in talked_about if t in best.topics), None))
