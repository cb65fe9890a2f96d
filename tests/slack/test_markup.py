"""Slack's markup as plain words."""

from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack_markup import plain


@pytest.mark.parametrize(
    ("marked", "words"),
    [
        ("thanks <@U123>!", "thanks @someone!"),
        ("thanks <@U123|bo>!", "thanks @someone!"),
        ("ask <!subteam^S1|@design>", "ask @someone"),
        ("see <#C1|plans> and <#C2>", "see #plans and #channel"),
        ("<https://a.example|the page>", "the page"),
        ("<https://a.example/x?y=1&amp;z=2>", "https://a.example/x?y=1&z=2"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("<!date^1392734382^{date}|18 February>", "18 February"),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2"),
        ("&lt;@U1&gt; stays as typed", "<@U1> stays as typed"),
        ("&amp;lt; stays as typed", "&lt; stays as typed"),
        ("a < b", "a < b"),
    ],
)
def test_markup_becomes_the_words_people_saw(marked: str, words: str) -> None:
    assert plain(marked) == (words, False)


@pytest.mark.parametrize("call", ["<!here>", "<!channel>", "<!everyone>", "<!here|here>", "<!channel|@channel>"])
def test_a_call_to_everyone_is_noticed(call: str) -> None:
    assert plain(f"{call} lunch!") == ("@everyone lunch!", True)


def test_a_typed_call_that_calls_nobody_is_none() -> None:
    assert plain("write &lt;!here&gt; sparingly") == ("write <!here> sparingly", False)


@given(st.text(alphabet="<>&!@#|^;U1 ltgamp", max_size=200))
def test_any_text_has_plain_words(text: str) -> None:
    words, _ = plain(text)
    assert isinstance(words, str)


@pytest.mark.parametrize("piece", ["<", "<@", "<|", "&", "<a>", "<!here", "&amp;"])
def test_a_hostile_text_takes_no_longer_than_its_length(piece: str) -> None:
    started = perf_counter()
    plain(piece * 200_000)
    assert perf_counter() - started < 1


def test_kith_itself_is_told_from_everybody_else() -> None:
    assert plain("<@U0KITH> ask <@U1>", kith="U0KITH") == ("@kith ask @someone", False)
