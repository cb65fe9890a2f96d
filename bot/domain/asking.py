"""Choosing questions when somebody asks for one: for a text, for what a window shows, or for no reason but a talk."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.channel import Asked
from bot.domain.content import Content, Question, Wording, choose_question, spoken
from bot.domain.findings import Finding
from bot.domain.patterns import CHANNEL_PATTERNS, Pattern
from bot.domain.phrasing import fresh
from bot.domain.reading import Reading
from bot.domain.restraint import GENTLE

MOST_QUESTIONS = 3
"""So many questions are offered at once; more would be a list to tick off."""

LEAST_PEOPLE = 2
"""A window's message pattern is spoken of from so many people on: a question is about the room, never about one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A question that Kith would choose, and why: the pattern, with its probability in a text, and the topic that fits.

    `question` is an id of the bank, or the key of an open question in prompts/ where `pattern` is None. `guessed`: the
    text may show the pattern, and does not show it clearly.
    """

    question: str
    pattern: Pattern | None = None
    topic: str | None = None
    probability: float | None = None
    guessed: bool = False


POSSIBLE = 0.3
"""From this probability on a text may show a pattern: enough for a question that somebody asked for."""


def sentence_of(question: str, topic: str | None, content: Content) -> str | None:
    """The sentence behind a question's id, with its topic in the slot; None if the id is stale or forged."""
    if (banked := content.question(question)) is not None:
        return spoken(banked, topic, content)
    sentence = content.interface.get(question) if question.startswith("dialogue.ask.") else None
    if sentence is None or "{topic}" not in sentence:
        return sentence
    phrase = content.topics.get(topic or "")
    return sentence.format(topic=phrase) if phrase else None


def origin(question: str, content: Content) -> tuple[Pattern, Question] | None:
    """The pattern and the question of the bank with this id; None for any other id."""
    for pattern, words in content.patterns.items():
        for candidate in words.questions:
            if candidate.id == question:
                return pattern, candidate
    return None


def opening(
    content: Content,
    pattern: Pattern | None,
    *,
    topics: Sequence[str],
    asked: Sequence[Asked],
    now: datetime,
    seed: str,
    done: Collection[str] = (),
) -> tuple[str, str | None]:
    """The id and topic of the question that takes up a text: by its pattern, else its topic, else an open one.

    Questions among `done` come back last; there is always a question.
    """
    if pattern is not None and (wording := _wording(content, pattern, topics, asked, now, seed)):
        return wording.question.id, wording.topic
    if topics:
        key = fresh("dialogue.ask.notice.topic.", done, seed, content, again=False)
        if key:
            return key, topics[0]
    return fresh("dialogue.ask.notice.open.", done, seed, content), None


def for_reading(
    reading: Reading,
    content: Content,
    *,
    off: Collection[Pattern] = (),
    asked: Sequence[Asked] = (),
    now: datetime,
    seed: str,
    n: int = MOST_QUESTIONS,
) -> tuple[Suggestion, ...]:
    """One to `n` questions for a text: its clear patterns in turn, the most probable first. Where none is clear, the
    one that it may show (POSSIBLE): somebody asked for a question, and is told that it is a guess. Else open ones."""
    clear = sorted(reading.clear - set(off), key=lambda p: (-reading.probabilities[p], p))
    possible = [p for p, chance in reading.probabilities.items() if chance >= POSSIBLE and p not in off]
    guessed = not clear and bool(possible)
    clear = clear or sorted(possible, key=lambda p: (-reading.probabilities[p], p))[:1]
    chosen: list[Suggestion] = []
    for number in range(n):
        done = [suggestion.question for suggestion in chosen]
        pattern = clear[number % len(clear)] if clear else None
        resting = (*asked, *(Asked(at=now, pattern=Pattern.NUMBERS_OBSESSED, question=each) for each in done))
        question, topic = opening(content, pattern, topics=reading.topics, asked=resting, now=now, seed=seed, done=done)
        if question in done:
            break
        probability = reading.probabilities[pattern] if pattern else None
        chosen.append(
            Suggestion(question=question, pattern=pattern, topic=topic, probability=probability, guessed=guessed)
        )
    return tuple(chosen)


def for_findings(
    findings: Iterable[Finding],
    content: Content,
    *,
    off: Collection[Pattern] = (),
    asked: Sequence[Asked] = (),
    now: datetime,
    seed: str,
    n: int = MOST_QUESTIONS,
) -> tuple[Suggestion, ...]:
    """One question for each of the plainest findings, `n` at most; one for any day if there is none to speak of."""
    fit = [f for f in findings if f.pattern not in off and _about_the_room(f)]
    chosen = tuple(
        Suggestion(question=wording.question.id, pattern=finding.pattern, topic=wording.topic)
        for finding in sorted(fit, key=lambda f: (-f.strength, f.pattern))[:n]
        if (wording := _wording(content, finding.pattern, finding.topics, asked, now, seed))
    )
    return chosen or (Suggestion(question=fresh("dialogue.ask.any.", (), seed, content)),)


def _about_the_room(finding: Finding) -> bool:
    return finding.pattern in CHANNEL_PATTERNS or finding.counts["people"] >= LEAST_PEOPLE


def _wording(
    content: Content, pattern: Pattern, topics: Sequence[str], asked: Sequence[Asked], now: datetime, seed: str
) -> Wording | None:
    """A question that rested long enough, or, since somebody asks for one, the one that rested longest."""
    rests = (GENTLE.question_rest, timedelta(microseconds=1))
    for rest in rests:
        found = choose_question(content, pattern, topics=topics, asked=asked, now=now, rest=rest, seed=seed)
        if found is not None:
            return found
    return None
