"""Plays the sample conversation: really said, one line every few seconds, to be skipped or stopped."""

from __future__ import annotations

import asyncio
from enum import StrEnum

from adapters.playground.refused import RefusedError
from adapters.playground.script import Script, Step
from adapters.playground.stage import Stage

PACE = 3.5
"""Seconds between two lines: time to read one, and the first question within a minute."""


class SampleState(StrEnum):
    """Whether the sample is still to come, is being played, or is over."""

    WAITING = "waiting"
    PLAYING = "playing"
    OVER = "over"


class Sample:
    """One playing of a script's steps through the stage; `pace` is in seconds and may be 0."""

    def __init__(self, stage: Stage, script: Script, *, pace: float = PACE) -> None:
        self._stage = stage
        self._script = script
        self._pace = pace
        self._hurry = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.state = SampleState.WAITING

    def begin(self) -> None:
        """Start playing, once; needs a running event loop."""
        if self._task is None:
            self._now(SampleState.PLAYING)
            self._task = asyncio.create_task(self._play(), name="the sample conversation")

    def skip(self) -> None:
        """Say the rest without waiting."""
        self._hurry.set()

    async def stop(self) -> None:
        """Say no more; what was said stays."""
        if self._task and not self._task.done():
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._now(SampleState.OVER)

    async def _play(self) -> None:
        said: dict[str, str] = {}
        try:
            for step in self._script.steps:
                await self._wait()
                await self._do(step, said)
        finally:
            self._now(SampleState.OVER)

    async def _wait(self) -> None:
        """Until the next line is due, or somebody is in a hurry."""
        try:
            await asyncio.wait_for(self._hurry.wait(), self._pace)
        except TimeoutError:
            return

    async def _do(self, step: Step, said: dict[str, str]) -> None:
        channel = self._script.talk_in
        try:
            if step.reacts:
                await self._stage.react(channel, step.who, said[step.to], step.reacts)
            else:
                thread = said[step.under] if step.under else None
                said[step.id] = str((await self._stage.say(channel, step.who, step.says, thread))["id"])
        except (RefusedError, KeyError):
            # Somebody took back the message that this step answers, or the rehearsal is full: the talk goes on without.
            return

    def _now(self, state: SampleState) -> None:
        if state is not self.state:
            self.state = state
            self._stage.world.feed.publish("sample", {"state": state.value, "channel": self._script.talk_in})
