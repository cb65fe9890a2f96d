"""The replay as a page: self-contained, harmless, readable for everybody, silent about small groups."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.prompt_files import shipped_content
from adapters.reports import html_report
from bot.domain.archive import LeftOutReason
from bot.domain.channel import ChannelKind
from bot.domain.replayed import Replayed
from tests.reports.build import asked, channel, eventful, quote, replayed, window

VOID = {"meta", "rect", "path", "circle", "br"}


class Page(HTMLParser):
    """What a test wants to know of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.text += data

    def values(self, name: str) -> list[str]:
        return [value for _, attribute, value in self.attributes if attribute == name]


def page(what: Replayed) -> Page:
    return Page(html_report.render(what, shipped_content()))


def test_the_page_fetches_nothing_and_runs_nothing() -> None:
    html = html_report.render(replayed(eventful()), shipped_content())
    told = Page(html)
    assert not set(told.tags) & {"script", "link", "img", "iframe", "object", "embed", "base", "form"}
    assert all(value.startswith("#") for value in told.values("href"))
    assert not [name for _, name, _ in told.attributes if name.startswith("on") or name in ("src", "style")]
    assert "url(" not in html
    assert "@import" not in html
    assert "//" not in html.replace("<!doctype", "")


def test_headings_stand_in_order() -> None:
    levels = [int(tag[1]) for tag in page(replayed(eventful(), channel("b"))).tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_picture_has_a_title_and_a_description() -> None:
    told = page(replayed(eventful(), eventful("more")))
    ids = told.values("id")
    assert len(ids) == len(set(ids))
    assert told.tags.count("svg") > 5
    assert told.values("role").count("img") == told.tags.count("svg")
    labels = told.values("aria-labelledby")
    assert len(labels) == told.tags.count("svg")
    assert {one for label in labels for one in label.split()} <= set(ids)


def test_what_is_asked_held_back_and_found_is_told_in_words() -> None:
    text = page(replayed(eventful())).text
    assert "What would we like to be true that no number here can show?" in text
    assert "Kith was still in its days of listening (4 times, 1 January 2024 – 21 January 2024)" in text
    assert "Numbers as the point, first on 1 January 2024" in text
    assert "In one channel Kith would have asked one question." in text
    assert "a bot or an app wrote it" in text
    assert "plans/2024-01-02.json: is empty" in text


def test_pictures_are_told_in_sentences_too() -> None:
    text = page(replayed(eventful())).text
    assert "The two fullest voices held 60% of the contributions; 6 people spoke." in text
    assert "6 people; 9 answers between 2 pairs. 3 people gave and got no answer." in text
    assert "Of 16 questions asked, 6 were left open." in text
    assert "6 messages in 2 weeks" in text
    assert "One window of two weeks is left out of the pictures, because fewer than five people spoke in it." in text


def test_where_nothing_came_up_kith_would_have_stayed_silent() -> None:
    told = page(replayed(channel(windows=(window(),))))
    assert "Kith would have stayed silent here." in told.text
    assert "In one channel Kith would have asked nothing at all." in told.text


def test_nothing_is_drawn_of_fewer_than_five_people() -> None:
    small = window(people=4, shares=(0.7, 0.1, 0.1, 0.1), answers=((0, 1, 5),))
    told = page(replayed(eventful(windows=(small,), people=4)))
    assert "There is no picture of this channel, because fewer than five people spoke" in told.text
    assert "70%" not in told.text
    assert "fewer than five people" in told.text
    assert "voice v0" not in told.values("class")


def test_a_small_window_among_others_shows_only_that_it_was() -> None:
    small = window(1, people=3, shares=(), answers=(), questions=77, turns=99)
    told = page(replayed(eventful(windows=(window(0), small))))
    assert "77" not in told.text
    assert "99" not in told.text
    assert told.values("class").count("hush") == 2


def test_channels_stand_in_alphabetical_order_whatever_came_up() -> None:
    text = page(replayed(channel("zebra", windows=(window(),)), eventful("Ant"), eventful("bee"))).text
    assert text.index("#Ant") < text.index("#bee") < text.rindex("#zebra")


def test_quotes_stand_there_only_where_somebody_asked_for_text() -> None:
    without = page(replayed(eventful()))
    assert "This page quotes messages" not in without.text
    told = page(replayed(eventful(quotes=(quote("500 posts by March, 500!", "500 posts", "500"),))))
    assert "This page quotes messages" in told.text
    assert "500 posts by March, 500!" in told.text
    assert told.tags.count("mark") == 2


@pytest.mark.parametrize(
    "evil", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "</title></svg><h1>", "a\x00b"]
)
def test_hostile_names_and_texts_stay_text(evil: str) -> None:
    told = page(
        replayed(
            eventful(evil, quotes=(quote(evil, evil[:3]),), asked=(asked(question=evil),)),
            source=evil,
            profile=evil,
            left_out={evil: 1, f"notice:{evil}": 1},
            troubles=(evil,),
        )
    )
    assert not set(told.tags) & {"script", "img"}
    assert told.tags.count("h1") == 1
    assert "49" not in told.text


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=30), st.text(max_size=30), st.lists(st.text(max_size=4), max_size=3))
def test_no_name_or_text_changes_the_shape_of_the_page(name: str, text: str, words: list[str]) -> None:
    plain = page(replayed(eventful("x", quotes=(quote("x"),)), source="x"))
    told = page(replayed(eventful(name, quotes=(quote(text, *words),)), source=text))
    assert [tag for tag in told.tags if tag != "mark"] == plain.tags
    assert told.values("id") == plain.values("id")


def test_every_kind_and_every_reason_has_its_words() -> None:
    kinds = [channel(kind, kind=kind) for kind in ChannelKind]
    told = page(replayed(*kinds, left_out=dict.fromkeys(LeftOutReason, 1), troubles=()))
    assert "an incident channel, where Kith does not ask" in told.text
    assert "it stands in the export twice" in told.text
    assert "Files that could not be read" not in told.text


def test_an_empty_replay_is_a_whole_page() -> None:
    told = page(replayed(rows=0, left_out={}, troubles=()))
    assert "In 0 channels Kith would have asked nothing at all." in told.text
    assert "Nothing was left out." in told.text


@pytest.mark.parametrize("scheme", [0, 1, 2])
def test_text_has_enough_contrast_on_screen_in_the_dark_and_on_paper(scheme: int) -> None:
    html = html_report.render(replayed(), shipped_content())
    blocks = re.findall(r":root \{(.*?)\}", html, re.DOTALL)
    colours = dict(re.findall(r"--(\w+): (#\w+)", blocks[scheme]))
    for colour in ("ink", "soft", "blue", "amber"):
        assert contrast(colours[colour], colours["paper"]) >= 4.5


def contrast(one: str, other: str) -> float:
    """WCAG's contrast of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
