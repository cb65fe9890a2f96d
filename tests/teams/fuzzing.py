"""Activities of every shape that the Bot Connector, or somebody in its place, might send; `python -m
tests.teams.fuzzing 10000` sends so many to a door and says what came of it."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import threading
from collections import Counter
from concurrent.futures import Future
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.teams.connector_api import ANA, APP, BO, CHAT, IDEAS, KITH, PLANS, TEAM, TENANT
from tests.teams.tenant import Tenant, open_tenant, token

Json = dict[str, Any]

_keys = st.sampled_from(
    """type id name text textFormat timestamp channelId serviceUrl from recipient conversation channelData entities
    attachments membersAdded membersRemoved reactionsAdded reactionsRemoved replyToId value action data kith do about in
    form say eventType team channel tenant tenantId conversationType isGroup mentioned settings selectedChannel role
    aadObjectId commandId messagePayload body content user verb msteams one.plan some.patterns_off contentType trigger
    context state locale localTimezone topicName historyDisclosed expiration deliveryMode relatesTo semanticAction
    callerId listenFor textHighlights suggestedActions attachmentLayout code importance inputHint""".split()
)
_leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.floats(allow_nan=False, allow_infinity=False, width=16),
    st.text(max_size=12),
    st.sampled_from(
        [
            *(
                ANA,
                BO,
                KITH,
                APP,
                IDEAS,
                PLANS,
                TEAM,
                CHAT,
                TENANT,
                f"{IDEAS};messageid=1772445600000",
                "1772445600000",
            ),
            *(
                "2026-03-02T09:00:00Z",
                "channel",
                "personal",
                "groupChat",
                "add",
                "remove",
                "ask",
                "why",
                "check",
                "where",
            ),
            *("<at>Kith</at> help", "<at>Kith</at> join", "/kith pause", "mention", "like", "settings", "not_here"),
        ]
    ),
)
_values = st.recursive(
    _leaves,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_keys, inner, max_size=5)),
    max_leaves=12,
)
_types = st.sampled_from(
    """message messageUpdate messageDelete messageReaction conversationUpdate installationUpdate invoke typing event
    endOfConversation contactRelationUpdate handoff trace command suggestion""".split()
)
_names = st.sampled_from(
    """task/fetch task/submit adaptiveCard/action composeExtension/fetchTask composeExtension/submitAction
    composeExtension/query signin/verifyState fileConsent/invoke message/submitAction""".split()
)
_events = st.sampled_from(
    """channelCreated channelRenamed channelDeleted channelRestored channelShared teamRenamed teamDeleted teamArchived
    teamMemberAdded teamMemberRemoved editMessage undeleteMessage softDeleteMessage""".split()
)
_people = st.lists(st.fixed_dictionaries({"id": st.sampled_from([ANA, BO, KITH])}), max_size=2)
_carried = st.one_of(_values, st.fixed_dictionaries({"kith": st.dictionaries(_keys, _values, max_size=4)}))
_mention = st.fixed_dictionaries(
    {"type": st.just("mention"), "text": st.just("<at>Kith</at>"), "mentioned": st.fixed_dictionaries({"id": _leaves})}
)
_parts = {
    "text": st.one_of(
        st.text(max_size=20),
        st.sampled_from(
            ["<at>Kith</at> pause", "help", "check", "ledger", "<at>Kith</at> join", "<at>x</at>", "/kith"]
        ),
    ),
    "entities": st.lists(st.one_of(_mention, st.dictionaries(_keys, _values, max_size=3)), max_size=2),
    "attachments": st.lists(st.dictionaries(_keys, _values, max_size=3), max_size=1),
    "membersAdded": _people,
    "membersRemoved": _people,
    "reactionsAdded": st.lists(st.fixed_dictionaries({"type": _leaves}), max_size=2),
    "replyToId": st.one_of(st.just("1772445600000"), st.text(max_size=5)),
    "action": st.sampled_from(["add", "remove", "add-upgrade"]),
    "value": st.one_of(_values, st.fixed_dictionaries({"data": _carried}), _carried),
    "name": _names,
}


_TYPED = frozenset(
    """id name text textFormat timestamp replyToId action locale entities attachments membersAdded membersRemoved
    reactionsAdded reactionsRemoved""".split()
)
"""What the door turns away at once if it is not of its type."""


@st.composite
def activities(draw: st.DrawFn, service_url: str) -> Json:
    """Anything with the words of activities in it, most of it with a place and a sender that could be."""
    activity = draw(st.dictionaries(_keys, _values, max_size=6))
    if draw(st.integers(0, 7)):
        activity = {name: value for name, value in activity.items() if name not in _TYPED}
        parts = draw(st.sets(st.sampled_from(sorted(_parts)), max_size=4))
        activity |= {name: draw(_parts[name]) for name in parts} | {
            "type": draw(_types),
            "id": draw(st.one_of(st.text(max_size=9), st.just("1772445600000"))),
            "from": {"id": draw(st.sampled_from([ANA, BO, KITH, "29:x"]))},
            "recipient": {"id": KITH},
            "conversation": draw(st.dictionaries(_keys, _leaves, max_size=2))
            | {"id": draw(st.sampled_from([IDEAS, PLANS, TEAM, CHAT, "a:ana"])), "tenantId": TENANT},
            "channelData": draw(st.dictionaries(_keys, _values, max_size=3))
            | {"eventType": draw(st.one_of(_leaves, _events))},
            "timestamp": draw(st.sampled_from([*["2026-03-02T09:00:00.1234567Z"] * 9, "yesterday"])),
        }
    return activity | {"channelId": "msteams", "serviceUrl": service_url}


class Standing:
    """A door that stands open in a thread of its own, to knock at once for each example."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._enough = asyncio.Event()
        self._tenant: Future[Tenant] = Future()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._stand(),))
        self._token = ""
        self.surprises: list[str] = []

    def __enter__(self) -> Standing:
        logging.getLogger("kith.teams").addHandler(_Listener(self.surprises))
        self._thread.start()
        self._token = token(self._tenant.result(20).fake.service_url)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._enough.set)
        self._thread.join(20)
        self._loop.close()

    @property
    def service_url(self) -> str:
        return self._tenant.result().fake.service_url

    def knock(self, activity: Json) -> int:
        """The status that the door answers this with, under a good token; AssertionError if it was a surprise to it."""
        sending = self._tenant.result().knock(json.dumps(activity), authorization=self._token)
        status = asyncio.run_coroutine_threadsafe(sending, self._loop).result(20).status_code
        assert self.surprises == []
        return status

    async def _stand(self) -> None:
        async with open_tenant() as tenant:
            await tenant.install()
            await tenant.install(CHAT)
            await tenant.install_alone()
            self._tenant.set_result(tenant)
            await self._enough.wait()
            tenant.fake.faults = [fault for fault in tenant.fake.faults if not fault.startswith("Kith called")]


class _Listener(logging.Handler):
    """Notes what the door did not expect; everything else has an error of its own."""

    def __init__(self, surprises: list[str]) -> None:
        super().__init__()
        self._surprises = surprises

    def emit(self, record: logging.LogRecord) -> None:
        if record.msg == "An activity could not be taken: %s":
            self._surprises.append(record.getMessage())


def main(examples: int) -> Counter[int]:
    """Send so many, and count what they are answered with; the first answer that is none of these ends it: 200, 400 (no
    activity), 403 (another tenant), 501 (nothing that Kith offers), 503 (what the connector does not tell of)."""
    counted: Counter[int] = Counter()
    with Standing() as door:

        @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(activities(door.service_url))
        def send(activity: Json) -> None:
            status = door.knock(activity)
            counted[status] += 1
            assert status in (200, 400, 403, 501, 503), activity

        send()
    return counted


if __name__ == "__main__":
    print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
