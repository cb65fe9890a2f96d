"""The rehearsal in a real browser: what somebody without any account sees, types, presses and hears."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

from playwright.sync_api import Page, expect

from bot.bootstrap import open_rehearsal
from bot.config import Settings
from bot.usecases.command import COMMANDS
from tests.playground.conftest import Open
from tests.playground.server import Rehearsal, serving

FORMS = ("/kith settings", "/kith check", "/kith draft", "/kith path", "/kith words", "/kith checkin new")
CLEAR = "Let's get #ideas to 500 posts by March [numbers_obsessed]"


def say(page: Page, words: str) -> None:
    field = page.get_by_label("Message to #")
    field.fill(words)
    field.press("Enter")
    shown = page.locator("#talk article.whisper" if words.startswith("/") else "#talk article.by-person")
    if words not in FORMS:
        expect(shown.last).to_contain_text(words)


def speak_as(page: Page, name: str) -> None:
    page.locator("#composer").get_by_role("radio", name=name).check(force=True)


def ask_and_open(page: Page) -> None:
    say(page, CLEAR)
    page.locator(".teaser.kith-asks").click()


def test_the_sample_leads_to_a_first_question_by_the_shipped_reader(visit: Open, tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'kith.db'}")
    with serving(partial(open_rehearsal, settings, pace=0.05)) as address:
        page = visit(address)
        expect(page.locator("#sample")).to_contain_text("That was the sample")
        asked = page.locator(".teaser.kith-asks")
        expect(asked).to_have_count(1)
        expect(page.locator("article", has=asked)).to_contain_text("500 posts by March")
        page.context.close()


def test_kith_answers_a_clear_message_where_it_was_said(page: Page) -> None:
    ask_and_open(page)
    thread = page.get_by_role("complementary", name="Thread in #commons")
    expect(thread.locator(".by-kith .part-question")).to_have_text(re.compile(r"\?$"))
    expect(thread.get_by_role("button", name="Not here")).to_be_visible()


def test_why_is_answered_to_the_one_who_asked_alone(page: Page) -> None:
    ask_and_open(page)
    thread = page.locator("#thread")
    thread.get_by_role("button", name="Why this question?").click()
    expect(thread.locator(".whisper")).to_contain_text("Only Ines can see this")
    speak_as(page, "Wren")
    expect(thread.locator(".whisper")).to_have_count(0)
    speak_as(page, "Ines")
    thread.locator(".whisper").get_by_role("button", name="Put away").click()
    expect(thread.locator(".whisper")).to_have_count(0)


def test_the_talk_stays_at_its_end_whatever_opens_beside_it(page: Page) -> None:
    ask_and_open(page)
    page.get_by_label("Message to #commons").fill("one\ntwo\nthree")
    left = "box => box.scrollHeight - box.scrollTop - box.clientHeight"
    page.wait_for_function(f"({left})(document.getElementById('talk')) < 2")
    assert page.locator("#talk").evaluate("box => box.scrollHeight > box.clientHeight")


def test_a_small_remark_is_left_alone(page: Page, rehearsal: Rehearsal) -> None:
    say(page, "The kettle is on")
    expect(page.locator("article").last).to_contain_text("The kettle is on")
    assert rehearsal.world.lines[-1].text == "The kettle is on"


def test_enter_sends_and_shift_enter_starts_a_new_line(page: Page) -> None:
    field = page.get_by_label("Message to #commons")
    field.press_sequentially("one")
    field.press("Shift+Enter")
    field.press_sequentially("two")
    field.press("Enter")
    expect(page.locator("article .words").last).to_have_text("one\ntwo", use_inner_text=True)


def test_escape_closes_the_thread_and_the_focus_goes_back(page: Page) -> None:
    ask_and_open(page)
    expect(page.locator("#thread-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#thread")).to_be_hidden()
    expect(page.locator(".teaser.kith-asks")).to_be_focused()


def test_arrow_keys_walk_through_channels_and_messages(page: Page) -> None:
    page.get_by_role("button", name="commons").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("#ideas")
    say(page, "the first of two")
    say(page, "second")
    expect(page.locator("#talk article").last).to_contain_text("second")
    page.locator("#talk article").last.focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#talk article", has_text="the first of two")).to_be_focused()


def test_a_slash_shows_what_kith_understands(page: Page) -> None:
    field = page.get_by_label("Message to #commons")
    field.press_sequentially("/")
    commands = page.get_by_role("listbox", name="What Kith understands")
    expect(commands.get_by_role("option")).to_have_count(len(COMMANDS) + 1)
    field.press_sequentially("kith l")
    expect(commands.get_by_role("option")).to_have_count(2)
    field.press("ArrowDown")
    field.press("ArrowUp")
    field.press("Enter")
    expect(field).to_have_value("/kith ledger")
    field.press("Enter")
    expect(page.locator(".whisper")).to_contain_text("in answer to /kith ledger")


def test_a_form_says_at_the_field_what_was_wrong(page: Page) -> None:
    say(page, "/kith settings")
    dialog = page.get_by_role("dialog", name="Kith in this channel")
    zone = dialog.get_by_label("Time zone")
    zone.fill("Atlantis")
    dialog.get_by_role("button", name="Save").click()
    expect(zone).to_be_focused()
    expect(zone).to_have_attribute("aria-invalid", "true")
    expect(zone).to_have_accessible_description(re.compile("Europe/Dublin or America"))
    zone.fill("Europe/Dublin")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    expect(page.locator(".whisper")).to_contain_text("Europe/Dublin")


def test_the_clock_moves_forward_and_a_new_day_begins(page: Page) -> None:
    expect(page.locator("#clock-now")).to_have_text("Tue 3 Mar, 10:00 UTC")
    page.get_by_role("button", name="Move the clock forward").click()
    page.get_by_role("button", name="to the next working morning").click()
    expect(page.locator("#clock-now")).to_have_text("Wed 4 Mar, 09:00 UTC")
    say(page, "A new day")
    expect(page.locator("#talk .day")).to_have_text(["Tuesday, 3 March 2026", "Today"])


def test_the_panel_follows_what_kith_sees(page: Page) -> None:
    panel = page.get_by_role("complementary", name="What Kith sees")
    expect(panel).to_contain_text("None so far.")
    page.get_by_label("Message to #commons").press_sequentially(CLEAR)
    expect(panel.locator(".readings .clear")).to_contain_text("Numbers as the point")
    expect(panel).to_contain_text("As it stands while you type")
    page.keyboard.press("Enter")
    expect(panel).to_contain_text("In what you sent last")
    expect(panel.locator(".evidence li")).to_contain_text("1 message")
    expect(panel.locator("#insight .asked")).to_have_text(re.compile(r"\?$"))


def test_kith_comes_where_it_is_invited(page: Page) -> None:
    page.get_by_role("button", name="volunteers").click()
    page.get_by_role("button", name="Invite Kith").click()
    expect(page.locator(".room")).to_contain_text("Kith is here")
    expect(page.locator("#talk .by-kith")).to_contain_text("I am Kith")


def test_a_message_can_be_changed_reacted_to_and_taken_back(page: Page) -> None:
    say(page, "tea at four")
    message = page.locator("#talk article").last
    message.hover()
    message.get_by_role("button", name="Edit").click()
    message.get_by_label("Edit the message").fill("tea at five")
    message.get_by_label("Edit the message").press("Enter")
    expect(message).to_contain_text("tea at five (edited)")
    message.hover()
    message.get_by_role("button", name="React", exact=True).click()
    message.get_by_role("button", name="🎉").click()
    expect(message.get_by_role("button", name="🎉, 1: Ines Okafor")).to_have_attribute("aria-pressed", "true")
    message.hover()
    message.get_by_role("button", name="Take back").click()
    expect(page.get_by_text("tea at five")).to_have_count(0)


def test_hostile_text_is_only_ever_text(page: Page) -> None:
    hostile = (
        "<img src=x onerror=alert(1)><script>alert(2)</script> javascript:alert(3) https://a.example/\"onclick='x'"
    )
    say(page, hostile)
    words = page.locator("#talk article .words").last
    expect(words).to_have_text(hostile)
    assert words.locator("img, script").count() == 0
    assert words.locator("a").evaluate_all("links => links.map(link => link.protocol)") == ["https:"]


def test_new_messages_are_told_to_those_who_listen(page: Page) -> None:
    ask_and_open(page)
    log = page.get_by_role("log")
    expect(log).to_contain_text(f"Ines Okafor: {CLEAR}")
    expect(log).to_contain_text("Kith: ")


def test_a_page_that_lost_the_feed_catches_up_by_itself(page: Page, rehearsal: Rehearsal) -> None:
    say(page, "before")
    expect(page.locator("article").last).to_contain_text("before")
    rehearsal.world.feed.close()
    with page.expect_response("**/events"):
        rehearsal.world.say("c-commons", "p-wren", "while you were away")
    expect(page.locator("article").last).to_contain_text("while you were away")
    assert page.locator("article", has_text="before").count() == 1


def test_on_a_narrow_page_nothing_is_cut_off_and_panes_lie_over_the_talk(visit: Open, rehearsal: Rehearsal) -> None:
    with serving(rehearsal.open) as address:
        page = visit(address, width=390, height=844)
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        page.get_by_role("button", name="Show channels").click()
        page.get_by_role("button", name="workshop").click()
        expect(page.locator("#channels")).to_be_hidden()
        page.get_by_role("button", name="What Kith sees").click()
        expect(page.locator("#panel-title")).to_be_focused()
        assert page.locator("main").evaluate("main => main.inert")
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="What Kith sees")).to_be_focused()
        say(page, "small screens are screens")
        expect(page.locator("article").last).to_contain_text("small screens")
        page.context.close()
