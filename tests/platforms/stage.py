"""What every chat platform lets people do with Kith, in one vocabulary for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.domain.channel import Channel
from bot.domain.events import Event
from bot.domain.window import Trace

ANA, BO = "ana", "bo"
"""Ana brings Kith in, Bo is somebody else; a platform gives them ids of its own."""


@dataclass(frozen=True)
class Said:
    """Something that Kith said to everyone: its words, the labels of its buttons, and the thread it stands in."""

    words: str
    labels: tuple[str, ...] = ()
    thread: str | None = None


@dataclass(frozen=True)
class Answer:
    """What one person alone is shown: words with buttons, or a form with what is wrong at its fields."""

    words: str = ""
    labels: tuple[str, ...] = ()
    form: Any = None
    errors: Mapping[str, str] = field(default_factory=dict)


class Stage(Protocol):
    """One channel with Kith's real core behind it, in the profile that answers at once. What people do is done by the
    platform's own means; `told` is what reached the core."""

    @property
    def told(self) -> list[Event]: ...

    async def invite(self) -> None:
        """Ana brings Kith in, and it introduces itself."""
        ...

    async def say(self, who: str, text: str, *, thread: str = "", to_kith: bool = False) -> str:
        """Write a message, in this message's thread if one is named; gives its id."""
        ...

    async def again(self) -> None:
        """The platform delivers the newest message a second time."""
        ...

    async def edit(self, who: str, message: str, text: str) -> None: ...
    async def delete(self, who: str, message: str) -> None: ...
    async def react(self, who: str, message: str) -> None: ...

    async def command(self, who: str, words: str) -> Answer:
        """Give a command by Kith's name or "/kith", whichever is the way there."""
        ...

    async def press(self, who: str, label: str) -> Answer:
        """Press a button of the newest thing that Kith said to everyone."""
        ...

    async def press_own(self, who: str, answer: Answer, label: str) -> Answer:
        """Press a button of what one person alone was shown."""
        ...

    async def submit(self, who: str, answer: Answer, **answers: str) -> Answer:
        """Send a form with these answers in the place of what stands in it."""
        ...

    def said(self) -> Sequence[Said]:
        """What Kith has said to everyone, oldest first."""
        ...

    async def channel(self) -> Channel | None: ...
    async def traces(self) -> Sequence[Trace]: ...
