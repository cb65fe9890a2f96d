"""Read JSON lines {"id", "text"} one after the other and say as JSON lines what each message carries."""

from __future__ import annotations

import json
import math
from collections.abc import AsyncIterator, Iterable

from bot.domain.patterns import MESSAGE_PATTERNS
from bot.domain.reading import Reading
from bot.errors import BadInputError
from bot.ports import Reader

Id = str | int | float | None

TEXT_ID = "text"
"""The id of a text that was given alone."""


async def read_lines(lines: Iterable[bytes | str], *, reader: Reader) -> AsyncIterator[str]:
    """One JSON line for each line that is not blank, in order and as it comes: a reading, or {"id", "error"}.

    The error is one plain sentence that names the line's number and never its text; reading goes on after it.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = _row(line, number)
        except BadInputError as exc:
            yield json.dumps({"id": None, "error": str(exc)})
            continue
        known = _id_of(row)
        text = row.get("text")
        if isinstance(text, str):
            yield _answer(known, await reader.read(text, explain=True))
        else:
            problem = "is not a string" if "text" in row else "is missing"
            yield json.dumps({"id": known, "error": str(BadInputError(problem=f'Line {number}: "text" {problem}.'))})


async def read_text(text: str, *, reader: Reader) -> str:
    """The JSON line for one text, under the id "text"."""
    return _answer(TEXT_ID, await reader.read(text, explain=True))


def _row(line: bytes | str, number: int) -> dict[str, object]:
    try:
        told = line.decode("utf-8-sig") if isinstance(line, bytes) else line.removeprefix("\ufeff")
        row = json.loads(told)
    except UnicodeDecodeError as exc:
        raise BadInputError(problem=f"Line {number} is not UTF-8.") from exc
    except (ValueError, RecursionError) as exc:
        raise BadInputError(problem=f"Line {number} is not JSON.") from exc
    if not isinstance(row, dict):
        raise BadInputError(problem=f'Line {number} is not an object with "id" and "text".')
    return row


def _id_of(row: dict[str, object]) -> Id:
    known = row.get("id")
    if isinstance(known, bool) or (isinstance(known, float) and not math.isfinite(known)):
        return None
    return known if isinstance(known, str | int | float) else None


def _answer(known: Id, reading: Reading) -> str:
    clear = [pattern for pattern in MESSAGE_PATTERNS if pattern in reading.clear]
    return json.dumps(
        {
            "id": known,
            "patterns": {pattern.value: round(reading.probabilities[pattern], 6) for pattern in MESSAGE_PATTERNS},
            "clear": [pattern.value for pattern in clear],
            "evidence": {pattern.value: list(reading.evidence.get(pattern, ())) for pattern in clear},
        }
    )
