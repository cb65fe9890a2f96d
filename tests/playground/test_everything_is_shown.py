"""Nothing that Kith answers to or says by itself is without a conversation in the browser."""

from __future__ import annotations

import importlib
from pathlib import Path

from tests.playground.shown import EVERYTHING, shown_by


def test_every_command_button_form_and_message_has_a_conversation_in_the_browser() -> None:
    shown: set[str] = set()
    for file in Path(__file__).parent.glob("test_*.py"):
        module = importlib.import_module(f"tests.playground.{file.stem}")
        for name, found in vars(module).items():
            if name.startswith("test_"):
                shown |= shown_by(found)
    assert sorted(EVERYTHING - shown) == [], "give each of these a conversation in the browser (tests/playground)"
    assert sorted(shown - EVERYTHING) == [], "these are shown and are not there"
