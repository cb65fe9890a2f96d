"""Why we go social: which of the four paths somebody's words are on, and how a team's answers are counted together."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.content import PathWords
from bot.domain.paths import SocialPath
from bot.domain.restraint import SMALLEST_GROUP

ENOUGH = 2
"""So many statements of a path put one's words on it; where no path has as many, one does."""

ROUND_LENGTH = timedelta(days=30)
"""How long a team's round is open; then it is deleted, shown or not (DESIGN 4)."""

STAY = "stay"
"""The wish to stay on the paths one is on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One thing that people on a path say, with an id that a form can carry."""

    id: str
    path: SocialPath
    text: str


def statements(paths: Mapping[SocialPath, PathWords]) -> tuple[Statement, ...]:
    """All statements, each path's in turn and every turn begun by another path, so that no order gives a path away."""
    order = tuple(SocialPath)
    most = max(len(words.statements) for words in paths.values())
    return tuple(
        Statement(id=f"{path}.{turn + 1}", path=path, text=paths[path].statements[turn])
        for turn in range(most)
        for path in (order[turn % len(order) :] + order[: turn % len(order)])
        if turn < len(paths[path].statements)
    )


def paths_of(chosen: Iterable[Statement]) -> tuple[SocialPath, ...]:
    """The paths that the chosen statements are on, in the article's order; empty only if nothing was chosen."""
    counts = Counter(statement.path for statement in chosen)
    needed = ENOUGH if max(counts.values(), default=0) >= ENOUGH else 1
    return tuple(path for path in SocialPath if counts[path] >= needed)


def packed(paths: Iterable[SocialPath]) -> str:
    """Paths as a button carries them, at most 80 characters."""
    return "+".join(paths)


def unpacked(about: str) -> tuple[SocialPath, ...] | None:
    """The paths that a button carried; None for anything that `packed` would not have written of some paths."""
    known = {path.value: path for path in SocialPath}
    named = about.split("+")
    paths = tuple(path for path in SocialPath if path in named)
    return paths if named == [known.get(path) for path in paths] and paths else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A team's round in one channel; `salt` makes the pseudonyms of those who answered and goes with the round.

    `people` is how many answered the part that most of them answered: so many there are to show.
    """

    id: str
    opened_at: datetime
    salt: bytes
    people: int = 0

    @property
    def closes_at(self) -> datetime:
        return self.opened_at + ROUND_LENGTH

    def pseudonym(self, person: str) -> str:
        """A 16-character stand-in for a person's id, in this round alone; it says that they answered, never what."""
        return hashlib.blake2b(person.encode(), key=self.salt, digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many people answered, how many of them each part (`words`, `rather`), since both may be left out, and how
    many stand where (`words.<path>`, `rather.<path>`, `rather.stay`)."""

    people: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def most(self) -> int:
        """How many answered the part that most answered."""
        return max(self.counts.get(part, 0) for part in PARTS)


PARTS = ("words", "rather")
"""What a round asks, each answered by some or all: a picture each."""

TALLY_KEYS = (*(f"words.{path}" for path in SocialPath), *(f"rather.{path}" for path in SocialPath), f"rather.{STAY}")
"""Everything that a round can count."""


class Answered(StrEnum):
    """What became of an answer to a round: counted, not counted a second time, or there is no such round any more."""

    COUNTED = "counted"
    BEFORE = "before"
    OVER = "over"


def stands(on: Iterable[SocialPath], rather: str) -> tuple[str, ...]:
    """What one person's answer adds one to, nothing if it is blank; `rather` is a path's id, STAY, or empty."""
    keys = (*(f"words.{path}" for path in on), f"rather.{rather}")
    return tuple(key for key in TALLY_KEYS if key in keys)


def counted(tally: Tally, answer: Iterable[str]) -> Tally:
    """The tally with one more person's answer in it, which counts in a part if it stands anywhere there."""
    keys = tuple(answer)
    answered = {key.partition(".")[0] for key in keys}
    return Tally(people=tally.people + 1, counts=dict(Counter(tally.counts) + Counter(keys) + Counter(answered)))


def shown(tally: Tally, part: str) -> Mapping[str, int] | None:
    """How many stand where in a part, each number at least SMALLEST_GROUP: what is smaller is as if it were nothing.

    None if fewer than SMALLEST_GROUP answered the part. How many did answer it is not told: with it, a number that is
    left out could be found from those that are not.
    """
    if tally.counts.get(part, 0) < SMALLEST_GROUP:
        return None
    known = (key for key in TALLY_KEYS if key.startswith(f"{part}."))
    return {key: n for key in known if (n := tally.counts.get(key, 0)) >= SMALLEST_GROUP}
