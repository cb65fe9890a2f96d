"""How far a second, blind reading of the labelled messages agrees with the first: `python -m training.agreement`.

`--show WORLD` prints the sample of a world for reading, ids and texts alone: of every four rows one, by position.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.domain.patterns import MESSAGE_PATTERNS, Pattern
from training.data import MESSAGES, Message, messages_of

FOLDER = Path(__file__).parent / "second_reading"

STEP = 4
"""One row of so many is read again. Which one moves along from block to block, so that contrast pairs, which stand side
by side, are not always met on the same side."""

Grades = Mapping[Pattern, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One message with its first grades and those of the second reading."""

    message: Message
    second: Grades

    def grades(self, pattern: Pattern) -> tuple[int, int]:
        return self.message.grade(pattern), self.second.get(pattern, 0)


def main() -> None:
    """Print the table of agreement, or a world's sample for reading."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", metavar="WORLD", help="print the sample of this world without its grades")
    parser.add_argument("--world", action="append", help="these worlds only; may be repeated")
    parser.add_argument("--ids", action="store_true", help="list every disagreement between clear and not at all")
    given = parser.parse_args()
    if given.show:
        for message in sample(messages_of([given.show])):
            print(f"{message.id}\t{json.dumps(message.text, ensure_ascii=False)}")
        return
    worlds = tuple(given.world or sorted(path.stem for path in FOLDER.glob("*.jsonl")))
    found, stale = pairs_of(worlds)
    print(table(found, stale))
    if given.ids:
        print("\n".join(line for pair in found for line in opposed(pair)))


def sample(messages: Sequence[Message], step: int = STEP) -> list[Message]:
    """One message of each block of `step`, the next place in each next block; a block not yet full may give none."""
    return [message for place, message in enumerate(messages) if (place - place // step) % step == step - 1]


def fingerprint(text: str) -> str:
    """Twelve characters that change when the text does."""
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def pairs_of(worlds: Sequence[str], *, first: Path = MESSAGES, second: Path = FOLDER) -> tuple[list[Pair], list[str]]:
    """Every message read twice, and the ids whose text is gone or was rewritten since the second reading."""
    messages = {message.id: message for message in messages_of(worlds, folder=first)}
    pairs: list[Pair] = []
    stale: list[str] = []
    for world in worlds:
        for line in (second / f"{world}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            message = messages.get(row["id"])
            if message is None or fingerprint(message.text) != row["of"]:
                stale.append(row["id"])
                continue
            grades = {Pattern(name): int(grade) for name, grade in row["grades"].items()}
            pairs.append(Pair(message=message, second=grades))
    return pairs, stale


def kappa(pairs: Sequence[tuple[int, int]], *, weighted: bool = False) -> float | None:
    """Cohen's kappa (1960) of two readings; `weighted` by the squared distance of grades (Cohen 1968).

    None where both readings gave one and the same grade to everything.
    """
    total = len(pairs)
    firsts, seconds = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)

    def cost(a: int, b: int) -> float:
        return float((a - b) ** 2) if weighted else float(a != b)

    observed = sum(cost(a, b) for a, b in pairs)
    expected = sum(cost(a, b) * m * n for a, m in firsts.items() for b, n in seconds.items()) / max(1, total)
    return 1.0 - observed / expected if expected else None


def table(pairs: Sequence[Pair], stale: Sequence[str] = ()) -> str:
    """Kappa per pattern and the kinds of disagreement, as Markdown."""
    worlds = len({pair.message.world for pair in pairs})
    lines = [
        f"{len(pairs)} messages of {worlds} worlds read twice; {len(stale)} left out, rewritten since.",
        "",
        "| pattern | clear first | clear second | both | kappa, clear or not | kappa, weighted"
        " | 2 against 0 | 2 against 1 | 1 against 0 |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [_row(pattern.value, [pair.grades(pattern) for pair in pairs]) for pattern in MESSAGE_PATTERNS]
    lines.append(_row("all strands", [pair.grades(pattern) for pattern in MESSAGE_PATTERNS for pair in pairs]))
    lines.append(_row("any pattern", [_highest(pair) for pair in pairs]))
    return "\n".join([*lines, "", *_kinds(pairs)])


def _row(name: str, grades: Sequence[tuple[int, int]]) -> str:
    clear = [(int(a == 2), int(b == 2)) for a, b in grades]
    apart = Counter(tuple(sorted(both, reverse=True)) for both in grades)
    figures = (
        sum(a for a, _ in clear),
        sum(b for _, b in clear),
        sum(a and b for a, b in clear),
        _told(kappa(clear)),
        _told(kappa(grades, weighted=True)),
        apart[2, 0],
        apart[2, 1],
        apart[1, 0],
    )
    return f"| {name} | " + " | ".join(map(str, figures)) + " |"


def _told(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _highest(pair: Pair) -> tuple[int, int]:
    return pair.message.highest, max(pair.second.values(), default=0)


def _kinds(pairs: Sequence[Pair]) -> list[str]:
    """Among messages that the first reading calls clear, near miss …: how many the second reads otherwise, and how."""
    lines = ["| first reading | messages | second: other highest grade | second: other clear patterns |"]
    lines.append("|---|---|---|---|")
    for kind in sorted({pair.message.kind for pair in pairs}):
        own = [pair for pair in pairs if pair.message.kind == kind]
        grade = sum(a != b for a, b in map(_highest, own))
        strands = sum(any((a == 2) != (b == 2) for a, b in map(pair.grades, MESSAGE_PATTERNS)) for pair in own)
        lines.append(
            f"| {kind} | {len(own)} | {grade} ({grade / len(own):.1%}) | {strands} ({strands / len(own):.1%}) |"
        )
    return lines


def opposed(pair: Pair) -> list[str]:
    """One line for each pattern that one reading calls clear and the other does not see at all."""
    return [
        f"{pair.message.id} {pattern.value}: {a} first, {b} second"
        for pattern in MESSAGE_PATTERNS
        for a, b in [pair.grades(pattern)]
        if {a, b} == {0, 2}
    ]


if __name__ == "__main__":
    main()
