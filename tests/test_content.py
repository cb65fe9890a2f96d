"""The content linter: what ships under prompts/ keeps the codebook's rules, and bad files are named with their key."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from adapters.prompt_files import load_content, shipped_content
from bot.domain.channel import Asked
from bot.domain.content import choose_question
from bot.domain.content_rules import faults_in
from bot.domain.ledger import HeldReason
from bot.domain.patterns import Pattern
from bot.domain.themes import Theme
from bot.errors import ContentError
from tests.talk import MONDAY

ROOT = Path(__file__).parent.parent
CONTENT = shipped_content()


def test_every_question_and_sentence_keeps_the_rules() -> None:
    assert faults_in(CONTENT) == ()


def test_the_linter_sees_a_question_that_judges() -> None:
    words = CONTENT.patterns[Pattern.NUMBERS_OBSESSED]
    judging = replace(words.questions[0], text="Why don't you stop counting!", plain=None)
    spoilt = replace(CONTENT, patterns={**CONTENT.patterns, words.id: replace(words, questions=(judging,))})
    faults = " ".join(faults_in(spoilt))
    for fault in ("question mark", "open (what", "judges", "needs 15"):
        assert fault in faults


def test_the_linter_sees_a_check_in_question_that_is_no_question_for_a_whole_team() -> None:
    words = CONTENT.themes[Theme.DELIGHT]
    pointed = replace(
        words.questions[0], text="You should smile!", tags=("light", "person", "opening"), topics=("app",)
    )
    spoilt = replace(CONTENT, themes={**CONTENT.themes, words.id: replace(words, questions=(pointed,))})
    faults = " ".join(faults_in(spoilt))
    for fault in ("needs 5", "needs 2", "whole team", "no topic", "question mark", "judges"):
        assert fault in faults


def test_there_are_forty_questions_to_begin_a_check_in_with() -> None:
    assert sum("opening" in q.tags for words in CONTENT.themes.values() for q in words.questions) >= 40


def test_every_reason_for_holding_back_has_its_sentence() -> None:
    assert all(f"held.{reason}" in CONTENT.interface for reason in HeldReason)


def test_every_key_that_the_code_says_is_there() -> None:
    code = "\n".join(path.read_text() for path in (ROOT / "bot").rglob("*.py"))
    keys = set(re.findall(r'say\(\s*"([a-z_.]+)"', code))
    known = CONTENT.interface
    assert {key for key in keys if key not in known and f"{key}.other" not in known} == set()


def test_no_sentence_is_left_in_prompts_that_nothing_says() -> None:
    code = "\n".join(
        path.read_text()
        for folder in ("bot", "adapters")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".js", ".html", ".j2", ".jinja"}
    )
    unused = {key for key in CONTENT.interface if key.split(".")[-1] not in code and key not in code}
    assert unused == set()


def copy_of_shipped(folder: Path) -> Path:
    target = folder / "en"
    for file in (ROOT / "prompts" / "en").rglob("*.yaml"):
        copy = target / file.relative_to(ROOT / "prompts" / "en")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())
    return target


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("patterns/few_voices.yaml", "counter_reading:", "counterreading:", "counterreading"),
        ("patterns/few_voices.yaml", "title:", "tittle:", "tittle"),
        ("patterns/few_voices.yaml", "id: few_voices", "id: many_voices", "id"),
        ("topics.yaml", "app: the app", "app: [the app]", "app"),
        ("topics.yaml", "app: the app", "app: the app\napp: again", "twice"),
        ("interface.yaml", "choice.why:", "choice.why: [", "interface.yaml"),
        ("articles.yaml", "author:", "writer:", "A1"),
        ("check_ins/delight.yaml", "standing:", "standings:", "standings"),
        ("check_ins/delight.yaml", "id: delight", "id: joy", "id"),
        ("check_ins/delight.yaml", "    text:", "    test:", "questions.0.test"),
        ("paths/technology.yaml", "promise:", "promises:", "promises"),
        ("paths/technology.yaml", "    tags:", "    tag:", "on_promise.0.tag"),
        ("paths/technology.yaml", "id: technology", "id: steam", "id"),
        ("self_checks/contrasts.yaml", "speaks_for:", "speaks_four:", "technology_driven.left.speaks_four"),
        ("self_checks/contrasts.yaml", "asks_from: left", "asks_from: middle", "asks_from"),
        ("self_checks/contrasts.yaml", "id: all_business", "id: vendor_driven", "all_business.id"),
    ],
)
def test_a_wrong_file_is_named_with_its_key(tmp_path: Path, file: str, old: str, new: str, told: str) -> None:
    folder = copy_of_shipped(tmp_path)
    path = folder / file
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(ContentError) as caught:
        load_content(folder, "en")
    assert path.name in str(caught.value) and told in str(caught.value)


@pytest.mark.parametrize(
    "file",
    ["patterns/reactionary.yaml", "paths/technology.yaml", "check_ins/vision.yaml", "self_checks/contrasts.yaml"],
)
def test_a_missing_file_is_named(tmp_path: Path, file: str) -> None:
    folder = copy_of_shipped(tmp_path)
    (folder / file).unlink()
    with pytest.raises(ContentError, match=re.escape((folder / file).name)):
        load_content(folder, "en")


def test_a_contrast_that_is_missing_is_named(tmp_path: Path) -> None:
    folder = copy_of_shipped(tmp_path)
    path = folder / "self_checks" / "contrasts.yaml"
    path.write_text(path.read_text().partition("all_business:")[0])
    with pytest.raises(ContentError, match="all_business"):
        load_content(folder, "en")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda x: st.lists(x, max_size=3) | st.dictionaries(st.text(max_size=8), x, max_size=3),
        max_leaves=8,
    )
)
def test_any_yaml_in_a_pattern_file_loads_or_is_a_content_error(
    tmp_path_factory: pytest.TempPathFactory, document: object
) -> None:
    folder = copy_of_shipped(tmp_path_factory.mktemp("fuzz"))
    (folder / "patterns" / "few_voices.yaml").write_text(yaml.safe_dump(document))
    with pytest.raises(ContentError):
        load_content(folder, "en")


def test_a_question_takes_up_what_was_talked_about() -> None:
    wording = choose_question(
        CONTENT, Pattern.NUMBERS_OBSESSED, topics=("leaderboard",), asked=(), now=MONDAY, rest=MONDAY - MONDAY, seed="x"
    )
    assert wording is not None and "leaderboard" in wording.question.topics


def test_the_question_that_rested_longest_comes_first() -> None:
    bank = CONTENT.patterns[Pattern.FEW_VOICES].questions
    asked: list[Asked] = []
    for _ in range(8):
        wording = choose_question(
            CONTENT, Pattern.FEW_VOICES, topics=(), asked=asked, now=MONDAY, rest=MONDAY - MONDAY, seed="x"
        )
        assert wording is not None
        assert wording.question.id not in {a.question for a in asked}
        asked.append(Asked(at=MONDAY, pattern=Pattern.FEW_VOICES, question=wording.question.id))
    assert len(bank) >= 12
