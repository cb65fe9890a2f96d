"""The house's own rules that no linter knows: lengths, names, module docstrings, platforms kept out of the core."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CODE = sorted(
    path
    for folder in ("bot", "adapters", "migrations", "training", "benchmarks")
    for path in (ROOT / folder).rglob("*.py")
)
SCRIPTS = sorted((ROOT / "adapters").rglob("*.js"))
CORE = [
    path
    for path in CODE
    if path.is_relative_to(ROOT / "bot")
    and not {"bootstrap", "cli"}.intersection(path.relative_to(ROOT).parts)
    and path.name not in {"config.py", "replaying.py", "talking.py", "__main__.py"}
]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", [*CODE, *SCRIPTS], ids=named)
def test_a_file_stays_under_300_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 300


@pytest.mark.parametrize("path", CODE, ids=named)
def test_a_function_stays_under_40_lines_of_code(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            length = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
            assert length <= 40, f"{node.name} has {length} lines"


@pytest.mark.parametrize("path", CODE, ids=named)
def test_a_module_opens_with_one_sentence_on_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text()))


def test_no_file_is_called_after_nothing_in_particular() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc", "shared"}
    assert [named(path) for path in CODE if path.stem in vague] == []


@pytest.mark.parametrize("path", CORE, ids=named)
def test_the_core_knows_no_platform(path: Path) -> None:
    assert re.search(r"\b([Ss]lack|Teams|msteams)\b", path.read_text()) is None


def test_no_test_replaces_our_own_code() -> None:
    forbidden = re.compile(r"unittest\.mock|monkeypatch\.setattr|mocker")
    tests = [path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__)]
    assert [named(path) for path in tests if forbidden.search(path.read_text())] == []
