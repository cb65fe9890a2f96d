"""What Slack tells, as events of the core: our own payloads always, the published samples where they are at hand."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from adapters.slack.shapes import moment
from adapters.slack.translate import (
    HomeOpened,
    Kith,
    RateLimited,
    TokensRevoked,
    Uninstalled,
    translate,
)
from bot.domain.events import (
    ChannelChanged,
    ChannelRef,
    KithInvited,
    KithRemoved,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    ReactionChanged,
)
from tests.slack.fuzzing import bodies

Json = dict[str, Any]
SHARED = Path(os.environ.get("KITH_SHARED", Path(__file__).parents[3] / "shared"))  # noqa: TID251, where test data lies
SAMPLES = SHARED / "payloads" / "slack"
KITH = Kith(workspace="T1", user="U0KITH", bot="B0KITH")
C1 = ChannelRef("T1", "C1")
TS = "1772445600.000100"
LATER = "1772445700.000200"


def told(event: Json, kith: Kith = KITH, **around: object) -> object:
    body = {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event_time": 1772445600, "event": event}
    return translate(body | around, kith)


def message(**more: object) -> Json:
    return {
        "type": "message",
        "user": "U1",
        "text": "hello",
        "ts": TS,
        "channel": "C1",
        "channel_type": "channel",
        **more,
    }


POSTED = MessagePosted(channel=C1, message=TS, author="U1", at=moment(TS), text="hello")


@pytest.mark.parametrize("kind", ["channel", "group", "mpim"])
def test_a_message_in_any_kind_of_channel(kind: str) -> None:
    assert told(message(channel_type=kind)) == POSTED


def test_a_message_to_kith_alone_addresses_it() -> None:
    posted = told(message(channel_type="im"))
    assert isinstance(posted, MessagePosted)
    assert (posted.addresses_kith, posted.alone_with_kith) == (True, True)


def test_a_reply_belongs_to_its_thread_also_when_it_is_sent_to_the_channel() -> None:
    for subtype in ({}, {"subtype": "thread_broadcast"}):
        posted = told(message(ts=LATER, thread_ts=TS, **subtype))
        assert isinstance(posted, MessagePosted)
        assert (posted.message, posted.thread) == (LATER, TS)


def test_the_message_that_opens_a_thread_is_not_in_it() -> None:
    assert told(message(thread_ts=TS)) == POSTED


def test_markup_becomes_plain_words_and_a_call_to_everyone_is_noticed() -> None:
    posted = told(message(text="<!here> ask <@U2>, see <https://a.example|this> &amp; that"))
    assert isinstance(posted, MessagePosted)
    assert (posted.text, posted.calls_everyone) == ("@everyone ask @someone, see this & that", True)


def test_a_mention_and_its_message_are_the_same_event() -> None:
    said = message(text="<@U0KITH> hello")
    mention = said | {"type": "app_mention"}
    del mention["channel_type"]
    assert told(said) == told(mention)
    posted = told(said)
    assert isinstance(posted, MessagePosted)
    assert (posted.text, posted.addresses_kith) == ("@kith hello", True)


@pytest.mark.parametrize(
    "event",
    [
        message(bot_id="B1"),
        message(subtype="bot_message", bot_id="B1"),
        message(user="U0KITH"),
        message(user="USLACKBOT"),
        message(workflow_id="Wf1"),
        message(app_id="A1"),
        message(bot_profile={"id": "B1"}),
        message(subtype="channel_join"),
        message(subtype="channel_topic"),
        message(subtype="message_replied"),
        message(subtype="something_new"),
        message(user=""),
        message(user="two words"),
        message(ts="yesterday"),
        message(channel={"id": "C1"}),
        message(subtype="message_changed", message=message(bot_id="B1"), previous_message=message(text="x")),
        message(subtype="message_changed", message=message(), previous_message=message()),
        {"type": "reaction_added", "user": "U0KITH", "item": {"type": "message", "channel": "C1", "ts": TS}},
        {"type": "reaction_added", "user": "U1", "item": {"type": "file", "file": "F1"}},
        {"type": "app_home_opened", "user": "U1", "tab": "messages"},
        {"type": "tokens_revoked", "tokens": {"oauth": ["U1"]}},
        {"type": "user_change", "user": {"id": "U1"}},
    ],
)
def test_bots_notices_and_what_concerns_others_give_nothing(event: Json) -> None:
    assert told(event) is None


def test_another_workspaces_events_give_nothing_and_a_shared_channels_do() -> None:
    assert told(message(), team_id="T9") is None
    assert told(message(), team_id="T9", authorizations=[{"team_id": "T1"}]) == POSTED


def test_people_from_another_organisation_are_guests() -> None:
    theirs = told(message(user_team="T9"), is_ext_shared_channel=True)
    ours = told(message(user_team="T1"), is_ext_shared_channel=True)
    assert isinstance(theirs, MessagePosted)
    assert isinstance(ours, MessagePosted)
    assert (theirs.by_guest, ours.by_guest) == (True, False)


def test_a_file_with_words_is_a_message() -> None:
    assert told(message(subtype="file_share", files=[{"id": "F1"}])) == POSTED


AT = moment(LATER)
TABLE: list[tuple[Json, object]] = [
    (
        message(subtype="message_changed", ts=LATER, message=message(text="new"), previous_message=message()),
        MessageEdited(channel=C1, message=TS, author="U1", at=moment(TS), text="new"),
    ),
    (
        message(subtype="message_deleted", ts=LATER, deleted_ts=TS, previous_message=message()),
        MessageDeleted(channel=C1, message=TS, at=moment(TS)),
    ),
    (
        message(
            subtype="message_changed",
            ts=LATER,
            message=message(subtype="tombstone", user="USLACKBOT", text="This message was deleted.", thread_ts=TS),
            previous_message=message(thread_ts=TS, reply_count=2),
        ),
        MessageDeleted(channel=C1, message=TS, at=moment(TS)),
    ),
    (
        {"type": "reaction_added", "user": "U2", "item": {"type": "message", "channel": "C1", "ts": TS}},
        ReactionChanged(channel=C1, message=TS, by="U2", at=moment(TS)),
    ),
    (
        {"type": "reaction_removed", "user": "U2", "item": {"type": "message", "channel": "C1", "ts": TS}},
        ReactionChanged(channel=C1, message=TS, by="U2", at=moment(TS), added=False),
    ),
    (
        {"type": "member_joined_channel", "user": "U0KITH", "channel": "C1", "inviter": "U1", "event_ts": LATER},
        KithInvited(channel=C1, name="", by="U1", at=AT),
    ),
    (
        {"type": "channel_unarchive", "channel": "C1", "user": "U1", "event_ts": LATER},
        KithInvited(channel=C1, name="", by="U1", at=AT),
    ),
    (
        {"type": "member_left_channel", "user": "U0KITH", "channel": "C1", "event_ts": LATER},
        KithRemoved(channel=C1, at=AT),
    ),
    *(
        ({"type": kind, "channel": "C1", "event_ts": LATER}, KithRemoved(channel=C1, at=AT))
        for kind in (
            "channel_left",
            "group_left",
            "channel_archive",
            "group_archive",
            "channel_deleted",
            "group_deleted",
        )
    ),
    (
        {"type": "channel_rename", "channel": {"id": "C1", "name": "plans"}, "event_ts": LATER},
        ChannelChanged(channel=C1, name="plans", at=AT),
    ),
    ({"type": "channel_shared", "channel": "C1", "event_ts": LATER}, ChannelChanged(channel=C1, name="", at=AT)),
    ({"type": "channel_unshared", "channel": "C1", "event_ts": LATER}, ChannelChanged(channel=C1, name="", at=AT)),
    ({"type": "app_home_opened", "user": "U1", "tab": "home"}, HomeOpened(by="U1")),
    ({"type": "app_uninstalled", "event_ts": LATER}, Uninstalled(at=AT)),
    ({"type": "tokens_revoked", "tokens": {"bot": ["U0KITH"]}}, TokensRevoked()),
]


@pytest.mark.parametrize(
    ("event", "expected"), TABLE, ids=[f"{event['type']}-{n}" for n, (event, _) in enumerate(TABLE)]
)
def test_every_kind_of_event(event: Json, expected: object) -> None:
    assert told(event) == expected


def test_too_many_events_are_a_notice() -> None:
    assert translate({"type": "app_rate_limited", "team_id": "T1"}, KITH) == RateLimited()


@settings(max_examples=300)
@given(bodies())
def test_anything_translates(body: Json) -> None:
    assert translate(body, KITH) is None or translate(body, KITH) is not None


FILLED = {
    "type": "event_callback",
    "team_id": "T1",
    "user": "U1",
    "inviter": "U1",
    "channel": "C1",
    "id": "C1",
    "ts": TS,
    "event_ts": LATER,
    "deleted_ts": TS,
    "text": "hello",
}
"""What stands in the published samples where they show the shape alone ("" and zeros)."""


def filled(value: Any, key: str = "") -> Any:
    """A sample with something in the places that matter."""
    if isinstance(value, dict):
        return {name: filled(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, key) for inner in value]
    return FILLED.get(key, value) if value in ("", "0000000000.000000") else value


def sample_kith(body: Json) -> Kith:
    """Kith as it would be in the workspace that a sample is from."""
    listed = body.get("authorizations")
    first = listed[0] if isinstance(listed, list) and listed and isinstance(listed[0], dict) else {}
    workspace = str(body.get("team_id") or first.get("team_id") or "T1")
    return Kith(workspace=workspace, user=str(first["user_id"] if first.get("is_bot") else "U0KITH"))


def kind_of(body: Json) -> str:
    """A sample's kind: the event's type and subtype, or the request's type."""
    event = body.get("event")
    return "/".join(str(part) for key in ("type", "subtype") if (part := (event or body).get(key)))


