"""`kith read`: JSON lines in, JSON lines out, in order, whatever comes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.patterns import MESSAGE_PATTERNS
from bot.usecases.read_lines import read_lines, read_text
from training.lexical.reader import LexicalReader

READER = LexicalReader()
VENDOR = "The rep says leaders in the quadrant all do this, so I've signed us up."


async def answers(lines: Iterable[bytes | str]) -> list[dict[str, object]]:
    return [json.loads(line) async for line in read_lines(lines, reader=READER)]


async def test_a_line_is_answered_with_all_seven_probabilities_what_is_clear_and_the_words() -> None:
    (answer,) = await answers([json.dumps({"id": "m1", "text": VENDOR})])
    patterns, evidence = answer["patterns"], answer["evidence"]
    assert answer["id"] == "m1"
    assert isinstance(patterns, dict)
    assert list(patterns) == [pattern.value for pattern in MESSAGE_PATTERNS]
    assert answer["clear"] == ["vendor_driven"]
    assert isinstance(evidence, dict)
    assert list(evidence) == ["vendor_driven"]
    assert "rep" in evidence["vendor_driven"]


async def test_answers_come_in_order_and_one_at_a_time() -> None:
    taken: list[int] = []

    def lines() -> Iterator[str]:
        for number in range(5):
            taken.append(number)
            yield json.dumps({"id": number, "text": "hello there, all of you"})

    seen = []
    async for line in read_lines(lines(), reader=READER):
        seen.append(json.loads(line)["id"])
        assert taken[-1] == seen[-1]
    assert seen == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("line", "known", "error"),
    [
        (b"nonsense", None, "Line 2 is not JSON."),
        (b"[1, 2]", None, 'Line 2 is not an object with "id" and "text".'),
        (b'{"id": "a"}', "a", 'Line 2: "text" is missing.'),
        (b'{"id": 7, "text": 5}', 7, 'Line 2: "text" is not a string.'),
        (b'{"id": "a", "text": null}', "a", 'Line 2: "text" is not a string.'),
        (b"\xff\xfe", None, "Line 2 is not UTF-8."),
        (b"[" * 100_000, None, "Line 2 is not JSON."),
    ],
)
async def test_a_bad_line_gets_one_plain_sentence_and_reading_goes_on(line: bytes, known: object, error: str) -> None:
    good = json.dumps({"id": "ok", "text": "hello there, all of you"})
    first, bad, last = await answers([good, line, good])
    assert bad == {"id": known, "error": error}
    assert first["id"] == last["id"] == "ok"
    assert "patterns" in last


async def test_blank_lines_are_passed_over() -> None:
    assert [answer["id"] for answer in await answers(["", "\n", '{"id": 1, "text": "hi"}', "  \n"])] == [1]


async def test_a_byte_order_mark_does_no_harm() -> None:
    assert [answer["id"] for answer in await answers([b'\xef\xbb\xbf{"id": 1, "text": "hi"}'])] == [1]


async def test_an_id_that_is_no_word_or_number_is_answered_without() -> None:
    odd = ['{"id": {}, "text": "hi"}', '{"id": true, "text": "hi"}', '{"text": "hi"}']
    assert [answer["id"] for answer in await answers(odd)] == [None, None, None]


async def test_a_text_alone_has_the_id_text() -> None:
    answer = json.loads(await read_text(VENDOR, reader=READER))
    assert (answer["id"], answer["clear"]) == ("text", ["vendor_driven"])


@given(
    st.lists(st.one_of(st.binary(max_size=60).filter(bytes.strip), st.text(max_size=60).filter(str.strip)), max_size=5)
)
async def test_every_line_that_is_not_blank_is_answered(lines: list[bytes | str]) -> None:
    assert len(await answers(lines)) == len(lines)
