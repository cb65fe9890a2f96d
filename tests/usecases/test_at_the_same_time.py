"""What happens when several things happen to a channel at once, or in an unlucky order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from adapters.prompt_files import shipped_content
from adapters.storage.memory.store import MemoryStore
from bot.domain.channel import Channel, ChannelSettings
from bot.domain.charter import CharterState
from bot.domain.events import ChannelRef, ChoiceMade, KithInvited, KithRemoved, MessagePosted
from bot.domain.ledger import HeldReason, Verdict
from bot.domain.outgoing import OutgoingKind
from bot.domain.patterns import Pattern
from bot.ports import House
from bot.usecases.asking.look import look
from bot.usecases.channels.arrive import arrive
from bot.usecases.channels.changing import change
from bot.usecases.channels.charter import agree, pause, resume
from bot.usecases.receive import receive
from tests.readers import MarkedReader
from tests.talk import REF, at
from tests.usecases.conversation import Conversation, narrow_to_numbers, plain
from tests.usecases.test_living_in_a_channel import speaking


async def test_settings_saved_on_an_older_view_do_not_undo_a_pause() -> None:
    c = await speaking()
    before = await c.channel()
    await c.command("pause")
    assert not await c.house.store.channels.save(replace(before, settings=ChannelSettings(profile="attentive")))
    await c.submit(profile="attentive")
    after = await c.channel()
    assert after.charter.state is CharterState.PAUSED and after.settings.profile == "attentive"


async def test_a_change_that_meets_another_is_made_on_top_of_it() -> None:
    c = await speaking()
    seen: list[int] = []

    def step(channel: Channel) -> Channel:
        if not seen:  # somebody else is quicker the first time
            c.house.store.channels._channels[REF] = replace(channel, version=channel.version + 1, members=7)  # type: ignore[attr-defined]
        seen.append(channel.version)
        return replace(channel, name="renamed")

    after = await change(REF, step, house=c.house)
    assert after is not None and after.members == 7 and after.name == "renamed" and len(seen) == 2


async def test_a_look_at_a_channel_that_was_left_meanwhile_does_not_bring_it_back() -> None:
    c = Conversation()
    await c.invite()
    await c.wait_until("1/mon 09:00")
    stale = await c.channel()
    await c.command("leave")
    await look(stale, house=c.house, now=at("2/mon 10:00"))
    assert await c.house.store.channels.get(REF) is None


async def test_a_look_at_a_channel_that_was_paused_meanwhile_leaves_it_paused_and_asks_nothing() -> None:
    c = await speaking()
    await narrow_to_numbers(c, week="3")
    stale = await c.channel()
    await c.command("pause")
    await look(stale, house=c.house, now=at("3/tue 11:00"))
    assert (await c.channel()).charter.state is CharterState.PAUSED
    assert not [entry for entry in await c.ledger() if entry.reason is None]


async def test_a_yes_that_was_on_its_way_undoes_no_pause() -> None:
    c = Conversation()
    await c.invite()
    await c.wait_until("2/mon 09:00")
    seen = await c.channel()
    assert seen.charter.asked_at is not None
    await c.command("pause")
    yes = ChoiceMade(channel=REF, by="ana", choice="agree", about="", at=c.now)
    reply = await agree(seen, yes, house=c.house, now=c.now)
    assert (await c.channel()).charter.state is CharterState.PAUSED
    assert "silent here already" in plain(reply) and not reply.to_channel


async def test_a_yes_on_its_way_while_kith_leaves_is_told_that_it_is_gone() -> None:
    c = await speaking()
    await c.command("pause")
    paused = await c.channel()
    await c.command("leave")
    yes = ChoiceMade(channel=REF, by="ana", choice="agree", about="", at=c.now)
    for move in (pause, agree, resume):
        stale = replace(paused, charter=replace(paused.charter, state=STATES[move], asked_at=c.now))
        reply = await move(stale, yes, house=c.house, now=c.now)
        assert plain(reply) == c.house.content.say("not_in_channel") and not reply.to_channel


STATES = {pause: CharterState.SPEAKING, agree: CharterState.LISTENING, resume: CharterState.PAUSED}


class Meanwhile(MemoryStore):
    """A store in which somebody does something else right after a verdict was counted."""

    def __init__(self) -> None:
        super().__init__()
        self.then: Callable[[], Awaitable[object]] | None = None
        answer = self.ledger.answer

        async def answered(ref: ChannelRef, entry_id: str, verdict: Verdict) -> int:
            times = await answer(ref, entry_id, verdict)
            if self.then is not None:
                then, self.then = self.then, None
                await then()
            return times

        self.ledger.answer = answered  # type: ignore[method-assign]


async def test_one_not_here_beside_somebodys_pause_is_not_told_as_stepping_back() -> None:
    c = Conversation(settings=ChannelSettings(profile="attentive"))
    store = Meanwhile()
    c.house = replace(c.house, store=store)
    await c.invite()
    await c.wait_until("2/mon 09:00")
    await c.press("agree", by="ana")
    await c.say("ana", "look at this [numbers_obsessed]", when="3/mon 10:00")
    store.then = lambda: c.command("pause")
    await c.press(c.last.choices[3])
    assert (await c.channel()).charter.state is CharterState.PAUSED
    assert not [said for said in c.said if "I stop asking" in said]


async def test_one_invitation_delivered_twice_is_one_introduction() -> None:
    c = Conversation()
    twice = KithInvited(channel=REF, name="ideas", by="ana", at=c.now)
    await receive(twice, house=c.house, now=c.now)
    await receive(twice, house=c.house, now=c.now + timedelta(seconds=3))
    await c.tick()
    assert len(c.said) == 1


async def test_a_pause_before_the_introduction_still_leads_to_listening_and_to_a_question_whether_to_go_on() -> None:
    c = Conversation()
    await receive(KithInvited(channel=REF, name="ideas", by="ana", at=c.now), house=c.house, now=c.now)
    await c.command("pause")
    await c.command("resume", by="ana")
    await c.wait_until("2/tue 12:00")
    assert "Would you like me to go on?" in c.said[-1]


async def test_a_rehearsals_yes_does_not_survive_into_the_gentle_profile() -> None:
    c = Conversation(settings=ChannelSettings(profile="rehearsal"))
    await c.invite(by="ana")
    await c.submit(profile="gentle")
    await c.command("pause")
    await c.command("resume", by="ana")
    assert (await c.channel()).charter.state is CharterState.LISTENING


async def test_leaving_the_rehearsal_profile_while_paused_leaves_the_pause() -> None:
    c = Conversation(settings=ChannelSettings(profile="rehearsal"))
    await c.invite(by="ana")
    await c.command("pause")
    await c.submit(profile="gentle")
    assert (await c.channel()).charter.state is CharterState.PAUSED


async def test_listening_ends_when_nobody_answers_whether_to_go_on() -> None:
    c = Conversation()
    await c.invite()
    await c.wait_until("4/wed 12:00")
    assert (await c.channel()).charter.state is CharterState.LAPSED
    assert "stopped listening" in c.said[-1]
    await c.say("ana", "500 posts [numbers_obsessed]", when="4/wed 13:00")
    assert (await c.house.store.traces.window(REF, c.now)).traces == ()


async def test_a_paused_channel_is_not_heard_and_a_deletion_in_it_is_still_obeyed() -> None:
    c = await speaking()
    await c.say("ana", "morning", when="3/mon 09:00")
    await c.command("pause")
    await c.say("bo", "morning", when="3/mon 09:05")
    assert len((await c.house.store.traces.window(REF, c.now)).traces) == 1


async def test_charter_messages_wait_for_working_hours() -> None:
    c = Conversation(settings=ChannelSettings(opens=at("mon 10:00").time()))
    await c.invite()
    said_at = []
    while c.now < at("2/tue 12:00"):
        before = len(c.said)
        c.now += timedelta(minutes=30)
        await c.tick()
        if len(c.said) > before:
            said_at.append(c.now)
    assert said_at and all(10 <= moment.hour < 17 for moment in said_at)


async def test_an_announcement_channel_is_not_asked_whether_to_go_on() -> None:
    c = Conversation()
    await c.invite(name="company-announcements")
    await c.wait_until("3/mon 12:00")
    assert len(c.said) == 1
    assert (await c.channel()).charter.state is CharterState.LAPSED


async def test_the_ledger_finds_what_was_asked_behind_any_number_of_lines_held_back() -> None:
    c = await speaking()
    await narrow_to_numbers(c, week="3")
    await c.wait_until("3/tue 12:00")
    (asked,) = [entry for entry in await c.ledger() if entry.reason is None]
    for n in range(90):
        later = asked.at + timedelta(days=n + 1)
        held = replace(asked, id=f"h{n}", at=later, window=later, reason=HeldReason.BUDGET_SPENT)
        assert await c.house.store.ledger.hold(REF, held)
    assert "?" in plain(await c.command("ledger")).split("What Kith kept to itself")[0]
    assert "CV Harquail" in plain(await c.command("why"))


async def test_not_here_counts_its_sixty_days_from_the_newest_press() -> None:
    c = await speaking(settings=ChannelSettings(profile="attentive"))
    await c.say("ana", "look at this [numbers_obsessed]", when="3/mon 10:00")
    not_here = c.last.choices[3]
    await c.press(not_here)
    c.now += timedelta(days=59)
    await c.press(not_here)
    until = (await c.channel()).history.stilled[Pattern.NUMBERS_OBSESSED]
    assert until == c.now + timedelta(days=60)


async def test_a_line_held_back_carries_the_day_and_not_the_minute() -> None:
    c = await speaking(settings=ChannelSettings(profile="attentive", zone="Europe/Dublin"))
    await c.say("ana", "look at this [numbers_obsessed]", when="3/sat 20:13")
    (held,) = await c.ledger()
    assert held.reason is HeldReason.OUTSIDE_HOURS
    assert (held.at.hour, held.at.minute) in {(0, 0), (23, 0)}
    assert "20:13" not in plain(await c.command("ledger"))


async def test_days_are_the_channels_own() -> None:
    c = await speaking(settings=ChannelSettings(zone="America/Los_Angeles"))
    for minute, who in ((50, "ana"), (54, "bo"), (58, "cy")):
        await c.say(who, "500 [numbers_obsessed]", when=f"3/mon 23:{minute}")
    for minute, who in ((2, "ana"), (6, "bo")):
        await c.say(who, "600 [numbers_obsessed]", when=f"3/tue 00:0{minute}")
    await c.wait_until("3/tue 23:00")
    assert {entry.reason for entry in await c.ledger()} >= {HeldReason.TOO_FEW_DAYS}
    assert not [entry for entry in await c.ledger() if entry.reason is None]


async def test_being_removed_while_a_message_is_heard_leaves_nothing_behind() -> None:
    c = await speaking()
    await receive(KithRemoved(channel=REF, at=c.now), house=c.house, now=c.now)
    late = MessagePosted(channel=REF, message="m9", author="ana", at=c.now, text="500 [numbers_obsessed]")
    await receive(late, house=c.house, now=c.now)
    assert await c.house.store.channels.get(REF) is None


async def test_an_invitation_that_broke_off_halfway_is_made_whole_when_it_is_told_again() -> None:
    house = House(store=MemoryStore(), reader=MarkedReader(), content=shipped_content())
    event, now = KithInvited(channel=REF, name="ideas", by="ana", at=at("mon 09:00")), at("mon 09:00")
    await arrive(event, house=house, now=now, settings=ChannelSettings())
    house.store.outbox.forget(REF)  # type: ignore[attr-defined]  # as if it had been killed before queueing that
    for minutes in (1, 2):
        await arrive(event, house=house, now=now + timedelta(minutes=minutes), settings=ChannelSettings())
    waiting = await house.store.outbox.take(now + timedelta(hours=1), lease=timedelta(minutes=2))
    assert [outgoing.kind for outgoing in waiting] == [OutgoingKind.INTRODUCTION]
