"""The self-checks in a real browser: scales by keyboard, drafts, own words, and a team's round with its picture."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.playground.conftest import Open
from tests.playground.server import Rehearsal, serving
from tests.playground.test_browser import say, speak_as

PEOPLE = ("Ines", "Tomas", "Marta", "Devraj", "Wren")


def opened(page: Page, words: str, title: str) -> Locator:
    say(page, words)
    dialog = page.get_by_role("dialog", name=title)
    expect(dialog).to_be_visible()
    return dialog


def sent(dialog: Locator, button: str) -> None:
    dialog.get_by_role("button", name=button).click()
    expect(dialog).to_be_hidden()


@pytest.mark.shows("/kith check", "form check", "button check_share")
def test_a_plan_is_placed_by_keyboard_alone_and_shared_by_choice(page: Page) -> None:
    dialog = opened(page, "/kith check", "Look at a plan")
    plan = dialog.get_by_label("Which plan, idea or initiative?")
    expect(plan).to_be_focused()
    page.keyboard.type("the Friday newsletter")
    page.keyboard.press("Tab")
    scale = dialog.get_by_role("group", name="Where it begins")
    expect(scale.get_by_role("radio", name="Clearly a tool and what it can do")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(scale.get_by_role("radio", name="Rather a tool and what it can do")).to_be_checked()
    expect(scale).to_contain_text("a purpose that people share")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    result = page.locator("#talk .whisper").last
    expect(result).to_contain_text("Where it begins: rather towards a tool and what it can do")
    expect(result).to_contain_text("Whom it has in view: not known yet")
    expect(result.locator(".part-question").first).to_have_text(re.compile(r"\?$"))
    result.get_by_role("button", name="Share with the channel").click()
    speak_as(page, "Wren")
    expect(page.locator("#talk .by-kith").last).to_contain_text(
        "looked at a plan that they call “the Friday newsletter”"
    )
    expect(page.locator("#talk .by-kith").last).not_to_contain_text("Ines")


def test_a_plan_without_a_name_is_told_at_its_field_and_nothing_placed_is_lost(page: Page) -> None:
    dialog = opened(page, "/kith check", "Look at a plan")
    step = dialog.get_by_role("radio", name="Clearly a count, a target or a ranking")
    step.check(force=True)
    dialog.get_by_role("button", name="Show me").click()
    plan = dialog.get_by_label("Which plan, idea or initiative?")
    expect(plan).to_be_focused()
    expect(plan).to_have_accessible_description(re.compile("up to 80 characters"))
    expect(step).to_be_checked()


@pytest.mark.shows("/kith draft", "form draft")
def test_a_draft_keeps_its_lines_and_is_answered_to_its_author(page: Page, rehearsal: Rehearsal) -> None:
    dialog = opened(page, "/kith draft", "Read a draft before you post it")
    text = dialog.get_by_label("Your text")
    expect(text).to_be_focused()
    page.keyboard.type("500 posts by March")
    page.keyboard.press("Enter")
    page.keyboard.type("[numbers_obsessed]")
    assert text.input_value() == "500 posts by March\n[numbers_obsessed]"
    sent(dialog, "Read it")
    answer = page.locator("#talk .whisper").last
    expect(answer).to_contain_text("A reader may hear that the count is the point")
    expect(answer).to_contain_text("What carries it: “500”")
    assert not any("posts by March" in line.text for line in rehearsal.world.lines)


@pytest.mark.shows("/kith words", "form words", "button words_change")
def test_words_of_our_own_are_given_read_by_all_and_taken_back_by_an_admin(page: Page) -> None:
    dialog = opened(page, "/kith words", "Words of our own")
    dialog.get_by_label("What we make or stand for").fill("Things that last.")
    sent(dialog, "Give these words")
    speak_as(page, "Jo Castellanos")
    say(page, "/kith words")
    mine = page.locator("#talk .whisper").last
    expect(mine).to_contain_text("Things that last.")
    mine.get_by_role("button", name="Change").click()
    expect(dialog.get_by_label("What we make or stand for")).to_have_value("Things that last.")
    dialog.get_by_label("What we make or stand for").fill("")
    sent(dialog, "Give these words")
    expect(page.locator("#talk .whisper").last).to_contain_text("Deleted")


@pytest.mark.shows("button words_delete")
def test_an_admin_takes_the_words_of_our_own_back_with_one_press(page: Page) -> None:
    speak_as(page, "Jo Castellanos")
    dialog = opened(page, "/kith words", "Words of our own")
    dialog.get_by_label("What we want to be for one another").fill("Neighbours.")
    sent(dialog, "Give these words")
    mine = page.locator("#talk .whisper").last
    expect(mine).to_contain_text("Neighbours.")
    mine.get_by_role("button", name="Delete").click()
    expect(page.locator("#talk .whisper").last).to_contain_text("no words of this organisation any more")
    say(page, "/kith ledger changes")
    expect(page.locator("#talk .whisper").last).not_to_contain_text("Neighbours.")


@pytest.mark.shows("form path_rather", "button path_rather", "button path_share")
def test_somebody_alone_sees_their_path_what_they_would_rather_choose_and_shares_it(page: Page) -> None:
    dialog = opened(page, "/kith path", "Why do we go social?")
    dialog.get_by_label("With one platform, everything would be in one place").check()
    sent(dialog, "Show me")
    result = page.locator("#talk .whisper", has_text="Because the tools are there").first
    result.get_by_role("button", name="What I would rather choose").click()
    rather = page.get_by_role("dialog")
    rather.get_by_label("To stay where our words are").check()
    sent(rather, "Show me")
    expect(page.locator("#talk .whisper").last.locator(".part-question")).to_have_text(re.compile(r"\?$"))
    result.get_by_role("button", name="Share with the channel").click()
    speak_as(page, "Wren")
    shared = page.locator("#talk .by-kith:not(.whisper)").last
    expect(shared).to_contain_text("Because the tools are there")
    expect(shared).not_to_contain_text("Ines")


def answered(page: Page, who: str, statement: str) -> None:
    speak_as(page, who)
    page.locator("#talk").get_by_role("button", name="Answer alone").last.click()
    dialog = page.get_by_role("dialog", name="Why do we go social?")
    dialog.get_by_label(statement).check()
    dialog.get_by_label("To stay where our words are").check()
    sent(dialog, "Count me in")
    expect(page.locator("#talk .whisper").last).to_contain_text("Counted")


@pytest.mark.shows(
    "/kith path",
    "form path",
    "form path_round",
    "button path_team",
    "button round_answer",
    "button round_together",
    "button round_show",
)
def test_a_team_answers_alone_and_sees_one_picture_of_all(page: Page) -> None:
    dialog = opened(page, "/kith path", "Why do we go social?")
    dialog.get_by_label("With one platform, everything would be in one place").check()
    sent(dialog, "Show me")
    result = page.locator("#talk .whisper").last
    expect(result).to_contain_text("Because the tools are there")
    result.get_by_role("button", name="Ask the whole channel").click()
    expect(page.locator("#talk .by-kith").last).to_contain_text("Everyone answers alone")
    for who in PEOPLE:
        answered(page, who, "With one platform, everything would be in one place")
    page.locator("#talk").get_by_role("button", name="Show it together").last.click()
    page.locator("#talk").get_by_role("button", name="Show it and end the round").last.click()
    picture = page.locator("#talk").get_by_role("img", name=re.compile("The paths our words are on"))
    expect(picture).to_have_accessible_name(re.compile("Because the tools are there: 5 of 5$"))
    expect(picture.locator("circle.there")).to_have_count(5)
    expect(picture.locator("circle.open")).to_have_count(0)
    said = page.locator("#talk .by-kith:not(.whisper)").last.inner_text()
    assert not any(name in said for name in PEOPLE)


def test_scales_and_pictures_fit_a_narrow_page(visit: Open, rehearsal: Rehearsal) -> None:
    with serving(rehearsal.open) as address:
        page = visit(address, width=390, height=844)
        dialog = opened(page, "/kith check", "Look at a plan")
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        assert dialog.locator(".fields").evaluate("box => box.scrollWidth <= box.clientWidth")
        page.context.close()
