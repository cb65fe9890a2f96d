"""What Kith says in Slack's shapes: valid whatever is said, and saying the same."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack.forms import answers_in, carried_by, errors_of, modal, told, where
from adapters.slack.render import blocks_of, posted, pressed
from bot.domain.speech import (
    Choice,
    Emphasis,
    Field,
    FieldKind,
    Form,
    Listing,
    Message,
    Option,
    Paragraph,
    text,
)
from tests.sayings import choices, forms, messages
from tests.slack.validity import faults_in_message, faults_in_view


@settings(max_examples=60)
@given(messages)
def test_any_message_is_valid(message: Message) -> None:
    assert faults_in_message(posted(message)) == []


@settings(max_examples=60)
@given(messages)
def test_any_message_is_valid_in_a_modal_and_on_a_home_page(message: Message) -> None:
    assert faults_in_view(told(message, title="Kith", channel="C1", close="Close")) == []
    assert faults_in_view({"type": "home", "blocks": blocks_of(message, within="C1")}) == []


@settings(max_examples=60)
@given(forms)
def test_any_form_is_a_valid_modal(form: Form) -> None:
    view = modal(form, channel="C1", cancel="Close")
    assert faults_in_view(view) == []
    assert set(errors_of(form)) <= {field.id for field in form.fields}


def test_the_question_where_is_a_valid_modal() -> None:
    assert faults_in_view(where(title="Kith", label="Where?", submit="Go on", cancel="Close", words="check")) == []


@given(choices, st.text("CABC123", max_size=9))
def test_a_button_brings_back_what_it_carries(choice: Choice, within: str) -> None:
    button = blocks_of(Message(body=(), choices=(choice,)), within=within)[0]["elements"][0]
    whole = (choice.id, choice.about, within)
    assert pressed(button) in (whole, ("", "", ""))
    assert pressed(button) == whole or len(choice.about) > 300


@pytest.mark.parametrize("value", ["", "not json", "[]", '"x"', '{"do": 3}', "null"])
def test_a_forged_button_carries_nothing(value: str) -> None:
    assert pressed({"action_id": "choice-0", "value": value}) == ("", "", "")


def test_a_button_of_somebody_else_is_not_kiths() -> None:
    assert pressed({"action_id": "approve", "value": "{}"}) is None


@pytest.mark.parametrize("emphasis", Emphasis)
@pytest.mark.parametrize(
    "call", ["<!channel>", "<@U1>", "<!here|x>", "@channel", "<https://b.example|https://a.example>"]
)
def test_nothing_that_kith_says_calls_anybody(call: str, emphasis: Emphasis) -> None:
    said = posted(Message(body=(Paragraph(text=f"{call} see https://a.example/x", emphasis=emphasis),)))
    marked = [said["text"], *(t["text"] for t in texts_in(said["blocks"]) if t["type"] == "mrkdwn")]
    assert not any(re.search(r"<[!@#]|<https://[^>]*\|", text) for text in marked)
    assert all(t["verbatim"] for t in texts_in(said["blocks"]) if t["type"] == "mrkdwn")


def texts_in(value: Any) -> list[dict[str, Any]]:
    """Every text object in blocks."""
    if isinstance(value, list):
        return [found for inner in value for found in texts_in(inner)]
    if not isinstance(value, dict):
        return []
    own = [value] if value.get("type") in ("mrkdwn", "plain_text") else []
    return [*own, *(found for inner in value.values() for found in texts_in(inner))]


def test_an_address_becomes_a_link_without_its_full_stop() -> None:
    blocks = blocks_of(text("See https://a.example/x?y=1&z=2. Then go on."))
    assert blocks[0]["text"]["text"] == "See <https://a.example/x?y=1&amp;z=2>. Then go on."


def test_words_without_an_address_stay_plain() -> None:
    assert blocks_of(text("a *b* <c>"))[0]["text"] == {"type": "plain_text", "text": "a *b* <c>", "emoji": False}


def test_a_question_is_quoted_and_its_buttons_say_what_they_belong_to() -> None:
    question = Paragraph(text="What matters here?", emphasis=Emphasis.QUESTION)
    blocks = blocks_of(Message(body=(question,), choices=(Choice(id="useful", label="Useful", about="e1"),)))
    assert blocks[0]["text"]["text"] == "> What matters here?"
    assert blocks[1]["elements"][0]["accessibility_label"] == "Useful: What matters here?"


def test_a_list_that_is_too_long_for_one_block_goes_on_in_the_next() -> None:
    blocks = blocks_of(Message(body=(Listing(items=tuple(f"{n} " + "word " * 30 for n in range(40))),)))
    assert len(blocks) > 1
    assert "\n".join(block["text"]["text"] for block in blocks).count("•") == 40


def test_a_long_message_keeps_its_beginning_and_its_buttons() -> None:
    message = Message(
        body=tuple(Paragraph(text=f"Part {n}. " + "word " * 50) for n in range(200)),
        choices=(Choice(id="pause", label="Stay silent"),),
    )
    blocks = blocks_of(message)
    assert blocks[0]["text"]["text"].startswith("Part 0.")
    assert blocks[-1]["type"] == "actions"


def settings_form() -> Form:
    ten = tuple(Option(value=f"p{n}", label=f"Pattern {n}") for n in range(16))
    return Form(
        id="settings",
        title="A title that is far too long for the frame",
        submit="Save",
        about="about",
        fields=(
            Field(
                id="profile",
                label="How quiet",
                kind=FieldKind.ONE_OF,
                options=(Option(value="", label="by name"), Option(value="gentle", label="gentle")),
                value=("",),
            ),
            Field(id="off", label="Off", kind=FieldKind.SOME_OF, options=ten, value=("p3", "p12"), error="Choose."),
            Field(id="opens", label="Opens", kind=FieldKind.TIME, value=("09:00",)),
            Field(id="zone", label="Zone", kind=FieldKind.LINE, value=("UTC",), error="No zone."),
        ),
    )


def test_a_form_comes_back_as_it_was_filled_in() -> None:
    view = modal(settings_form(), channel="C1", cancel="Close")
    values = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        state = {
            "type": element["type"],
            "selected_option": element.get("initial_option"),
            "selected_options": element.get("initial_options", []),
            "selected_time": element.get("initial_time"),
            "value": element.get("initial_value"),
        }
        values[block["block_id"]] = {element["action_id"]: state}
    assert answers_in({"state": {"values": values}}) == {
        "profile": "",
        "off": ("p3", "p12"),
        "opens": "09:00",
        "zone": "UTC",
    }
    assert (carried_by(view).form, carried_by(view).about, carried_by(view).channel) == ("settings", "about", "C1")


def test_errors_stand_at_their_fields() -> None:
    assert errors_of(settings_form()) == {"off": "Choose.", "zone": "No zone."}


def test_a_title_too_long_for_the_frame_stands_above_the_fields() -> None:
    view = modal(settings_form(), channel="C1", cancel="Close")
    assert view["blocks"][0]["text"]["text"] == "A title that is far too long for the frame"


@pytest.mark.parametrize(
    "view", [{}, {"private_metadata": "no"}, {"private_metadata": "[1]"}, {"state": {"values": {"a": 3}}}]
)
def test_a_forged_view_carries_nothing(view: dict[str, object]) -> None:
    assert carried_by(view).form == ""
    assert answers_in(view) in ({}, {"a": ""})


@pytest.mark.parametrize(
    "blocks",
    [
        [],
        [{"type": "section"}],
        [{"type": "sections", "text": {"type": "plain_text", "text": "x"}}],
        [{"type": "section", "text": {"type": "plain_text", "text": "x" * 3001}}],
        [{"type": "section", "text": {"type": "plain_text", "text": ""}}],
        [{"type": "section", "text": {"type": "plain_text", "text": "x"}, "acessory": {}}],
        [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
        [{"type": "actions", "elements": []}],
        [{"type": "divider"}] * 51,
        [{"type": "divider", "block_id": "one"}] * 2,
    ],
)
def test_the_rules_of_these_tests_see_what_is_wrong(blocks: list[dict[str, object]]) -> None:
    assert faults_in_message({"text": "x", "blocks": blocks})
