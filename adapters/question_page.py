"""The question bank as one Markdown page, for reading by people who know the field."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.content import Content, PathWords, PatternWords, Question, ThemeWords
from bot.domain.patterns import CHANNEL_PATTERNS, MESSAGE_PATTERNS


def question_page(content: Content) -> str:
    """All questions by pattern, each with its plain form, topics, counter-reading and tags; ends with a newline."""
    return "\n".join(_lines(content)) + "\n"


def _lines(content: Content) -> Iterator[str]:
    say = content.say
    every = content.patterns
    total = len(list(content.questions))
    yield f"# {say('questions.title')}"
    yield ""
    yield say("questions.generated")
    yield ""
    yield say(
        "questions.opening", total=total, patterns=len(every), paths=len(content.paths), themes=len(content.themes)
    )
    yield ""
    for article in content.articles.values():
        yield f"- **{article.id}**: {article.author}, “{article.title}” ({article.published}), {article.url}"
    for heading, patterns in (("messages", MESSAGE_PATTERNS), ("channels", CHANNEL_PATTERNS)):
        yield ""
        yield f"## {say(f'questions.{heading}')}"
        for pattern in patterns:
            yield from _questions_of(content.patterns[pattern], content)
    yield ""
    yield f"## {say('questions.paths')}"
    for path in content.paths.values():
        yield from _path(path, content)
    yield ""
    yield f"## {say('questions.check_ins')}"
    yield ""
    yield say("questions.check_ins_opening")
    for theme in content.themes.values():
        yield from _questions_of(theme, content)
    yield ""
    yield f"## {say('questions.dialogue')}"
    yield ""
    yield say("questions.dialogue_opening")
    yield ""
    for key, sentence in content.interface.items():
        if key.startswith("dialogue.ask."):
            yield f"- `{key.removeprefix('dialogue.ask.')}` {sentence.replace('{topic}', '…')}"


def _questions_of(words: PatternWords | ThemeWords, content: Content) -> Iterator[str]:
    say = content.say
    yield ""
    yield f"### {words.title}"
    yield ""
    yield say("questions.stands_on", pattern=words.id, article=words.article, point=words.point, opens=words.opens)
    yield ""
    yield words.standing
    yield ""
    for question in words.questions:
        yield from _question(question, content)


def _path(words: PathWords, content: Content) -> Iterator[str]:
    say = content.say
    yield ""
    yield f"### {words.title}"
    yield ""
    yield say("questions.path", path=words.id, article=words.article, point=words.point, named=words.named)
    for heading, about, questions in (
        ("promise", words.promise, words.on_promise),
        ("downside", words.downside, words.on_downside),
    ):
        yield ""
        yield f"**{say(f'questions.{heading}')}** {about}"
        yield ""
        for question in questions:
            yield from _question(question, content)


def _question(question: Question, content: Content) -> Iterator[str]:
    say = content.say
    yield f"- **{question.text.replace('{topic}', '…')}**  "
    if question.plain:
        yield f"  {say('questions.plain', plain=question.plain)}  "
    if question.given:
        yield f"  {say('questions.given', given=question.given)}  "
    yield f"  {question.counter_reading}  "
    tags = ", ".join(tag.replace("_", "-") for tag in question.tags)
    if question.topics:
        phrases = ", ".join(content.topics[topic] for topic in question.topics)
        yield f"  {say('questions.fits', topics=phrases)}  "
    yield f"  `{question.id}` · {tags}"
