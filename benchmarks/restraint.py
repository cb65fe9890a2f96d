"""How often Kith would speak in ordinary chat: `python -m benchmarks.restraint FILE.jsonl…`.

Each file holds JSON lines {source, channel, ts, user, thread, text} in order, as public chat corpora are stored.
Prints, for each source and profile, messages, findings, and questions asked per 1,000 messages, one JSON a line.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from adapters.prompt_files import shipped_content
from adapters.storage.memory.store import MemoryStore
from adapters.transcript import Transcript
from bot import bootstrap
from bot.domain.archive import Account, ExportedChannel
from bot.domain.channel import ChannelSettings
from bot.domain.events import ChannelRef, MessagePosted
from bot.domain.replayed import ChannelReplay
from bot.ports import House
from bot.usecases.replay import ReplayOptions, replay_channel

PROFILES = ("gentle", "attentive")


def main() -> None:
    """Replay every channel of every file under both profiles."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("files", nargs="+", type=Path)
    for file in arguments.parse_args().files:
        talk = channels_in(file)
        for profile in PROFILES:
            print(json.dumps(asyncio.run(measured(file.stem, talk, profile))))


async def measured(source: str, talk: dict[str, list[MessagePosted]], profile: str) -> dict[str, object]:
    """One source under one profile."""
    house = House(store=MemoryStore(), reader=bootstrap.reader(), content=shipped_content())
    options = ReplayOptions(settings=ChannelSettings(profile=profile))
    replays: list[ChannelReplay] = []
    for name, messages in talk.items():
        channel = ExportedChannel(ref=ChannelRef(source, name), name=name)
        replays.append(
            await replay_channel(channel, messages, house=house, chat=Transcript(), account=Account(), options=options)
        )
    messages_heard = sum(replay.messages for replay in replays)
    asked = sum(len(replay.asked) for replay in replays)
    found: Counter[str] = Counter(finding.pattern for replay in replays for finding in replay.findings)
    return {
        "source": source,
        "profile": profile,
        "channels": len(replays),
        "messages": messages_heard,
        "channels_with_finding": dict(found),
        "asked": asked,
        "asked_per_1000": round(1000 * asked / max(1, messages_heard), 3),
    }


def channels_in(file: Path) -> dict[str, list[MessagePosted]]:
    """The messages of a file by channel, those without a moment or an author left out."""
    found: dict[str, list[MessagePosted]] = defaultdict(list)
    for event in _events(file):
        found[event.channel.channel].append(event)
    return {name: sorted(events, key=lambda e: e.at) for name, events in found.items()}


def _events(file: Path) -> Iterator[MessagePosted]:
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            row = json.loads(line)
            at = _moment(row.get("ts"))
            if at is None or not row.get("user"):
                continue
            yield MessagePosted(
                channel=ChannelRef(file.stem, str(row.get("channel") or "chat")),
                message=str(number),
                author=str(row["user"]),
                at=at,
                text=str(row.get("text") or ""),
                thread=str(row["thread"]) if row.get("thread") else None,
            )


def _moment(value: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(str(value)), UTC)
    except ValueError:
        pass
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


if __name__ == "__main__":
    main()
