"""Every published sample of a request, where they are at hand, through the real door over real HTTP."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from tests.slack.test_translate import SAMPLES, filled, kind_of
from tests.slack.web_api import WORKSPACE
from tests.slack.workspace import Slack, open_slack

Json = dict[str, Any]

ANSWERS = {
    "command": {"200 CommandGiven": 2, "200 nothing": 1},
    "block_actions": {"200 nothing": 10},
    "block_suggestion": {"200 nothing": 3},
    "dialog_cancellation": {"200 nothing": 1},
    "dialog_submission": {"200 nothing": 5},
    "dialog_suggestion": {"200 nothing": 1},
    "interactive_message": {"200 nothing": 6},
    "message_action": {"200 nothing": 4},
    "shortcut": {"200 nothing": 5},
    "view_closed": {"200 nothing": 5},
    "event_callback": {"200 nothing": 1},
    "view_submission": {"200 FormSubmitted": 3, "200 nothing": 5},
}
"""What the door answers to each kind of interaction, and what of it reaches the core.

Other apps' buttons, shortcuts and workflow steps, and requests without a channel, do not; a form that Kith did not
write does, and is answered there as a stale one.
"""


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with open_slack() as opened:
        yield opened


def samples() -> Iterator[Json]:
    for path in sorted(SAMPLES.rglob("*.json")):
        if path.parent.name == "api_specs":
            continue
        content = filled(json.loads(path.read_text(encoding="utf-8")))
        yield from (body for body in (content if isinstance(content, list) else [content]) if isinstance(body, dict))


def here(body: Json) -> Json:
    """A sample as if it came from the workspace that Kith is in."""
    moved = dict(body)
    if isinstance(moved.get("team"), dict):
        moved["team"] = {**moved["team"], "id": WORKSPACE}
    if "team_id" in moved:
        moved["team_id"] = WORKSPACE
    if isinstance(moved.get("view"), dict) and "app_installed_team_id" in moved["view"]:
        moved["view"] = {**moved["view"], "app_installed_team_id": WORKSPACE}
    return moved


async def test_every_published_request_is_taken_and_what_concerns_kith_reaches_it(slack: Slack) -> None:
    if not SAMPLES.is_dir():
        pytest.skip(f"{SAMPLES} is not here; set KITH_SHARED to the folder that holds payloads/")
    answers: dict[str, Counter[str]] = {}
    statuses: Counter[int] = Counter()
    for body in map(here, samples()):
        before = len(slack.core.told)
        if isinstance(body.get("event"), dict):
            statuses[(await slack.send(json.dumps(body))).status_code] += 1
            continue
        if "command" in body:
            kind, answer = "command", await slack.form({key: str(value) for key, value in body.items()})
        else:
            kind, answer = kind_of(body), await slack.form({"payload": json.dumps(body)})
        reached = slack.core.told[before:]
        name = type(reached[0]).__name__ if reached else "nothing"
        answers.setdefault(kind, Counter())[f"{answer.status_code} {name}"] += 1
    slack.fake.faults.clear()  # samples name channels and people that are not here
    assert {kind: dict(counted) for kind, counted in answers.items()} == ANSWERS
    assert statuses == {200: 196, 400: 1}  # one is abridged to an event without a type
