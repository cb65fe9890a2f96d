"""The words of dialogues: questions where they belong, every list there, mistakes named with their key."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from adapters.prompt_files import load_content, shipped_content
from bot.domain.content_rules import faults_in
from bot.domain.dialogue import Step
from bot.domain.intents import Intent
from bot.domain.patterns import MESSAGE_PATTERNS
from bot.domain.phrasing import fresh, phrasings, pick
from bot.errors import ContentError
from bot.usecases.command import COMMANDS
from bot.usecases.dialogue.talk import COMMAND_WORDS
from tests.test_content import copy_of_shipped

CONTENT = shipped_content()


def spoilt(key: str, sentence: str) -> str:
    return " ".join(faults_in(replace(CONTENT, interface={**CONTENT.interface, key: sentence})))


def test_the_linter_sees_a_question_outside_its_place() -> None:
    assert "dialogue.thanks.1: asks something" in spoilt("dialogue.thanks.1", "Did that help?")


@pytest.mark.parametrize("sentence", ["You should talk!", "Why don't you just stop?", "And then? What?", "Is it good?"])
def test_the_linter_holds_a_dialogues_questions_to_the_rules_of_the_bank(sentence: str) -> None:
    assert "dialogue.ask.next.1:" in spoilt("dialogue.ask.next.1", sentence)


@pytest.mark.parametrize("step", [Step.EXPLORE, Step.IMAGINE])
@pytest.mark.parametrize("pattern", MESSAGE_PATTERNS)
def test_every_pattern_has_questions_of_its_own_at_each_step(step: Step, pattern: str) -> None:
    assert len(phrasings(f"dialogue.ask.{step}.{pattern}.", CONTENT)) >= 2


@pytest.mark.parametrize(
    "where", ["welcome", "any", "notice.open", "notice.topic", "explore.any", "imagine.any", "next"]
)
def test_there_are_enough_questions_for_a_whole_dialogue(where: str) -> None:
    assert len(phrasings(f"dialogue.ask.{where}.", CONTENT)) >= 4


def test_phrasings_are_taken_in_turn_and_none_twice_until_all_were_said() -> None:
    said: list[str] = []
    while key := fresh("dialogue.ask.next.", said, "seed", CONTENT, again=False):
        said.append(key)
    assert sorted(said) == sorted(phrasings("dialogue.ask.next.", CONTENT))
    assert pick("dialogue.thanks.", "a", CONTENT) == pick("dialogue.thanks.", "a", CONTENT)


@pytest.mark.parametrize("intent", [i for i in Intent if i is not Intent.SUBJECT])
def test_a_missing_list_of_expressions_is_named(tmp_path: Path, intent: Intent) -> None:
    folder = copy_of_shipped(tmp_path)
    file = folder / "dialogue_cues.yaml"
    file.write_text(file.read_text().replace(f"\n{intent}:\n", f"\n{intent}_misspelt:\n", 1))
    with pytest.raises(ContentError, match=rf"dialogue_cues\.yaml: {intent}"):
        load_content(folder, "en")


def test_every_command_is_known_when_it_is_said_alone() -> None:
    assert set(COMMANDS) <= COMMAND_WORDS
