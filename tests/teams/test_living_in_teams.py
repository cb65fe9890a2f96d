"""Kith's life in a tenant, end to end over HTTP: coming, hearing, asking, answering, leaving."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from adapters.prompt_files import shipped_contents
from adapters.storage.memory.store import MemoryStore
from bot.domain.channel import ChannelKind, ChannelSettings
from bot.domain.charter import CharterState
from bot.domain.events import ChannelRef, MessagePosted
from tests.teams.connector_api import (
    ADMIN,
    ANA,
    BO,
    CHAT,
    GUEST,
    IDEAS,
    PLANS,
    SHARED,
    TEAM,
    TENANT,
    FakeConnector,
    Trouble,
)
from tests.teams.tenant import Clock, Tenant, buttons, key_named, open_tenant, standing, words_of

Json = dict[str, Any]


@pytest.fixture
async def tenant() -> AsyncIterator[Tenant]:
    async with open_tenant() as opened:
        yield opened


async def test_installed_kith_introduces_itself_in_the_chosen_channel_and_listens(tenant: Tenant) -> None:
    await tenant.install()
    channel = await tenant.channel()
    assert channel is not None
    assert (channel.name, channel.members, channel.charter.steward) == ("ideas", 8, ANA)
    assert channel.charter.state is CharterState.LISTENING
    (introduction,) = tenant.fake.sent()
    assert words_of(introduction).startswith("Hello, I am Kith, a bot. Somebody invited me into #ideas.")
    assert "@Kith pause" in words_of(introduction)
    assert list(buttons(introduction)) == ["What do you keep?", "Stay silent", "Leave the channel"]


async def test_the_two_ways_in_which_an_installation_is_told_are_one(tenant: Tenant) -> None:
    await tenant.install()
    added = tenant.activity("conversationUpdate", membersAdded=[{"id": tenant.activity("x")["recipient"]["id"]}])
    await tenant.send(added)
    await tenant.tick()
    assert len(tenant.fake.sent()) == 1


async def test_a_message_leaves_a_trace_before_the_connector_has_its_200(tenant: Tenant) -> None:
    await tenant.install()
    await tenant.say("500 posts by March [numbers_obsessed]")
    assert len(await tenant.traces()) == 1


async def test_other_channels_of_the_team_are_not_looked_at(tenant: Tenant) -> None:
    await tenant.install()
    before = len(tenant.fake.calls)
    await tenant.say("500 posts by March [numbers_obsessed]", channel=PLANS)
    assert [event for event in tenant.core.told if isinstance(event, MessagePosted)] == []
    assert len(tenant.fake.calls) == before


async def test_kith_is_asked_into_another_channel_by_name(tenant: Tenant) -> None:
    await tenant.install()
    (hint,) = await tenant.ask("hello", channel=PLANS)
    assert "@Kith join" in words_of(hint)
    await tenant.ask("join", by=BO, channel=PLANS)
    await tenant.tick()
    channel = await tenant.channel(PLANS)
    assert channel is not None
    assert (channel.name, channel.charter.steward) == ("plans", BO)
    assert "#plans" in words_of(tenant.fake.sent(PLANS)[-1])


async def test_where_kith_cannot_come_in_it_says_so(tenant: Tenant) -> None:
    await tenant.install()
    tenant.fake.troubles["/v3/teams"].append(Trouble(status=403))
    (answer,) = await tenant.ask("join", channel=PLANS)
    assert words_of(answer).startswith("I could not come in just now")
    assert await tenant.channel(PLANS) is None


async def test_guests_are_voices_and_are_not_read(tenant: Tenant) -> None:
    await tenant.install()
    await tenant.say("500 posts by March [numbers_obsessed]", by=GUEST)
    await tenant.say("500 posts by March [numbers_obsessed]", by="29:nobody-knows")
    assert [trace.evidence for trace in await tenant.traces()] == [{}, {}]


async def test_people_are_looked_up_once(tenant: Tenant) -> None:
    await tenant.install()
    for _ in range(3):
        await tenant.say("hello", by=BO)
    assert len([call for call in tenant.fake.calls if "/members/" in call.path]) == 1


async def test_a_shared_channel_is_external(tenant: Tenant) -> None:
    await tenant.install(SHARED)
    channel = await tenant.channel(SHARED)
    assert channel is not None
    assert channel.kind is ChannelKind.EXTERNAL


async def test_edits_deletions_and_reactions_reach_the_trace(tenant: Tenant) -> None:
    await tenant.install()
    said = await tenant.say("500 posts by March [numbers_obsessed]")
    reaction = tenant.activity("messageReaction", BO, replyToId=said, reactionsAdded=[{"type": "like"}])
    await tenant.send(reaction)
    assert [trace.reactions for trace in await tenant.traces()] == [1]
    edit = tenant.activity("messageUpdate", text="some posts", channelData={"eventType": "editMessage"})
    await tenant.send(edit | {"id": said})
    assert [(trace.edited, trace.evidence) for trace in await tenant.traces()] == [(True, {})]
    gone = tenant.activity("messageDelete", channelData={"eventType": "softDeleteMessage"})
    await tenant.send(gone | {"id": said})
    assert await tenant.traces() == ()


async def test_a_repeated_delivery_is_counted_once(tenant: Tenant) -> None:
    await tenant.install()
    said = await tenant.say("hello")
    reaction = tenant.activity("messageReaction", BO, replyToId=said, reactionsAdded=[{"type": "like"}])
    for _ in range(3):
        await tenant.send(reaction)
    assert [trace.reactions for trace in await tenant.traces()] == [1]


async def test_what_could_not_be_looked_up_is_asked_for_again(tenant: Tenant) -> None:
    tenant.fake.troubles["/v3/teams"].append(Trouble(status=500))
    added = tenant.activity("installationUpdate", ANA, TEAM, action="add")
    assert (await tenant.send(added)).status_code == 503
    assert await tenant.channel(TEAM) is None
    assert (await tenant.send(added)).status_code == 200
    channel = await tenant.channel(TEAM)
    assert channel is not None
    assert channel.name == "General"


async def test_a_deleted_channel_and_a_team_that_is_gone_are_forgotten(tenant: Tenant) -> None:
    await tenant.install(IDEAS)
    await tenant.ask("join", channel=PLANS)
    deleted = tenant.activity("conversationUpdate", channelData={"eventType": "channelDeleted"})
    await tenant.send(deleted)
    assert await tenant.channel(IDEAS) is None
    gone = tenant.activity("conversationUpdate", channel=TEAM, channelData={"eventType": "teamDeleted"})
    await tenant.send(gone)
    assert await tenant.channel(PLANS) is None
    assert list(await tenant.core.house.store.addresses.within(TENANT, TEAM)) == []


async def test_a_new_name_and_a_new_size_are_taken_over(tenant: Tenant) -> None:
    await tenant.install()
    data = {"eventType": "channelRenamed", "channel": {"id": IDEAS, "name": "announcements"}}
    await tenant.send(tenant.activity("conversationUpdate", channelData=data))
    channel = await tenant.channel()
    assert channel is not None
    assert (channel.name, channel.kind) == ("announcements", ChannelKind.ANNOUNCEMENT)
    tenant.fake.team["memberCount"] = 9
    await tenant.send(tenant.activity("conversationUpdate", channel=TEAM, membersAdded=[{"id": "29:new"}]))
    channel = await tenant.channel()
    assert channel is not None
    assert channel.members == 9


async def test_kith_is_invited_into_a_group_chat(tenant: Tenant) -> None:
    await tenant.install(CHAT, by=BO)
    channel = await tenant.channel(CHAT)
    assert channel is not None
    assert (channel.members, channel.charter.steward) == (2, BO)
    await tenant.say("500 posts by March [numbers_obsessed]", channel=CHAT)
    assert len(await tenant.traces(CHAT)) == 1


async def test_a_mention_is_answered_in_its_thread(tenant: Tenant) -> None:
    await tenant.install()
    said = await tenant.say("<at>Kith</at> hello")
    await tenant.tick()
    (answer,) = tenant.fake.sent(f"{IDEAS};messageid={said}")
    assert "a bot" in words_of(answer)


async def test_a_message_to_kith_alone_is_answered(tenant: Tenant) -> None:
    chat = await tenant.install_alone()
    await tenant.say("Hi", channel=chat)
    await tenant.tick()
    (answer,) = tenant.fake.sent(chat)
    assert "a bot" in words_of(answer)


async def test_kith_does_not_write_to_somebody_who_only_installed_it(tenant: Tenant) -> None:
    await tenant.install_alone()
    await tenant.tick()
    assert tenant.fake.sent() == []


async def test_a_private_answer_goes_to_the_person_and_says_where_it_came_from(tenant: Tenant) -> None:
    await tenant.install()
    chat = await tenant.install_alone()
    (answer,) = await tenant.ask("ledger")
    assert tenant.fake.calls[-1].path == f"/v3/conversations/{chat}/activities"
    assert words_of(answer).startswith("You asked me this in ideas")


async def test_somebody_without_a_chat_gets_a_short_hint_and_a_button(tenant: Tenant) -> None:
    await tenant.install()
    (hint,) = await tenant.ask("ledger", by=BO)
    assert "one person at a time" in words_of(hint)
    shown = await tenant.press(buttons(hint)["Show it to me"], by=BO)
    assert "What Kith asked here" in words_of(shown)


async def test_what_teams_alone_says_is_said_in_the_channels_language(tenant: Tenant) -> None:
    tenant.core.house = replace(tenant.core.house, contents=shipped_contents())
    tenant.core.settings = ChannelSettings(locale="de")
    await tenant.install()
    (hint,) = await tenant.ask("ledger", by=BO)
    assert "jeweils für eine Person" in words_of(hint)
    chat = await tenant.install_alone()
    await tenant.ask("ledger")
    assert words_of(tenant.fake.sent(chat)[-1]).startswith("Das wurde ich in ideas gefragt")


async def test_silence_is_said_to_everyone_without_who_asked_for_it(tenant: Tenant) -> None:
    await tenant.install()
    (said,) = await tenant.ask("pause", by=BO)
    assert words_of(said).startswith("I am silent now")
    channel = await tenant.channel()
    assert channel is not None
    assert channel.charter.state is CharterState.PAUSED


async def test_sent_away_kith_says_goodbye_and_forgets(tenant: Tenant) -> None:
    await tenant.install()
    introduction = tenant.fake.sent()[0]
    await tenant.press(buttons(introduction)["Leave the channel"], by=BO)
    assert words_of(tenant.fake.sent()[-1]).startswith("I am leaving")
    assert await tenant.channel() is None
    assert list(await tenant.core.house.store.addresses.within(TENANT, TEAM)) == []


async def test_a_plan_is_checked_alone_with_kith_through_its_card_to_the_end(tenant: Tenant) -> None:
    await tenant.install()
    chat = await tenant.install_alone()
    await tenant.say("check", channel=chat)
    form = tenant.fake.sent(chat)[-1]
    send = buttons(form)["Show me"]
    wrong = await tenant.press(send, channel=chat, **{"one.plan": "The Friday newsletter"})
    assert "Place the plan on one contrast" in str(wrong)
    inputs = {"one.plan": "The Friday newsletter", "one.numbers_obsessed": "1"}
    shown = await tenant.press(buttons(wrong)["Show me"], channel=chat, **inputs)
    assert "“The Friday newsletter”, as you see it today" in words_of(shown)
    await tenant.press(buttons(shown)["Share with the channel"], channel=chat)
    assert "Somebody here looked at a plan" in words_of(tenant.fake.sent(IDEAS)[-1])


async def test_the_address_of_somebodys_chat_is_shown_to_them_and_deleted_at_their_word(tenant: Tenant) -> None:
    chat = await tenant.install_alone()
    await tenant.say("data", channel=chat)
    data = tenant.fake.sent(chat)[-1]
    assert "At which address this chat with Kith is answered" in words_of(data)
    shown = await tenant.press(buttons(data)["Delete my traces here"], channel=chat)
    assert "deleted" in words_of(shown)
    assert await tenant.core.house.store.addresses.find(ChannelRef(TENANT, chat)) is None
    await tenant.say("hello", channel=chat)
    await tenant.tick()
    assert "a bot" in words_of(tenant.fake.sent(chat)[-1])


async def test_a_plan_is_checked_without_any_channel(tenant: Tenant) -> None:
    chat = await tenant.install_alone(BO)
    await tenant.say("check The Friday newsletter", by=BO, channel=chat)
    form = tenant.fake.sent(chat)[-1]
    inputs = {"one.plan": "The Friday newsletter", "one.numbers_obsessed": "1"}
    shown = await tenant.press(buttons(form)["Show me"], by=BO, channel=chat, **inputs)
    assert "“The Friday newsletter”, as you see it today" in words_of(shown)
    assert buttons(shown) == {}


async def test_a_channel_is_chosen_where_somebody_shares_several_with_kith(tenant: Tenant) -> None:
    await tenant.install(IDEAS)
    await tenant.ask("join", channel=PLANS)
    chat = await tenant.install_alone()
    await tenant.say("ledger", channel=chat)
    where = tenant.fake.sent(chat)[-1]
    assert "In which channel" in words_of(where)
    shown = await tenant.press(buttons(where)["Go on"], channel=chat, **{"one.where": PLANS})
    assert "What Kith asked here" in words_of(shown)


async def test_a_forged_channel_is_not_acted_in(tenant: Tenant) -> None:
    await tenant.install(PLANS)
    chat = await tenant.install_alone(BO)
    forged = {"type": "Action.Submit", "data": {"kith": {"do": "pause", "in": PLANS}}}
    shown = await tenant.press(forged, by=BO, channel=chat)
    assert "no longer here" in words_of(shown)
    channel = await tenant.channel(PLANS)
    assert channel is not None
    assert channel.charter.state is CharterState.LISTENING


async def test_settings_open_for_steward_and_admin_and_show_errors_at_their_fields(tenant: Tenant) -> None:
    await tenant.install()
    (hint,) = await tenant.ask("settings", by=ADMIN)
    which = await tenant.press(buttons(hint)["Show it to me"], by=ADMIN)
    form = await tenant.press(buttons(which)["This channel"], by=ADMIN)
    wrong = await tenant.press(buttons(form)["Save"], by=ADMIN, **{"one.zone": "Dublin"})
    assert "Write a time zone such as" in str(wrong)


async def test_a_question_is_asked_and_its_buttons_answer_for_the_person_alone(tenant: Tenant) -> None:
    tenant.core.settings = ChannelSettings(profile="rehearsal")
    await tenant.install()
    said = await tenant.say("500 posts by March, leaderboard on Fridays [numbers_obsessed]")
    await tenant.tick()
    question = tenant.fake.sent(IDEAS)[-1]
    assert list(buttons(question)) == ["Why this question?", "Useful", "Not now", "Not here"]
    assert said
    before = len(tenant.fake.sent())
    why = await tenant.press(buttons(question)["Why this question?"], by=BO)
    assert "point" in words_of(why)
    thanks = await tenant.press(buttons(question)["Not here"], by=BO)
    assert "I will not ask about this here" in words_of(thanks)
    assert len(tenant.fake.sent()) == before


async def test_ask_about_this_reads_a_message_for_the_asker_alone(tenant: Tenant) -> None:
    await tenant.install()

    async def asked_about(author: str) -> str:
        payload = {
            "id": "1",
            "body": {"contentType": "html", "content": "<div>500 posts by March [numbers_obsessed]</div>"},
            "from": {"user": {"id": author, "displayName": "Somebody"}},
        }
        value = {"commandId": "ask", "commandContext": "message", "messagePayload": payload}
        return words_of(await tenant.invoke("composeExtension/fetchTask", value))

    assert "To this I would ask" in await asked_about("d-bo")
    await tenant.core.house.store.choices.opt_out(TENANT, BO)
    assert "To this I would ask" not in await asked_about("d-bo")
    assert "To this I would ask" not in await asked_about("d-nobody")


async def test_messages_unasked_find_their_way_after_a_restart() -> None:
    fake, store, clock = FakeConnector([key_named("k1")]), MemoryStore(), Clock()
    async with standing(fake):
        async with open_tenant(fake=fake, store=store, clock=clock) as before:
            await before.install()
        clock.moment += timedelta(days=14)
        async with open_tenant(fake=fake, store=store, clock=clock) as after:
            await after.tick()
    assert words_of(fake.sent(IDEAS)[-1]).startswith("I have listened for 14 days")
