"""A check-in in a tenant, over HTTP: its dialog with a preview, the question after a restart, answers, the closing."""

from __future__ import annotations

from typing import Any

from adapters.storage.memory.store import MemoryStore
from bot.domain.events import ChannelRef
from tests.teams.connector_api import ADMIN, ANA, BO, IDEAS, TENANT, FakeConnector
from tests.teams.tenant import Clock, Tenant, buttons, card_of, key_named, open_tenant, standing, words_of

Json = dict[str, Any]
REF = ChannelRef(TENANT, IDEAS)
PEOPLE = (ANA, BO, ADMIN, "29:cy", "29:dee")
EVERY_DAY = {"some.weekdays": "mon,tue,wed,thu,fri", "one.answering": "form"}


async def opened(tenant: Tenant) -> Json:
    """The dialog for a new check-in, as the steward opens it."""
    (hint,) = await tenant.ask("checkin")
    listed = await tenant.press(buttons(hint)["Show it to me"])
    return await tenant.press(buttons(listed)["New check-in"])


def inputs(shown: Json, **answers: str) -> dict[str, str]:
    """What stands in the dialog's fields, with these in the place of it."""
    parts = (part for part in card_of(shown)["body"] if part["type"].startswith("Input."))
    return {part["id"]: part.get("value", "") for part in parts} | EVERY_DAY | answers


async def test_a_check_in_is_previewed_saved_asked_after_a_restart_answered_and_closed() -> None:
    fake, store, clock = FakeConnector([key_named("k1")]), MemoryStore(), Clock()
    async with standing(fake):
        async with open_tenant(fake=fake, store=store, clock=clock) as tenant:
            await tenant.install()
            form = await opened(tenant)
            (send,) = buttons(form).values()
            shown = await tenant.press(send, **inputs(form))
            assert "every week on Monday, Tuesday, Wednesday, Thursday and Friday" in str(shown)
            await tenant.press(buttons(shown)["Save"], **inputs(shown))
            assert words_of(fake.sent(IDEAS)[-1]).startswith("This channel has a check-in now")
        (check_in,) = await store.check_ins.of(REF)
        assert check_in.next is not None
        clock.moment = check_in.next.at
        async with open_tenant(fake=fake, store=store, clock=clock) as tenant:
            await tenant.tick()
            asked = fake.sent(IDEAS)[-1]
            assert list(buttons(asked)) == ["Answer", "Why this question?"]
            for who in PEOPLE:
                dialog = await tenant.press(buttons(asked)["Answer"], by=who)
                (send,) = buttons(dialog).values()
                told = await tenant.press(send, by=who, **{"one.answer": f"*this* says {who[3:]}"})
                assert "Thank you" in words_of(told)
            (run,) = await store.runs.newest(REF)
            assert run.closes_at is not None
            clock.moment = run.closes_at
            await tenant.tick()
    said = {words_of(message).partition("\n")[0]: message for message in fake.sent(IDEAS)[-3:]}
    (closing,) = [message for first, message in said.items() if first.startswith("What was said")]
    assert r"\*this\* says bo" in str(card_of(closing)["body"]).replace("\\\\", "\\")
    (follow_up,) = [call.path for call in fake.calls if "One question to go on with" in str(call.body)]
    assert ";messageid=" in follow_up


async def test_what_is_wrong_stands_at_its_field() -> None:
    async with open_tenant() as tenant:
        await tenant.install()
        form = await opened(tenant)
        (send,) = buttons(form).values()
        wrong = await tenant.press(send, **inputs(form, **{"one.zone": "Mars"}))
        body = card_of(wrong)["body"]
        named = [after["id"] for part, after in zip(body, body[1:], strict=False) if part.get("color") == "Attention"]  # noqa: RUF007
        assert named == ["one.zone"]
