"""`kith checkin`: when a check-in would come, and which come next."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from bot.cli import app


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["checkin", *words])
    return result.exit_code, result.output + str(result.exception or "")


def test_a_preview_shows_the_next_dates() -> None:
    code, said = run(
        "preview", "--on", "mon", "--every", "week2", "--zone", "Europe/Dublin", "--country", "IE", "--n", "7"
    )
    assert code == 0
    assert "every 2 weeks on Monday at 10:00 (Europe/Dublin), not on public holidays (IE)" in said
    assert said.count("• Monday 20") == 7


def test_a_preview_of_a_cron_expression_names_its_days() -> None:
    code, said = run("preview", "--cron", "30 9 1-7 * 1")
    assert code == 0
    assert "“30 9 1-7 * mon”" in said and said.count("• Monday 20") == 5


def test_what_cannot_be_used_is_named_by_its_option() -> None:
    code, said = run("preview", "--zone", "UTC", "--country", "Narnia", "--at", "9")
    assert code != 0
    for option in ("--on", "--country", "--at"):
        assert option in said


def test_an_empty_database_has_none_to_come(tmp_path: Path) -> None:
    code, said = run("list", "--database-url", f"sqlite:///{tmp_path / 'kith.db'}")
    assert (code, said) == (0, "No check-in is to come.\n")
