"""A chat that records what Kith says: the terminal twin that replay, rehearsal and tests share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from bot.domain.speech import Message, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One thing Kith said: where, what, and the id it was given."""

    id: str
    place: Place
    message: Message


class Transcript:
    """A ChatPlatform that never fails and keeps everything in order of saying.

    `next_id` names the messages (k-1, k-2, … if it is left out) and must not repeat itself; `heard` is told of each
    message as soon as it is recorded.
    """

    def __init__(
        self, *, next_id: Callable[[], str] | None = None, heard: Callable[[Said], None] | None = None
    ) -> None:
        numbers = count(1)
        self._next_id = next_id or (lambda: f"k-{next(numbers)}")
        self._heard = heard
        self._said: list[Said] = []

    @property
    def said(self) -> tuple[Said, ...]:
        """All that was said so far, oldest first."""
        return tuple(self._said)

    async def post(self, place: Place, message: Message) -> str:
        """Record `message` as said in `place` and return its id."""
        said = Said(id=self._next_id(), place=place, message=message)
        self._said.append(said)
        if self._heard:
            self._heard(said)
        return said.id
