"""Kith's life in a workspace, end to end over HTTP: coming, hearing, asking, answering, leaving."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from adapters.prompt_files import shipped_content, shipped_contents
from bot.domain.channel import ChannelKind, ChannelSettings
from bot.domain.charter import CharterState
from bot.domain.events import ChannelRef, MessagePosted, Standing
from bot.domain.speech import Place, text
from tests.slack.web_api import KITH, WORKSPACE, Trouble
from tests.slack.workspace import Slack, open_slack

Json = dict[str, Any]

CONTENT = shipped_content()


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with open_slack() as opened:
        yield opened


def buttons(payload: Json) -> dict[str, Json]:
    """The buttons of a message or view, by label."""
    blocks = payload.get("blocks") or payload["view"]["blocks"]
    return {
        element["text"]["text"]: element
        for block in blocks
        if block["type"] == "actions"
        for element in block["elements"]
    }


async def test_invited_into_a_channel_kith_introduces_itself_and_listens(slack: Slack) -> None:
    await slack.invite()
    channel = await slack.channel()
    assert channel is not None
    assert (channel.name, channel.members, channel.charter.steward) == ("ideas", 7, "U1ANA")
    assert channel.charter.state is CharterState.LISTENING
    introduction = slack.fake.called("chat.postMessage")[0]
    assert introduction["channel"] == "C1"
    assert introduction["text"].startswith("Hello, I am Kith, a bot. Somebody invited me into #ideas.")
    assert list(buttons(introduction)) == ["What do you keep?", "Stay silent", "Leave the channel"]


async def test_somebody_else_joining_changes_nothing(slack: Slack) -> None:
    await slack.event({"type": "member_joined_channel", "user": "U2BO", "channel": "C1"})
    assert await slack.channel() is None


async def test_how_many_people_are_in_a_channel_is_followed_and_not_looked_up_for_each(slack: Slack) -> None:
    await slack.invite()

    async def members() -> int | None:
        channel = await slack.channel()
        assert channel is not None
        return channel.members

    for size in (9, 10, 11):
        slack.fake.channels["C1"]["num_members"] = size
        await slack.event({"type": "member_joined_channel", "user": f"U{size}", "channel": "C1"})
    assert await members() == 8
    await slack.say("U1ANA", "hello")
    assert await members() == 8
    await slack.later(minutes=10)
    await slack.say("U1ANA", "hello")
    assert await members() == 10
    slack.fake.channels["C1"]["num_members"] = 3
    await slack.later(minutes=10)
    await slack.event({"type": "member_left_channel", "user": "U9", "channel": "C1"})
    assert await members() == 2
    looked_up = [asked["channel"] for asked in slack.fake.called("conversations.info")]
    assert looked_up == ["C1"] * 4


async def test_where_kith_is_not_nobody_is_counted(slack: Slack) -> None:
    await slack.event({"type": "member_joined_channel", "user": "U2BO", "channel": "C1"})
    assert slack.fake.called("conversations.info") == []


async def test_a_channel_that_gets_another_id_is_forgotten_under_the_old_one(slack: Slack) -> None:
    await slack.invite()
    await slack.event(
        {"type": "channel_id_changed", "old_channel_id": "C1", "new_channel_id": "C9", "event_ts": "1772445700.000200"}
    )
    assert await slack.channel() is None


async def test_a_message_leaves_a_trace_before_slack_has_its_200(slack: Slack) -> None:
    await slack.invite()
    await slack.say("U1ANA", "500 posts by March [numbers_obsessed]")
    assert len(await slack.traces()) == 1


async def test_a_message_that_could_not_be_kept_is_asked_for_again(slack: Slack) -> None:
    await slack.invite()
    slack.fake.troubles["conversations.info"].append(Trouble(status=500))
    joined = {"type": "member_joined_channel", "user": KITH, "channel": "C2", "inviter": "U1ANA"}
    assert (await slack.event(joined, name="Ev-again")).status_code == 503
    assert await slack.channel("C2") is None
    assert (await slack.event(joined, name="Ev-again")).status_code == 200
    assert await slack.channel("C2") is not None


async def test_a_repeated_delivery_is_counted_once_whatever_its_retry_header(slack: Slack) -> None:
    await slack.invite()
    posted = {"type": "message", "user": "U1ANA", "text": "hello", "ts": "1772445600.000001", "channel": "C1"}
    reaction = {
        "type": "reaction_added",
        "user": "U2BO",
        "item": {"type": "message", "channel": "C1", "ts": posted["ts"]},
    }
    for name in ("Ev-a", "Ev-a", "Ev-b"):
        await slack.event(posted, name=name)
    for _ in range(3):
        await slack.event(reaction, name="Ev-r")
    assert [trace.reactions for trace in await slack.traces()] == [1]


async def test_a_retry_header_never_makes_kith_drop_a_message(slack: Slack) -> None:
    await slack.invite()
    body = json.dumps(
        {
            "type": "event_callback",
            "team_id": WORKSPACE,
            "event_id": "Ev-late",
            "event": {"type": "message", "user": "U1ANA", "text": "x", "ts": "1772445600.000009", "channel": "C1"},
        }
    )
    answer = await slack.send(body, **{"x-slack-retry-num": "2", "x-slack-retry-reason": "http_timeout"})
    assert answer.status_code == 200
    assert len(await slack.traces()) == 1


async def test_guests_are_voices_and_are_not_read(slack: Slack) -> None:
    await slack.invite()
    await slack.say("U3GUEST", "500 posts by March [numbers_obsessed]")
    assert [trace.evidence for trace in await slack.traces()] == [{}]


async def test_somebody_whom_slack_does_not_tell_of_is_not_read(slack: Slack) -> None:
    await slack.invite()
    await slack.say("U9GHOST", "500 posts by March [numbers_obsessed]")
    assert [trace.evidence for trace in await slack.traces()] == [{}]


async def test_people_are_looked_up_once_in_five_minutes(slack: Slack) -> None:
    await slack.invite()
    for _ in range(3):
        await slack.say("U2BO", "hello")
    assert len(slack.fake.called("users.info")) == 1
    await slack.later(minutes=6)
    await slack.say("U2BO", "hello")
    assert len(slack.fake.called("users.info")) == 2


async def test_a_shared_channel_is_external_from_its_first_message_on(slack: Slack) -> None:
    await slack.invite("C1")
    slack.fake.channels["C1"]["is_ext_shared"] = True
    ts = "1772445600.000002"
    posted = {"type": "message", "user": "U5OUT", "text": "hi [numbers_obsessed]", "ts": ts, "channel": "C1"}
    await slack.event(posted | {"user_team": "T2OTHER"}, is_ext_shared_channel=True)
    channel = await slack.channel()
    assert channel is not None
    assert channel.kind is ChannelKind.EXTERNAL
    assert [trace.evidence for trace in await slack.traces()] == [{}]


async def test_an_archived_channel_is_forgotten_and_one_brought_back_begins_anew(slack: Slack) -> None:
    await slack.invite()
    await slack.event({"type": "channel_archive", "channel": "C1", "user": "U1ANA"})
    assert await slack.channel() is None
    await slack.event({"type": "channel_unarchive", "channel": "C1", "user": "U2BO"})
    await slack.event({"type": "channel_unarchive", "channel": "C3", "user": "U2BO"})
    channel = await slack.channel()
    assert channel is not None
    assert channel.charter.steward == "U2BO"
    assert await slack.channel("C3") is None


async def test_a_new_name_is_taken_over(slack: Slack) -> None:
    await slack.invite()
    slack.fake.channels["C1"]["name"] = "announcements"
    await slack.event({"type": "channel_rename", "channel": {"id": "C1", "name": "announcements"}})
    channel = await slack.channel()
    assert channel is not None
    assert (channel.name, channel.kind) == ("announcements", ChannelKind.ANNOUNCEMENT)


async def test_taken_out_of_the_workspace_kith_forgets_all_of_it(slack: Slack) -> None:
    await slack.invite("C1")
    await slack.invite("C2")
    slack.fake.revoke(WORKSPACE)
    await slack.event({"type": "app_uninstalled"})
    assert await slack.core.channels(WORKSPACE) == []


async def test_other_workspaces_and_notices_change_nothing(slack: Slack) -> None:
    await slack.event({"type": "member_joined_channel", "user": KITH, "channel": "C1"}, team_id="T9", authorizations=[])
    await slack.event({"type": "tokens_revoked", "tokens": {"bot": [KITH]}})
    limited = json.dumps({"type": "app_rate_limited", "team_id": WORKSPACE, "minute_rate_limited": 1})
    assert (await slack.send(limited)).status_code == 200
    assert slack.core.told == []


async def test_slack_may_check_the_address(slack: Slack) -> None:
    answer = await slack.send(json.dumps({"type": "url_verification", "challenge": "c-1", "token": "x"}))
    assert (answer.status_code, answer.json()) == (200, {"challenge": "c-1"})


async def test_a_message_to_kith_alone_is_answered(slack: Slack) -> None:
    await slack.say("U1ANA", "hello", channel="D1", channel_type="im")
    await slack.tick()
    said = slack.fake.called("chat.postMessage")[0]
    assert said["channel"] == "D1"
    assert "a bot" in said["text"]


async def test_a_mention_and_its_message_are_one(slack: Slack) -> None:
    await slack.invite()
    posted = {"user": "U1ANA", "text": f"<@{KITH}> hello", "ts": "1772445600.000003", "channel": "C1"}
    await slack.event({"type": "message", "channel_type": "channel", **posted})
    await slack.event({"type": "app_mention", **posted})
    messages = [event for event in slack.core.told if isinstance(event, MessagePosted)]
    assert messages[0] == messages[1]
    assert messages[0].addresses_kith
    await slack.tick()
    answers = [said for said in slack.fake.called("chat.postMessage") if said.get("thread_ts") == posted["ts"]]
    assert len(answers) == 1


async def test_a_command_is_answered_to_the_person_alone(slack: Slack) -> None:
    await slack.invite()
    answer = (await slack.command("help")).json()
    assert answer["response_type"] == "ephemeral"
    assert "/kith pause" in answer["text"]
    assert "Did you mean /kith ledger?" in (await slack.command("legder")).json()["text"]


async def test_silence_is_said_to_everyone_without_who_asked_for_it(slack: Slack) -> None:
    await slack.invite()
    answer = await slack.command("pause", by="U2BO")
    assert answer.text == ""
    said = slack.fake.called("chat.postMessage")[-1]
    assert said["text"] == CONTENT.interface["pause.done"]
    assert "U2BO" not in json.dumps(said)


async def test_an_answer_that_takes_long_comes_through_its_own_address() -> None:
    async with open_slack(patience=0.05) as slack:
        await slack.invite()
        slack.core.goes_on.clear()
        answer = await slack.command("help")
        assert (answer.status_code, answer.text) == (200, "")
        assert slack.fake.called("answer") == []
        slack.core.goes_on.set()
        late = (await slack.fake.wait_for("answer"))[0]
        assert late["response_type"] == "ephemeral"
        assert "/kith pause" in late["text"]


async def test_sent_away_kith_forgets_and_leaves(slack: Slack) -> None:
    await slack.invite()
    introduction = slack.fake.called("chat.postMessage")[0]
    await slack.press(buttons(introduction)["Leave the channel"], by="U2BO")
    assert await slack.channel() is None
    assert slack.fake.called("conversations.leave") == [{"channel": "C1"}]


async def test_without_the_scope_to_leave_kith_has_left_all_the_same(slack: Slack) -> None:
    await slack.invite()
    slack.fake.troubles["conversations.leave"].append(Trouble(error="missing_scope"))
    assert (await slack.command("leave")).status_code == 200
    assert await slack.channel() is None


async def test_settings_open_for_the_steward_and_show_errors_at_their_fields(slack: Slack) -> None:
    await slack.invite()
    assert (await slack.command("settings")).text == ""
    view = slack.fake.called("views.open")[0]["view"]
    wrong = (await slack.submit(view, zone={"value": "Dublin"})).json()
    assert wrong["response_action"] == "errors"
    assert wrong["errors"] == {"zone": "Write a time zone such as Europe/Dublin or America/New_York."}
    right = (await slack.submit(view, zone={"value": "Europe/Dublin"})).json()
    assert right["response_action"] == "update"
    channel = await slack.channel()
    assert channel is not None
    assert channel.settings.zone == "Europe/Dublin"


async def test_settings_are_closed_to_members_even_with_a_forged_form(slack: Slack) -> None:
    await slack.invite()
    assert "Only the person who invited Kith" in (await slack.command("settings", by="U2BO")).json()["text"]
    await slack.command("settings")
    view = slack.fake.called("views.open")[0]["view"]
    await slack.submit(view, by="U2BO", zone={"value": "Europe/Dublin"})
    channel = await slack.channel()
    assert channel is not None
    assert channel.settings.zone == "UTC"


async def test_an_admin_may_change_settings(slack: Slack) -> None:
    await slack.invite()
    answer = (await slack.command("settings", by="U4ADMIN")).json()
    offered = [
        element["action_id"]
        for block in answer["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    ]
    assert len(offered) == 5
    assert slack.core.told[-1].standing is Standing.ADMIN  # type: ignore[union-attr]  # it is the command


async def test_a_form_that_opens_too_late_says_so(slack: Slack) -> None:
    await slack.invite()
    slack.fake.troubles["views.open"].append(Trouble(error="expired_trigger_id"))
    assert "took too long" in (await slack.command("settings")).json()["text"]


async def test_what_slack_alone_says_is_said_in_the_channels_language(slack: Slack) -> None:
    slack.core.house = replace(slack.core.house, contents=shipped_contents())
    slack.core.settings = ChannelSettings(locale="de")
    await slack.invite()
    await slack.command("settings")
    assert slack.fake.called("views.open")[-1]["view"]["close"]["text"] == "Schließen"
    slack.fake.troubles["views.open"].append(Trouble(error="expired_trigger_id"))
    assert "hat zu lange gedauert" in (await slack.command("settings")).json()["text"]


@pytest.mark.parametrize("value", ['{"do":"agree","about":""}', "{}", "x", '{"do":"useful","about":"forged"}'])
async def test_a_stale_or_forged_button_changes_nothing(slack: Slack, value: str) -> None:
    await slack.invite()
    before = await slack.channel()
    await slack.press({"type": "button", "action_id": "choice-0", "value": value}, by="U2BO")
    assert await slack.channel() == before
    assert len(slack.fake.called("answer")) == 1


async def test_a_question_is_asked_and_answered_with_buttons(slack: Slack) -> None:
    await slack.invite()
    await slack.later(days=15)
    await slack.tick()
    await slack.press(buttons(slack.fake.called("chat.postMessage")[-1])["Yes, go on"])
    for hours, who in ((0, "U1ANA"), (2, "U2BO"), (4, "U4ADMIN"), (18, "U1ANA"), (1, "U2BO")):
        await slack.later(hours=hours)
        await slack.say(who, "500 posts by March [numbers_obsessed]")
    await slack.later(days=1)
    await slack.tick()
    question = slack.fake.called("chat.postMessage")[-1]
    assert list(buttons(question)) == ["Why this question?", "Useful", "Not now", "Not here"]
    await slack.press(buttons(question)["Useful"], by="U2BO")
    await slack.press(buttons(question)["Why this question?"], by="U2BO")
    thanks, why = slack.fake.called("answer")[-2:]
    assert thanks["text"] == "Thank you. I only note that somebody found it useful, not who."
    assert "5 messages by 3 people on 2 days" in why["text"]


async def test_the_home_page_shows_only_channels_that_its_reader_is_in(slack: Slack) -> None:
    await slack.invite("C1")
    await slack.invite("C2")
    await slack.event({"type": "app_home_opened", "user": "U2BO", "tab": "home"})
    page = json.dumps(slack.fake.called("views.publish")[-1])
    assert "#ideas" in page
    assert "#partners" not in page
    await slack.event({"type": "app_home_opened", "user": "U3GUEST", "tab": "home"})
    assert "In none of your channels yet" in json.dumps(slack.fake.called("views.publish")[-1])


async def test_opting_out_works_from_the_home_page(slack: Slack) -> None:
    await slack.invite()
    await slack.event({"type": "app_home_opened", "user": "U2BO", "tab": "home"})
    page = slack.fake.called("views.publish")[-1]
    view = {"type": "home", "id": "V9"}
    button = buttons(page)["Do not read my messages"]
    await slack.press(button, by="U2BO", channel="", view=view, response_url="")
    assert await slack.core.house.store.choices.opted_out(WORKSPACE, "U2BO")
    assert "Read my messages again" in buttons(slack.fake.called("views.publish")[-1])
    assert len(slack.fake.called("views.open")) == 1


async def test_the_home_pages_buttons_act_in_the_channel_that_its_reader_chooses(slack: Slack) -> None:
    await slack.invite("C1")
    await slack.invite("C2")
    await slack.event({"type": "app_home_opened", "user": "U1ANA", "tab": "home"})
    page = slack.fake.called("views.publish")[-1]
    assert "Settings for #ideas" in buttons(page)
    (picker,) = [block["accessory"] for block in page["view"]["blocks"] if block.get("accessory")]
    partners = next(option for option in picker["options"] if option["text"]["text"] == "#partners")
    view = {"type": "home", "id": "V9"}
    told = len(slack.core.told)
    chosen = {"type": "static_select", "action_id": picker["action_id"], "selected_option": partners}
    await slack.press(chosen, by="U1ANA", channel="", view=view, response_url="")
    page = slack.fake.called("views.publish")[-1]
    assert len(slack.core.told) == told
    await slack.press(buttons(page)["Be silent in #partners"], by="U1ANA", channel="", view=view, response_url="")
    states = [(await slack.core.house.store.channels.get(ChannelRef(WORKSPACE, c))) for c in ("C1", "C2")]
    assert [found.charter.state.value for found in states if found] == ["listening", "paused"]
    assert "Speak again in #partners" in buttons(slack.fake.called("views.publish")[-1])


async def test_admins_find_the_workspaces_settings_on_their_page_and_nobody_else_does(slack: Slack) -> None:
    await slack.invite()
    label = CONTENT.interface["choice.workspace"]
    for who, there in (("U4ADMIN", True), ("U1ANA", False)):
        await slack.event({"type": "app_home_opened", "user": who, "tab": "home"})
        page = slack.fake.called("views.publish")[-1]
        assert (label in buttons(page)) is there
        if there:
            opened = len(slack.fake.called("views.open"))
            home = {"type": "home", "id": "V9"}
            await slack.press(buttons(page)[label], by=who, channel="", view=home, response_url="")
            assert len(slack.fake.called("views.open")) == opened + 1


async def test_a_home_button_for_a_channel_that_one_is_not_in_is_stale(slack: Slack) -> None:
    await slack.invite("C2")
    forged = {"type": "button", "action_id": "choice-0", "value": '{"do":"leave","about":"","in":"C2"}'}
    await slack.press(forged, by="U2BO", channel="", view={"type": "home", "id": "V9"}, response_url="")
    assert await slack.channel("C2") is not None


async def test_the_shortcut_for_a_plan_asks_where_and_opens_the_form(slack: Slack) -> None:
    await slack.invite()
    await slack.interact(
        {"type": "shortcut", "callback_id": "kith-check", "user": {"id": "U1ANA"}, "trigger_id": "trigger-4"}
    )
    view = slack.fake.called("views.open")[0]["view"]
    where = {"type": "conversations_select", "selected_conversation": "C1"}
    shown = (await slack.submit(view, where=where)).json()
    assert shown["response_action"] == "update"
    assert shown["view"]["callback_id"] == "kith-form"


async def test_the_message_shortcut_answers_the_asker_alone(slack: Slack) -> None:
    await slack.invite()
    await slack.interact(
        {
            "type": "message_action",
            "callback_id": "kith-ask",
            "user": {"id": "U1ANA"},
            "channel": {"id": "C1"},
            "message": {
                "type": "message",
                "user": "U2BO",
                "text": "500 posts [numbers_obsessed]",
                "ts": "1772445600.000004",
            },
            "trigger_id": "trigger-5",
            "response_url": f"{slack.fake.address}/answer/shortcut",
        }
    )
    assert slack.fake.called("answer")[0]["response_type"] == "ephemeral"
    assert len(slack.fake.called("chat.postMessage")) == 1


async def test_the_message_shortcut_does_not_read_people_who_opted_out(slack: Slack) -> None:
    await slack.invite()
    await slack.core.house.store.choices.opt_out(WORKSPACE, "U2BO")
    message = {"type": "message", "user": "U2BO", "text": "secret", "ts": "1772445600.000004"}
    await slack.interact(
        {
            "type": "message_action",
            "callback_id": "kith-ask",
            "user": {"id": "U1ANA"},
            "channel": {"id": "C1"},
            "message": message,
            "trigger_id": "trigger-5",
            "response_url": f"{slack.fake.address}/answer/shortcut",
        }
    )
    assert slack.core.told[-1].words == "ask"  # type: ignore[union-attr]  # it is the command


async def test_kith_never_asks_for_past_messages(slack: Slack) -> None:
    await slack.invite()
    await slack.say("U1ANA", "hello")
    await slack.event({"type": "app_home_opened", "user": "U1ANA", "tab": "home"})
    await slack.command("ledger")
    assert not {"conversations.history", "conversations.replies"} & set(slack.fake.methods)


async def test_what_people_write_stays_out_of_the_log(slack: Slack, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    await slack.invite()
    await slack.say("U1ANA", "a planted sentence")
    slack.fake.troubles["views.open"].append(Trouble(error="expired_trigger_id"))
    await slack.command("draft a planted sentence")
    await slack.workspace.chat.post(Place(channel=ChannelRef(WORKSPACE, "C1")), text("a planted sentence"))
    assert "planted" not in caplog.text
