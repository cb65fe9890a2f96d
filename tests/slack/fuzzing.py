"""Requests of every shape that Slack, or somebody in its place, might send; `python -m tests.slack.fuzzing 10000` sends
so many to a door and says what came of it."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from typing import Any
from urllib.parse import urlencode

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.slack.web_api import KITH, WORKSPACE
from tests.slack.workspace import Slack, open_slack

Json = dict[str, Any]
Sent = tuple[str, str]
"""A body and its content type."""

JSON, FORM = "application/json", "application/x-www-form-urlencoded"

_keys = st.sampled_from(
    """type event user channel text ts thread_ts subtype message previous_message item team id actions action_id value
    view state values private_metadata callback_id container channel_id user_id team_id command trigger_id
    authorizations event_id event_time is_ext_shared_channel tab tokens enterprise bot_id inviter channel_type blocks
    selected_option enterprise_id is_enterprise_install authed_users user_team context_team_id view_id hash
    function_data inputs bot_access_token assistant_thread event_ts deleted_ts payload ssl_check challenge""".split()
)
_leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.text(max_size=12),
    st.sampled_from(
        ["C1", "U1ANA", KITH, WORKSPACE, "1772445600.000001", "message", "home", "modal", "choice-0", "{}"]
    ),
)
_values = st.recursive(
    _leaves,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_keys, inner, max_size=5)),
    max_leaves=12,
)
_KINDS = """event_callback url_verification app_rate_limited block_actions view_submission view_closed shortcut
    message_action block_suggestion interactive_message dialog_submission workflow_step_edit
    function_executed""".split()
_EVENTS = """message app_mention reaction_added reaction_removed member_joined_channel member_left_channel channel_left
    channel_archive channel_unarchive channel_rename channel_shared app_home_opened app_uninstalled tokens_revoked
    function_executed assistant_thread_started""".split()
_kinds, _events = st.sampled_from(_KINDS), st.sampled_from(_EVENTS)


@st.composite
def bodies(draw: st.DrawFn) -> Json:
    """Anything with the words of Slack's requests in it, half of it with one of Slack's kinds."""
    body = draw(st.dictionaries(_keys, _values, max_size=8))
    if draw(st.booleans()):
        body["type"] = draw(_kinds)
    if body.get("type") == "event_callback" or draw(st.booleans()):
        event = draw(st.dictionaries(_keys, _values, max_size=8))
        body |= {"type": "event_callback", "team_id": WORKSPACE, "event": event | {"type": draw(_events)}}
    return body


@st.composite
def requests(draw: st.DrawFn) -> Sent:
    """A body as JSON, as a form's payload, or as a form."""
    body, how = draw(bodies()), draw(st.integers(0, 2))
    if how == 0:
        return json.dumps(body), JSON
    if how == 1:
        return urlencode({"payload": json.dumps(body)}), FORM
    return urlencode({key: value if isinstance(value, str) else json.dumps(value) for key, value in body.items()}), FORM


GUISES = 20
"""Requests that one drawn body is made into, for drawing costs ten times what knocking does."""


@st.composite
def guises(draw: st.DrawFn) -> list[Sent]:
    """One body as a request of every kind, as a form, and as some of the kinds of events."""
    body, first = draw(bodies()), draw(st.integers(0, len(_EVENTS) - 1))
    event = (
        body.get("event") if isinstance(body.get("event"), dict) else draw(st.dictionaries(_keys, _values, max_size=8))
    )
    made: list[Sent] = []
    for kind in _KINDS:
        plain = json.dumps(body | {"type": kind})
        sent = (
            (plain, JSON) if kind in ("event_callback", "app_rate_limited") else (urlencode({"payload": plain}), FORM)
        )
        made.append(sent)
    for number in range(GUISES - 1 - len(_KINDS)):
        told = dict(event or {}) | {"type": _EVENTS[(first + number) % len(_EVENTS)]}
        around = {"type": "event_callback", "team_id": WORKSPACE, "event": told}
        made.append((json.dumps({**body, **around}), JSON))
    form = {key: value if isinstance(value, str) else json.dumps(value) for key, value in body.items()}
    return [*made, (urlencode({"command": "/kith", **form}), FORM)]


class Standing:
    """A door that stands open in this process, to knock at once for each example: no socket between, so that many
    examples cost little."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._opened = open_slack()
        self._slack: Slack | None = None

    def __enter__(self) -> Standing:
        self._slack = self._loop.run_until_complete(self._opened.__aenter__())
        return self

    def __exit__(self, *_: object) -> None:
        assert self._slack is not None
        self._slack.fake.faults.clear()  # nonsense may ask for nonsense
        self._loop.run_until_complete(self._opened.__aexit__(None, None, None))
        self._loop.close()

    def knock(self, sent: Sent) -> int:
        """The status that the door answers this with, signed."""
        assert self._slack is not None
        return self._loop.run_until_complete(self._slack.call(*sent))


def main(examples: int) -> Counter[int]:
    """Send so many, and count what they are answered with; the first answer that is neither 200 nor 400 ends it."""
    counted: Counter[int] = Counter()
    with Standing() as door:

        @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(requests())
        def send(sent: Sent) -> None:
            status = door.knock(sent)
            counted[status] += 1
            assert status in (200, 400), sent

        send()
    return counted


if __name__ == "__main__":
    print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
