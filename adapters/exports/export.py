"""A Slack workspace export, folder or zip, as a stream of events in which every row is accounted for."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from adapters.exports.channels import declared, folder_only
from adapters.exports.documents import load
from adapters.exports.folder import FolderSource
from adapters.exports.layout import LISTS, USERS, Day, Layout, is_one_channel, lay_out
from adapters.exports.people import People, people_in
from adapters.exports.rows import Row, events_of, time_or_reason
from adapters.exports.source import Source, shown, trouble
from adapters.exports.zipped import ZipSource
from bot.domain.archive import ExportedChannel, LeftOut, LeftOutReason, Trouble
from bot.domain.events import ChannelRef, Event
from bot.errors import ExportError

_ZONES = timedelta(days=1)
"""Day files follow the workspace's clock, which is less than a day away from UTC."""


def open_export(path: Path) -> SlackExport:
    """The export at `path`; ExportError, with what to do, if there is none. Reads the lists, no messages yet."""
    if not path.exists():
        problem = "there is nothing of that name; give the folder or the zip that Slack's export page gave you."
        raise ExportError(file=shown(path.name), problem=problem)
    if not (path.is_dir() or path.is_file()):
        raise ExportError(file=shown(path.name), problem="it is neither a folder nor a zip.")
    try:
        source: Source = FolderSource(path) if path.is_dir() else ZipSource(path)
        contents = source.contents()
    except OSError as error:
        raise ExportError(file=path.name, problem="it cannot be opened; is it yours to read?") from error
    layout = lay_out(contents.names)
    if layout is None:
        wanted = "the folder that holds channels.json, or a folder per channel with one YYYY-MM-DD.json a day"
        problem = f"this is no Slack export; give {wanted}."
        if is_one_channel(contents.names):
            problem = "these are the days of one channel; give the folder above it."
        raise ExportError(file=path.name, problem=problem)
    name = path.resolve().name if path.is_dir() else path.stem
    return SlackExport(shown(name), source, layout, contents.troubles)


class SlackExport:
    """An export that has been opened. It keeps names of files and the members' marks; never a message."""

    def __init__(self, name: str, source: Source, layout: Layout, troubles: Sequence[Trouble]) -> None:
        self.name = name
        self._source = source
        self._days: dict[str, tuple[Day, ...]] = {}
        self._troubles = [*troubles, *layout.troubles]
        self._people = People()
        if USERS in layout.documents:
            self._people = people_in(self._document(layout.documents[USERS]))
        self._channels = tuple(sorted(self._join(layout), key=lambda c: (c.name.casefold(), c.ref.channel)))

    @property
    def troubles(self) -> tuple[Trouble, ...]:
        """What could not be read before any channel was: links, odd names, broken lists."""
        return tuple(self._troubles)

    def channels(self) -> Sequence[ExportedChannel]:
        """All channels, groups and direct messages in alphabetical order; `open_to_kith` says which to replay."""
        return self._channels

    def rows(
        self,
        channel: ExportedChannel,
        *,
        since: date | None = None,
        until: date | None = None,
        after_day: Callable[[], None] | None = None,
    ) -> Iterator[Event | LeftOut | Trouble]:
        """Day by day, and in time order within a day, every row as its events or as left out; broken days as troubles.

        Day files that cannot hold a moment of `since` to `until` (both included, UTC) are not opened; at the edges a
        day more is read, so the caller still looks at `at`. `after_day` is called once for every day file, opened or
        not. Memory: one day file, and eight bytes for each message of the channel, which is how repeats are seen.
        """
        seen: array[int] = array("q")
        for day in self._days[channel.ref.channel]:
            # differences of days, which bear the first and the last day of the calendar; sums do not
            outside = (since and since - day.date > _ZONES) or (until and day.date - until > _ZONES)
            if not outside:
                yield from self._day(day, channel, seen)
            if after_day:
                after_day()

    def _day(self, day: Day, channel: ExportedChannel, seen: array[int]) -> Iterator[Event | LeftOut | Trouble]:
        """One day file."""
        file = shown(day.name)
        document = self._document(day.name, keep_trouble=False)
        if isinstance(document, Trouble):
            yield document
            return
        if not isinstance(document, list):
            yield trouble(day.name, "is not a list of messages; it was not read.")
            return
        kept: list[tuple[int, Row]] = []
        for row in document:
            value = time_or_reason(row, file)
            if isinstance(value, LeftOut):
                yield value
            else:
                kept.append((value, row))
        kept.sort(key=lambda stamped: stamped[0])
        last: int | None = None
        for value, row in kept:
            if value == last or _holds(seen, value):
                yield LeftOut(reason=LeftOutReason.DUPLICATE, file=file)
                continue
            last = value
            yield from events_of(row, value, channel=channel.ref, people=self._people, file=file)
        _add(seen, [value for value, _ in kept])

    def _document(self, name: str, *, keep_trouble: bool = True) -> object:
        """The JSON value of a file; a trouble where there is none, remembered unless a caller hands it on itself."""
        content = self._source.read(name)
        document = content if isinstance(content, Trouble) else load(name, content)
        if isinstance(document, Trouble) and keep_trouble:
            self._troubles.append(document)
        return document

    def _join(self, layout: Layout) -> Iterator[ExportedChannel]:
        """Declared channels with their folders, then the folders that are left."""
        free = dict(layout.folders)
        for list_name in (name for name in LISTS if name in layout.documents):
            document = self._document(layout.documents[list_name])
            if isinstance(document, Trouble):
                continue
            found = declared(list_name, document, workspace=self.name, folders=free, bots=self._people.bots)
            for item in found:
                if isinstance(item, Trouble):
                    self._troubles.append(item)
                else:
                    yield self._with_days(item[0], free.pop(item[1], ()))
        for folder, days in free.items():
            yield self._with_days(folder_only(folder, workspace=self.name), days)

    def _with_days(self, channel: ExportedChannel, days: tuple[Day, ...]) -> ExportedChannel:
        """The channel with its days counted, under an id that is its own even where an export uses one twice."""
        # a folder's name may hold spaces and bytes that are no UTF-8, an id neither: it ends up in the ids of what Kith
        # would have said
        told = channel.ref.channel.encode(errors="backslashreplace").decode()
        ref = ChannelRef("export", "-".join(told.split()))
        while ref.channel in self._days:
            ref = replace(ref, channel=f"{ref.channel}+{len(self._days)}")
        self._days[ref.channel] = days
        first, last = (days[0].date, days[-1].date) if days else (None, None)
        return replace(channel, ref=ref, days=len(days), first_day=first, last_day=last)


def _holds(seen: array[int], value: int) -> bool:
    """Whether the ascending `seen` holds `value`."""
    place = bisect_left(seen, value)
    return place < len(seen) and seen[place] == value


def _add(seen: array[int], values: list[int]) -> None:
    """Add ascending values; days follow one another, so that in a sound export this only appends."""
    if not seen or not values or values[0] > seen[-1]:
        seen.extend(values)
    else:
        merged = sorted((*seen, *values))
        del seen[:]
        seen.extend(merged)
