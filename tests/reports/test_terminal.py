"""The replay in the terminal."""

from __future__ import annotations

import io

from rich.console import Console

from adapters.prompt_files import shipped_content
from adapters.reports import terminal
from bot.domain.ledger import HeldReason
from bot.domain.patterns import Pattern
from bot.domain.replayed import Replayed
from tests.reports.build import asked, channel, eventful, found, held, quote, replayed

EVERY_COUNT = {
    **dict.fromkeys("messages people days of turns acknowledged members fell_silent questions open".split(), 7),
    **dict.fromkeys(("share", "top_two_share"), 0.5),
}
"""Numbers for the counts of any detector."""


def shown(what: Replayed, *, width: int = 200) -> str:
    written = io.StringIO()
    terminal.show(what, shipped_content(), Console(width=width, file=written))
    return written.getvalue()


def test_a_question_is_told_with_its_time_and_its_counts() -> None:
    text = shown(replayed(eventful()))
    assert "1 January 2024, 09:30 UTC · Numbers as the point" in text
    assert "What would we like to be true that no number here can show?" in text
    assert "6 messages by 4 people on 3 days read that way: 75%" in text


def test_what_was_held_back_is_grouped_by_its_reason() -> None:
    text = shown(replayed(eventful()))
    assert "Kith was still in its days of listening (4 times, 1 January 2024 – 21 January 2024)" in text
    assert "it was a holiday, or outside working hours, which end at noon on Fridays (once, 4 January 2024)" in text


def test_where_nothing_came_up_kith_says_that_it_would_have_stayed_silent() -> None:
    text = shown(replayed(channel("books"), channel("art")))
    assert "Nothing came up in #art, #books." in text
    assert "Kith would have stayed silent here." in text
    assert "In 2 channels Kith would have asked nothing at all." in text


def test_every_row_is_accounted_for_in_words() -> None:
    text = shown(replayed(rows=12_150))
    assert "12\N{NARROW NO-BREAK SPACE}150 rows: 12\N{NARROW NO-BREAK SPACE}120 were messages by people" in text
    assert "20  a bot or an app wrote it" in text
    assert "10  it is a notice by the chat itself (channel_join)" in text
    assert "plans/2024-01-02.json: is empty" in text


def test_of_very_many_troubles_the_rest_is_counted() -> None:
    text = shown(replayed(troubles=tuple(f"file{n}: is empty" for n in range(100))))
    assert "file39" in text
    assert "file40" not in text
    assert "and 60 more" in text


def test_names_and_texts_cannot_steer_the_terminal() -> None:
    evil = "\x1b[2J\x07[bold red]\N{RIGHT-TO-LEFT OVERRIDE}x[/bold red]\r\n"
    text = shown(
        replayed(
            channel(evil, asked=(asked(question=evil),), quotes=(quote(evil, evil),)),
            source=evil,
            left_out={evil: 1},
            troubles=(evil,),
        )
    )
    assert not set(text) & {"\x1b", "\x07", "\r", "\N{RIGHT-TO-LEFT OVERRIDE}"}
    assert "[bold red]" in text


def test_every_pattern_and_every_reason_has_its_words() -> None:
    every = channel(
        held=tuple(held(reason=reason) for reason in HeldReason),
        findings=tuple(found(pattern=pattern, counts=EVERY_COUNT) for pattern in Pattern),
    )
    text = shown(replayed(every))
    assert all(shipped_content().patterns[pattern].title in text for pattern in Pattern)
    assert "{" not in text
