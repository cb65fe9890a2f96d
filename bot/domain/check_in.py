"""A check-in: a question that a channel asked Kith to put to it regularly, and each time that it was put."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.events import ChannelRef
from bot.domain.outgoing import Outgoing, OutgoingKind
from bot.domain.rhythm import Slot, Timing
from bot.domain.speech import Place

MOST_IN_CHANNEL = 4
"""So many check-ins a channel may have; more would be a timetable."""

LONGEST_QUESTION = 200
"""Characters of a question of one's own."""

LONGEST_ANSWER = 300
"""Characters of an answer: a line in a list that everyone reads."""

MOST_SKIPS = 20
"""So many single days may be left out at once."""

ROTATION, OWN = "rotation", "own"
"""What a check-in may ask besides one theme: of all themes in turn, or a question of the channel's own."""

OPEN_FOR = tuple(timedelta(hours=hours) for hours in (4, 24, 48, 72, 168))
"""How long a check-in may take answers."""

KEPT = timedelta(days=30)
"""How long answers are kept after they were shown (DESIGN 4)."""

SHORTEST_GRACE, LONGEST_GRACE = timedelta(minutes=30), timedelta(hours=4)
"""A check-in is said at most so late: a quarter of the time it is open for, within these bounds."""


class Answering(StrEnum):
    """How people answer: in the thread under their names, which Kith does not read, or through a form, unattributed."""

    THREAD = "thread"
    FORM = "form"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn:
    """What a channel agreed on. `asks` is a theme's id, ROTATION or OWN; `next` the slot that comes next (None: there
    is none any more), `turn` how often it has asked; `version` goes up with every change."""

    ref: ChannelRef
    id: str
    timing: Timing
    asks: str
    own_question: str = ""
    answering: Answering = Answering.THREAD
    open_for: timedelta = timedelta(hours=24)
    reminds: bool = False
    next: Slot | None = None
    turn: int = 0
    version: int = 0

    @property
    def grace(self) -> timedelta:
        """How late it may still be said."""
        return grace_for(self.open_for)


class RunState(StrEnum):
    """Where one run stands: about to be said, taking answers, closed but not shown yet, over, or never said."""

    WAITING = "waiting"
    OPEN = "open"
    CLOSED = "closed"
    OVER = "over"
    SKIPPED = "skipped"


class Skipped(StrEnum):
    """Why a run was never said; prompts/ says each in a few words (`checkin.skipped.<reason>`)."""

    LATE = "late"
    SILENT = "silent"
    UNSAID = "unsaid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One slot of one check-in, as it stood when it fell due: a later change of the check-in leaves it alone.

    `salt` makes the pseudonyms of those who answer and is empty once the run is closed; `message` is the platform's id
    of what was said.
    """

    ref: ChannelRef
    check_in: str
    slot: Slot
    state: RunState
    question: str | None = None
    own_question: str = ""
    answering: Answering = Answering.THREAD
    open_for: timedelta = timedelta(hours=24)
    reminds: bool = False
    zone: str = "UTC"
    turn: int = 0
    salt: bytes = b""
    reason: Skipped | None = None
    message: str | None = None
    closes_at: datetime | None = None

    @property
    def id(self) -> str:
        return run_id(self.check_in, self.slot.day)

    @property
    def grace(self) -> timedelta:
        return grace_for(self.open_for)

    def takes_answers(self, now: datetime) -> bool:
        """Whether somebody may answer through the form `now`."""
        in_time = self.closes_at is not None and now < self.closes_at
        return self.state is RunState.OPEN and self.answering is Answering.FORM and in_time

    def pseudonym(self, person: str) -> str:
        """A 16-character stand-in for a person's id, in this run and until it closes."""
        return hashlib.blake2b(person.encode(), key=self.salt, digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Firing:
    """What becomes of a check-in that was due: as it goes on, its runs, and what is to be said of them."""

    check_in: CheckIn
    runs: tuple[Run, ...] = ()
    said: Mapping[str, Outgoing] = field(default_factory=dict)
    """By the run's id: said only if that run is new."""


def grace_for(open_for: timedelta) -> timedelta:
    """How late a check-in may be said that is open for so long."""
    return min(max(open_for / 4, SHORTEST_GRACE), LONGEST_GRACE)


def run_id(check_in: str, day: date) -> str:
    """The id of a check-in's run on a day, as buttons and the outbox carry it."""
    return f"{check_in}-{day:%Y%m%d}"


def check_in_of(about: str) -> str:
    """The check-in that a run's id names; "" for what is no such id."""
    return about.partition("-")[0] if re.fullmatch(r"[0-9a-f]{12}-\d{8}", about, re.ASCII) else ""


def new_id(ref: ChannelRef, now: datetime) -> str:
    """An id for a check-in that is made `now`: 12 characters that say nothing."""
    made = f"{ref.workspace}/{ref.channel}/{now.isoformat()}"
    return hashlib.blake2b(made.encode(), digest_size=6).hexdigest()


def outgoing(kind: OutgoingKind, run: Run, due_at: datetime, *, thread: str | None = None, page: int = 0) -> Outgoing:
    """What is to be said of a run; the same is queued once."""
    name = f"{kind}-{run.id}" + (f"-{page}" if page else "")
    place = Place(channel=run.ref, thread=thread)
    facts = {"page": str(page)} if page else {}
    return Outgoing(id=name, place=place, kind=kind, due_at=due_at, about=run.id, facts=facts)


def shuffled(answers: Mapping[str, str], run: Run) -> tuple[str, ...]:
    """Answers by the pseudonyms of who gave them, in an order that is the same at every try and says nothing."""

    def place(item: tuple[str, str]) -> bytes:
        return hashlib.blake2b(f"{run.id}/{item[0]}/{item[1]}".encode(), digest_size=8).digest()

    return tuple(text for _, text in sorted(answers.items(), key=place))


def closed(run: Run, *, reason: Skipped | None = None) -> Run:
    """The run taking no answers any more; what led from an answer to a person is gone."""
    return replace(run, state=RunState.CLOSED, salt=b"", reason=reason)


def skipped(run: Run, reason: Skipped) -> Run:
    """The run that is never said."""
    return replace(run, state=RunState.SKIPPED, salt=b"", reason=reason)


def over(run: Run) -> Run:
    """The run with everything said about it."""
    return replace(run, state=RunState.OVER, salt=b"")
