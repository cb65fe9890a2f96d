"""Training cases for the seven patterns: labelled messages and ordinary chat, with what each weighs and small noise."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.domain.patterns import MESSAGE_PATTERNS, Pattern
from bot.reading.clean import clean, words_of
from bot.reading.language import readable
from training.data import ChatLine, Message

ARGUABLE = 0.4
"""What grade 1 is taken for: a little less than a coin's throw."""

ARGUABLE_WEIGHT = 0.4
"""What a pattern graded 1 weighs beside one graded 0 or 2."""

NEAR_MISS_WEIGHT = 1.5
"""What a near miss weighs beside an ordinary message."""

BLOCK = 500
"""Neighbouring chat lines are kept on one side of the split between fitting and setting thresholds."""

Generator = np.random.Generator


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One text with a target between 0 and 1 and a weight for each of the seven patterns and for "any" (eight).

    `pair` names its contrast set; `tempting` marks a near miss.
    """

    text: str
    targets: tuple[float, ...]
    weights: tuple[float, ...]
    pair: str = ""
    tempting: bool = False


def labelled(messages: Sequence[Message], *, second: Mapping[str, Mapping[Pattern, int]] | None = None) -> list[Case]:
    """Cases of the messages. Where a second reading (by id) differs by two grades, the pattern is left out; by one, it
    counts as arguable."""
    return [_case(message, (second or {}).get(message.id)) for message in messages]


def _case(message: Message, second: Mapping[Pattern, int] | None) -> Case:
    targets, weights = [], []
    base = NEAR_MISS_WEIGHT if message.kind == "near_miss" else 1.0
    for pattern in MESSAGE_PATTERNS:
        grade = message.grade(pattern)
        gap = 0 if second is None else abs(second.get(pattern, 0) - grade)
        grade = 1 if gap == 1 else grade
        targets.append((0.0, ARGUABLE, 1.0)[grade])
        weights.append(0.0 if gap == 2 else ARGUABLE_WEIGHT if grade == 1 else base)
    targets.append(max(targets))
    weights.append(min(weights))
    return Case(
        text=clean(message.text),
        targets=tuple(targets),
        weights=tuple(weights),
        pair=message.pair,
        tempting=message.kind == "near_miss",
    )


def ordinary(lines: Sequence[ChatLine]) -> list[Case]:
    """Cases of chat that carries nothing; what the language gate stops is left out, as it never gets so far."""
    none, one = (0.0,) * (len(MESSAGE_PATTERNS) + 1), (1.0,) * (len(MESSAGE_PATTERNS) + 1)
    return [Case(text=text, targets=none, weights=one) for line in lines if (text := read_on(line.text)) is not None]


def read_on(text: str) -> str | None:
    """The cleaned text if the language gate lets it through."""
    cleaned = clean(text)
    tokens = words_of(cleaned.lower())
    return cleaned if readable(cleaned, tokens, set(tokens)) else None


def parted(lines: Sequence[ChatLine]) -> tuple[list[ChatLine], list[ChatLine]]:
    """Chat for fitting (three quarters) and for setting thresholds (one quarter), in blocks of neighbours."""
    fitting = [line for k, line in enumerate(lines) if k // BLOCK % 4]
    return fitting, [line for k, line in enumerate(lines) if not k // BLOCK % 4]


def noisy(text: str, rng: Generator) -> str:
    """The text as another might have typed it: capitals, marks, a slip of the finger; half of the time unchanged."""
    if rng.random() < 0.5:
        return text
    choice = int(rng.integers(6))
    if choice == 0:
        return text.lower()
    if choice == 1:
        return re.sub(r"[.,!?;:]+(?=\s|$)", "", text).lower()
    if choice == 2:
        return text.rstrip(".!") + str(rng.choice(["!", "!!", "", "...", " 🙂"]))
    if choice == 3:
        return str(rng.choice(["hi all, ", "Team, ", "ok so ", "FYI: ", "hey folks - ", "All, "])) + text
    return _slip(text, rng) if choice == 4 else text.replace("'", "")


def _slip(text: str, rng: Generator) -> str:
    """Two neighbouring letters swapped, or one left out."""
    places = [k for k in range(1, len(text) - 2) if text[k - 1 : k + 2].isalpha()]
    if not places:
        return text
    at = int(rng.choice(places))
    return text[:at] + (text[at + 1] + text[at] if rng.random() < 0.5 else text[at]) + text[at + 2 :]
