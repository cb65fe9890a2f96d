"""`/kith words`: what an organisation says of itself, given by it, read by all, and taken back."""

from __future__ import annotations

import pytest

from bot.domain.events import Standing
from bot.domain.path_check import statements
from bot.domain.paths import SocialPath
from tests.usecases.conversation import ADMIN, Conversation, button, plain
from tests.usecases.test_check import invited, questions

LAST = "Things that last, and a bench to mend them on."
NEIGHBOURS = "Neighbours who may ask."


async def given() -> Conversation:
    c = await invited()
    await c.submit(by="ana", form="words", stands_for=LAST, for_one_another=NEIGHBOURS)
    return c


async def test_whoever_invited_kith_may_give_the_first_words_and_every_member_reads_them() -> None:
    c = await invited()
    assert "no words of its own" in plain(await c.command("words", by="bo"))
    assert (await c.command("words", by="ana")).form is not None
    assert LAST in plain(await c.submit(by="ana", form="words", stands_for=f" {LAST}\n"))
    read = await c.command("words", by="bo")
    assert LAST in plain(read)
    assert read.message is not None and read.message.choices == ()


async def test_words_that_stand_are_changed_by_an_admin_alone() -> None:
    c = await given()
    for refused in (
        await c.submit(by="ana", form="words", stands_for="Mine now."),
        await c.press("words_change", by="ana"),
        await c.press("words_delete", by="bo"),
        await c.submit(by="bo", form="words"),
    ):
        assert "only an admin" in plain(refused)
    page = await c.command("words", by=ADMIN, standing=Standing.ADMIN)
    form = (await c.press(button(page, "words_change"), by=ADMIN)).form
    assert form is not None and [field.value for field in form.fields] == [(LAST,), (NEIGHBOURS,)]
    await c.submit(by=ADMIN, form="words", for_one_another="Good company.")
    told = plain(await c.command("words", by="bo"))
    assert "Good company." in told and LAST not in told


async def test_an_admin_takes_them_back_with_a_button_or_two_empty_fields() -> None:
    for empty in (False, True):
        c = await given()
        page = await c.command("words", by=ADMIN, standing=Standing.ADMIN)
        if empty:
            answer = await c.submit(by=ADMIN, form="words")
        else:
            answer = await c.press(button(page, "words_delete"), by=ADMIN)
        assert "Deleted" in plain(answer)
        assert "no words of its own" in plain(await c.command("words", by="bo"))


async def test_too_many_words_or_none_bring_the_form_back() -> None:
    c = await invited()
    long = (await c.submit(by="ana", form="words", stands_for="a" * 301)).form
    none = (await c.submit(by="ana", form="words")).form
    assert long is not None and [f.id for f in long.fields if f.error] == ["stands_for"]
    assert none is not None and [f.id for f in none.fields if f.error] == ["stands_for"]


@pytest.mark.parametrize(
    ("path", "own"), [(SocialPath.PRODUCT_RESONANCE, LAST), (SocialPath.COLLECTIVE_VALUES, NEIGHBOURS)]
)
async def test_questions_on_the_paths_of_values_and_resonance_stand_on_them(path: SocialPath, own: str) -> None:
    c = await given()
    ticked = tuple(s.id for s in statements(c.house.content.paths) if s.path is path)
    result = await c.submit(form="path", statements=ticked)
    rather = await c.submit(form="path_rather", about=path.value, rather=path)
    for reply in (result, rather):
        assert f"“{own}”" in plain(reply)
        assert all("these words" in question for question in questions(reply))


async def test_the_other_two_paths_leave_them_alone() -> None:
    c = await given()
    ticked = tuple(s.id for s in statements(c.house.content.paths) if s.path is SocialPath.TECHNOLOGY)
    told = plain(await c.submit(form="path", statements=ticked))
    assert LAST not in told and NEIGHBOURS not in told
