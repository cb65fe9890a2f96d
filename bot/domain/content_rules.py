"""What can be checked of the words by rule: the codebook's "a good question", held for every question of the bank."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from string import Formatter

from bot.domain import self_check_rules
from bot.domain.content import Content, Question, ThemeWords
from bot.domain.language_rules import LanguageRules, rules_of
from bot.domain.patterns import CHANNEL_PATTERNS, MESSAGE_PATTERNS
from bot.domain.themes import Theme

MOST_WORDS = 30
"""A question's length (CODEBOOK, a good question, 1)."""

LEAST_QUESTIONS = {**dict.fromkeys(MESSAGE_PATTERNS, 15), **dict.fromkeys(CHANNEL_PATTERNS, 12)}
"""So many questions a pattern, so that restraint never runs dry within its rests."""

LEAST_OPENING, LEAST_FOLLOW_UPS = 5, 2
"""So many questions a theme to begin a check-in with, and so many to go on with."""

MOST_SHARED = 0.6
"""Two questions that share more of their three-word runs than this are one question twice."""

_OPENS_EARLY = 12
_TAG_SETS = (frozenset({"light", "deep"}), frozenset({"team", "person"}), frozenset({"opening", "follow_up"}))


def faults_in(content: Content) -> tuple[str, ...]:
    """Every breach, each as one line that names the question or key; empty if the words are in order."""
    return tuple(_all_faults(content))


def _all_faults(content: Content) -> Iterator[str]:
    seen: set[str] = set()
    for pattern, words in content.patterns.items():
        prefix = pattern.replace("_", "-")
        usable = sum("opening" in q.tags and "team" in q.tags for q in words.questions)
        if len(words.questions) < LEAST_QUESTIONS[pattern]:
            yield f"{pattern}: has {len(words.questions)} questions, needs {LEAST_QUESTIONS[pattern]}"
        if usable < LEAST_QUESTIONS[pattern] - 5:
            yield f"{pattern}: only {usable} questions open a talk with a whole team"
        if words.article not in content.articles:
            yield f"{pattern}: names the article {words.article}, which articles.yaml does not have"
        yield from _bank_faults(words.questions, prefix, content, seen)
    for path, words_on in content.paths.items():
        yield from self_check_rules.path_faults(path, words_on, content)
        yield from _bank_faults(words_on.questions, f"path-{path.replace('_', '-')}", content, seen)
    for theme, words_of in content.themes.items():
        yield from _theme_faults(theme, words_of, content)
        yield from _bank_faults(words_of.questions, f"checkin-{theme.replace('_', '-')}", content, seen)
    for contrast in content.contrasts.values():
        yield from self_check_rules.contrast_faults(contrast, rules_of(content.locale))
    yield from _near_twins(content)
    yield from _interface_faults(content)
    yield from _dialogue_faults(content)
    yield from _misfits(content)


def _theme_faults(theme: Theme, words: ThemeWords, content: Content) -> Iterator[str]:
    """Check-ins are asked without an occasion and of everyone, so no question may need one or be for one person."""
    opening = sum("opening" in question.tags for question in words.questions)
    if opening < LEAST_OPENING:
        yield f"{theme}: has {opening} questions to begin with, needs {LEAST_OPENING}"
    if len(words.questions) - opening < LEAST_FOLLOW_UPS:
        yield f"{theme}: has {len(words.questions) - opening} questions to go on with, needs {LEAST_FOLLOW_UPS}"
    for question in words.questions:
        if "team" not in question.tags:
            yield f"{question.id}: a check-in asks the whole team"
        if question.topics or question.plain or question.given:
            yield f"{question.id}: a check-in has no topic to take up"
    if words.article not in content.articles:
        yield f"{theme}: names the article {words.article}, which articles.yaml does not have"
    if len(words.title) > self_check_rules.LONGEST_OPTION:
        yield f"{theme}: its title is too long for a form"


def _bank_faults(questions: Iterable[Question], prefix: str, content: Content, seen: set[str]) -> Iterator[str]:
    for question in questions:
        yield from (f"{question.id}: {fault}" for fault in _question_faults(question, prefix, content))
        if question.id in seen:
            yield f"{question.id}: this id stands twice"
        seen.add(question.id)


