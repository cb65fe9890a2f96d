"""`/kith path`: which paths one's own words are on, alone and as a team."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.prompt_files import shipped_content
from bot.domain.charter import CharterState
from bot.domain.path_check import PARTS, STAY, Tally, counted, stands, statements
from bot.domain.paths import SocialPath
from bot.domain.restraint import SMALLEST_GROUP
from bot.domain.speech import Choice, Picture, Reply
from bot.usecases.checks import path_round
from tests.usecases.conversation import Conversation, button, plain
from tests.usecases.test_check import invited, questions

CONTENT = shipped_content()


def ticked(c: Conversation, *paths: SocialPath) -> tuple[str, ...]:
    return tuple(s.id for s in statements(c.house.content.paths) if s.path in paths)


async def test_the_form_offers_all_statements_mixed() -> None:
    c = await invited()
    form = (await c.command("path")).form
    assert form is not None
    ids = [option.value.partition(".")[0] for option in form.fields[0].options]
    assert len(ids) == 16 and {ids.count(path) for path in SocialPath} == {4}
    assert all(first != second for first, second in pairwise(ids))


async def test_the_result_shows_the_paths_what_they_miss_and_asks_what_one_would_rather_choose() -> None:
    c = await invited()
    reply = await c.submit(form="path", statements=ticked(c, SocialPath.TECHNOLOGY, SocialPath.COLLECTIVE_VALUES))
    told = plain(reply)
    assert "Because the tools are there" in told and "To live what we value" in told
    assert "“un-human”" in told and "To reach and serve customers" not in told
    assert "Which path would you rather choose" in told
    assert len(questions(reply)) == 2 and not reply.to_channel


async def test_no_statement_ticked_is_an_answer_too() -> None:
    c = await invited()
    told = plain(await c.submit(form="path"))
    assert "None of these are your words" in told
    assert all(words.title in told for words in c.house.content.paths.values())


async def test_what_one_would_rather_choose_is_answered_with_its_promise_and_a_question() -> None:
    c = await invited()
    result = await c.submit(form="path", statements=ticked(c, SocialPath.TECHNOLOGY))
    form = (await c.press(button(result, "path_rather"))).form
    assert form is not None
    answer = await c.submit(form="path_rather", about=form.about, rather="product_resonance")
    assert "What we offer the world becomes true inside as well" in plain(answer)
    assert questions(answer)[0] in {q.text for q in c.house.content.paths[SocialPath.PRODUCT_RESONANCE].on_promise}
    stayed = await c.submit(form="path_rather", about=form.about, rather="stay")
    assert "What people know can travel further" in plain(stayed)
    again = (await c.submit(form="path_rather", about=form.about, rather="elsewhere")).form
    assert again is not None and again.fields[0].error


async def test_sharing_ones_paths_is_a_choice_and_names_nobody() -> None:
    c = await invited()
    private = await c.submit(by="cleopatra", form="path", statements=ticked(c, SocialPath.TECHNOLOGY))
    shared = await c.press(button(private, "path_share"), by="cleopatra")
    assert shared.to_channel and "cleopatra" not in plain(shared)
    assert questions(shared) == questions(private)


@pytest.mark.parametrize("about", ["", "+", "technology+technology", "collective_values+technology", "steam"])
async def test_forged_paths_are_refused_in_one_sentence(about: str) -> None:
    c = await invited()
    for choice in ("path_share", "path_rather"):
        answer = await c.press(choice, about=about)
        assert not answer.to_channel and "no longer here" in plain(answer)


async def test_a_statement_that_was_not_offered_brings_the_form_back() -> None:
    c = await invited()
    form = (await c.submit(form="path", statements=("technology.1", "steam.1"))).form
    assert form is not None and form.fields[0].error


async def begun() -> tuple[Conversation, Reply]:
    c = await invited()
    return c, await c.command("path team", by="bo")


async def answer(c: Conversation, invitation: Reply, who: str, *paths: SocialPath, rather: str = "") -> Reply:
    opened = await c.press(button(invitation, "round_answer"), by=who)
    if opened.form is None:
        return opened
    assert [field.id for field in opened.form.fields] == ["statements", "rather"]
    return await c.submit(
        by=who, form=opened.form.id, about=opened.form.about, statements=ticked(c, *paths), rather=rather
    )


def pictures(reply: Reply) -> list[Picture]:
    assert reply.message is not None
    return [part for part in reply.message.body if isinstance(part, Picture)]


async def test_a_round_is_put_to_the_whole_channel_and_a_second_one_leads_to_the_first() -> None:
    c, invitation = await begun()
    assert invitation.to_channel and "Open until 2026-04-01" in plain(invitation)
    result = await c.submit(form="path", statements=ticked(c, SocialPath.TECHNOLOGY))
    second = await c.press(button(result, "path_team"), by="cy")
    assert not second.to_channel and "open in this channel already" in plain(second)
    assert button(second, "round_answer") == button(invitation, "round_answer")


async def test_from_five_people_on_the_round_is_shown_once_as_a_picture_without_names() -> None:
    c, invitation = await begun()
    for who in ("anastasia", "bartholomew", "cleopatra", "desdemona"):
        assert "Counted" in plain(await answer(c, invitation, who, SocialPath.TECHNOLOGY, rather="stay"))
    assert "Fewer than five" in plain(await c.press(button(invitation, "round_together")))
    last = (SocialPath.PRODUCT_RESONANCE, SocialPath.TECHNOLOGY)
    await answer(c, invitation, "evangeline", *last, rather="technology")
    asked = await c.press(button(invitation, "round_together"))
    assert not asked.to_channel and "ends the round" in plain(asked)
    shown = await c.press(button(asked, "round_show"))
    assert shown.to_channel
    (words,) = pictures(shown)
    assert [(bar.label, bar.count) for bar in words.bars] == [("Because the tools are there", 5)]
    assert "Because the tools are there: 5 of 5" in plain(shown)
    fewer = "Fewer than five, or nobody: To reach and serve customers; To live what we value; To practise what we offer"
    assert fewer in plain(shown)
    assert plain(shown).count("To stay where our words are") == 1, "four chose it, and it gets no number"
    assert re.search("anastasia|bartholomew|cleopatra|desdemona|evangeline", plain(shown)) is None
    for late in ("round_show", "round_together", "round_answer"):
        assert "That round is over" in plain(await c.press(late, about=button(asked, "round_show").about))


async def test_four_answers_are_never_shown_whoever_forges_the_button() -> None:
    c, invitation = await begun()
    for who in ("ana", "bo", "cy", "dee"):
        await answer(c, invitation, who, SocialPath.TECHNOLOGY)
    forged = await c.press("round_show", about=button(invitation, "round_answer").about)
    assert not forged.to_channel and "Fewer than five" in plain(forged)


async def test_a_blank_answer_brings_the_form_back_and_counts_nobody() -> None:
    c, invitation = await begun()
    for who in ("ana", "bo", "cy", "dee"):
        blank = (await answer(c, invitation, who)).form
        assert blank is not None and blank.fields[0].error
    await answer(c, invitation, "eve", SocialPath.TECHNOLOGY)
    forged = await c.press("round_show", about=button(invitation, "round_answer").about)
    assert not forged.to_channel and "Fewer than five" in plain(forged)


async def test_a_part_that_fewer_than_five_answered_is_not_shown() -> None:
    c, invitation = await begun()
    for who in ("ana", "bo", "cy", "dee", "eve"):
        await answer(c, invitation, who, SocialPath.TECHNOLOGY, rather="stay" if who == "eve" else "")
    shown = await c.press("round_show", about=button(invitation, "round_answer").about)
    assert len(pictures(shown)) == 1 and "Fewer than five people answered this" in plain(shown)
    assert "stay where our words are" not in plain(shown)


own_paths = st.sets(st.sampled_from(SocialPath))
answers = st.lists(st.tuples(own_paths, st.sampled_from(["", STAY, *SocialPath])), min_size=5, max_size=30)


@given(answers)
def test_no_number_that_is_shown_rests_on_fewer_than_five(given_: list[tuple[set[SocialPath], str]]) -> None:
    tally = Tally()
    for on, rather in given_:
        tally = counted(tally, stands(on, rather))
    message = path_round.together(tally, CONTENT)
    bars = [bar for part in message.body if isinstance(part, Picture) for bar in part.bars]
    assert all(bar.count >= SMALLEST_GROUP for bar in bars)
    hidden = {key: n for key, n in tally.counts.items() if n >= SMALLEST_GROUP}
    assert path_round.together(Tally(people=tally.people, counts=hidden), CONTENT) == message, "nothing smaller shows"


@given(answers)
def test_how_many_answered_a_part_is_not_told(given_: list[tuple[set[SocialPath], str]]) -> None:
    tally = Tally()
    for on, rather in given_:
        tally = counted(tally, stands(on, rather))
    more = {part: n + 1 for part in PARTS if (n := tally.counts.get(part, 0)) >= SMALLEST_GROUP}
    other = Tally(people=tally.people, counts={**tally.counts, **more})
    assert path_round.together(other, CONTENT) == path_round.together(tally, CONTENT)


@pytest.mark.parametrize("state", [CharterState.PAUSED, CharterState.LAPSED, CharterState.INVITED])
async def test_no_round_is_put_to_or_shown_in_a_channel_where_kith_is_silent(state: CharterState) -> None:
    c, invitation = await begun()
    for who in ("ana", "bo", "cy", "dee", "eve"):
        await answer(c, invitation, who, SocialPath.TECHNOLOGY)
    await c.charter_is(state)
    assert not (await c.command("path team")).to_channel
    assert not (await c.press("round_show", about=button(invitation, "round_answer").about)).to_channel


async def test_nobody_answers_twice() -> None:
    c, invitation = await begun()
    await answer(c, invitation, "ana", SocialPath.TECHNOLOGY)
    about = button(invitation, "round_answer").about
    assert "answers once" in plain(await answer(c, invitation, "ana", SocialPath.TECHNOLOGY))
    assert "answers once" in plain(await c.submit(by="ana", form="path_round", about=about, rather="stay"))


async def test_a_round_is_deleted_after_thirty_days_unseen() -> None:
    c, invitation = await begun()
    await answer(c, invitation, "ana", SocialPath.TECHNOLOGY)
    await c.wait_until("5/wed 09:00")
    assert "That round is over" in plain(await c.press(button(invitation, "round_together")))
    assert await c.house.store.rounds.close(c.now) == 0, "the looks on the way have deleted it"
    await c.charter_is(CharterState.SPEAKING)
    assert (await c.command("path team")).to_channel


async def test_data_says_that_one_has_answered_and_not_what() -> None:
    c, invitation = await begun()
    assert "why we go social" not in plain(await c.command("data", by="ana"))
    await answer(c, invitation, "ana", SocialPath.TECHNOLOGY)
    assert "round on why we go social, not what" in plain(await c.command("data", by="ana"))


async def test_a_silent_channel_is_asked_nothing() -> None:
    c = await invited()
    await c.command("pause")
    assert not (await c.command("path team")).to_channel


async def test_a_channel_of_fewer_than_five_is_told_that_nothing_could_be_shown() -> None:
    c = Conversation()
    await c.invite(members=4)
    answered = await c.command("path team")
    assert not answered.to_channel and "fewer than five people" in plain(answered)


async def test_a_forged_round_answer_is_counted_nowhere() -> None:
    c, _ = await begun()
    assert "That round is over" in plain(await c.submit(form="path_round", about="made up", statements=()))
    form = await c.submit(form="path_round", about=await open_round(c), statements=("steam.1",))
    assert form.form is not None
    form = await c.submit(form="path_round", about=await open_round(c), rather="elsewhere")
    assert form.form is not None


async def open_round(c: Conversation) -> str:
    running = await c.house.store.rounds.current((await c.channel()).ref, c.now)
    assert running is not None
    return running.id


def test_a_buttons_state_fits_every_platform() -> None:
    assert len("+".join(SocialPath)) <= 200
    assert Choice(id="path_share", label="", about="+".join(SocialPath)).about.count("+") == 3
