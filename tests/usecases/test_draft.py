"""`/kith draft`: what a reader may hear in a text before it is posted, for its author alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.carried import passages
from bot.domain.patterns import Pattern
from bot.domain.speech import Emphasis, FieldKind, Paragraph, Reply
from tests.usecases.conversation import Conversation, plain
from tests.usecases.test_check import everything, invited


def asked(reply: Reply) -> list[str]:
    assert reply.message is not None
    return [p.text for p in reply.message.body if isinstance(p, Paragraph) and p.emphasis is Emphasis.QUESTION]


async def test_the_form_takes_a_paragraph() -> None:
    c = await invited()
    form = (await c.command("draft")).form
    assert form is not None
    (field,) = form.fields
    assert (field.kind, field.most) == (FieldKind.TEXT, 3000)


async def test_a_draft_is_answered_with_what_may_be_heard_the_words_a_question_and_a_counter_reading() -> None:
    c = await invited()
    reply = await c.submit(form="draft", text="500 posts by March [numbers_obsessed]")
    told = plain(reply)
    assert "A reader may hear that the count is the point" in told
    assert "“500”" in told
    assert "This may be fine here if" in told
    bank = {q.plain or q.text: q for q in c.house.content.patterns[Pattern.NUMBERS_OBSESSED].questions}
    (question,) = asked(reply)
    assert "person" in bank[question].tags
    assert reply.message is not None and not reply.message.choices and not reply.to_channel


async def test_a_text_that_came_with_the_command_is_read_at_once() -> None:
    c = await invited()
    assert "count is the point" in plain(await c.command("draft 500 posts by March [numbers_obsessed]"))


async def test_at_most_two_patterns_are_spoken_of() -> None:
    c = await invited()
    marks = "[numbers_obsessed] [all_business] [reactionary]"
    assert len(asked(await c.submit(form="draft", text=f"500 posts {marks}"))) == 2


async def test_an_ordinary_text_is_left_in_peace() -> None:
    c = await invited()
    reply = await c.submit(form="draft", text="The kettle in the workshop works again.")
    assert "I hear nothing in it that narrows it." in plain(reply)
    assert asked(reply) == []


async def test_nothing_of_a_draft_is_kept() -> None:
    c = await invited()
    before = everything(c)
    await c.submit(form="draft", text="xylophone posts by March [numbers_obsessed]")
    assert everything(c) == before
    assert await c.ledger() == []


async def test_an_empty_or_endless_text_brings_the_form_back_with_one_sentence() -> None:
    c = await invited()
    for text in ("   ", "a" * 3001):
        form = (await c.submit(form="draft", text=text)).form
        assert form is not None and "3000" in form.fields[0].error


async def test_every_message_pattern_can_be_heard_in_words_of_its_own() -> None:
    c = Conversation()
    heard = [contrast.heard for contrast in c.house.content.contrasts.values()]
    assert len(set(heard)) == 7


@pytest.mark.parametrize(
    ("text", "words", "told"),
    [
        ("Replace the 1:1s with a form.", ("Replace", "the", "1:1s", "a", "form"), ("Replace the 1:1s with a form",)),
        ("Get #ideas to 500 posts, so by March", ("ideas", "500", "posts", "so"), ("ideas to 500 posts",)),
        ("The KPI is what we all watch", ("the", "kpi", "is"), ("KPI",)),
        ("so, by the way", ("so", "by the"), ()),
        ("Rank teams.\nTeams!", ("teams", "rank teams"), ("Rank teams", "Teams")),
        ("rank, rank", ("rank",), ("rank, rank",)),
        ("", ("rank",), ()),
    ],
)
def test_words_that_stand_together_are_shown_together(text: str, words: tuple[str, ...], told: tuple[str, ...]) -> None:
    assert passages(text, words) == told


@given(st.text(), st.lists(st.text(max_size=8), max_size=5))
def test_every_passage_stands_in_the_text_as_it_is_shown(text: str, words: list[str]) -> None:
    shown = passages(text, words)
    assert all(passage and passage in text for passage in shown)
    assert len(set(shown)) == len(shown)
