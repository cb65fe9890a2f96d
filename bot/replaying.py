"""Replays a whole export, its channels side by side on all cores; builds what each needs, as bootstrap does."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import lru_cache
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

from adapters.exports import SlackExport, open_export
from adapters.prompt_files import shipped_content
from adapters.storage.memory.store import MemoryStore
from adapters.transcript import Transcript
from bot.bootstrap import reader
from bot.domain.archive import Account, ExportedChannel
from bot.domain.replayed import ChannelReplay
from bot.errors import BadInputError
from bot.ports import House, Reader
from bot.usecases.replay import ReplayOptions, replay_channel

WORTH_SHARING = 5_000
"""From so many day files on, a process a core saves more than it costs (a second, and the reader in memory again)."""

POLL_SECONDS = 0.2

_days_done: Synchronized[int] | None = None
"""In a worker process: the counter it shares with the one that started it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which channels of an export to replay, and which of them are for announcements alone; names as in the export."""

    channels: Sequence[str] = ()
    announcement_only: Sequence[str] = ()


class Replay:
    """An export opened for replaying; `account` tells of every row once `run` is through."""

    def __init__(
        self, path: Path, selection: Selection, options: ReplayOptions, *, share_from: int = WORTH_SHARING
    ) -> None:
        """`share_from`: with so many day files, the channels are shared out among all cores."""
        self._share_from = share_from
        self._path = path
        self._options = options
        self._export = open_export(path)
        self._announcement_only = {name.lstrip("#") for name in selection.announcement_only}
        self.name = self._export.name
        self.account = Account()
        for trouble in self._export.troubles:
            self.account.take(trouble)
        self.channels = tuple(self._chosen(selection))

    @property
    def days(self) -> int:
        """How many day files there are to go through."""
        return sum(channel.days for channel in self.channels)

    def run(self, after_days: Callable[[int], None]) -> list[ChannelReplay]:
        """Replay every channel, in their order; `after_days` is told how many more day files are done."""
        cores = min(os.cpu_count() or 1, len(self.channels))
        shared = cores > 1 and self.days >= self._share_from
        results = self._on_cores(cores, after_days) if shared else self._here(after_days)
        replays = []
        for replayed, account in results:
            self.account.add(account)
            replays.append(replayed)
        return replays

    def _here(self, after_days: Callable[[int], None]) -> Iterator[tuple[ChannelReplay, Account]]:
        for channel in self.channels:
            yield _replay(self._path, channel, self._options_of(channel), lambda: after_days(1))

    def _on_cores(self, cores: int, after_days: Callable[[int], None]) -> list[tuple[ChannelReplay, Account]]:
        """The longest channels first, so that no core is left with one at the end; results in the channels' order."""
        context = multiprocessing.get_context("spawn")
        counter = context.Value("q", 0)
        with ProcessPoolExecutor(cores, mp_context=context, initializer=_begin_worker, initargs=(counter,)) as pool:
            waiting: dict[ExportedChannel, Future[tuple[ChannelReplay, Account]]] = {
                channel: pool.submit(_replay_in_worker, self._path, channel, self._options_of(channel))
                for channel in sorted(self.channels, key=lambda channel: -channel.days)
            }
            told = 0
            pending: set[Future[tuple[ChannelReplay, Account]]] = set(waiting.values())
            while pending:
                pending = wait(pending, timeout=POLL_SECONDS).not_done
                done = counter.value
                after_days(done - told)
                told = done
            return [waiting[channel].result() for channel in self.channels]

    def _options_of(self, channel: ExportedChannel) -> ReplayOptions:
        if channel.name not in self._announcement_only:
            return self._options
        return replace(self._options, settings=replace(self._options.settings, announcement_only=True))

    def _chosen(self, selection: Selection) -> Iterator[ExportedChannel]:
        """Channels Kith could have been in, or exactly those named; a name that is not there is an error."""
        every = self._export.channels()
        names = {channel.name for channel in every}
        chosen = {name.lstrip("#") for name in selection.channels}
        for wanted in sorted(chosen | self._announcement_only):
            if wanted not in names:
                raise BadInputError(problem=f"there is no channel {wanted} in this export; there are: {_list(names)}")
        for channel in every:
            if channel.name in chosen or (not chosen and channel.open_to_kith):
                yield channel


def _begin_worker(counter: Synchronized[int]) -> None:
    global _days_done
    _days_done = counter


def _replay_in_worker(path: Path, channel: ExportedChannel, options: ReplayOptions) -> tuple[ChannelReplay, Account]:
    def after_day() -> None:
        if _days_done is not None:
            with _days_done.get_lock():
                _days_done.value += 1

    return _replay(path, channel, options, after_day)


def _replay(
    path: Path, channel: ExportedChannel, options: ReplayOptions, after_day: Callable[[], None]
) -> tuple[ChannelReplay, Account]:
    """One channel through a house of its own that keeps everything in memory."""
    account = Account()
    house = House(store=MemoryStore(), reader=_reader(), content=shipped_content(options.settings.locale))
    since, until = options.since, options.until
    rows = _opened(path).rows(
        channel, since=since.date() if since else None, until=until.date() if until else None, after_day=after_day
    )
    replayed = replay_channel(channel, rows, house=house, chat=Transcript(), account=account, options=options)
    return asyncio.run(replayed), account


@lru_cache(maxsize=1)
def _opened(path: Path) -> SlackExport:
    """The export, opened once a process."""
    return open_export(path)


@lru_cache(maxsize=1)
def _reader() -> Reader:
    """The reader, built once a process; what it compiles on first use serves every channel."""
    return reader()


def _list(names: set[str]) -> str:
    shown = sorted(names)
    return ", ".join(shown[:20]) + (" …" if len(shown) > 20 else "")
