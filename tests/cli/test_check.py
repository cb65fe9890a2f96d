"""`kith check` in a terminal."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parents[2]


def checked(typed: str, folder: Path) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "bot.cli", "check"]
    return subprocess.run(
        line, input=typed, capture_output=True, text=True, cwd=folder, timeout=60, env={"PYTHONPATH": str(HERE)}
    )


def test_a_plan_is_placed_question_by_question_and_nothing_is_kept(tmp_path: Path) -> None:
    result = checked("The Friday newsletter\n" + "9\n1\n" + "6\n" * 6, tmp_path)
    assert result.returncode == 0, result.stderr
    assert "“The Friday newsletter”, as you see it today" in result.stdout
    assert "clearly towards" in result.stdout and "not known yet" in result.stdout and "?" in result.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_too_long_is_one_plain_sentence(tmp_path: Path) -> None:
    result = checked("x" * 500 + "\n" + "6\n" * 7, tmp_path)
    assert result.returncode == 2
    assert "Give the plan a name of up to" in result.stderr


def test_input_that_ends_early_leaves_no_traceback(tmp_path: Path) -> None:
    result = checked("The Friday newsletter\n1\n", tmp_path)
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
