"""The scripted channels, their loader, and the measures of what a replay finds in them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.domain.events import ReactionChanged
from bot.domain.patterns import CHANNEL_PATTERNS, MESSAGE_PATTERNS, Pattern
from tests.readers import MarkedReader
from training.script import PARTS, script_of, scripts_in
from training.transcripts import FOLDER, Outcome, measures, replayed, tell_errors

NUMBERS = Pattern.NUMBERS_OBSESSED


def written(folder: Path, lines: str, *, expected: str = "", part: str = "tuning", name: str = "bakers") -> Path:
    path = folder / f"{name}.yaml"
    indented = "\n".join(f"  {line.strip()}" for line in lines.strip().splitlines())
    path.write_text(
        f'name: {name}\npart: {part}\nworld: a bakery\nexpected: [{expected}]\nmembers: 6\npurpose: ""\n'
        f"lines: |\n{indented}\n",
        encoding="utf-8",
    )
    return path


def test_there_are_enough_scripted_channels_of_every_kind_in_both_parts() -> None:
    scripts = scripts_in(FOLDER)
    kinds = Counter((pattern, script.part) for script in scripts for pattern in script.expected)
    alone = Counter(next(iter(script.expected)) for script in scripts if len(script.expected) == 1)
    healthy = Counter(script.part for script in scripts if not script.expected)
    assert len(scripts) >= 64
    assert all(kinds[pattern, part] >= 2 for pattern in Pattern for part in PARTS)
    assert all(alone[pattern] >= 5 for pattern in MESSAGE_PATTERNS)
    assert all(alone[pattern] >= 4 for pattern in CHANNEL_PATTERNS)
    assert sum(len(script.expected) == 2 for script in scripts) >= 4
    assert healthy.total() >= 18 and min(healthy.values()) >= 9


def test_no_scripted_channel_repeats_a_message_of_another() -> None:
    long = Counter(
        message.text for script in scripts_in(FOLDER) for message in script.messages if len(message.text.split()) > 6
    )
    assert [text for text, times in long.items() if times > 1] == []


def test_a_script_becomes_events_in_order_with_threads_and_reactions(tmp_path: Path) -> None:
    script = script_of(
        written(tmp_path, "mon 09:00 ana: Rye is out. (+2)\nmon 09:03 bo> Thank you!\n1/tue 10:00 cy: Hm?")
    )
    first, second, third = script.messages
    assert second.thread == first.message and third.thread is None
    assert sum(isinstance(event, ReactionChanged) for event in script.events) == 2
    assert (third.at - first.at).days == 8
    assert first.text == "Rye is out."


def test_a_line_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, "mon 09:00 ana: Rye is out.\nmonday, nine: hello")
    with pytest.raises(ValueError, match=r"bakers\.yaml: line 2"):
        script_of(path)


def test_a_line_out_of_order_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, "tue 09:00 ana: Rye is out.\nmon 09:00 bo: Early.")
    with pytest.raises(ValueError, match="line 2 is out of order"):
        script_of(path)


def test_an_unknown_pattern_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="grumpiness"):
        script_of(written(tmp_path, "mon 09:00 ana: Rye is out.", expected="grumpiness"))


async def test_a_pattern_that_two_people_carry_is_found_in_the_replay(tmp_path: Path) -> None:
    lines = "mon 09:00 ana: 500 posts by March! [numbers_obsessed]\ntue 09:00 bo: 40 to go. [numbers_obsessed]"
    script = script_of(written(tmp_path, lines, expected="numbers_obsessed"))
    [outcome] = await replayed([script], MarkedReader())
    assert outcome.found == {NUMBERS} and not outcome.missed and not outcome.wrong


async def test_what_was_missed_and_what_was_made_up_both_count(tmp_path: Path) -> None:
    silent = script_of(written(tmp_path, "mon 09:00 ana: Rye is out.", expected="numbers_obsessed"))
    healthy = script_of(written(tmp_path, "mon 09:00 ana: Rye is out.", name="millers"))
    report = measures(
        [Outcome(script=silent, found=frozenset()), Outcome(script=healthy, found=frozenset({Pattern.REACTIONARY}))]
    )
    together = report["message patterns"]
    assert isinstance(together, dict)
    assert (together["precision"].hits, together["precision"].of) == (0, 1)
    assert (together["recall"].hits, together["recall"].of) == (0, 1)


async def test_errors_are_told_with_the_messages_that_the_reader_found_clear(tmp_path: Path) -> None:
    script = script_of(written(tmp_path, "mon 09:00 ana: 500 posts! [numbers_obsessed]", expected="numbers_obsessed"))
    told: list[str] = []
    await tell_errors(await replayed([script], MarkedReader()), MarkedReader(), told.append)
    assert "missed numbers_obsessed" in told[0]
    assert "500 posts!" in told[1]
