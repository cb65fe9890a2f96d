"""Measures a reader: python -m training.evaluate [--split test] [--chat FOLDER] [--exports FOLDER] [--command "…"]."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from bot.domain.patterns import MESSAGE_PATTERNS, Pattern
from training.data import FITTING_CHAT, ChatLine, Message, chat_of, export_lines, is_clear, messages_of, worlds_of
from training.metrics import Share, as_json, average_precision, bar_for, share
from training.read_by import READERS, Read, Verdict, by_command

RATES = (1.0, 2.0, 5.0)
"""Alarms per 1,000 ordinary messages at which recall is given."""

HELD_OUT_CHAT = ("fluid_irc",)
PROSE = ("management",)
CANDIDATES = "candidates"

Report = dict[str, object]


def main() -> None:
    """Print the whole report, and write it as JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", default="test", choices=("train", "dev", "test"))
    parser.add_argument("--world", action="append", help="these worlds instead of a split's; may be repeated")
    parser.add_argument("--chat", type=Path, help="a folder with fluid_irc.jsonl, management.jsonl …")
    parser.add_argument("--exports", type=Path, help="a folder with zipped exports of real channels")
    parser.add_argument("--reader", default="cascade", choices=sorted(READERS), help="which of the readers inside Kith")
    parser.add_argument("--command", help='a command that reads like `kith read`, for example "kith read"')
    parser.add_argument("--json", type=Path, help="write the report here as well")
    parser.add_argument("--show", type=int, default=0, help="print so many flagged ordinary messages, here only")
    given = parser.parse_args()
    read = by_command(given.command) if given.command else READERS[given.reader]
    worlds = tuple(given.world) if given.world else worlds_of(given.split)
    messages = messages_of(worlds)
    if not messages:
        raise SystemExit("no labelled messages: " + (", ".join(worlds) or f"no world is named {given.split}"))
    ordinary = _ordinary(given.chat, given.exports)
    report = evaluate(read, messages, ordinary, candidates=_candidates(given.chat), show=given.show)
    report = {"worlds": list(worlds), "reader": given.command or given.reader, **report}
    _print(report)
    if given.json:
        given.json.write_text(json.dumps(as_json(report), indent=1) + "\n", encoding="utf-8")


def evaluate(
    read: Read,
    messages: Sequence[Message],
    ordinary: Sequence[ChatLine],
    *,
    candidates: Sequence[ChatLine] = (),
    show: int = 0,
) -> Report:
    """Every measure of `read`; recall at a rate of alarms comes from the held-out chat among `ordinary`."""
    verdicts = read([message.text for message in messages])
    said = read([line.text for line in ordinary])
    heard = [v for v, line in zip(said, ordinary, strict=True) if line.source not in {*FITTING_CHAT, *PROSE}]
    pairs = list(zip(messages, verdicts, strict=True))
    flagged = [(line, v) for line, v in zip(ordinary, said, strict=True) if v.clear]
    for line, verdict in flagged[:show]:
        print(f"[{line.source}] {sorted(verdict.clear)}: {line.text}  <- {dict(verdict.evidence)}")
    patterns = {p.value: _pattern(pairs, p, heard) for p in MESSAGE_PATTERNS}
    return {
        "messages": len(messages),
        "patterns": patterns,
        "macro ap": _macro_ap(pairs),
        "macro ap per world": {
            world: _macro_ap([pair for pair in pairs if pair[0].world == world])
            for world in dict.fromkeys(message.world for message in messages)
        },
        "any": _any(pairs),
        "recall at alarms per 1,000": {f"{rate:g}": _recall_at(pairs, heard, rate) for rate in RATES} if heard else {},
        "held-out chat": len(heard),
        "near misses flagged": _flagged_share(pairs, "near_miss"),
        "ordinary labelled messages flagged": _flagged_share(pairs, "ordinary"),
        "flagged per source": _by_source(ordinary, said),
        "held-out chat flagged": share(sum(bool(verdict.clear) for verdict in heard), len(heard)),
        "candidates (chat part) flagged": sum(bool(verdict.clear) for verdict in read([c.text for c in candidates])),
        "candidates (chat part)": len(candidates),
    }


Pairs = Sequence[tuple[Message, Verdict]]


