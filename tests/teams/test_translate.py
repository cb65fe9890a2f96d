"""What the Bot Connector tells, as events of the core: our own payloads always, the published samples where at hand."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.teams.door import _activity
from adapters.teams.interactions import acted_in, asked_about, command_in, spot_of
from adapters.teams.markup import words_of
from adapters.teams.translate import ClosedAlone, GroupGone, MembersChanged, OpenedAlone, translate
from adapters.teams.whence import Whence, whence
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
from bot.domain.events import Standing as Office
from bot.usecases.command import COMMANDS
from tests.talk import at
from tests.teams.connector_api import TENANT
from tests.teams.fuzzing import Standing, activities

Json = dict[str, Any]
SHARED = Path(os.environ.get("KITH_SHARED", Path(__file__).parents[3] / "shared"))  # noqa: TID251, where test data lies
SAMPLES = SHARED / "payloads" / "teams"
APP, KITH, ANA, BO = "app-1", "28:app-1", "29:ana", "29:bo"
TEAM = "19:team@thread.tacv2"
IDEAS = ChannelRef(TENANT, "19:ideas@thread.tacv2")
CHAT = ChannelRef(TENANT, "19:chat@thread.v2")
ALONE = ChannelRef(TENANT, "a:ana")
URL = "https://smba.trafficmanager.net/emea/"
MESSAGE = str(int(at("mon 09:00").timestamp() * 1000))
AT = at("mon 09:00")
LATER = at("mon 11:00")


def activity(
    kind: str, place: ChannelRef = IDEAS, *, thread: str = "", event: str = "", sender: Json | None = None, **more: Any
) -> Json:
    types = {IDEAS: "channel", CHAT: "groupChat", ALONE: "personal"}
    data: Json = {"tenant": {"id": TENANT}, **({"eventType": event} if event else {})}
    if place == IDEAS:
        data |= {"team": {"id": TEAM}, "channel": {"id": IDEAS.channel}}
    return {
        "type": kind,
        "id": MESSAGE,
        "timestamp": LATER.isoformat(),
        "channelId": "msteams",
        "serviceUrl": URL,
        "from": {"id": ANA} if sender is None else sender,
        "recipient": {"id": KITH},
        "conversation": {
            "id": place.channel + (f";messageid={thread}" if thread else ""),
            "conversationType": types[place],
            "tenantId": TENANT,
        },
        "channelData": data | more.pop("data", {}),
        **more,
    }


def mention(who: str = KITH, name: str = "Kith") -> Json:
    return {"type": "mention", "text": f"<at>{name}</at>", "mentioned": {"id": who, "name": name}}


def posted(**changes: Any) -> MessagePosted:
    whole = {"channel": IDEAS, "message": MESSAGE, "author": ANA, "at": AT, "text": "hello", **changes}
    return MessagePosted(**whole)


def told(given: Json) -> list[object]:
    return list(translate(given, APP))


WHERE = Whence(ref=IDEAS, kind="channel", service_url=URL, group=TEAM)
GONE = GroupGone(workspace=TENANT, group=TEAM, at=LATER)
TABLE: list[tuple[str, Json, list[object]]] = [
    ("a message", activity("message", text="hello"), [posted()]),
    ("one that opens a thread", activity("message", thread=MESSAGE, text="hello"), [posted()]),
    (
        "an answer in a thread",
        activity("message", thread="1772", text="hello"),
        [posted(thread="1772")],
    ),
    ("in a group chat", activity("message", CHAT, text="hello"), [posted(channel=CHAT)]),
    (
        "to Kith alone",
        activity("message", ALONE, text="hello"),
        [posted(channel=ALONE, addresses_kith=True, alone_with_kith=True)],
    ),
    (
        "a mention of Kith",
        activity("message", text="<at>Kith</at>&nbsp;hello", entities=[mention()]),
        [posted(text="@kith hello", addresses_kith=True)],
    ),
    (
        "a mention of somebody else",
        activity("message", text="<at>Bo Ode</at> hello", entities=[mention(BO, "Bo Ode")]),
        [posted(text="@someone hello")],
    ),
    (
        "a mention of the channel",
        activity("message", text="<at>ideas</at> hello", entities=[mention(IDEAS.channel, "ideas")]),
        [posted(text="@everyone hello", calls_everyone=True)],
    ),
    ("by a bot", activity("message", text="x", sender={"id": "28:other"}), []),
    ("by an agent", activity("message", text="x", sender={"id": "29:a", "role": "bot"}), []),
    ("by Kith", activity("message", text="x", sender={"id": KITH}), []),
    ("by nobody", activity("message", text="x", sender={}), []),
    (
        "by somebody of another tenant",
        activity("message", text="hello", data={"tenant": {"id": "tenant-2"}}),
        [posted(by_guest=True)],
    ),
    ("a pressed button", activity("message", value={"kith": {"do": "why"}}), []),
    ("without an id", activity("message", text="x", id=""), []),
    (
        "an edit",
        activity("messageUpdate", text="hello again", event="editMessage"),
        [MessageEdited(channel=IDEAS, message=MESSAGE, author=ANA, at=AT, text="hello again")],
    ),
    ("a deletion taken back", activity("messageUpdate", text="hello", event="undeleteMessage"), []),
    ("a change of no words", activity("messageUpdate", text="hello", event="linkUnfurled"), []),
    (
        "a deletion",
        activity("messageDelete", event="softDeleteMessage"),
        [MessageDeleted(channel=IDEAS, message=MESSAGE, at=AT)],
    ),
    (
        "two reactions, one of them taken off",
        activity(
            "messageReaction", replyToId=MESSAGE, reactionsAdded=[{"type": "like"}], reactionsRemoved=[{"type": "x"}]
        ),
        [
            ReactionChanged(channel=IDEAS, message=MESSAGE, by=ANA, at=AT),
            ReactionChanged(channel=IDEAS, message=MESSAGE, by=ANA, at=AT, added=False),
        ],
    ),
    (
        "installed into a chosen channel",
        activity("installationUpdate", action="add", data={"settings": {"selectedChannel": {"id": IDEAS.channel}}}),
        [KithInvited(channel=IDEAS, name="", by=ANA, at=LATER)],
    ),
    (
        "added to a chat",
        activity("conversationUpdate", CHAT, membersAdded=[{"id": KITH}]),
        [KithInvited(channel=CHAT, name="", by=ANA, at=LATER)],
    ),
    (
        "installed by somebody for themselves",
        activity("installationUpdate", ALONE, action="add"),
        [OpenedAlone(whence=Whence(ref=ALONE, kind="personal", service_url=URL))],
    ),
    ("taken out by them", activity("installationUpdate", ALONE, action="remove"), [ClosedAlone(ref=ALONE)]),
    ("a new version", activity("installationUpdate", action="add-upgrade"), []),
    (
        "taken out of a team",
        activity("conversationUpdate", membersRemoved=[{"id": KITH}], event="teamMemberRemoved"),
        [GONE],
    ),
    (
        "taken out of a chat",
        activity("conversationUpdate", CHAT, membersRemoved=[{"id": KITH}]),
        [KithRemoved(channel=CHAT, at=LATER)],
    ),
    (
        "somebody joined",
        activity("conversationUpdate", membersAdded=[{"id": BO}], event="teamMemberAdded"),
        [MembersChanged(whence=WHERE, at=LATER)],
    ),
    (
        "a new name",
        activity(
            "conversationUpdate", event="channelRenamed", data={"channel": {"id": IDEAS.channel, "name": "plans"}}
        ),
        [ChannelChanged(channel=IDEAS, name="plans", at=LATER)],
    ),
    (
        "a deleted channel",
        activity("conversationUpdate", event="channelDeleted"),
        [KithRemoved(channel=IDEAS, at=LATER)],
    ),
    (
        "a shared channel",
        activity("conversationUpdate", event="channelShared"),
        [ChannelChanged(channel=IDEAS, name="", at=LATER)],
    ),
    (
        "teamDeleted",
        activity("conversationUpdate", event="teamDeleted"),
        [GONE],
    ),
    (
        "teamHardDeleted",
        activity("conversationUpdate", event="teamHardDeleted"),
        [GONE],
    ),
    (
        "teamArchived",
        activity("conversationUpdate", event="teamArchived"),
        [GONE],
    ),
    ("somebody types", activity("typing"), []),
    ("no tenant", activity("message", text="x", channelData={}, conversation={"id": "c"}), []),
]


@pytest.mark.parametrize(("given", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_every_kind_of_activity(given: Json, expected: list[object]) -> None:
    assert told(given) == expected


MARKED = {
    "plain words": "plain words",
    "a < b and c > d": "a < b and c > d",
    "5 &lt; 6 &amp; 7": "5 < 6 & 7",
    "<p>one</p><p>two</p>": "one\ntwo",
    "<div>a<br/>b</div>": "a\nb",
    '<p>so <strong>much</strong> <a href="https://x.test" title="x">here</a>&nbsp; and</p>': "so much here and",
    "<ul><li>one</li><li>two</li></ul>": "one\ntwo",
    '<blockquote itemtype="http://schema.skype.com/Reply" itemid="1"><p>Bo: old</p></blockquote><p>new</p>': "new",
    '<attachment id="1"></attachment>look': "look",
    "if x<y then": "if x<y then",
    "": "",
}


@pytest.mark.parametrize("marked", MARKED)
def test_markup_becomes_what_people_saw(marked: str) -> None:
    assert words_of(marked) == MARKED[marked]


@settings(max_examples=100)
@given(st.text(alphabet="<>/at pbr&;\n", max_size=400))
def test_any_text_becomes_words(text: str) -> None:
    assert isinstance(words_of(text), str)


COMMANDS_TYPED: list[tuple[Json, str | None]] = [
    (activity("message", ALONE, text="help"), "help"),
    (activity("message", ALONE, text="  Check "), "Check"),
    (activity("message", ALONE, text="/kith ledger"), "ledger"),
    (activity("message", ALONE, text="/kith"), "help"),
    (activity("message", ALONE, text="@Kith pause!"), "pause!"),
    (activity("message", ALONE, text="ask 500 posts by March?"), "ask 500 posts by March?"),
    (activity("message", ALONE, text="why do we only count?"), None),
    (activity("message", ALONE, text="hi"), None),
    (activity("message", text="pause"), None),
    (activity("message", text="<at>Kith</at> pause", entities=[mention()]), "pause"),
    (activity("message", text="<at>Kith</at>, Path team", entities=[mention()]), "Path team"),
    (activity("message", text="pause <at>Kith</at>", entities=[mention()]), "pause"),
    (activity("message", text="<at>Kith</at> join", entities=[mention()]), "join"),
    (activity("message", text="<at>Kith</at> pause for a moment, please", entities=[mention()]), None),
    (activity("message", text="<at>Kith</at>", entities=[mention()]), None),
    (activity("message", text="/kith lodger"), "lodger"),
    (activity("message", text="/kithchen"), None),
    (activity("message", text="<at>Bo</at> pause", entities=[mention(BO, "Bo")]), None),
    (activity("message", ALONE, text="help", sender={"id": KITH}), None),
]


@pytest.mark.parametrize(("given", "words"), COMMANDS_TYPED, ids=[row[0]["text"] for row in COMMANDS_TYPED])
def test_a_command_is_known_from_talk(given: Json, words: str | None) -> None:
    assert command_in(given, APP, COMMANDS) == words


@settings(max_examples=100)
@given(activities(URL))
def test_anything_translates(given: Json) -> None:
    if _activity(json.dumps(given).encode()) is not None:
        for read in (whence, acted_in, asked_about):
            read(given)
        spot_of(given, APP, frozenset())
        command_in(given, APP, COMMANDS)
        translate(given, APP)


@pytest.mark.parametrize(
    ("sender", "leads"), [({}, True), ({"tenantId": TENANT}, True), ({"tenantId": "another-tenant"}, False)]
)
def test_an_admin_of_another_tenant_decides_nothing_here(sender: Json, leads: bool) -> None:
    given = activity("message", sender={"id": ANA, "aadObjectId": "d-ana", **sender}, text="@Kith settings")
    spot = spot_of(given, APP, frozenset({"d-ana"}))
    assert spot is not None and (spot.standing is Office.ADMIN) is leads


@pytest.fixture(scope="module")
def standing() -> Iterator[Standing]:
    with Standing() as door:
        yield door


def test_nothing_that_the_connector_might_send_makes_the_door_fall_over(standing: Standing) -> None:
    @settings(max_examples=200)
    @given(given=activities(standing.service_url))
    def knock(given: Json) -> None:
        assert standing.knock(given) in (200, 400, 403, 501, 503)

    knock()


FILLED: Json = {
    "id": MESSAGE,
    "timestamp": LATER.isoformat(),
    "from": {"id": ANA},
    "conversation": {"id": IDEAS.channel, "conversationType": "channel", "tenantId": TENANT},
    "recipient": {"id": KITH},
}


def filled(sample: Json) -> Json:
    """A sample with something in the places that it leaves out because they do not matter to it."""
    whole = {**FILLED, **{name: value for name, value in sample.items() if value}}
    conversation = whole["conversation"] if isinstance(whole["conversation"], dict) else {}
    data = whole.get("channelData") or {}
    if not conversation.get("tenantId") and not (isinstance(data, dict) and data.get("tenant")):
        whole["conversation"] = {**FILLED["conversation"], **conversation, "tenantId": TENANT}
    return whole


def samples() -> Iterator[Json]:
    for path in sorted(SAMPLES.rglob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        for sample in content if isinstance(content, list) else [content]:
            if isinstance(sample, dict) and sample.get("type") and sample["type"] != "AdaptiveCard":
                yield sample


def kind_of(sample: Json) -> str:
    """A sample's kind: the activity's type, and its name, action or event."""
    data = sample.get("channelData")
    event = data.get("eventType") if isinstance(data, dict) else None
    more = {"invoke": sample.get("name"), "installationUpdate": sample.get("action")}.get(sample["type"], event)
    return f"{sample['type']}/{more}" if more else str(sample["type"])


def test_every_published_sample_passes_and_those_kith_cares_about_give_an_event() -> None:
    if not SAMPLES.is_dir():
        pytest.skip(f"{SAMPLES} is not here; set KITH_SHARED to the folder that holds payloads/")
    given: dict[str, Counter[str]] = {}
    for sample in samples():
        for whole in (sample, filled(sample)):
            found = [type(event).__name__ for event in translate(whole, APP)]
        given.setdefault(kind_of(sample), Counter()).update(found or ["None"])
    assert {kind: dict(counts) for kind, counts in given.items() if set(counts) != {"None"}} == EXPECTED


def test_every_published_sample_passes_the_door(standing: Standing) -> None:
    if not SAMPLES.is_dir():
        pytest.skip(f"{SAMPLES} is not here; set KITH_SHARED to the folder that holds payloads/")
    answers: Counter[int] = Counter()
    for sample in samples():
        whole = filled(sample) | {"channelId": "msteams", "serviceUrl": standing.service_url}
        if isinstance(whole["conversation"], dict):
            whole["conversation"]["tenantId"] = TENANT
        answers[standing.knock(whole)] += 1
    assert answers.pop(200) > 100
    assert set(answers) <= {400, 501, 503}


EXPECTED = {
    "conversationUpdate": {"MembersChanged": 1, "None": 4, "OpenedAlone": 1},
    "conversationUpdate/channelCreated": {"MembersChanged": 3},
    "conversationUpdate/channelDeleted": {"KithRemoved": 3},
    "conversationUpdate/channelRenamed": {"ChannelChanged": 3},
    "conversationUpdate/channelRestored": {"MembersChanged": 2},
    "conversationUpdate/teamArchived": {"GroupGone": 2},
    "conversationUpdate/teamDeleted": {"GroupGone": 2},
    "conversationUpdate/teamHardDeleted": {"GroupGone": 1},
    "conversationUpdate/teamMemberAdded": {"KithInvited": 4, "MembersChanged": 2},
    "conversationUpdate/teamMemberRemoved": {"MembersChanged": 3},
    "conversationUpdate/teamRenamed": {"MembersChanged": 3},
    "conversationUpdate/teamRestored": {"MembersChanged": 1},
    "conversationUpdate/teamUnarchived": {"MembersChanged": 2},
    "conversationUpdate/teamrestored": {"MembersChanged": 1},
    "installationUpdate/add": {"KithInvited": 1},
    "message": {"MessagePosted": 89, "None": 11},
    "messageDelete/softDeleteMessage": {"MessageDeleted": 2},
    "messageReaction": {"ReactionChanged": 4},
    "messageUpdate/editMessage": {"MessageEdited": 2},
}
"""How many of the published samples of a kind give which event; None are bots', Kith's own, abridged, or
for others. Kinds of which no sample gives anything are left out."""