def _question_faults(question: Question, prefix: str, content: Content) -> Iterator[str]:
    if not re.fullmatch(rf"{prefix}-\d\d", question.id):
        yield f"the id must be {prefix}- and two digits"
    rules = rules_of(content.locale)
    if question.given is not None and not rules.given.search(question.given):
        yield f"the form for when the organisation gave its words must speak of {rules.given.pattern}"
    if ("{topic}" in question.text) != (question.plain is not None):
        yield "a question with {topic} needs a plain form, and only such a question has one"
    if "{topic}" in question.text and not question.topics:
        yield "names no topic that fits its slot"
    for topic in question.topics:
        if topic not in content.topics:
            yield f"names the topic {topic}, which topics.yaml does not have"
    if not question.counter_reading.startswith(rules.counter_reading):
        yield f'the counter-reading must begin "{rules.counter_reading}"'
    if any(len(set(question.tags) & tags) != 1 for tags in _TAG_SETS) or len(question.tags) != len(_TAG_SETS):
        yield "needs one of light/deep, one of team/person, one of opening/follow_up"
    for sentence in _forms(question, content):
        yield from sentence_faults(sentence, rules)


def _forms(question: Question, content: Content) -> Iterator[str]:
    yield from (form for form in (question.plain, question.given) if form)
    if "{topic}" not in question.text:
        yield question.text
    for topic in question.topics if "{topic}" in question.text else ():
        yield question.text.replace("{topic}", content.topics.get(topic, topic))


def sentence_faults(sentence: str, rules: LanguageRules) -> Iterator[str]:
    """What keeps a sentence from being one of Kith's questions, whoever wrote it; nothing if it is one."""
    words = sentence.split()
    if len(words) > MOST_WORDS:
        yield f"{len(words)} words, {MOST_WORDS} at most: {sentence}"
    if not sentence.endswith("?") or re.search(r"[.!?]\s", sentence) or "!" in sentence:
        yield f"must be one sentence that ends with a question mark: {sentence}"
    if not rules.opens.search(" ".join(words[:_OPENS_EARLY])):
        yield f"must be open ({rules.opens.pattern[3:20]}…): {sentence}"
    if found := rules.forbidden.search(sentence):
        yield f"has a word that judges or a word of jargon ({found[0]}): {sentence}"
    if "{" in sentence or "}" in sentence:
        yield f"has a slot that nothing fills: {sentence}"


def _near_twins(content: Content) -> Iterator[str]:
    questions = list(content.questions)
    runs = [_runs(question.plain or question.text) for question in questions]
    for index, question in enumerate(questions):
        for other in range(index):
            shared = len(runs[index] & runs[other]) / max(1, min(len(runs[index]), len(runs[other])))
            if shared > MOST_SHARED:
                yield f"{question.id}: nearly the same question as {questions[other].id}"


def _runs(sentence: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", sentence.lower())
    return frozenset(tuple(words[i : i + 3]) for i in range(len(words) - 2))


def _interface_faults(content: Content) -> Iterator[str]:
    for key, sentence in content.interface.items():
        try:
            list(Formatter().parse(sentence))
        except ValueError as exc:
            yield f"interface {key}: {exc}"
        if "!" in sentence:
            yield f"interface {key}: Kith does not shout; take the exclamation mark out"
        if not sentence.strip():
            yield f"interface {key}: is empty"
        if key.endswith(".one") and f"{key.removesuffix('one')}other" not in content.interface:
            yield f"interface {key}: has no form .other beside it"


def _misfits(content: Content) -> Iterator[str]:
    """What the language's own author decided against, wherever it stands."""
    rules = rules_of(content.locale)
    if rules.misfits is None:
        return
    texts = dict(content.interface)
    for question in content.questions:
        texts[question.id] = " ".join(
            filter(None, (question.text, question.plain, question.given, question.counter_reading))
        )
    for key, text in texts.items():
        if found := rules.misfits.search(text):
            yield f"{key}: {found[0]} does not fit here (docs/words.md): {text}"


def _dialogue_faults(content: Content) -> Iterator[str]:
    """In a dialogue every question stands under `ask.` and keeps the rules of the bank; nothing else asks anything."""
    rules = rules_of(content.locale)
    for key, sentence in content.interface.items():
        if key.startswith("dialogue.ask."):
            topics = content.topics.values() if "{topic}" in sentence else ("",)
            for topic in topics:
                yield from (f"{key}: {fault}" for fault in sentence_faults(sentence.replace("{topic}", topic), rules))
        elif key.startswith("dialogue.") and "?" in sentence:
            yield f"{key}: asks something; questions stand under ask."
