"""A channel's life with Kith in a real browser: silence, coming back, leaving, and what people may know and decide."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.playground.server import Rehearsal
from tests.playground.test_browser import CLEAR, ask_and_open, say, speak_as
from tests.playground.test_self_checks_in_a_browser import opened, sent


def whisper(page: Page) -> Locator:
    return page.locator("#talk .whisper").last


def give(page: Page, command: str) -> None:
    """A command whose answer is for the whole channel."""
    field = page.get_by_label("Message to #")
    field.fill(command)
    field.press("Enter")


def said(page: Page) -> Locator:
    """What Kith said last to the whole channel."""
    return page.locator("#talk .by-kith:not(.whisper)").last


def press(where: Locator, label: str) -> None:
    where.get_by_role("button", name=label, exact=True).click()


def time_passes(page: Page, by: str) -> None:
    before = page.locator("#clock-now").inner_text()
    page.get_by_role("button", name="Move the clock forward").click()
    page.get_by_role("button", name=by).click()
    expect(page.locator("#clock-now")).not_to_have_text(before)


@pytest.mark.shows("/kith help", "/kith pause", "/kith resume", "/kith leave")
def test_one_word_silences_kith_another_takes_it_up_and_a_third_sends_it_away(page: Page) -> None:
    say(page, "/kith help")
    for word in ("pause", "resume", "leave"):
        expect(whisper(page)).to_contain_text(f"/kith {word}")
    give(page, "/kith pause 3")
    expect(said(page)).to_contain_text("I am silent now")
    expect(said(page)).to_contain_text("no end of its own")
    say(page, CLEAR)
    expect(page.locator("article.by-person").last).to_contain_text("500 posts")
    expect(page.locator(".teaser")).to_have_count(0)
    speak_as(page, "Wren")
    say(page, "/kith resume")
    expect(whisper(page)).to_contain_text("please ask one of them")
    speak_as(page, "Ines")
    give(page, "/kith resume")
    expect(said(page)).to_contain_text("I am listening again")
    speak_as(page, "Wren")
    give(page, "/kith leave")
    expect(said(page)).to_contain_text("Goodbye")
    expect(page.locator(".room").get_by_role("button", name="Invite Kith")).to_be_visible()


@pytest.mark.shows("said introduction", "button data", "button pause", "button leave")
def test_the_introduction_carries_what_one_may_want_to_say_at_once(page: Page) -> None:
    introduction = page.locator("#talk .by-kith").first
    expect(introduction).to_contain_text("I am Kith, a bot")
    press(introduction, "What do you keep?")
    expect(whisper(page)).to_contain_text("What Kith keeps about you")
    press(introduction, "Stay silent")
    expect(said(page)).to_contain_text("I am silent now")
    say(page, "/kith ledger changes")
    expect(whisper(page)).to_contain_text("Kith was made silent here")
    press(introduction, "Leave the channel")
    expect(said(page)).to_contain_text("everything I kept about this channel is deleted")


@pytest.mark.shows("/kith data", "button data_copy", "button opt_out", "button opt_in", "button forget_me")
def test_somebody_sees_what_is_kept_of_them_stops_being_read_and_has_it_deleted(page: Page) -> None:
    say(page, CLEAR)
    say(page, "/kith data")
    press(whisper(page), "Show me all of it")
    expect(whisper(page)).to_contain_text("All that is kept of your messages here")
    expect(whisper(page).get_by_role("listitem")).to_have_count(1)
    expect(whisper(page)).not_to_contain_text("500 posts")
    say(page, "/kith data")
    press(whisper(page), "Do not read my messages")
    expect(whisper(page)).to_contain_text("will not read your messages any more")
    say(page, CLEAR.replace("500", "900"))
    say(page, "/kith data")
    press(whisper(page), "Read my messages again")
    expect(whisper(page)).to_contain_text("reads your messages again")
    say(page, "/kith data")
    press(whisper(page), "Delete my traces here")
    expect(whisper(page)).to_contain_text("are deleted")
    say(page, "/kith data")
    expect(whisper(page).get_by_role("button", name="Show me all of it")).to_have_count(0)


@pytest.mark.shows("/kith ledger", "/kith ledger changes", "/kith why", "button changes", "button why", "said question")
def test_everybody_reads_what_was_asked_why_and_what_was_changed(page: Page) -> None:
    say(page, "/kith why")
    expect(whisper(page)).to_contain_text("has not asked anything here yet")
    ask_and_open(page)
    press(page.locator("#thread .by-kith").last, "Why this question?")
    expect(page.locator("#thread .whisper")).to_contain_text("point 6")
    page.keyboard.press("Escape")
    speak_as(page, "Wren")
    say(page, "/kith why")
    expect(whisper(page)).to_contain_text("point 6")
    say(page, "/kith ledger")
    expect(whisper(page)).to_contain_text("What Kith asked here")
    expect(whisper(page)).to_contain_text("Numbers as the point")
    press(whisper(page), "What was changed")
    expect(whisper(page)).to_contain_text("Kith was invited here")
    say(page, "/kith ledger changes")
    expect(whisper(page)).to_contain_text("What was changed of how Kith is here")
    expect(whisper(page)).not_to_contain_text("Ines")


@pytest.mark.shows("button useful", "button not_now", "button not_here", "said stepped_back")
def test_three_answers_of_not_here_make_kith_step_back(page: Page) -> None:
    talk = page.locator("#talk")
    for number, (pattern, answer) in enumerate(
        (("numbers_obsessed", "Useful"), ("vendor_driven", "Not now"), ("all_business", "Not here"),
         ("reactionary", "Not here"), ("technology_driven", "Not here")),
        start=1,
    ):  # fmt: skip
        say(page, f"line {number} [{pattern}]")
        expect(page.locator(".teaser.kith-asks")).to_have_count(number)
        page.locator(".teaser.kith-asks").last.click()
        press(page.locator("#thread .by-kith").last, answer)
        expect(page.locator("#thread .whisper").last).to_contain_text(
            {"Useful": "found it useful, not who", "Not now": "the moment was not right", "Not here": "60 days"}[answer]
        )
        page.keyboard.press("Escape")
        if number < 5:
            time_passes(page, "an hour on")
    expect(talk.locator(".by-kith:not(.whisper)").last).to_contain_text("so I stop asking")


@pytest.mark.shows("/kith settings", "form settings", "button agree", "said listened", "said renewal", "said lapsed")
def test_a_channel_that_is_set_to_gentle_is_listened_to_asked_and_left_in_peace(page: Page) -> None:
    dialog = opened(page, "/kith settings", "Kith in this channel")
    dialog.get_by_label("gentle", exact=True).check()
    sent(dialog, "Save")
    expect(whisper(page)).to_contain_text("14 days of listening")
    time_passes(page, "two weeks on")
    time_passes(page, "to the next working morning")
    expect(said(page)).to_contain_text("I have listened for 14 days and said nothing")
    press(said(page), "Yes, go on")
    expect(said(page)).to_contain_text("I will ask now and then, until")
    for _ in range(6):
        time_passes(page, "two weeks on")
    expect(page.locator("#talk .by-kith", has_text="My time here ends on")).to_have_count(1)
    time_passes(page, "two weeks on")
    expect(said(page)).to_contain_text("My 90 days here are over")
    press(said(page), "Yes, go on")
    expect(said(page)).to_contain_text("I will ask now and then, until")


@pytest.mark.shows(
    "/kith settings workspace",
    "button workspace",
    "button numbers",
    "button settings",
    "form workspace",
    "form numbers",
)
def test_an_admin_decides_for_the_whole_workspace_and_everybody_can_read_it(page: Page) -> None:
    say(page, "/kith settings workspace")
    expect(whisper(page)).to_contain_text("only an admin of the workspace may change it")
    speak_as(page, "Jo Castellanos")
    say(page, "/kith settings")
    choice = page.locator("#talk .whisper", has_text="You are an admin")
    press(choice, "The whole workspace")
    dialog = page.get_by_role("dialog", name="Kith in this workspace")
    days = dialog.get_by_label("Days that traces of messages are kept")
    days.fill("90")
    dialog.get_by_role("button", name="Save").click()
    expect(days).to_have_accessible_description(re.compile("from 2 to 14"))
    days.fill("7")
    dialog.get_by_label("Whom people here can turn to in need").fill("Talk to Noor, room 12")
    sent(dialog, "Save")
    expect(whisper(page)).to_contain_text("Saved. It holds from now on, in every channel.")
    press(choice, "Numbers: gentle")
    numbers = page.get_by_role("dialog", name="Kith's numbers: gentle")
    numbers.get_by_label("Questions in seven days, at most").fill("99")
    numbers.get_by_role("button", name="Save").click()
    expect(numbers.get_by_label("Questions in seven days, at most")).to_have_attribute("aria-invalid", "true")
    numbers.get_by_label("Questions in seven days, at most").fill("2")
    sent(numbers, "Save")
    press(choice, "This channel")
    dialog = page.get_by_role("dialog", name="Kith in this channel")
    dialog.get_by_role("button", name="Close").click()
    speak_as(page, "Wren")
    say(page, "/kith ledger changes")
    expect(whisper(page)).to_contain_text("the whole workspace · an admin")
    expect(whisper(page)).to_contain_text("Questions in seven days, at most: 2")
    expect(whisper(page)).not_to_contain_text("Noor")
    say(page, "@kith my manager shouted at me in front of everyone")
    page.locator(".teaser").last.click()
    expect(page.locator("#thread .by-kith").last).to_contain_text("Talk to Noor, room 12")


def test_a_question_is_found_for_what_somebody_wrote_by_asking_about_it(page: Page, rehearsal: Rehearsal) -> None:
    say(page, "tea at four")
    speak_as(page, "Wren")
    message = page.locator("#talk article.by-person").last
    message.hover()
    message.get_by_role("button", name="Ask Kith about this").click()
    expect(whisper(page)).to_contain_text("Only Wren can see this")
    expect(whisper(page).locator(".part-question").first).to_have_text(re.compile(r"\?$"))
    assert any(getattr(event, "words", "") == "ask tea at four" for event in rehearsal.core.told)
