"""The page of questions is made from the words that ship, and has every one of them."""

from __future__ import annotations

from pathlib import Path

from adapters.prompt_files import shipped_content
from adapters.question_page import question_page

PAGE = Path(__file__).parent.parent / "docs" / "questions.md"


def test_the_page_is_up_to_date() -> None:
    fresh = question_page(shipped_content())
    assert PAGE.read_text(encoding="utf-8") == fresh, "make it again: kith questions > docs/questions.md"


def test_every_question_is_on_it_with_its_counter_reading() -> None:
    page = question_page(shipped_content())
    for words in shipped_content().patterns.values():
        assert words.title in page and words.standing in page
        for question in words.questions:
            assert f"`{question.id}`" in page and question.counter_reading in page


def test_no_slot_is_left_open() -> None:
    assert "{" not in question_page(shipped_content())
