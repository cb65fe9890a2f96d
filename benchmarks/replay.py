"""How fast and in how much memory an export is replayed: `python -m benchmarks.replay [--messages N | --export PATH]`.

Without an export it makes one: channels with people, threads, reactions and a little talk that carries patterns,
written as Slack writes exports. The replay runs as its own process, as people start it; its peak memory is that one's.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

OPENERS = "the we i can could did somebody maybe yes no ok thanks hey sorry today tomorrow please".split()
WORDS = (
    "rota van invoice kitchen server build printer meeting room stairs parcel ticket draft folder window door lunch "
    "update branch shift ward class bus form letter table queue phone screen key cable lamp garden river report "
    "checked moved sent found opened closed wrote asked read fixed took left put made saw need want think know hope "
    "again already later soon now here there upstairs outside about with from over under after before until because"
).split()
CARRYING = (
    "let's get the channel to 500 posts by March, leaderboard on Fridays",
    "everyone else in the sector already has one so we need ours by Friday",
    "no chit-chat in here please, if it doesn't ship it doesn't matter",
)


def main() -> None:
    """Make or take an export, replay it, and print one JSON object."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--messages", type=int, default=100_000)
    arguments.add_argument("--channels", type=int, default=40)
    arguments.add_argument("--export", type=Path)
    arguments.add_argument("--profile", default="gentle")
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="kith-benchmark-") as folder:
        made = time.perf_counter()
        export = asked.export or synthetic(Path(folder), asked.messages, asked.channels)
        making = time.perf_counter() - made
        print(json.dumps(measured(export, asked.profile, Path(folder)) | {"making_seconds": round(making, 1)}))


def measured(export: Path, profile: str, folder: Path) -> dict[str, object]:
    """Replay `export` in a process of its own: seconds, rows per second, and peak memory in MiB."""
    result = folder / "result.json"
    command = [sys.executable, "-m", "bot.cli", "replay", str(export), "--profile", profile, "--json", str(result)]
    begun = time.perf_counter()
    with (folder / "said.txt").open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    if status:
        sys.exit((folder / "said.txt").read_text())
    replayed = json.loads(result.read_text())
    return {
        "export": export.name,
        "profile": profile,
        "rows": replayed["rows"],
        "seconds": round(seconds, 2),
        "rows_per_second": round(replayed["rows"] / seconds),
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 2),
        "peak_mib": round(usage.ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024), 1),
        "this_process_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "channels": len(replayed["channels"]),
        "asked": sum(len(channel["asked"]) for channel in replayed["channels"]),
    }


def synthetic(folder: Path, messages: int, channels: int) -> Path:
    """An export of so many messages over one year, the same for the same numbers."""
    rng = random.Random(20110609)  # noqa: S311, a benchmark's text needs no secrecy
    export = folder / f"synthetic-{messages}"
    export.mkdir()
    people = [f"U{n:05}" for n in range(200)]
    users = [{"id": person, "name": person.lower(), "is_bot": False} for person in people]
    (export / "users.json").write_text(json.dumps(users))
    names = [f"team-{n:02}" for n in range(channels)]
    listed = [{"id": f"C{n:04}", "name": name, "members": people[:60]} for n, name in enumerate(names)]
    (export / "channels.json").write_text(json.dumps(listed))
    days = 365
    a_day = max(1, messages // (channels * days))
    left = messages
    for number, name in enumerate(names):
        (export / name).mkdir()
        here = people[number : number + 60]
        for day in range(days):
            rows = _day(rng, datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=day), min(a_day, left), here)
            left -= len(rows)
            date = f"{datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=day):%Y-%m-%d}"
            (export / name / f"{date}.json").write_text(json.dumps(rows))
    return export


def _day(rng: random.Random, day: datetime, messages: int, people: list[str]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    moments = sorted(rng.uniform(8 * 3600, 18 * 3600) for _ in range(messages))
    root = ""
    for number, moment in enumerate(moments):
        stamp = f"{(day + timedelta(seconds=moment)).timestamp():.0f}.{number:06}"
        row: dict[str, object] = {
            "type": "message",
            "user": rng.choice(people),
            "text": _text(rng),
            "ts": stamp,
            "team": "T0001",
            "client_msg_id": f"{rng.getrandbits(64):016x}",
        }
        if root and rng.random() < 0.3:
            row["thread_ts"] = root
        else:
            root = stamp
        if rng.random() < 0.15:
            row["reactions"] = [{"name": "eyes", "users": [rng.choice(people)], "count": 1}]
        rows.append(row)
    return rows


def _text(rng: random.Random) -> str:
    if rng.random() < 0.002:
        return rng.choice(CARRYING)
    words = [rng.choice(OPENERS), *rng.choices(WORDS, k=rng.randint(3, 22))]
    return " ".join(words) + ("?" if rng.random() < 0.2 else "")


if __name__ == "__main__":
    main()
