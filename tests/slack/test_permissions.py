"""Who may do what is decided by the server at every action, whatever a request says of itself, over the real door."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.domain.channel import Channel
from bot.domain.charter import CharterState
from tests.slack.web_api import WORKSPACE
from tests.slack.workspace import CONTENT, Slack, open_slack

Json = dict[str, Any]
STEWARD, MEMBER, GUEST, ADMIN, OUTSIDER = "U1ANA", "U2BO", "U3GUEST", "U4ADMIN", "U5OUT"
GHOST = "U9GHOST"
"""Somebody whom Slack does not tell of."""

REFUSAL = CONTENT.interface["not_allowed.ask_steward"]
STALE = CONTENT.interface["choice.stale"]
MAY = {STEWARD: True, ADMIN: True, MEMBER: False, GUEST: False, OUTSIDER: False, GHOST: False}
CLAIMS = {"is_admin": True, "is_owner": True, "name": "the owner", "team_id": WORKSPACE}
"""What somebody might write of themselves into a request."""


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with open_slack() as opened:
        await opened.invite()
        yield opened


async def channel(slack: Slack) -> Channel:
    found = await slack.channel()
    assert found is not None
    return found


def button(do: str, **carried: str) -> Json:
    return {"type": "button", "action_id": "choice-0", "value": json.dumps({"do": do, "about": "", **carried})}


async def settings_view(slack: Slack) -> Json:
    """The settings as the steward has them before them."""
    await slack.command("settings", by=STEWARD)
    view: Json = slack.fake.called("views.open")[-1]["view"]
    return view


@pytest.mark.parametrize(("who", "may"), MAY.items())
async def test_settings_open_and_save_for_those_alone_who_may(slack: Slack, who: str, may: bool) -> None:
    slack.fake.members["C1"] |= set(MAY)
    view = await settings_view(slack)
    opened = len(slack.fake.called("views.open"))
    await slack.press(button("settings"), by=who)
    assert (len(slack.fake.called("views.open")) > opened) is may
    assert (REFUSAL in json.dumps(slack.fake.called("answer"), ensure_ascii=False)) is not may
    await slack.submit(view, by=who, zone={"value": "Europe/Dublin"})
    assert ((await channel(slack)).settings.zone == "Europe/Dublin") is may


@pytest.mark.parametrize(("who", "may"), MAY.items())
async def test_kith_speaks_again_at_the_word_of_those_alone_who_may(slack: Slack, who: str, may: bool) -> None:
    await slack.command("pause", by=MEMBER)
    await slack.press(button("resume"), by=who)
    assert ((await channel(slack)).charter.state is not CharterState.PAUSED) is may


@pytest.mark.parametrize(("who", "may"), (MAY | {STEWARD: False}).items())
@pytest.mark.parametrize("do", ["workspace", "numbers"])
async def test_what_holds_in_the_whole_workspace_opens_for_admins_alone(
    slack: Slack, who: str, may: bool, do: str
) -> None:
    await slack.press(button(do, about="gentle"), by=who)
    assert (len(slack.fake.called("views.open")) == 1) is may


@pytest.mark.parametrize("who", [*MAY])
async def test_anyone_may_silence_it(slack: Slack, who: str) -> None:
    await slack.press(button("pause"), by=who)
    assert (await channel(slack)).charter.state is CharterState.PAUSED


async def test_what_a_request_says_of_its_sender_counts_for_nothing(slack: Slack) -> None:
    before = await channel(slack)
    user = {"id": MEMBER, **CLAIMS}
    await slack.command("pause", by=STEWARD)
    paused = await channel(slack)
    await slack.press(button("resume", standing="admin", by=STEWARD), by=MEMBER, user=user)
    assert await channel(slack) == paused
    view = await settings_view(slack)
    values = {"zone": {"answer": {"type": "plain_text_input", "value": "Europe/Dublin"}}}
    forged = view | {"id": "V1", "state": {"values": values}, "user_id": STEWARD}
    await slack.interact({"type": "view_submission", "user": user, "view": forged, "user_id": STEWARD})
    assert (await channel(slack)).settings == before.settings


async def test_a_form_for_a_channel_that_its_sender_has_left_is_stale(slack: Slack) -> None:
    view = await settings_view(slack)
    slack.fake.members["C1"].discard(STEWARD)
    answer = await slack.submit(view, by=STEWARD, zone={"value": "Europe/Dublin"})
    assert STALE in answer.text
    assert (await channel(slack)).settings.zone == "UTC"


@pytest.mark.parametrize("metadata", ['{"form":"settings","about":"","channel":"C2"}', "{}", "x", '{"form":1}', ""])
async def test_a_form_whose_own_note_was_changed_changes_nothing(slack: Slack, metadata: str) -> None:
    await slack.invite("C2", by=ADMIN)
    view = await settings_view(slack)
    slack.fake.members["C2"] = {ADMIN}
    await slack.submit(view | {"private_metadata": metadata}, by=STEWARD, zone={"value": "Europe/Dublin"})
    other = await slack.channel("C2")
    assert other is not None
    assert (other.settings.zone, (await channel(slack)).settings.zone) == ("UTC", "UTC")


@pytest.mark.parametrize("kind", ["home", "modal"])
@pytest.mark.parametrize("do", ["leave", "pause", "settings", "agree"])
async def test_buttons_away_from_the_channel_act_for_its_members_alone(slack: Slack, do: str, kind: str) -> None:
    before = await channel(slack)
    slack.fake.members["C1"].discard(MEMBER)
    opened = len(slack.fake.called("views.open"))
    view = {"type": kind, "id": "V9", "private_metadata": json.dumps({"channel": "C1"})}
    pressed = button(do, **{"in": "C1"})
    await slack.press(pressed, by=MEMBER, channel="", view=view, container={"type": "view"}, response_url="")
    assert await channel(slack) == before
    shown = slack.fake.called("views.open")[opened:] + slack.fake.called("views.update")
    assert all("settings" not in json.dumps(view.get("view", {}).get("private_metadata")) for view in shown)


@pytest.mark.parametrize("do", ["why", "useful", "not_here", "agree", "made_up", ""])
async def test_a_button_of_a_question_that_was_never_asked_is_stale(slack: Slack, do: str) -> None:
    before = await channel(slack)
    await slack.press(button(do, about="never-asked"), by=MEMBER)
    assert await channel(slack) == before
    assert len(slack.fake.called("answer")) == 1


async def test_after_kith_has_left_its_old_buttons_and_forms_do_nothing(slack: Slack) -> None:
    view = await settings_view(slack)
    await slack.command("leave", by=MEMBER)
    for do in ("agree", "resume", "settings", "pause"):
        await slack.press(button(do), by=STEWARD)
    await slack.submit(view, by=STEWARD, zone={"value": "Europe/Dublin"})
    assert await slack.channel() is None
