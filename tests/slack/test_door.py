"""The door: who is let in, and that nothing makes it fall over."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.slack.fuzzing import GUISES, Sent, Standing, guises
from tests.slack.web_api import KITH, WORKSPACE
from tests.slack.workspace import Slack, open_slack, signed

Json = dict[str, Any]
JOINED = {
    "type": "event_callback",
    "team_id": WORKSPACE,
    "event_id": "Ev1",
    "event_time": 1772445600,
    "event": {"type": "member_joined_channel", "user": KITH, "channel": "C1", "inviter": "U1ANA"},
}


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with open_slack() as opened:
        yield opened


async def refused(slack: Slack, answer: httpx2.Response, status: int) -> None:
    """The right status, and no side effect."""
    assert answer.status_code == status
    assert slack.core.told == []
    assert await slack.core.channels(WORKSPACE) == []
    assert slack.fake.methods == ["auth.test"]


async def test_a_signed_request_is_let_in(slack: Slack) -> None:
    assert (await slack.send(json.dumps(JOINED))).status_code == 200
    assert len(slack.core.told) == 1


async def test_an_unsigned_request_is_refused(slack: Slack) -> None:
    await refused(slack, await slack.knock(json.dumps(JOINED)), 401)


async def test_a_request_signed_with_another_secret_is_refused(slack: Slack) -> None:
    body = json.dumps(JOINED)
    forged = signed(body, slack.clock.now(), secret="another secret")
    await refused(slack, await slack.knock(body, **forged), 401)


async def test_a_signature_of_another_body_is_refused(slack: Slack) -> None:
    headers = signed(json.dumps(JOINED), slack.clock.now())
    await refused(slack, await slack.knock(json.dumps(JOINED | {"event_id": "Ev2"}), **headers), 401)


@pytest.mark.parametrize("minutes", [-6, 6])
async def test_a_request_from_another_time_is_refused(slack: Slack, minutes: int) -> None:
    body = json.dumps(JOINED)
    old = signed(body, slack.clock.now() + timedelta(minutes=minutes))
    await refused(slack, await slack.knock(body, **old), 401)


@pytest.mark.parametrize("stamp", ["", "now", "-1", "1e9", "９９９", "9" * 40, "1772445600.5"])
async def test_a_strange_time_is_refused(slack: Slack, stamp: str) -> None:
    headers = {"x-slack-request-timestamp": stamp.encode().decode("latin-1"), "x-slack-signature": "v0=0"}
    await refused(slack, await slack.knock("{}", **headers), 401)


async def test_a_signature_that_is_no_text_is_refused(slack: Slack) -> None:
    headers = signed("{}", slack.clock.now()) | {"x-slack-signature": "v0=\xe9"}
    await refused(slack, await slack.knock("{}", **headers), 401)


async def test_too_much_is_refused_before_it_is_read(slack: Slack) -> None:
    body = json.dumps(JOINED | {"padding": "x" * 1_000_001})
    await refused(slack, await slack.send(body), 413)


@pytest.mark.parametrize(
    "body",
    ["{", "[]", "[1]", '"x"', "1", "null", '{"type": 1}', '{"event": []}', '{"event": {"type": {}}}', "[" * 100_000],
)
async def test_what_is_no_request_of_slacks_is_refused(slack: Slack, body: str) -> None:
    await refused(slack, await slack.send(body), 400)


@pytest.mark.parametrize("payload", ["{", "[]", "1", '{"actions": [1]}', '{"view": 3}', '{"user": 3, "actions": 3}'])
async def test_what_is_no_interaction_of_slacks_is_refused(slack: Slack, payload: str) -> None:
    await refused(slack, await slack.form({"payload": payload}), 400)


async def test_bytes_that_are_no_text_are_refused(slack: Slack) -> None:
    body = b'{"type": "\xff\xfe"}'
    await refused(slack, await slack.knock(body, **signed(body, slack.clock.now())), 401)


async def test_other_methods_and_paths_are_not_there(slack: Slack) -> None:
    client = slack._client
    assert (await client.get("/slack/events")).status_code == 405
    assert (await client.post("/elsewhere")).status_code == 404


async def test_what_kith_does_not_know_is_taken_and_let_be(slack: Slack) -> None:
    for payload in (
        {"type": "interactive_message", "callback_id": "x", "user": {"id": "U1ANA"}, "actions": [{"name": "x"}]},
        {"type": "dialog_submission", "callback_id": "x", "user": {"id": "U1ANA"}},
        {"type": "view_closed", "user": {"id": "U1ANA"}, "view": {"type": "modal", "callback_id": "x"}},
        {"type": "block_suggestion", "user": {"id": "U1ANA"}, "action_id": "x"},
        {"type": "message_action", "callback_id": "elsewhere", "user": {"id": "U1ANA"}, "channel": {"id": "C1"}},
    ):
        assert (await slack.interact(payload)).status_code == 200
    assert slack.core.told == []


async def test_a_command_without_a_channel_changes_nothing(slack: Slack) -> None:
    assert (await slack.form({"command": "/kith", "text": "leave", "user_id": "U1ANA"})).status_code == 200
    assert slack.core.told == []


@pytest.fixture(scope="module")
def standing() -> Iterator[Standing]:
    with Standing() as door:
        yield door


@settings(max_examples=10_000 // GUISES, suppress_health_check=list(HealthCheck), deadline=None)
@given(made=guises())
def test_nothing_of_ten_thousand_things_that_slack_might_send_makes_it_fall_over(
    standing: Standing, made: list[Sent]
) -> None:
    for sent in made:
        assert standing.knock(sent) in (200, 400), sent


@settings(max_examples=100)
@given(body=st.text(max_size=80), kind=st.sampled_from(["application/json", "text/plain", ""]))
def test_no_text_makes_it_fall_over(standing: Standing, body: str, kind: str) -> None:
    assert standing.knock((body.encode("utf-8", "replace").decode(), kind)) in (200, 400)


@pytest.mark.parametrize("view", [{"callback_id": "check"}, {"callback_id": "check", "type": 7}, {"id": "V1"}])
async def test_a_view_that_does_not_say_what_it_is_is_not_understood(slack: Slack, view: dict[str, object]) -> None:
    payload = {"type": "view_submission", "team": {"id": "T1"}, "user": {"id": "U1ANA"}, "view": view}
    body = urlencode({"payload": json.dumps(payload)})
    assert (await slack.send(body, "application/x-www-form-urlencoded")).status_code == 400
    assert slack.core.told == []
