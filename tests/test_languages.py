"""Languages beside English: complete, in order by their own rules, and English where something is missing."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from adapters.prompt_files import load_content, shipped_content, shipped_contents, shipped_locales
from adapters.question_page import question_page
from bot.domain.content_rules import faults_in
from bot.domain.intents import Intent, intent_of
from bot.domain.locale_rules import differences, untranslated
from bot.domain.patterns import Pattern
from tests.test_content import ROOT, copy_of_shipped

ENGLISH = shipped_content("en")
OTHERS = [locale for locale in shipped_locales() if locale != "en"]

MAY_BE_ENGLISH = {"rehearsal_talk.yaml"}
"""The sample talk of the rehearsal stays English everywhere, because Kith reads English alone."""


def test_english_and_german_ship() -> None:
    assert set(shipped_contents()) >= {"en", "de"}


@pytest.mark.parametrize("locale", OTHERS)
def test_no_file_is_missing(locale: str) -> None:
    def names(folder: str) -> set[str]:
        return {
            str(file.relative_to(ROOT / "prompts" / folder)) for file in (ROOT / "prompts" / folder).rglob("*.yaml")
        }

    assert names("en") - names(locale) - MAY_BE_ENGLISH == set()


@pytest.mark.parametrize("locale", OTHERS)
@pytest.mark.parametrize("file", sorted((ROOT / "prompts" / "en" / "trust").glob("*.yaml")), ids=lambda file: file.name)
def test_the_trust_pack_has_the_same_parts_and_slots(locale: str, file: Path) -> None:
    def told(path: Path) -> tuple[object, set[str]]:
        text = path.read_text(encoding="utf-8")
        return _shape(yaml.safe_load(text)), set(re.findall(r"\{\w+\}", text))

    assert told(ROOT / "prompts" / locale / "trust" / file.name) == told(file)


def _shape(value: object) -> object:
    """The keys and lengths of a document, without its words."""
    if isinstance(value, dict):
        return {key: _shape(held) for key, held in value.items()}
    return [_shape(held) for held in value] if isinstance(value, list) else None


@pytest.mark.parametrize("locale", OTHERS)
def test_nothing_is_missing_superfluous_or_shaped_otherwise(locale: str) -> None:
    own = load_content(files("prompts") / locale, locale, instead=files("prompts") / "en")
    assert differences(own, ENGLISH) == ()


@pytest.mark.parametrize("locale", OTHERS)
def test_no_sentence_is_left_in_english(locale: str) -> None:
    assert untranslated(shipped_content(locale), ENGLISH) == ()


@pytest.mark.parametrize("locale", OTHERS)
def test_every_question_and_sentence_keeps_the_rules_of_its_language(locale: str) -> None:
    assert faults_in(shipped_content(locale)) == ()


@pytest.mark.parametrize("locale", OTHERS)
def test_the_page_of_questions_is_up_to_date(locale: str) -> None:
    page = ROOT / "docs" / f"questions.{locale}.md"
    fresh = question_page(shipped_content(locale))
    assert page.read_text(encoding="utf-8") == fresh, f"KITH_LOCALE={locale} kith questions > docs/{page.name}"


@pytest.mark.parametrize(
    ("question", "fault"),
    [
        ("Warum zählt ihr nicht etwas anderes?", "judges"),
        ("Was solltet ihr tun? Und wann?", "one sentence"),
        ("Was hast du gezählt?", "du does not fit"),
        ("Was wird mit {topic} besser?", "mit {topic} does not fit"),
        ("Ist das gut so?", "must be open"),
        ("Was wäre ohne Zahlen", "question mark"),
    ],
)
def test_the_linter_sees_what_does_not_fit_in_german(question: str, fault: str) -> None:
    german = shipped_content("de")
    words = german.patterns[Pattern.NUMBERS_OBSESSED]
    wrong = replace(words.questions[0], text=question, plain="Was wäre gut?" if "{topic}" in question else None)
    spoilt = replace(words, questions=(wrong, *words.questions[1:]))
    faults = " ".join(faults_in(replace(german, patterns={**german.patterns, words.id: spoilt})))
    assert fault in faults


def test_every_topic_fits_every_german_question_it_is_meant_for() -> None:
    german = shipped_content("de")
    for phrase in german.topics.values():
        assert phrase.split()[0] in {"den", "die", "das", "unsere"}, f"the slot takes the accusative: {phrase}"


def test_where_a_whole_file_is_missing_english_stands_in_with_a_note(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    other = copy_of_shipped(tmp_path / "other")
    (other / "patterns" / "few_voices.yaml").unlink()
    (other / "check_ins.yaml").unlink()
    with caplog.at_level(logging.WARNING, "kith.words"):
        content = load_content(other, "xx", instead=copy_of_shipped(tmp_path))
    assert content.patterns[Pattern.FEW_VOICES] == ENGLISH.patterns[Pattern.FEW_VOICES]
    assert content.say("checkin.day.0") == "Monday"
    notes = [record.getMessage() for record in caplog.records]
    assert len(notes) == 2 and "patterns/few_voices.yaml" in " ".join(notes)


def test_the_comparison_names_what_is_missing_superfluous_and_shaped_otherwise() -> None:
    interface = {**ENGLISH.interface, "more": "More.", "renewal.ask": "Until when?"}
    del interface["pause.done"]
    found = " ".join(differences(replace(ENGLISH, interface=interface), ENGLISH))
    assert "pause.done is missing" in found and "more is superfluous" in found and "renewal.ask: has the slots" in found


@pytest.mark.parametrize("locale", shipped_locales())
@pytest.mark.parametrize(
    "call", ["I want to die", "ich will sterben", "Mein Chef belästigt mich", "I am being bullied"]
)
def test_a_call_for_help_is_understood_in_every_language_that_ships(locale: str, call: str) -> None:
    assert intent_of(call, shipped_content(locale).cues, read=False) is Intent.HAND_OVER


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Hallo zusammen!", Intent.GREETING),
        ("Guten Morgen, Kith", Intent.GREETING),
        ("Bist du noch da?", Intent.HERE),
        ("Wie geht's dir?", Intent.HOW_ARE_YOU),
        ("Hilfe", Intent.HELP),
        ("Was kannst du?", Intent.HELP),
        ("Was speicherst du über uns?", Intent.KEEPS),
        ("Liest du hier mit?", Intent.KEEPS),
        ("Bist du ein Mensch?", Intent.WHAT_ARE_YOU),
        ("Stopp", Intent.STOP),
        ("Danke dir!", Intent.STOP),
        ("Danke an Marta für den Kuchen", Intent.SUBJECT),
        ("etwas anderes bitte", Intent.SOMETHING_ELSE),
        ("Noch eine Frage bitte", Intent.ANOTHER),
        ("Das verstehe ich nicht", Intent.PUZZLED),
        ("Was würdest du tun?", Intent.ADVICE),
        ("Wann ist die nächste Sitzung?", Intent.FACT),
        ("Kannst du mich morgen erinnern?", Intent.ORDER),
        ("Erinnere mich morgen daran", Intent.ORDER),
        ("Kannst du bitte alles zusammenfassen", Intent.ORDER),
        ("Schick allen eine Mail", Intent.ORDER),
        ("Was hältst du von @marta?", Intent.PERSON),
        ("Was hältst du von meinem Chef?", Intent.PERSON),
        ("Was hältst du von Homeoffice?", Intent.SUBJECT),
        ("Keine Ahnung", Intent.UNSURE),
        ("Wir haben im Team viel über die neue Plattform geredet", Intent.SUBJECT),
        ("Das Projekt kann nicht mehr warten", Intent.SUBJECT),
        ("Sie melden sich bis Freitag", Intent.SUBJECT),
        ("stop", Intent.STOP),
        ("what do you keep?", Intent.KEEPS),
    ],
)
def test_german_wishes_are_understood_and_english_ones_beside_them(text: str, intent: Intent) -> None:
    assert intent_of(text, shipped_content("de").cues, read=False) is intent


def test_every_german_list_is_in_lower_case_and_says_nothing_twice() -> None:
    own = load_content(files("prompts") / "de", "de").cues
    for name, expressions in own.items():
        assert len(set(expressions)) == len(expressions), name
        assert all(each == each.lower() and "," not in each for each in expressions), name
