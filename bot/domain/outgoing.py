"""Something Kith has decided to say and not yet sent: ids and numbers, turned into words only when it goes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.events import ChannelRef
from bot.domain.speech import Place


class OutgoingKind(StrEnum):
    """Which message this is; `usecases/asking/compose.py` knows the words of each."""

    INTRODUCTION = "introduction"
    QUESTION = "question"
    LISTENED = "listened"
    RENEWAL = "renewal"
    LAPSED = "lapsed"
    STEPPED_BACK = "stepped_back"
    DIALOGUE = "dialogue"
    CHECK_IN = "check_in"
    REMINDER = "reminder"
    CLOSING = "closing"
    FOLLOW_UP = "follow_up"


CHECK_IN_KINDS = frozenset({OutgoingKind.CHECK_IN, OutgoingKind.REMINDER, OutgoingKind.CLOSING, OutgoingKind.FOLLOW_UP})
"""What is said of a check-in's run; `about` is the run's id."""


class Outcome(StrEnum):
    """How a sending ended: done; failed, to be tried again later; put off (the platform asked to wait, which is no
    failure); never (the channel is gone, the token revoked); or dropped (not worth saying any more, and nothing of it
    is to be kept)."""

    SENT = "sent"
    LATER = "later"
    PUT_OFF = "put_off"
    NEVER = "never"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A row of the outbox. `about` is the ledger entry or run it speaks of; `attempts` counts failed tries so far."""

    id: str
    place: Place
    kind: OutgoingKind
    due_at: datetime
    about: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    attempts: int = 0


def charter_message_id(kind: OutgoingKind, ref: ChannelRef, since: datetime) -> str:
    """The id of a message about the charter that has stood `since` then: the same message is queued once."""
    return f"{kind}-{ref.workspace}-{ref.channel}-{since.isoformat()}"
