"""What Kith says in the shape of Adaptive Cards: valid whatever is said, and saying the same."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.teams.cards import addressed, card
from adapters.teams.carrying import Carried, Kind, Way, answers, carried_in
from adapters.teams.chat import activity_of, carded
from adapters.teams.form_cards import form_card
from bot.domain.speech import (
    Bar,
    Choice,
    Emphasis,
    Field,
    FieldKind,
    Form,
    Listing,
    Message,
    Option,
    Paragraph,
    Picture,
)
from tests.sayings import choices, forms, messages
from tests.teams.validity import faults_in_activity, faults_in_card

Json = dict[str, Any]


@settings(max_examples=60, deadline=None)
@given(messages, st.sampled_from(Way))
def test_any_message_is_valid(message: Message, way: Way) -> None:
    assert faults_in_activity(activity_of(message)) == []
    assert faults_in_activity(carded(card(message, way=way, channel="19:c@thread.tacv2"), "x")) == []


@settings(max_examples=60, deadline=None)
@given(forms, st.sampled_from(Way))
def test_any_form_is_valid(form: Form, way: Way) -> None:
    assert faults_in_card(form_card(form, way=way, channel="19:c@thread.tacv2")) == []


@given(choices, st.sampled_from(Way))
def test_a_button_brings_back_what_it_carries(choice: Choice, way: Way) -> None:
    (button,) = card(Message(body=(), choices=(choice,)), way=way, channel="19:c@thread.tacv2")["actions"]
    carried = carried_in(button["data"])
    whole = Carried(kind=Kind.CHOICE, what=choice.id, about=choice.about, channel="19:c@thread.tacv2")
    empty = Carried(kind=Kind.CHOICE, what="", about="")
    assert carried in (whole, empty)
    assert carried == whole or len(choice.about) > 300


@pytest.mark.parametrize("data", [None, [], "x", {}, {"other": 1}, {"msteams": {"type": "task/fetch"}}])
def test_what_is_not_kiths_carries_nothing(data: object) -> None:
    assert carried_in(data) is None


@pytest.mark.parametrize("forged", [None, 3, "do", [], {"do": 3}, {"in": "no id at all"}])
def test_a_forged_button_carries_empty_parts(forged: object) -> None:
    assert carried_in({"kith": forged}) == Carried(kind=Kind.CHOICE, what="")


@given(st.lists(st.text(min_size=1, max_size=30), unique=True, min_size=1, max_size=8), st.data())
def test_what_is_ticked_comes_back_as_it_is(values: list[str], data: st.DataObject) -> None:
    field = Field(id="f", label="F", kind=FieldKind.SOME_OF, options=tuple(Option(value=v, label="L") for v in values))
    (ticking,) = form_card(Form(id="x", title="T", submit="S", fields=(field,)))["body"]
    ticked = data.draw(st.lists(st.sampled_from(range(len(values))), unique=True))
    sent = ",".join(ticking["choices"][number]["value"] for number in ticked)
    assert answers({ticking["id"]: sent}) == {"f": tuple(values[number] for number in ticked)}


def test_every_kind_of_field_has_its_input_and_says_what_was_wrong() -> None:
    options = (Option(value="a", label="A"), Option(value="b", label="B"))
    made = form_card(
        Form(
            id="x",
            title="T",
            submit="S",
            fields=tuple(
                Field(id=kind, label=f"L-{kind}", kind=kind, hint="H", error="E", options=options, value=("a",))
                for kind in FieldKind
            ),
        )
    )
    inputs = [part for part in made["body"] if part["type"].startswith("Input.")]
    assert [part["type"] for part in inputs] == [
        "Input.ChoiceSet", "Input.ChoiceSet", "Input.Text", "Input.Text", "Input.Time", "Input.Text", "Input.ChoiceSet",
    ]  # fmt: skip
    assert [part["id"] for part in inputs] == [
        "one.one_of", "some.some_of", "one.line", "one.text", "one.time", "one.people", "one.scale",
    ]  # fmt: skip
    assert [part.get("value") for part in inputs] == ["a", "a", "a", "a", None, "a", "a"]
    assert made["body"][0] | {"text": ""} == {
        "type": "TextBlock", "text": "", "wrap": True, "color": "Attention", "weight": "Bolder", "spacing": "Medium",
    }  # fmt: skip
    assert faults_in_card(made) == []


def test_what_people_wrote_is_no_markdown() -> None:
    made = card(Message(body=(Paragraph(text="*a* _b_ [c](https://evil.test) `d` <b>\n- e\n1. f\n# g {{DATE(x)}}"),)))
    text = made["body"][0]["text"]
    assert r"\*a\* \_b\_ \[c\](" in text
    assert r"\- e" in text
    assert r"1\. f" in text
    assert r"\# g" in text
    assert "{{" not in text


def test_an_address_of_the_web_is_a_link_and_nothing_else_is() -> None:
    made = card(Message(body=(Paragraph(text="See https://x.test/a_b, please."),)))
    assert made["body"][0]["text"] == r"See [https://x.test/a\_b](https://x.test/a_b), please."


def test_commands_are_named_as_they_are_given_here() -> None:
    assert addressed("one word (/kith pause) or /kith leave.") == "one word (@Kith pause) or @Kith leave."
    assert addressed("`/kith help` and /kithchen") == "`@Kith help` and /kithchen"


def test_each_part_of_a_message_has_its_look() -> None:
    made = card(
        Message(
            body=(
                Paragraph(text="H", emphasis=Emphasis.HEADING),
                Paragraph(text="Q?", emphasis=Emphasis.QUESTION),
                Listing(items=("a", "b")),
                Picture(title="P", bars=(Bar(label="x", count=2),), people=5, text="two of five"),
                Paragraph(text="N", emphasis=Emphasis.NOTE),
            ),
            choices=tuple(Choice(id=f"c{n}", label=f"C{n}") for n in range(8)),
        )
    )
    heading, question, listing, title, said, bar, note = made["body"]
    assert heading["style"] == "heading"
    assert question["items"][0]["text"] == "Q?"
    assert listing["text"] == "- a\n- b"
    assert title["text"] == "P"
    assert said["text"] == "x: 2 / 5"
    assert [(column["width"], column["style"]) for column in bar["columns"]] == [(2, "accent"), (3, "emphasis")]
    assert note["isSubtle"] is True
    assert len(made["actions"]) == 6
    assert made["actions"][0]["tooltip"] == "C0: Q?"
    assert "two of five" in made["fallbackText"]