def test_every_published_sample_passes_and_those_kith_cares_about_give_an_event() -> None:
    if not SAMPLES.is_dir():
        pytest.skip(f"{SAMPLES} is not here; set KITH_SHARED to the folder that holds payloads/")
    given: dict[str, Counter[str]] = {}
    for path in sorted(SAMPLES.rglob("*.json")):
        content = filled(json.loads(path.read_text(encoding="utf-8")))
        for body in content if isinstance(content, list) else [content]:
            if isinstance(body, dict):
                found = translate(body, sample_kith(body))
                given.setdefault(kind_of(body), Counter())[type(found).__name__.replace("NoneType", "None")] += 1
    assert {kind: dict(counts) for kind, counts in given.items() if set(counts) != {"None"}} == EXPECTED


EXPECTED = {
    "app_mention": {"MessagePosted": 8, "None": 6},
    "app_uninstalled": {"None": 1, "Uninstalled": 4},
    "channel_archive": {"KithRemoved": 1},
    "channel_deleted": {"KithRemoved": 1},
    "channel_left": {"KithRemoved": 1},
    "channel_rename": {"ChannelChanged": 1},
    "channel_shared": {"ChannelChanged": 1},
    "channel_unarchive": {"KithInvited": 1},
    "channel_unshared": {"ChannelChanged": 1},
    "group_archive": {"KithRemoved": 1},
    "group_deleted": {"KithRemoved": 1},
    "group_left": {"KithRemoved": 1},
    "group_rename": {"ChannelChanged": 1},
    "group_unarchive": {"KithInvited": 1},
    "member_joined_channel": {"KithInvited": 1, "MembersChanged": 8},
    "member_left_channel": {"KithRemoved": 1, "MembersChanged": 9},
    "message": {"MessagePosted": 12, "None": 8},
    "message/file_share": {"MessagePosted": 2, "None": 3},
    "message/me_message": {"MessagePosted": 1},
    "message/message_changed": {"MessageEdited": 3, "None": 3},
    "message/message_deleted": {"MessageDeleted": 2},
    "message/thread_broadcast": {"MessagePosted": 2},
    "reaction_added": {"None": 1, "ReactionChanged": 7},
    "reaction_removed": {"ReactionChanged": 1},
    "tokens_revoked": {"None": 1, "TokensRevoked": 4},
}
"""How many of the published samples of a kind give which event; None are bots', Kith's own, abridged, or
for others. Kinds of which no sample gives anything are left out."""
