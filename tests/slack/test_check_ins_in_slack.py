"""A check-in in a workspace, over HTTP: its modal with a preview, the question, answers in a modal, and the closing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.slack.test_living_in_slack import buttons
from tests.slack.workspace import Slack, open_slack

Json = dict[str, Any]
PEOPLE = ("U1ANA", "U2BO", "U4ADMIN", "U5CY", "U6DEE")


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with open_slack() as opened:
        yield opened


def chosen(value: str) -> Json:
    return {"selected_option": {"value": f"={value}"}}


async def previewed(slack: Slack, **answers: Json) -> Json:
    """The modal after its first sending."""
    await slack.command("checkin new")
    view = slack.fake.called("views.open")[-1]["view"]
    every_day = [{"value": f"={day}"} for day in ("mon", "tue", "wed", "thu", "fri")]
    given: Any = {"weekdays": {"selected_options": every_day}, "answering": chosen("form"), **answers}
    shown: Json = (await slack.submit(view, **given)).json()
    return shown


async def test_a_check_in_is_previewed_saved_asked_answered_and_closed(slack: Slack) -> None:
    await slack.invite()
    shown = await previewed(slack)
    assert shown["response_action"] == "update"
    intro = shown["view"]["blocks"][0]["text"]["text"]
    assert intro.count("•") == 5 and "every week on Monday, Tuesday, Wednesday, Thursday and Friday" in intro
    assert shown["view"]["submit"]["text"] == "Save"
    every_day = [{"value": f"={day}"} for day in ("mon", "tue", "wed", "thu", "fri")]
    saved = (
        await slack.submit(shown["view"], weekdays={"selected_options": every_day}, answering=chosen("form"))
    ).json()
    assert saved["response_action"] == "update"
    assert slack.fake.called("chat.postMessage")[-1]["text"].startswith("This channel has a check-in now")
    (check_in,) = await slack.core.house.store.check_ins.of((await _channel(slack)).ref)
    assert check_in.next is not None
    slack.clock.moment = check_in.next.at
    await slack.tick()
    asked = slack.fake.called("chat.postMessage")[-1]
    assert list(buttons(asked)) == ["Answer", "Why this question?"]
    slack.fake.members["C1"] |= set(PEOPLE)
    for who in PEOPLE:
        await slack.press(buttons(asked)["Answer"], by=who)
        modal = slack.fake.called("views.open")[-1]["view"]
        told = (await slack.submit(modal, by=who, answer={"value": f"<!channel> said {who.lower()}"})).json()
        assert "Thank you" in str(told["view"]["blocks"])
    (run,) = await slack.core.house.store.runs.newest(check_in.ref)
    assert run.closes_at is not None
    slack.clock.moment = run.closes_at
    await slack.tick()
    said = slack.fake.called("chat.postMessage")[-3:]  # the next day's question came in between
    (closing,) = [message for message in said if message["text"].startswith("What was said")]
    (follow_up,) = [message for message in said if message["text"].startswith("One question to go on with")]
    assert "&lt;!channel&gt; said u2bo" in closing["text"]
    assert "<!channel>" not in str(closing)
    assert "thread_ts" not in closing and follow_up["thread_ts"]


async def test_what_is_wrong_stands_at_its_field(slack: Slack) -> None:
    await slack.invite()
    shown = await previewed(slack, zone={"value": "Mars"}, every=chosen("month1"))
    assert shown["response_action"] == "errors"
    assert set(shown["errors"]) == {"zone", "weekdays"}


async def test_kiths_own_page_shows_what_comes_next(slack: Slack) -> None:
    await slack.invite()
    shown = await previewed(slack)
    every_day = [{"value": f"={day}"} for day in ("mon", "tue", "wed", "thu", "fri")]
    await slack.submit(shown["view"], weekdays={"selected_options": every_day}, answering=chosen("form"))
    await slack.event({"type": "app_home_opened", "user": "U1ANA", "tab": "home", "channel": "D1"})
    page = slack.fake.called("views.publish")[-1]["view"]
    assert "Next check-ins" in str(page) and "#ideas: " in str(page)


async def _channel(slack: Slack) -> Any:
    channel = await slack.channel()
    assert channel is not None
    return channel
