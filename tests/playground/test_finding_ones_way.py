"""Finding one's way on the rehearsal page: by keyboard, where Kith is not, and in long private answers."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.playground.test_browser import say


def test_the_second_link_leads_straight_to_writing(page: Page) -> None:
    page.locator("body").press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#text")).to_be_focused()


def test_who_speaks_to_kith_where_it_is_not_is_told_so(page: Page) -> None:
    page.get_by_role("button", name="volunteers").click()
    say(page, "@kith are you here?")
    hint = page.locator("#composer").get_by_text("has heard nothing")
    expect(hint).to_be_visible()
    page.get_by_role("button", name="Invite Kith").click()
    expect(hint).to_be_hidden()


def test_a_long_private_answer_is_read_from_its_beginning(page: Page) -> None:
    page.set_viewport_size({"width": 800, "height": 420})
    say(page, "/kith help")
    answer = page.locator("#talk .whisper").last
    expect(answer).to_be_visible()
    top = page.evaluate(
        "() => { const a = [...document.querySelectorAll('#talk article')].at(-1).getBoundingClientRect().top;"
        " return a - document.querySelector('#talk').getBoundingClientRect().top }"
    )
    assert -2 <= top <= 40
