"""Speaking to Kith, from a greeting to a last small step, and all the ways in which such a talk ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from adapters.storage.memory.store import MemoryStore
from bot.domain.channel import ChannelSettings
from bot.domain.dialogue import LASTS, PAUSE
from bot.domain.events import ChannelRef, ChoiceMade, CommandGiven, MessageDeleted, MessagePosted
from bot.domain.outgoing import Outcome, Outgoing
from bot.domain.patterns import Pattern
from bot.domain.speech import Emphasis, Message, Paragraph, Place, Reply
from bot.errors import PlatformError
from bot.usecases.command import COMMANDS
from bot.usecases.dialogue.talk import COMMAND_WORDS
from bot.usecases.receive import receive
from tests.talk import REF
from tests.usecases.conversation import Conversation, button, plain

NUMBERS = "let's get #ideas to 500 posts by March [numbers_obsessed]"


class Thread:
    """One thread of a channel in which people speak to Kith."""

    def __init__(self, conversation: Conversation, root: str | None = None) -> None:
        self.c = conversation
        self.root = root

    async def says(self, who: str, text: str, *, to_kith: bool = False, guest: bool = False) -> str:
        """Say something, wait as long as Kith does, and give what it answered ("" if nothing)."""
        before = len(self.c.transcript.said)
        message = await self.c.say(who, text, thread=self.root, to_kith=to_kith, guest=guest)
        self.root = self.root or message
        await self.waits(PAUSE)
        said = self.c.transcript.said[before:]
        assert len(said) <= 1 and all(each.place == Place(channel=REF, thread=self.root) for each in said)
        return said[0].message.plain if said else ""

    async def mentions(self, who: str, text: str, **facts: Any) -> str:
        return await self.says(who, text, to_kith=True, **facts)

    async def waits(self, time: timedelta) -> None:
        self.c.now += time
        await self.c.tick()

    @property
    def stands(self) -> Any:
        """What Kith remembers of it, if it does."""
        return self.c.house.store.dialogues.find(REF, self.root or "")


def question(message: Message) -> str:
    asked = [p.text for p in message.body if isinstance(p, Paragraph) and p.emphasis is Emphasis.QUESTION]
    return asked[0] if asked else ""


async def thread(**facts: Any) -> Thread:
    c = Conversation(**facts)
    await c.invite(by="ana")
    return Thread(c)


async def test_a_greeting_is_greeted_and_the_next_message_is_taken_up() -> None:
    t = await thread()
    assert "a bot" in await t.mentions("ana", "@Kith hello")
    answer = await t.says("ana", NUMBERS)
    assert question(t.c.last).endswith("?") and "I keep none of your words" in answer


async def test_a_clear_message_is_taken_up_in_its_thread_with_a_fitting_question() -> None:
    t = await thread()
    await t.mentions("ana", f"@Kith {NUMBERS}")
    bank = {q.text for q in t.c.house.content.patterns[Pattern.NUMBERS_OBSESSED].questions}
    plain_forms = {q.plain for q in t.c.house.content.patterns[Pattern.NUMBERS_OBSESSED].questions}
    assert question(t.c.last) in bank | plain_forms


async def test_a_whole_talk_goes_four_questions_far_and_ends_with_thanks() -> None:
    t = await thread()
    await t.mentions("ana", f"@Kith {NUMBERS}")
    questions = [question(t.c.last)]
    for answer in ("people would talk at lunch", "somebody makes time for it", "we would hear stories"):
        await t.says("ana", answer)
        questions.append(question(t.c.last))
    assert all(questions) and len(set(questions)) == 4
    farewell = await t.says("ana", "I could ask Wren on Friday")
    assert farewell and question(t.c.last) == ""
    assert await t.stands is None
    assert await t.says("ana", "see you all tomorrow then") == ""


async def test_what_is_read_as_nothing_gets_an_open_question() -> None:
    t = await thread()
    await t.mentions("ana", "@Kith the kitchen is cold again")
    assert question(t.c.last)


async def test_nobody_else_in_the_thread_is_answered_unless_they_mention_kith() -> None:
    t = await thread()
    await t.mentions("ana", f"@Kith {NUMBERS}")
    assert await t.says("bo", "I like that") == ""
    assert await t.mentions("bo", "@Kith what are you?")
    first = await t.stands
    assert first.is_with("ana") and first.turns == 1
    assert await t.says("bo", "aha") == ""
    assert await t.says("ana", "we could tell stories")


async def test_what_the_person_says_to_somebody_else_in_the_thread_is_left_alone() -> None:
    t = await thread()
    await t.mentions("ana", f"@Kith {NUMBERS}")
    assert await t.says("ana", "@bo what do you say?") == ""
    assert (await t.stands).turns == 1


async def test_a_dialogue_never_begins_by_itself() -> None:
    t = await thread()
    assert await t.says("ana", "hello Kith") == ""
    assert await t.says("ana", NUMBERS) == ""


async def test_kith_waits_while_somebody_goes_on_writing_and_then_asks_once() -> None:
    t = await thread()
    await t.mentions("ana", f"@Kith {NUMBERS}")
    before = len(t.c.transcript.said)
    for text in ("people would talk at lunch", "and in the corridor", "and on the bus"):
        await post(t, "ana", text)
        await t.waits(PAUSE / 2)
    assert len(t.c.transcript.said) == before
    await t.waits(PAUSE)
    await t.waits(PAUSE)
    assert len(t.c.transcript.said) == before + 1
    assert question(t.c.last) and (await t.stands).turns == 2


async def test_a_stop_while_kith_waits_leaves_its_question_unasked() -> None:
    t = await thread()
    await t.mentions("ana", f"@Kith {NUMBERS}")
    await post(t, "ana", "people would talk at lunch")
    await t.waits(PAUSE / 2)
    await post(t, "ana", "stop")
    await t.waits(PAUSE)
    assert question(t.c.last) == "" and await t.stands is None
    assert len(t.c.transcript.said) == 3


async def test_another_question_wished_for_while_kith_waits_takes_the_place_of_the_one_unasked() -> None:
    t = await thread()
    await t.mentions("ana", f"@Kith {NUMBERS}")
    await post(t, "ana", "people would talk at lunch")
    await t.waits(PAUSE / 2)
    await post(t, "ana", "another question please")
    await t.waits(PAUSE)
    assert len(t.c.transcript.said) == 3 and (await t.stands).turns == 2


async def test_a_wish_while_kith_waits_is_answered_at_once_with_the_question_behind_it() -> None:
    t = await thread()
    await t.mentions("ana", f"@Kith {NUMBERS}")
    await post(t, "ana", "people would talk at lunch")
    await t.waits(PAUSE / 2)
    await post(t, "ana", "what do you keep?")
    assert "pseudonym" in t.c.last.plain and question(t.c.last)
    await t.waits(PAUSE)
    assert len(t.c.transcript.said) == 3 and (await t.stands).turns == 2


async def post(t: Thread, who: str, text: str) -> None:
    """Say something at this very moment."""
    event = MessagePosted(
        channel=REF, message=f"x{t.c.now.timestamp()}", author=who, at=t.c.now, text=text, thread=t.root
    )
    await receive(event, house=t.c.house, now=t.c.now)
    await t.c.tick()


@pytest.mark.parametrize("word", ["stop", "Thanks!", "that's enough", "ok bye", "never mind"])
async def test_one_word_ends_it(word: str) -> None:
    t = await thread()
    await t.mentions("ana", f"@Kith {NUMBERS}")
    assert await t.says("ana", word)
    assert question(t.c.last) == "" and await t.stands is None


async def test_the_subject_changes_when_asked() -> None:
    t = await thread()
    await t.mentions("ana", f"@Kith {NUMBERS}")
    first = question(t.c.last)
    await t.says("ana", "another question")
    assert question(t.c.last) not in ("", first)
    await t.says("ana", "can we talk about something else?")
    assert (await t.stands).pattern is None


async def test_it_admits_what_it_does_not_know_and_cannot_do() -> None:
    t = await thread()
    assert "know" in await t.mentions("ana", "@Kith when is the meeting?")
    assert await t.stands is None
    await t.mentions("ana", f"@Kith {NUMBERS}")
    assert "My question can wait" in await t.says("ana", "remind me at five")
    assert (await t.stands).step == "notice"


async def test_asked_for_advice_it_has_a_question() -> None:
    t = await thread()
    answer = await t.mentions("ana", "@Kith what should we do about the meetings?")
    assert ("question" in answer) and question(t.c.last)


async def test_it_says_what_it_is_and_what_it_keeps() -> None:
    t = await thread()
    assert "a bot" in (await t.mentions("ana", "@Kith are you human?")).lower()
    keeps = await t.mentions("ana", "@Kith what do you keep?")
    assert "pseudonym" in keeps and "everyone in the channel can read it" in keeps


async def test_help_says_how_to_end_it() -> None:
    t = await thread()
    assert "ends it" in await t.mentions("ana", "@Kith help")


def test_the_words_that_are_called_commands_are_commands() -> None:
    assert set(COMMANDS) == COMMAND_WORDS


async def test_a_command_said_alone_is_told_how_to_be_given() -> None:
    t = await thread()
    assert "/kith pause" in await t.mentions("ana", "@Kith pause")


DISTRESS = "@Kith my manager shouted at me in front of everyone"


async def test_distress_is_handed_over_to_the_people_the_workspace_named() -> None:
    t = await thread()
    t.c.house = replace(t.c.house, human_help="Sam, confidential, extension 12")
    answer = await t.mentions("ana", DISTRESS)
    assert "Sam, confidential, extension 12" in answer and "emergency number" in answer
    assert "?" not in answer


async def test_without_a_configured_help_it_says_to_turn_to_somebody_trusted() -> None:
    t = await thread()
    assert "somebody you trust" in await t.mentions("ana", DISTRESS)


async def test_a_hand_over_ends_the_dialogue_and_keeps_nothing_about_it() -> None:
    t = await thread()
    await t.mentions("ana", f"@Kith {NUMBERS}")
    assert "deserves a person" in await t.says("ana", "honestly I can't cope any more")
    assert await t.stands is None
    window = await t.c.house.store.traces.window(REF, t.c.now)
    assert window.traces == () and await t.c.ledger() == []


async def test_a_repeated_delivery_of_distress_is_handed_over_once() -> None:
    t = await thread()
    await t.mentions("ana", DISTRESS)
    said = len(t.c.transcript.said)
    again = MessagePosted(
        channel=REF, message=t.root or "", author="ana", at=t.c.now, text=DISTRESS, addresses_kith=True
    )
    await receive(again, house=t.c.house, now=t.c.now)
    await t.c.tick()
    assert len(t.c.transcript.said) == said


@pytest.mark.parametrize("alone", [False, True])
async def test_what_is_noted_of_a_hand_over_is_what_is_noted_of_any_short_answer(alone: bool) -> None:
    kept = []
    for text in (DISTRESS, "@Kith help"):
        t = await thread()
        t.c.house = replace(t.c.house, store=MemoryStore(salts=lambda: b"the same"))
        if alone:
            await writes_alone(t.c, text, 1)
        else:
            await t.c.invite(by="ana")
            await t.mentions("ana", text)
        store = t.c.house.store
        assert isinstance(store, MemoryStore)
        kept.append((vars(store.dialogues)["_talks"], vars(store.outbox)["_rows"]))
    assert kept[0] == kept[1]


async def test_a_hand_over_is_made_where_kith_is_paused_too() -> None:
    t = await thread()
    await t.c.command("pause")
    assert "deserves a person" in await t.mentions("ana", DISTRESS)


async def test_paused_it_says_so_once_when_mentioned_and_goes_on_with_nothing() -> None:
    t = await thread()
    await t.mentions("ana", f"@Kith {NUMBERS}")
    await t.c.command("pause", by="bo")
    assert await t.says("ana", "people would talk at lunch") == ""
    assert await t.stands is None
    assert "I am paused in this channel" in await t.mentions("ana", "@Kith hello")


async def test_what_is_said_to_kith_is_no_evidence_about_the_channel() -> None:
    t = await thread()
    await t.mentions("ana", f"@Kith {NUMBERS}")
    await t.says("ana", "500 and not one less [numbers_obsessed]")
    assert (await t.c.house.store.traces.window(REF, t.c.now)).traces == ()
    await t.says("bo", "me too [numbers_obsessed]")
    assert len((await t.c.house.store.traces.window(REF, t.c.now)).traces) == 1


async def test_a_repeated_delivery_is_answered_once() -> None:
    t = await thread()
    await t.mentions("ana", "@Kith hello")
    said = len(t.c.transcript.said)
    again = MessagePosted(
        channel=REF, message=t.root or "", author="ana", at=t.c.now, text="@Kith hello", addresses_kith=True
    )
    await receive(again, house=t.c.house, now=t.c.now)
    await t.c.tick()
    assert len(t.c.transcript.said) == said


async def test_after_a_day_it_is_forgotten_without_a_reminder() -> None:
    t = await thread()
    await t.mentions("ana", f"@Kith {NUMBERS}")
    said = len(t.c.transcript.said)
    await t.waits(LASTS)
    assert len(t.c.transcript.said) == said and await t.stands is None
    assert await t.says("ana", "about yesterday") == ""


async def test_it_goes_with_the_message_that_opened_its_thread() -> None:
    t = await thread()
    await t.mentions("ana", f"@Kith {NUMBERS}")
    await receive(MessageDeleted(channel=REF, message=t.root or "", at=t.c.now), house=t.c.house, now=t.c.now)
    assert await t.stands is None


async def test_it_goes_when_kith_leaves() -> None:
    t = await thread()
    await t.mentions("ana", f"@Kith {NUMBERS}")
    await t.c.command("leave")
    assert await t.stands is None


@pytest.mark.parametrize("guest", [True, False])
async def test_guests_and_people_who_opted_out_are_not_read_and_get_the_same_answer(guest: bool) -> None:
    t = await thread()
    if not guest:
        await t.c.press("opt_out", by="dee")
    answer = await t.mentions("dee", f"@Kith {NUMBERS}", guest=guest)
    assert answer.startswith("I am Kith, a bot. This is what happens when you mention me.")
    assert await t.stands is None


async def test_a_pattern_switched_off_here_is_not_taken_up() -> None:
    t = await thread(settings=ChannelSettings(patterns_off=frozenset({Pattern.NUMBERS_OBSESSED})))
    await t.mentions("ana", f"@Kith {NUMBERS}")
    assert (await t.stands).pattern is None


async def test_why_is_answered_to_whoever_presses_it() -> None:
    t = await thread()
    await t.mentions("ana", f"@Kith {NUMBERS}")
    why = plain(await t.c.press(t.c.last.choices[0], by="bo"))
    assert "point 6" in why and "This may be fine here if" in why


async def test_the_person_sees_that_there_is_a_talk_and_can_have_it_forgotten() -> None:
    t = await thread()
    await t.mentions("ana", f"@Kith {NUMBERS}")
    assert "your talk with Kith" in plain(await t.c.command("data", by="ana"))
    assert "your talk with Kith" not in plain(await t.c.command("data", by="bo"))
    await t.c.press("forget_me", by="bo")
    assert await t.stands is not None
    await t.c.press("forget_me", by="ana")
    assert await t.stands is None


ALONE = ChannelRef("W1", "D-dee")


async def writes_alone(c: Conversation, text: str, number: int) -> str:
    """What Kith answers to a direct message."""
    before = len(c.transcript.said)
    event = MessagePosted(
        channel=ALONE,
        message=f"d{number}",
        author="dee",
        at=c.now,
        text=text,
        addresses_kith=True,
        alone_with_kith=True,
    )
    await receive(event, house=c.house, now=c.now)
    c.now += PAUSE
    await c.tick()
    said = c.transcript.said[before:]
    assert all(each.place == Place(channel=ALONE) for each in said)
    return "\n".join(each.message.plain for each in said)


async def test_somebody_alone_with_kith_talks_without_threads_and_without_a_channel_being_kept() -> None:
    c = Conversation()
    assert "a bot" in await writes_alone(c, "hello", 1)
    texts = (NUMBERS, "people would talk", "somebody makes time", "I could ask Wren")
    answers = [await writes_alone(c, text, number) for number, text in enumerate(texts, start=2)]
    assert ["?" in answer for answer in answers] == [True, True, True, False]
    assert await c.house.store.dialogues.of(ALONE) == []
    assert await c.house.store.channels.all("W1") == []
    assert (await c.house.store.traces.window(ALONE, c.now)).traces == ()


async def test_what_is_said_alone_fits_the_place() -> None:
    c = Conversation()
    said = [
        await writes_alone(c, text, number)
        for number, text in enumerate(("help", "what do you keep?", "when is lunch?", "I am being bullied"))
    ]
    assert all(said)
    assert all(word not in " ".join(said) for word in ("mention me", "this thread", "in the thread", "this channel"))


async def test_a_direct_message_is_answered_once() -> None:
    c = Conversation()
    assert await writes_alone(c, "hello", 1)
    assert await writes_alone(c, "hello", 1) == ""


async def own_data(c: Conversation, choice: str = "") -> Reply:
    """What `/kith data` in a direct message, or a button there, answers."""
    where: dict[str, Any] = {"channel": ALONE, "by": "dee", "at": c.now}
    event = ChoiceMade(choice=choice, about="", **where) if choice else CommandGiven(words="data", **where)
    reply = await receive(event, house=c.house, now=c.now)
    assert reply is not None and reply.message is not None
    return reply


async def test_data_asked_for_alone_shows_the_talk_and_has_it_forgotten() -> None:
    c = Conversation()
    assert "your talk with Kith" not in plain(await own_data(c))
    await writes_alone(c, NUMBERS, 1)
    shown = await own_data(c)
    assert "your talk with Kith here" in plain(shown)
    assert "deleted" in plain(await own_data(c, button(shown, "forget_me").id))
    assert await c.house.store.dialogues.of(ALONE) == []
    store = c.house.store
    assert isinstance(store, MemoryStore) and vars(store.traces)["_windows"] == {}, "no window is opened for it"


async def test_somebody_alone_with_kith_can_ask_not_to_be_read_and_take_it_back() -> None:
    c = Conversation()
    await own_data(c, button(await own_data(c), "opt_out").id)
    assert await c.house.store.choices.opted_out("W1", "dee")
    shown = await own_data(c)
    assert "asked Kith not to read" in plain(shown)
    await own_data(c, button(shown, "opt_in").id)
    assert not await c.house.store.choices.opted_out("W1", "dee")


class Deaf:
    """A chat that refuses everything."""

    async def post(self, place: Place, message: Message) -> str:
        raise PlatformError(problem="no")


async def test_an_answer_that_cannot_be_sent_leaves_no_dead_letter() -> None:
    t = await thread()
    t.c.chat = Deaf()
    await t.c.say("ana", DISTRESS, to_kith=True)
    for _ in range(10):
        await t.waits(timedelta(hours=5))
    assert await queued(t) == []


async def queued(t: Thread) -> list[Outgoing]:
    """What is waiting or was given up: putting it again would be refused."""
    outbox = t.c.house.store.outbox
    rows = list(await outbox.take(t.c.now + timedelta(days=30), lease=timedelta(0)))
    for row in rows:
        await outbox.settle(row, Outcome.LATER, retry_at=t.c.now)
    return rows


async def test_kith_names_nobody_and_praises_nobody() -> None:
    t = await thread()
    await t.mentions("anastasia", f"@Kith {NUMBERS}")
    for text in ("we talk", "not sure", "what do you mean?", "yes"):
        await t.says("anastasia", text)
    said = " ".join(t.c.said)
    assert "anastasia" not in said and "!" not in said


async def test_are_you_there_is_answered_and_what_stands_keeps_standing() -> None:
    t = await thread()
    assert "here" in (await t.mentions("ana", "@Kith are you there?")).lower()
    await t.says("ana", NUMBERS)
    again = await t.says("ana", "are you still there?")
    assert "here" in again.lower() and "My question can wait" in again


@pytest.mark.parametrize(
    "text",
    ["what do you think of @bo?", "What do you think of Marta?", "who works hardest?", "why is Tomas always late?"],
)
async def test_about_a_person_kith_says_nothing(text: str) -> None:
    t = await thread()
    answer = await t.mentions("ana", text)
    assert "person" in answer and question(t.c.last) == ""


@pytest.mark.parametrize("text", ["What do you think of Monday?", "what do you think of the plan?", "is Jira down?"])
async def test_what_names_no_person_is_no_question_about_one(text: str) -> None:
    t = await thread()
    assert "person" not in await t.mentions("ana", text)


async def test_orders_repeated_are_declined_in_other_words_each_time() -> None:
    t = await thread()
    await t.mentions("ana", NUMBERS)
    first, second, third = [await t.says("ana", "please remind me tomorrow") for _ in range(3)]
    assert len({first, second, third}) == 3
