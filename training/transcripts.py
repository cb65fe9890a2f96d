"""Replays scripted channels through the shipped reader and detectors: `python -m training.transcripts`."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from adapters.prompt_files import shipped_content
from adapters.storage.memory.store import MemoryStore
from adapters.transcript import Transcript
from bot import bootstrap
from bot.domain.archive import Account, ExportedChannel
from bot.domain.events import ChannelRef, Event, MessagePosted
from bot.domain.patterns import CHANNEL_PATTERNS, MESSAGE_PATTERNS, Pattern
from bot.ports import House, Reader
from bot.usecases.replay import ReplayOptions, replay_channel
from training.metrics import as_json, share
from training.script import PARTS, Script, scripts_in

FOLDER = Path(__file__).parent / "transcripts"
KINDS = {"all": tuple(Pattern), "message patterns": MESSAGE_PATTERNS, "channel patterns": CHANNEL_PATTERNS}

Report = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a replay of one script listed as findings, beside what its writer expects."""

    script: Script
    found: frozenset[Pattern]

    @property
    def missed(self) -> frozenset[Pattern]:
        return self.script.expected - self.found

    @property
    def wrong(self) -> frozenset[Pattern]:
        return self.found - self.script.expected


def main() -> None:
    """Print precision and recall of findings for each part, and write them as JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=PARTS, help="one part instead of both")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="a folder of transcripts (YAML)")
    parser.add_argument("--json", type=Path, help="write the report here as well")
    parser.add_argument("--errors", action="store_true", help="list what the tuning part's replay missed or made up")
    given = parser.parse_args()
    parts = (given.part,) if given.part else PARTS
    scripts = [script for script in scripts_in(given.folder) if script.part in parts]
    outcomes = asyncio.run(replayed(scripts, bootstrap.reader()))
    report: Report = {part: measures([o for o in outcomes if o.script.part == part]) for part in parts}
    for part in parts:
        print(f"{part}:\n{told(report[part])}")
    if given.errors:
        asyncio.run(tell_errors([o for o in outcomes if o.script.part == "tuning"], bootstrap.reader()))
    if given.json:
        given.json.write_text(json.dumps(as_json(report), indent=1) + "\n", encoding="utf-8")


async def replayed(scripts: Iterable[Script], reader: Reader) -> list[Outcome]:
    """Each script's findings as `kith replay` lists them, in order."""
    return [Outcome(script=script, found=await findings_of(script, script.events, reader)) for script in scripts]


async def findings_of(script: Script, events: Sequence[Event], reader: Reader) -> frozenset[Pattern]:
    """The patterns that a replay of `events` lists for this channel, on a store of its own."""
    house = House(store=MemoryStore(), reader=reader, content=shipped_content())
    channel = ExportedChannel(
        ref=ChannelRef("scripts", script.name), name=script.name, purpose=script.purpose, members=script.members
    )
    replay = await replay_channel(
        channel, events, house=house, chat=Transcript(), account=Account(), options=ReplayOptions()
    )
    return frozenset(finding.pattern for finding in replay.findings)


def measures(outcomes: Sequence[Outcome]) -> Report:
    """Precision and recall over (channel, pattern) pairs: together, by kind of pattern, per pattern; and how many
    channels without any expected pattern stayed without a finding."""
    healthy = [outcome for outcome in outcomes if not outcome.script.expected]
    return {
        "channels": len(outcomes),
        "messages": sum(len(outcome.script.messages) for outcome in outcomes),
        **{kind: _precision_and_recall(outcomes, patterns) for kind, patterns in KINDS.items()},
        "per pattern": {pattern.value: _precision_and_recall(outcomes, (pattern,)) for pattern in Pattern},
        "healthy channels left alone": share(sum(not outcome.found for outcome in healthy), len(healthy)),
    }


def _precision_and_recall(outcomes: Sequence[Outcome], patterns: Sequence[Pattern]) -> Report:
    wanted = frozenset(patterns)
    right = sum(len(outcome.found & outcome.script.expected & wanted) for outcome in outcomes)
    found = sum(len(outcome.found & wanted) for outcome in outcomes)
    expected = sum(len(outcome.script.expected & wanted) for outcome in outcomes)
    return {"precision": share(right, found), "recall": share(right, expected)}


def told(report: object, indent: int = 2) -> str:
    """A report as indented lines."""
    if not isinstance(report, dict):
        return f"{' ' * indent}{report}"
    lines: list[str] = []
    for key, value in report.items():
        if isinstance(value, dict) and set(value) == {"precision", "recall"}:
            lines.append(f"{' ' * indent}{key:24} precision {value['precision']!s:28} recall {value['recall']}")
        elif isinstance(value, dict):
            lines += [f"{' ' * indent}{key}:", told(value, indent + 2)]
        else:
            lines.append(f"{' ' * indent}{key}: {value}")
    return "\n".join(lines)


async def tell_errors(outcomes: Iterable[Outcome], reader: Reader, say: Callable[[str], None] = print) -> None:
    """For each script with an error: what was missed or made up, and every message that the reader found clear."""
    for outcome in outcomes:
        if outcome.found == outcome.script.expected:
            continue
        missed, wrong = sorted(outcome.missed), sorted(outcome.wrong)
        say(f"\n{outcome.script.name}: missed {', '.join(missed) or '-'}; wrong {', '.join(wrong) or '-'}")
        for message in outcome.script.messages:
            await _tell_message(message, outcome.missed, reader, say)


async def _tell_message(
    message: MessagePosted, missed: frozenset[Pattern], reader: Reader, say: Callable[[str], None]
) -> None:
    reading = await reader.read(message.text)
    likely = sorted((reading.probabilities[p], p) for p in missed & frozenset(MESSAGE_PATTERNS))
    if reading.clear:
        say(f"  clear {', '.join(sorted(reading.clear))}: {message.author}: {message.text}")
    elif likely and likely[-1][0] >= 0.05:
        say(f"  {likely[-1][1]} {likely[-1][0]:.2f}: {message.author}: {message.text}")


if __name__ == "__main__":
    main()
