"""A check-in in a real browser: its form with a preview, the question on its day, answers by five, and the closing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.playground.conftest import Open
from tests.playground.server import Rehearsal, serving
from tests.playground.test_browser import say, speak_as
from tests.playground.test_self_checks_in_a_browser import PEOPLE, opened, sent


def set_up(
    page: Page, answering: str = "Through a form; shown together, without names", *, reminds: bool = False
) -> Locator:
    """Fill in the form, look at the preview, and leave it open at that."""
    dialog = opened(page, "/kith checkin new", "A check-in")
    dialog.get_by_label("What it asks").select_option(label="Delight and thanks")
    dialog.get_by_label("How often").select_option(label="Every week")
    dialog.get_by_label("Tuesday").uncheck()
    dialog.get_by_label("Wednesday").check()
    dialog.get_by_label(answering).check()
    if reminds:
        dialog.get_by_role("group", name="Remind the channel once").get_by_label("Yes").check()
    dialog.get_by_role("button", name="Show the next dates").click()
    expect(dialog.get_by_role("button", name="Save")).to_be_visible()
    return dialog


def on(page: Page, by: str) -> None:
    before = page.locator("#clock-now").inner_text()
    page.get_by_role("button", name="Move the clock forward").click()
    page.get_by_role("button", name=by).click()
    expect(page.locator("#clock-now")).not_to_have_text(before)


def a_day_on(page: Page) -> None:
    on(page, "a day on")


def answered(page: Page, who: str, text: str) -> None:
    speak_as(page, who)
    page.locator("#talk").get_by_role("button", name="Answer", exact=True).last.click()
    dialog = page.get_by_role("dialog", name="Your answer")
    dialog.get_by_label("What would you say?").fill(text)
    sent(dialog, "Send my answer")
    expect(page.locator("#talk .whisper").last).to_contain_text("Thank you")


@pytest.mark.shows(
    "/kith checkin new", "form checkin", "form checkin_answer", "button checkin_answer", "said check_in", "said closing"
)
def test_a_check_in_is_set_up_asked_answered_and_closed(page: Page) -> None:
    dialog = set_up(page)
    intro = dialog.locator(".intro")
    expect(intro).to_contain_text("every week on Wednesday at 10:00 (UTC)")
    assert len(re.findall("• Wednesday", intro.inner_text())) == 5
    assert len(intro.inner_text().splitlines()) == 8
    sent(dialog, "Save")
    expect(page.locator("#talk .by-kith").last).to_contain_text("This channel has a check-in now")
    a_day_on(page)
    asked = page.locator("#talk .by-kith").last
    expect(asked.locator(".part-question")).to_have_text(re.compile(r"\?$"))
    for who in PEOPLE:
        answered(page, who, f"The soup that somebody brought on day {len(who)}")
    a_day_on(page)
    closing = page.locator("#talk .by-kith", has_text="What was said").last
    expect(closing.get_by_role("listitem")).to_have_count(5)
    said = closing.inner_text()
    assert not any(name in said for name in PEOPLE)


@pytest.mark.shows(
    "/kith checkin",
    "/kith checkin edit",
    "/kith checkin skip",
    "/kith checkin stop",
    "button checkin_new",
    "button checkin_edit",
    "button checkin_skip",
    "button checkin_stop",
)
def test_a_check_in_is_changed_skipped_and_stopped_by_button_and_by_word(page: Page) -> None:
    talk, field = page.locator("#talk"), page.get_by_label("Message to #commons")
    whisper, to_all = talk.locator(".whisper").last, talk.locator(".by-kith:not(.whisper)").last
    for by_word in (False, True):
        say(page, "/kith checkin")
        whisper.get_by_role("button", name="New check-in").click()
        dialog = page.get_by_role("dialog", name="A check-in")
        dialog.get_by_role("button", name="Show the next dates").click()
        sent(dialog, "Save")
        expect(to_all).to_contain_text("This channel has a check-in now")
        for act, label, told in (
            ("edit", "Change", "changed"),
            ("skip", "Skip the next one", "left out"),
            ("stop", "Stop it", "stopped"),
        ):
            if by_word:
                field.fill(f"/kith checkin {act}")
                field.press("Enter")
            else:
                say(page, "/kith checkin")
                whisper.get_by_role("button", name=label, exact=True).click()
            if act == "edit":
                dialog.get_by_label("What it asks").select_option(index=2)
                dialog.get_by_role("button", name="Show the next dates").click()
                sent(dialog, "Save")
            expect(to_all).to_contain_text(told)
    say(page, "/kith ledger changes")
    expect(whisper).to_contain_text("check-in")


@pytest.mark.shows("button checkin_why", "said reminder", "said follow_up")
def test_a_check_in_reminds_the_channel_once_and_follows_what_was_said_with_one_question(page: Page) -> None:
    dialog = set_up(page, reminds=True)
    sent(dialog, "Save")
    a_day_on(page)
    asked = page.locator("#talk .by-kith:not(.whisper)").last
    asked.get_by_role("button", name="Why this question?").click()
    expect(page.locator("#talk .whisper").last).to_contain_text("This channel asked for a check-in")
    for _ in range(12):
        on(page, "an hour on")
    expect(page.locator("#talk .by-kith").last).to_contain_text("This check-in is still open")
    for who in PEOPLE:
        answered(page, who, f"A thing that {who} saw")
    a_day_on(page)
    closing = page.locator("#talk .by-kith", has_text="What was said")
    expect(closing).to_have_count(1)
    page.locator(".teaser.kith-asks").last.click()
    expect(page.locator("#thread .by-kith").last).to_contain_text("One question to go on with")


def test_what_is_wrong_is_told_at_its_field_and_the_form_keeps_what_was_typed(page: Page) -> None:
    dialog = opened(page, "/kith checkin new", "A check-in")
    dialog.get_by_label("Time zone").fill("Mars/Olympus")
    dialog.get_by_label("Public holidays to leave out").fill("Narnia")
    dialog.get_by_role("button", name="Show the next dates").click()
    zone = dialog.get_by_label("Time zone")
    expect(zone).to_have_accessible_description(re.compile("Europe/Dublin or America/New_York"))
    expect(zone).to_have_value("Mars/Olympus")
    expect(dialog.get_by_label("Public holidays to leave out")).to_have_attribute("aria-invalid", "true")


def test_the_form_fits_a_narrow_page(visit: Open, rehearsal: Rehearsal) -> None:
    with serving(rehearsal.open) as address:
        page = visit(address, width=390, height=844)
        dialog = set_up(page)
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        assert dialog.locator(".fields").evaluate("box => box.scrollWidth <= box.clientWidth")
        say_closed(dialog)
        page.context.close()


def say_closed(dialog: Locator) -> None:
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
