"""The check of a plan: where it stands between the two ends of each contrast, and which of them is worth a talk."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.content import Content, Contrast, End, Question, Side, Wording, spoken
from bot.domain.own_words import one_line
from bot.domain.patterns import MESSAGE_PATTERNS, Pattern

LONGEST_PLAN = 80
"""Characters of a plan's name; with the places beside it, it fits on a button of any platform."""

LONGEST_SHARED = 40
"""Characters of a plan's name that Kith repeats to a channel: a name, and no room for a message."""

STEPS = ("1", "2", "3", "4", "5")
"""The five steps of a scale, from its left end to its right."""

UNKNOWN = "unknown"
"""The answer of somebody who does not know where the plan stands."""

MOST_TALKS = 2
"""So many contrasts a check puts forward; more would be a report and no talk."""


class Lean(StrEnum):
    """How a plan leans between two ends, as people say it; there is nothing to add up."""

    FAR = "far"
    NEAR = "near"
    MIDDLE = "middle"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCheck:
    """A plan by its author's name for it, and its place on each contrast: -2 (left end) to 2 (right), None: not known.

    `places` has all seven message patterns. It lives as long as the answer is being made; nothing keeps it.
    """

    plan: str
    places: Mapping[Pattern, int | None]


def place_of(step: str) -> int | None:
    """The place that a step of the form stands for; ValueError for anything that the form does not offer."""
    return None if step == UNKNOWN else STEPS.index(step) - 2


def plan_name(typed: str) -> str | None:
    """A plan's name on one line; None if there is nothing in it or more than LONGEST_PLAN characters."""
    name = one_line(typed)
    return name if name and len(name) <= LONGEST_PLAN else None


_POINTS_AWAY = re.compile(r"[@#<>|\\]|://|\bwww\b|\w\.[^\W\d]")
"""Signs of a mention, a channel or a link."""


def shareable_name(plan: str) -> str | None:
    """The plan's name if Kith may say it to a channel for somebody unnamed; None if it is more than a short name, or
    may call or lead somebody somewhere."""
    return (
        plan if len(plan) <= LONGEST_SHARED and not _POINTS_AWAY.search(unicodedata.normalize("NFKC", plan)) else None
    )


def packed(check: PlanCheck) -> str:
    """A check as a button carries it: seven signs and the plan's name, at most LONGEST_PLAN + 8 characters."""
    signs = (check.places[pattern] for pattern in MESSAGE_PATTERNS)
    return "".join("-" if place is None else STEPS[place + 2] for place in signs) + ":" + check.plan


def unpacked(about: str) -> PlanCheck | None:
    """The check that a button carried; None for anything that `packed` would not have written."""
    signs, mark, plan = about.partition(":")
    known = len(signs) == len(MESSAGE_PATTERNS) and all(sign in (*STEPS, "-") for sign in signs)
    if not mark or not known or plan_name(plan) != plan:
        return None
    places = (place_of(UNKNOWN if sign == "-" else sign) for sign in signs)
    return PlanCheck(plan=plan, places=dict(zip(MESSAGE_PATTERNS, places, strict=True)))


def lean_of(place: int | None) -> Lean:
    """How far a place lies from the middle."""
    return Lean.UNKNOWN if place is None else (Lean.MIDDLE, Lean.NEAR, Lean.FAR)[abs(place)]


def end_at(place: int | None, contrast: Contrast) -> End | None:
    """The end that a place leans to; None in the middle, or where it is not known."""
    return None if not place else (contrast.left if place < 0 else contrast.right)


def worth_a_talk(check: PlanCheck, contrasts: Mapping[Pattern, Contrast]) -> tuple[Pattern, ...]:
    """One or two contrasts, in the order in which to talk about them.

    First those that lean to the end the article asks from, the furthest first; then those that nobody could place;
    a plan that leans the other way throughout still has one, the nearest to that end. Ties follow the article.
    """

    def nearness(pattern: Pattern) -> float:
        place = check.places[pattern]
        if place is None:
            return 0.5  # not to know where one stands is worth a talk before standing in the middle is
        return place if contrasts[pattern].asks_from is Side.RIGHT else -place

    nearest = sorted(MESSAGE_PATTERNS, key=lambda pattern: -nearness(pattern))[:MOST_TALKS]
    return tuple(pattern for n, pattern in enumerate(nearest) if n == 0 or nearness(pattern) > 0)


def fitting(questions: Iterable[Question], *, to: str, topics: Iterable[str], seed: str) -> Wording:
    """The question for a talk with a whole "team" or one "person" (`to`) that takes up a topic, if one does.

    Deterministic: `seed` settles ties. If no question is meant for them, all that open a talk are considered.
    """
    opening = [question for question in questions if "opening" in question.tags]
    talked_about = tuple(topics)

    def order(question: Question) -> tuple[bool, bytes]:
        tie = hashlib.blake2b(f"{seed}/{question.id}".encode(), digest_size=8).digest()
        return not set(talked_about) & set(question.topics), tie

    best = min([question for question in opening if to in question.tags] or opening, key=order)
    return Wording(question=best, topic=next((t for t in talked_about if t in best.topics), None))


def standing_on(questions: Iterable[Question], own_words: str) -> tuple[Question, ...]:
    """The questions that stand on the organisation's own words, if it gave some and there are such; otherwise all."""
    known = tuple(questions)
    return tuple(q for q in known if own_words and q.given and "opening" in q.tags) or known


def asked(wording: Wording, content: Content, *, own_words: str) -> str:
    """The question as people read it; where it has a form that stands on the organisation's own words, that form."""
    if own_words and wording.question.given:
        return wording.question.given
    return spoken(wording.question, wording.topic, content)
