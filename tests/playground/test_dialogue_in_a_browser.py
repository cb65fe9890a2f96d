"""Speaking to Kith and asking it for a question, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.playground.server import Rehearsal
from tests.playground.test_browser import CLEAR, say, speak_as


def thread_of(page: Page) -> Locator:
    page.locator(".teaser").last.click()
    return page.locator("#thread")


def reply(page: Page, words: str) -> None:
    field = page.get_by_label("Reply in the thread")
    field.fill(words)
    field.press("Enter")
    expect(page.locator("#thread-talk article.by-person").last).to_contain_text(words)


@pytest.mark.shows("said dialogue")
def test_a_talk_with_kith_goes_from_a_greeting_to_its_end_in_one_thread(page: Page) -> None:
    say(page, "@kith hello")
    thread = thread_of(page)
    kith = thread.locator(".by-kith")
    expect(kith).to_have_count(1)
    expect(kith.last).to_contain_text("a bot")
    for number, words in enumerate((CLEAR, "people would talk at lunch", "somebody makes time for it"), start=2):
        reply(page, words)
        expect(kith).to_have_count(number)
        expect(kith.last.locator(".part-question")).to_have_text(re.compile(r"\?$"))
    reply(page, "I could ask Wren on Friday")
    expect(kith).to_have_count(5)
    expect(kith.last.locator(".part-question")).to_have_count(0)
    expect(page.locator("#talk .by-kith")).to_have_count(1)  # its introduction; everything else is in the thread


def test_somebody_else_in_the_thread_is_not_answered(page: Page, rehearsal: Rehearsal) -> None:
    say(page, f"@kith {CLEAR}")
    kith = thread_of(page).locator(".by-kith")
    expect(kith).to_have_count(1)
    page.locator("#thread-composer").get_by_role("radio", name="Wren").check(force=True)
    reply(page, "I like that")
    page.locator("#thread-composer").get_by_role("radio", name="Ines").check(force=True)
    reply(page, "stop")
    expect(kith).to_have_count(2)
    assert rehearsal.world.lines[-2].text == "stop" or rehearsal.world.lines[-1].message is not None


@pytest.mark.shows("button why_question")
def test_why_this_question_is_told_to_the_one_who_asks(page: Page) -> None:
    say(page, f"@kith {CLEAR}")
    thread = thread_of(page)
    thread.get_by_role("button", name="Why this question?").click()
    expect(thread.locator(".whisper")).to_contain_text("point 6")


def test_where_a_person_is_needed_kith_says_so_and_asks_nothing(page: Page) -> None:
    say(page, "@kith my manager shouted at me in front of everyone")
    answer = thread_of(page).locator(".by-kith").last
    expect(answer).to_contain_text("deserves a person")
    expect(answer.locator(".part-question")).to_have_count(0)


@pytest.mark.shows("/kith ask", "button share_question")
def test_a_question_is_found_for_a_text_and_shared_by_choice(page: Page) -> None:
    say(page, f"/kith ask {CLEAR}")
    whisper = page.locator("#talk .whisper").last
    expect(whisper).to_contain_text("You alone see this")
    expect(whisper.locator(".part-question")).to_have_count(3)
    wanted = whisper.locator(".part-question").nth(1).inner_text().removeprefix("2. ")
    whisper.get_by_role("button", name="Share question 2 with the channel").click()
    speak_as(page, "Wren")
    shared = page.locator("#talk .by-kith").last
    expect(shared).to_contain_text(wanted)
    expect(shared).to_contain_text("Somebody here asked Kith")
