"""A language model that may help to word a question."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Protocol

from bot.domain.companion import Ceiling, Prompt, Worded


class Companion(Protocol):
    """One language model that the deployment has set up; nothing that passes through is kept or logged."""

    @property
    def host(self) -> str:
        """Where it is, for people to read: the host alone."""
        ...

    @property
    def ceiling(self) -> Ceiling:
        """What it may cost a workspace."""
        ...

    @property
    def patience(self) -> float:
        """Seconds after which an answer comes too late."""
        ...

    def most_tokens(self, prompt: Prompt) -> int:
        """What asking that may cost at the most."""
        ...

    async def word(self, prompt: Prompt) -> Worded | None:
        """Its answer, unchecked; None if there is none in time, for whatever reason. Never raises."""
        ...

    def begin(self, key: str, work: Coroutine[Any, Any, str | None]) -> None:
        """Let `work` go on beside everything else; what comes of it waits in memory alone, for a minute."""
        ...

    def ready(self, key: str) -> str | None:
        """What has come of the work that was begun under `key`, once; None if it is not done, or nothing came of it."""
        ...
