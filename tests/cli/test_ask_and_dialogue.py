"""`kith ask`, `kith dialogue` and `kith questions` as somebody types them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.errors import ConfigError

NUMBERS = "Let's get #ideas to 500 posts by March; leaderboard every Friday"


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def kith(*words: str, says: str = "", **environment: str) -> Result:
    """The command line, in this process."""
    return CliRunner().invoke(app, words, input=says, env=environment)


def test_questions_for_a_text_come_with_their_reasons(tmp_path: Path) -> None:
    run = kith("ask", "--text", NUMBERS, "--n", "3", "--json")
    rows = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(rows) == 3 and len({row["question"] for row in rows}) == 3
    for row in rows:
        assert row["pattern"] == "numbers_obsessed" and row["point"] == "A1, 6" and row["probability"] > 0.5
        assert row["question"].endswith("?") and row["counter_reading"].startswith("This may be fine here if")
    assert list(tmp_path.iterdir()) == []


def test_for_people_the_question_comes_first() -> None:
    lines = kith("ask", "--text", NUMBERS).stdout.splitlines()
    assert lines[0].endswith("?")
    assert "numbers_obsessed (A1, 6)" in "".join(lines) and "This may be fine here if" in "".join(lines)


def test_an_ordinary_text_gets_an_open_question_and_no_pattern() -> None:
    row = json.loads(kith("ask", "--text", "The kettle works again", "--json").stdout)
    assert row["pattern"] is None and row["question"].endswith("?")


def test_distress_gets_the_configured_help_and_no_question() -> None:
    run = kith("ask", "--text", "I am being bullied", "--json", KITH_HUMAN_HELP="Sam, extension 12")
    row = json.loads(run.stdout)
    assert list(row) == ["hand_over"] and "Sam, extension 12" in row["hand_over"]


@pytest.mark.parametrize("n", ["0", "4", "many"])
def test_a_number_of_questions_that_makes_no_sense_is_refused(n: str) -> None:
    run = kith("ask", "--text", NUMBERS, "--n", n)
    assert run.exit_code == 2


def test_a_help_of_several_lines_is_refused() -> None:
    run = kith("ask", "--text", "hello", KITH_HUMAN_HELP="one\ntwo")
    assert isinstance(run.exception, ConfigError) and "KITH_HUMAN_HELP" in str(run.exception)


def test_a_talk_in_the_terminal_asks_follows_and_ends(tmp_path: Path) -> None:
    lines = ("hello", NUMBERS, "people would talk at lunch", "somebody makes time", "I could ask Wren", "/kith help")
    run = kith("dialogue", says="\n".join(lines) + "\n")
    answers = run.stdout.split("kith: ")[1:]
    assert run.exit_code == 0 and len(answers) == len(lines)
    assert ["?" in answer for answer in answers[:5]] == [True, True, True, True, False]
    assert "/kith ledger" in answers[5]
    assert list(tmp_path.iterdir()) == []


def test_the_same_talk_goes_the_same_way() -> None:
    talk = f"{NUMBERS}\nanother question\nstop\n"
    assert kith("dialogue", says=talk).stdout == kith("dialogue", says=talk).stdout


def test_a_talk_in_the_terminal_speaks_of_no_chat_and_no_thread() -> None:
    talk = "what can you do?\nwhat do you keep?\nI want to die\n"
    said = kith("dialogue", says=talk).stdout
    assert "terminal" in said and not {"thread", "chat", "channel", "mention"} & set(re.findall(r"\w+", said))


def test_the_page_of_questions_is_printed() -> None:
    assert kith("questions").stdout.startswith("# The questions that Kith can ask\n")