def _pattern(pairs: Pairs, pattern: Pattern, heard: Sequence[Verdict]) -> Report:
    judged = [(v, truth) for m, v in pairs if (truth := is_clear(m, pattern)) is not None]
    near = [v for m, v in pairs if m.kind == "near_miss"]
    hits = sum(truth and pattern in v.clear for v, truth in judged)
    bar = bar_for([v.probabilities[pattern] for v in heard], 1.0 / len(MESSAGE_PATTERNS)) if heard else None
    return {
        "clear messages": sum(truth for _, truth in judged),
        "ap": round(average_precision([v.probabilities[pattern] for v, _ in judged], [t for _, t in judged]), 3),
        "precision": share(hits, sum(pattern in v.clear for v, _ in judged)),
        "recall": share(hits, sum(truth for _, truth in judged)),
        "near misses flagged": share(sum(pattern in v.clear for v in near), len(near)),
        "recall at a seventh of 1 alarm per 1,000": None
        if bar is None
        else share(sum(t and v.probabilities[pattern] > bar for v, t in judged), sum(t for _, t in judged)),
    }


def _macro_ap(pairs: Pairs) -> float:
    """The mean over the patterns of the average precision, grade 1 left out."""
    found = []
    for pattern in MESSAGE_PATTERNS:
        judged = [(v.probabilities[pattern], truth) for m, v in pairs if (truth := is_clear(m, pattern)) is not None]
        found.append(average_precision([score for score, _ in judged], [truth for _, truth in judged]))
    return round(sum(found) / len(found), 3)


def _any(pairs: Pairs) -> Report:
    judged = [(m, v, truth) for m, v in pairs if (truth := is_clear(m, None)) is not None]
    clear = sum(truth for _, _, truth in judged)
    hits = sum(truth and bool(v.clear) for _, v, truth in judged)
    right = sum(any(m.grade(p) == 2 for p in v.clear) for m, v, truth in judged if truth)
    strands = [(m.grade(p), p in v.clear) for m, v in pairs for p in MESSAGE_PATTERNS]
    return {
        "ap": round(average_precision([v.highest for _, v, _ in judged], [truth for _, _, truth in judged]), 3),
        "precision, any pattern": share(hits, sum(bool(v.clear) for _, v, _ in judged)),
        "recall, any pattern": share(hits, clear),
        "recall, right pattern": share(right, clear),
        "precision, right pattern": share(
            sum(grade == 2 and said for grade, said in strands), sum(grade != 1 and said for grade, said in strands)
        ),
    }


def _recall_at(pairs: Pairs, heard: Sequence[Verdict], rate: float) -> Report:
    bar = bar_for([verdict.highest for verdict in heard], rate)
    clear = [(m, v) for m, v in pairs if m.highest == 2]
    over = [(m, v) for m, v in clear if v.highest > bar]
    near = [v for m, v in pairs if m.kind == "near_miss"]
    return {
        "any": share(len(over), len(clear)),
        "right pattern": share(sum(m.grade(v.likeliest) == 2 for m, v in over), len(clear)),
        "near misses": share(sum(v.highest > bar for v in near), len(near)),
    }


def _flagged_share(pairs: Pairs, kind: str) -> Share:
    of_kind = [verdict for message, verdict in pairs if message.kind == kind]
    return share(sum(bool(verdict.clear) for verdict in of_kind), len(of_kind))


def _by_source(ordinary: Sequence[ChatLine], said: Sequence[Verdict]) -> dict[str, Report]:
    sources: dict[str, Report] = {}
    for source in dict.fromkeys(line.source for line in ordinary):
        own = [verdict for line, verdict in zip(ordinary, said, strict=True) if line.source == source]
        flagged = [verdict for verdict in own if verdict.clear]
        sources[source] = {
            "lines": len(own),
            "flagged": len(flagged),
            "per 1,000": round(1000.0 * len(flagged) / max(1, len(own)), 2),
            "fitted on": source in FITTING_CHAT,
        }
    return sources


def _ordinary(chat: Path | None, exports: Path | None) -> list[ChatLine]:
    lines = chat_of(chat, (*FITTING_CHAT, *HELD_OUT_CHAT)) if chat else []
    if chat:
        lines += [ChatLine(source=PROSE[0], text=line.text) for line in chat_of(chat, PROSE)]
    for path in sorted(exports.glob("*.zip")) if exports else ():
        lines += export_lines(path)
    return lines


def _candidates(chat: Path | None) -> list[ChatLine]:
    if chat is None or not (path := chat / f"{CANDIDATES}.jsonl").exists():
        return []
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [ChatLine(source=row["source"], text=row["text"]) for row in rows if row.get("part") == "chat"]


def _print(report: Report, indent: int = 0) -> None:
    for key, value in report.items():
        if isinstance(value, dict):
            print(f"{' ' * indent}{key}:")
            _print(value, indent + 2)
        else:
            print(f"{' ' * indent}{key}: {value}")


if __name__ == "__main__":
    main()
