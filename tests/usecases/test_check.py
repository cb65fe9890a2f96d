"""`/kith check`: a plan placed between two ends, what it shows to its author, and sharing as a choice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.storage.memory.store import MemoryStore
from bot.domain.charter import CharterState
from bot.domain.patterns import MESSAGE_PATTERNS
from bot.domain.self_check import shareable_name
from bot.domain.speech import Emphasis, FieldKind, Listing, Paragraph, Reply
from bot.usecases.checks.check import check_form, parsed
from tests.usecases.conversation import ADMIN, Conversation, button, plain

NEWSLETTER = {
    "plan": "the Friday newsletter",
    "technology_driven": "2",
    "customer_centric": "3",
    "reactionary": "5",
    "extols_efficiency": "unknown",
    "vendor_driven": "4",
    "numbers_obsessed": "5",
    "all_business": "4",
}
"""A plan that leans clearly to being told by a count, and a little to beginning with a tool."""


async def invited() -> Conversation:
    c = Conversation()
    await c.invite(by="ana")
    return c


def questions(reply: Reply) -> list[str]:
    assert reply.message is not None
    return [p.text for p in reply.message.body if isinstance(p, Paragraph) and p.emphasis is Emphasis.QUESTION]


async def test_the_form_asks_for_a_plan_and_its_place_on_seven_contrasts() -> None:
    c = await invited()
    form = (await c.command("check")).form
    assert form is not None
    assert [field.id for field in form.fields] == ["plan", *MESSAGE_PATTERNS]
    for field in form.fields[1:]:
        assert field.kind is FieldKind.SCALE and field.ends and len(field.options) == 6
        assert all(len(option.label) <= 75 for option in field.options)


async def test_a_plan_typed_along_with_the_command_stands_in_the_form() -> None:
    c = await invited()
    form = (await c.command("check the Friday newsletter")).form
    assert form is not None and form.fields[0].value == ("the Friday newsletter",)


async def test_the_result_says_in_words_where_the_plan_leans() -> None:
    c = await invited()
    reply = await c.submit(form="check", **NEWSLETTER)
    assert reply.message is not None and not reply.to_channel
    listing = next(part for part in reply.message.body if isinstance(part, Listing))
    assert listing.items == (
        "Where it begins: rather towards a tool and what it can do",
        "Whom it has in view: about halfway between the people who do the work and the people we serve or sell to",
        "What sets it going: clearly towards what we would like to become",
        "What it gives us more of: not known yet",
        "Where its aims come from: rather towards what people here know, make and value",
        "How we will know that it went well: clearly towards a count, a target or a ranking",
        "What is meant to grow: rather towards people and the place, along with results",
    )


async def test_one_or_two_contrasts_are_put_forward_each_with_a_question_and_what_speaks_for_today() -> None:
    c = await invited()
    reply = await c.submit(form="check", **NEWSLETTER)
    bank = c.house.content.patterns
    asked = questions(reply)
    assert len(asked) == 2
    assert asked[0] in {q.plain or q.text for q in bank[MESSAGE_PATTERNS[5]].questions}
    assert asked[1] in {q.plain or q.text for q in bank[MESSAGE_PATTERNS[0]].questions}
    assert "A number is quick to share" in plain(reply) and "A good tool can show" in plain(reply)


async def test_nothing_in_the_result_adds_up_or_ranks() -> None:
    c = await invited()
    told = plain(await c.submit(form="check", **NEWSLETTER))
    assert not any(
        character.isdigit() for character in told.replace("2011", "").replace("9 June", "").replace("7 Ways", "")
    )


async def test_sharing_is_a_choice_and_names_the_plan_and_nobody() -> None:
    c = await invited()
    private = await c.submit(by="cleopatra", form="check", **NEWSLETTER)
    shared = await c.press(button(private, "check_share"), by="cleopatra")
    assert shared.to_channel
    assert "“the Friday newsletter”" in plain(shared) and "cleopatra" not in plain(shared)
    assert questions(shared) == questions(private)


async def test_what_is_not_shared_is_kept_nowhere() -> None:
    c = await invited()
    before = everything(c)
    await c.submit(form="check", **NEWSLETTER)
    assert everything(c) == before


def everything(c: Conversation) -> str:
    store = c.house.store
    assert isinstance(store, MemoryStore)
    return repr([vars(part) for part in vars(store).values()])


async def test_a_channel_that_asked_for_silence_is_not_shared_with() -> None:
    c = await invited()
    private = await c.submit(form="check", **NEWSLETTER)
    await c.command("pause")
    answer = await c.press(button(private, "check_share"))
    assert not answer.to_channel and "silent" in plain(answer)


@pytest.mark.parametrize("state", [CharterState.PAUSED, CharterState.LAPSED, CharterState.INVITED])
async def test_nothing_is_shared_where_kith_is_silent(state: CharterState) -> None:
    c = await invited()
    private = await c.submit(form="check", **NEWSLETTER)
    await c.charter_is(state)
    answer = await c.press(button(private, "check_share"))
    assert not answer.to_channel and "says nothing here" in plain(answer)


async def test_the_same_check_is_shared_again_only_after_ten_minutes() -> None:
    c = await invited()
    button_ = button(await c.submit(form="check", **NEWSLETTER), "check_share")
    assert (await c.press(button_, by="ana")).to_channel
    c.now += timedelta(minutes=9)
    again = await c.press(button_, by="bo")
    assert not again.to_channel and "within the last ten minutes" in plain(again)
    other = button(await c.submit(form="check", **{**NEWSLETTER, "reactionary": "1"}), "check_share")
    assert (await c.press(other)).to_channel
    c.now += timedelta(minutes=2)
    await c.tick()
    assert (await c.press(button_)).to_channel


async def test_what_remembers_a_shared_check_holds_no_word_of_it_and_goes() -> None:
    c = await invited()
    before = c.said
    await c.press(button(await c.submit(form="check", **NEWSLETTER), "check_share"))
    assert "newsletter" not in everything(c) and "shared-" in everything(c)
    c.now += timedelta(minutes=11)
    await c.tick()
    assert "shared-" not in everything(c) and c.said == before


@pytest.mark.parametrize(
    "plan",
    [
        "ask @channel about it",
        "ask \N{FULLWIDTH COMMERCIAL AT}sam about it",
        "<!here> a plan",
        "read https://a.example",
        "www.a.example",
        "see bit.ly/x now",
        "#general first",
        "a plan whose name goes on for so long that it says things",
    ],
)
async def test_a_plans_name_that_calls_leads_or_tells_is_not_repeated_to_the_channel(plan: str) -> None:
    c = await invited()
    await c.submit(by=ADMIN, form="words", stands_for="Things that last.")
    private = await c.submit(form="check", **{**NEWSLETTER, "plan": plan})
    assert plan in plain(private)
    shared = await c.press(button(private, "check_share"))
    assert shared.to_channel and plan not in plain(shared)
    assert "Somebody here looked at a plan" in plain(shared) and "Where in this plan could somebody" in plain(shared)


@pytest.mark.parametrize("plan", ["the Friday newsletter", "v2.0 for Q3?", "a café, Größe & 日本"])
def test_an_ordinary_short_name_may_be_shared(plan: str) -> None:
    assert shareable_name(plan) == plan


@pytest.mark.parametrize(
    "about", ["", "1234", "1234567", "1234567:", "123456x:plan", "1234567:a\nb", "1234567:" + "a" * 81]
)
async def test_a_forged_check_is_refused_in_one_sentence(about: str) -> None:
    c = await invited()
    answer = await c.press("check_share", about=about)
    assert not answer.to_channel and "no longer here" in plain(answer)


@pytest.mark.parametrize(("field", "value"), [("plan", "  "), ("plan", "x" * 81), ("reactionary", "6")])
async def test_a_wrong_field_brings_the_form_back_with_what_was_placed(field: str, value: str) -> None:
    c = await invited()
    form = (await c.submit(form="check", **{**NEWSLETTER, field: value})).form
    assert form is not None
    assert [f.id for f in form.fields if f.error] == [field]
    assert next(f.value for f in form.fields if f.id == "vendor_driven") == ("4",)


async def test_a_form_sent_before_anything_was_placed_comes_back() -> None:
    c = await invited()
    form = (await c.submit(form="check", plan="the away day")).form
    assert form is not None and form.fields[0].value == ("the away day",)
    assert "do not know" in form.fields[1].error


async def test_a_plan_nobody_can_place_is_answered_too() -> None:
    c = await invited()
    reply = await c.submit(form="check", plan="the away day", all_business="unknown")
    assert len(questions(reply)) == 2 and "Something speaks for either end" in plain(reply)


async def test_a_plan_is_set_beside_the_organisations_own_words() -> None:
    c = await invited()
    assert "hear these words" not in plain(await c.submit(form="check", **NEWSLETTER))
    await c.submit(by=ADMIN, form="words", stands_for="Things that last.")
    told = plain(await c.submit(form="check", **NEWSLETTER))
    assert "“Things that last.”" in told
    assert "Where in “the Friday newsletter” could somebody hear these words?" in told
    await c.submit(by=ADMIN, form="words", stands_for="Things that last.", for_one_another="Neighbours.")
    told = plain(await c.submit(form="check", **NEWSLETTER))
    assert "“Neighbours.”" in told and "the first of these, and where the second?" in told


typed = st.text(max_size=90) | st.sampled_from(["1", "3", "5", "unknown", ""])
sent = st.dictionaries(
    st.sampled_from(["plan", *MESSAGE_PATTERNS, "other"]), typed | st.lists(typed, max_size=2).map(tuple)
)


@given(sent)
def test_any_form_is_either_a_check_or_has_an_error_at_a_field(answers: dict[str, str | tuple[str, ...]]) -> None:
    check, errors = parsed(answers)
    form = check_form(Conversation().house.content, answers, errors)
    assert (check is None) == bool(errors)
    assert set(errors) <= {field.id for field in form.fields}
