"""docs/json.md says what other programs get; what they get has those keys and those reasons."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from adapters.reports import json_report
from bot.domain.archive import LeftOutReason
from bot.domain.ledger import HeldReason
from bot.domain.patterns import MESSAGE_PATTERNS
from bot.usecases.read_lines import read_text
from tests.readers import MarkedReader
from tests.reports.build import eventful, replayed

PAGE = (Path(__file__).parents[2] / "docs" / "json.md").read_text(encoding="utf-8")
READ, REPLAYED = (json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL))


def keys(value: Any) -> Any:
    """The keys of every object, in their order; of a list, those of its first object."""
    if isinstance(value, dict):
        return {key: None if key in ("counts", "left_out", "evidence") else keys(inner) for key, inner in value.items()}
    return keys(value[0]) if isinstance(value, list) and value else None


async def test_a_message_that_was_read_is_told_as_the_page_says() -> None:
    told = json.loads(await read_text("500 posts [numbers_obsessed]", reader=MarkedReader()))
    assert json.dumps(keys(told)) == json.dumps(keys(READ))
    assert list(READ["patterns"]) == [pattern.value for pattern in MESSAGE_PATTERNS]
    assert list(told["evidence"]) == told["clear"] == READ["clear"]


def test_a_replay_is_told_as_the_page_says() -> None:
    told = json.loads(json_report.render(replayed(eventful())))
    assert json.dumps(keys(told)) == json.dumps(keys(REPLAYED))
    assert set(REPLAYED["channels"][0]["findings"][0]["counts"]) == {"messages", "people", "days", "share", "of"}


def test_the_page_names_every_reason() -> None:
    for reason in (*HeldReason, *LeftOutReason):
        assert re.search(rf"\b{reason}\b", PAGE), reason


def test_without_a_standard_input_reading_ends_with_one_plain_sentence(tmp_path: Path) -> None:
    program = "import os, sys; os.close(0); os.execv(sys.executable, [sys.executable, '-m', 'bot.cli', 'read'])"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert run.returncode == 2
    assert run.stderr.startswith("There is no standard input") and run.stdout == ""
