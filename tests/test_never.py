"""What Kith must never do, one test for each; those that live nearer to their rule are named here.

- beat a ceiling, name a person in a question: tests/domain/test_reflection.py
- a column for a text or an author where none belongs, planted text at the store's level: tests/storage/
"""

from __future__ import annotations

import inspect
import json
import logging
import re
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import pytest

from adapters.prompt_files import shipped_content, shipped_contents
from adapters.storage import migrate
from adapters.storage.sql import open_store
from adapters.transcript import Transcript
from bot.domain.channel import ChannelSettings
from bot.domain.check_in import CheckIn, Run
from bot.domain.dialogue import Dialogue
from bot.domain.events import (
    ChoiceMade,
    CommandGiven,
    Event,
    FormSubmitted,
    KithInvited,
    MessageEdited,
    MessagePosted,
    Standing,
)
from bot.domain.ledger import Entry
from bot.domain.outgoing import Outgoing
from bot.domain.reading import Reading
from bot.domain.speech import Place, Reply
from bot.domain.window import Trace
from bot.ports import ChatPlatform, House
from bot.usecases.asking.deliver import deliver
from bot.usecases.asking.look import look_over_due
from bot.usecases.channels.home import home_page
from bot.usecases.receive import receive
from tests.readers import MarkedReader
from tests.talk import MONDAY, REF
from tests.usecases.conversation import Conversation, narrow_to_numbers, plain
from tests.usecases.whole_life import Listening
from tests.usecases.whole_life import live as live_a_life

PLANTED = "xylophone-marmalade-heron"
"""A word that can stand nowhere but in what people wrote."""

MARK = "qvxk"

LIKE_AN_ID = "quillwortish"
"""Another one, which has the shape of a topic's id."""


async def live(house: House) -> Transcript:
    """A rehearsal's worth of everything, with the planted word in every text a person can send."""
    chat, now = Transcript(), MONDAY
    settings = ChannelSettings(profile="rehearsal")
    text = f"500 posts by March {LIKE_AN_ID} {PLANTED} [numbers_obsessed]"
    events = (
        KithInvited(channel=REF, name="ideas", by="ana", at=now),
        MessagePosted(channel=REF, message="m1", author="ana", at=now, text=text),
        MessageEdited(channel=REF, message="m1", author="ana", at=now, text=text + " again"),
        CommandGiven(channel=REF, by="ana", words=f"ledger {PLANTED}", at=now),
        CommandGiven(channel=REF, by="ana", words=PLANTED, at=now),
        CommandGiven(channel=REF, by="ana", words=f"ask {text}", at=now),
        MessagePosted(channel=REF, message="m3", author="cy", at=now, text=f"@Kith {text}", addresses_kith=True),
        MessagePosted(channel=REF, message="m4", author="cy", at=now, text=f"perhaps {PLANTED}", thread="m3"),
        ChoiceMade(channel=REF, by="ana", choice=PLANTED, about=PLANTED, at=now),
        FormSubmitted(channel=REF, by="ana", form="settings", about="", at=now, answers={"zone": PLANTED}),
        CommandGiven(channel=REF, by="ana", words=f"draft {text}", at=now),
        FormSubmitted(channel=REF, by="ana", form="draft", about="", at=now, answers={"text": text}),
        FormSubmitted(channel=REF, by="ana", form="check", about="", at=now, answers={"plan": PLANTED}),
        CommandGiven(channel=REF, by="ana", words="path team", at=now),
        FormSubmitted(channel=REF, by="ana", form="path_round", about=PLANTED, at=now, answers={"rather": PLANTED}),
        MessagePosted(channel=REF, message="m2", author="bo", at=now, text=text, thread="m1"),
    )
    for event in events:
        await receive(event, house=house, now=now, settings=settings)
        await look_over_due(house=house, now=now)
        await deliver(house=house, chat=chat, now=lambda: now)
    return chat


async def test_no_word_of_a_message_is_in_the_database_or_the_logs(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    url = f"sqlite:///{tmp_path / 'kith.db'}"
    await migrate.upgrade(url)
    store = await open_store(url)
    house = House(store=store, reader=MarkedReader(), content=shipped_content())
    chat = await live(house)
    assert len(chat.said) >= 2, "Kith must have spoken for this test to mean anything"
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    await store.close()
    kept += b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"numbers_obsessed" in kept
    for planted in (PLANTED, LIKE_AN_ID):
        assert planted.encode() not in kept
        assert planted not in caplog.text
        assert planted not in "".join(said.message.plain for said in chat.said)


def test_what_is_kept_of_a_message_has_no_place_for_its_words() -> None:
    assert {field.name for field in fields(Trace)} == {
        "key",
        "author",
        "at",
        "thread",
        "question",
        "edited",
        "reactions",
        "evidence",
        "topics",
    }


def test_the_ledger_the_outbox_and_check_ins_have_no_place_for_a_person() -> None:
    names = {field.name for kept in (Entry, Outgoing, Place, CheckIn, Run) for field in fields(kept)}
    assert names.isdisjoint({"by", "author", "person", "user", "who", "members", "steward", "people"})


async def test_kith_never_names_a_person_to_the_channel() -> None:
    c = Conversation(settings=ChannelSettings(profile="attentive"))
    await c.invite(by="anastasia")
    await c.wait_until("2/mon 09:00")
    await c.press("agree", by="anastasia")
    await c.say("bartholomew", "500 posts [numbers_obsessed]", when="3/mon 10:00")
    await c.press(c.last.choices[0], by="cleopatra")
    said = " ".join(c.said) + plain(await c.command("why")) + plain(await c.command("ledger"))
    assert re.search("anastasia|bartholomew|cleopatra", said) is None


class Marked(Listening):
    """A life in which every id of a person bears a mark that is no word of any language."""

    async def _receive(self, event: Event) -> Reply | None:
        for role in ("by", "author"):
            if hasattr(event, role):
                event = replace(event, **{role: getattr(event, role) + MARK})
        return await super()._receive(event)


async def test_nothing_that_kith_says_to_anybody_in_a_whole_life_names_a_person() -> None:
    c = Marked()
    await live_a_life(c, (("hello", "what do you think of ana?", "500 posts [numbers_obsessed]", "stop"),))
    said = [(where, text) for where, text in c.read if MARK in text]
    assert len(c.read) > 500 and said == []


async def test_an_admin_sees_on_their_page_the_channels_they_are_in_and_no_other() -> None:
    c = Conversation()
    await c.invite(name="ideas")
    for standing in Standing:
        page = await home_page(REF.workspace, "addie", among=frozenset(), house=c.house, standing=standing)
        assert page.among == () and page.acts_in is None and "ideas" not in page.message.plain


async def test_admins_see_no_line_of_the_ledger_that_others_do_not() -> None:
    c = Conversation(settings=ChannelSettings(profile="attentive"))
    await c.invite()
    await c.wait_until("2/mon 09:00")
    await c.press("agree", by="ana")
    for words, when in (("posts", "3/mon 10:00"), ("posts", "3/mon 11:00"), ("posts", "3/sat 10:00")):
        await c.say("ana", f"500 {words} [numbers_obsessed]", when=when)
    assert len(await c.ledger()) >= 2
    for words in ("ledger", "ledger changes", "why", "data"):
        told = {plain(await c.command(words, by=f"p{n}", standing=standing)) for n, standing in enumerate(Standing)}
        assert len(told) == 1


def test_what_is_kept_of_a_dialogue_has_no_place_for_its_words() -> None:
    assert {field.name for field in fields(Dialogue)} == {
        "thread",
        "by",
        "salt",
        "started_at",
        "last_heard",
        "replies_at",
        "step",
        "turns",
        "pattern",
        "topic",
        "asked",
    }


def test_a_chat_platform_has_no_way_to_reach_one_person() -> None:
    ways = [name for name, _ in inspect.getmembers(ChatPlatform, inspect.isfunction) if not name.startswith("_")]
    assert ways == ["post"]
    assert {field.name for field in fields(Place)} == {"channel", "thread"}


async def test_admins_see_the_same_ledger_as_everyone() -> None:
    c = Conversation()
    await c.invite()
    await narrow_to_numbers(c)
    assert plain(await c.command("ledger", standing=Standing.ADMIN)) == plain(await c.command("ledger", by="newcomer"))


def test_a_reading_knows_patterns_topics_and_questions_and_no_feeling() -> None:
    assert {field.name for field in fields(Reading)} == {"probabilities", "clear", "evidence", "topics", "question"}
    ids = " ".join([*shipped_content().patterns, *shipped_content().topics])
    assert re.search(r"mood|emotion|sentiment|tone|anger|happy|morale|stress", ids) is None


COMPETES = re.compile(
    r"\b(streaks?|leaderboards?|badges?|troph(y|ies)|top \d|best team|your score|high ?scores?)\b"
    r"|\b(serie von|bestenlisten?|ranglisten?|abzeichen|pokale?|bestes team|deine punkt\w*|rekorde?)\b",
    re.IGNORECASE,
)
"""Words of contests, in the languages that ship."""


@pytest.mark.parametrize("locale", shipped_contents())
def test_kith_itself_keeps_no_score_streak_or_ranking(locale: str) -> None:
    content = shipped_content(locale)
    own = [value for key, value in content.interface.items() if not key.startswith("rehearsal.")]
    asked = [text for q in content.questions for text in (q.text, q.plain, q.given) if text]
    slots = [phrase for topic, phrase in content.topics.items() if COMPETES.search(phrase)]
    assert len(slots) <= 2, "what people themselves talk about may be named in a question"
    assert [text for text in (*own, *asked) if COMPETES.search(text)] == []


NO_NETWORK = """
import sys
def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        raise SystemExit(f"reached for the network: {event}")
sys.addaudithook(watch)
from bot.cli import main
sys.argv = ["kith", *sys.argv[1:]]
main()
"""


def quiet(tmp_path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process that ends at the first attempt to reach another."""
    return subprocess.run(
        [sys.executable, "-c", NO_NETWORK, *words], capture_output=True, text=True, cwd=tmp_path, check=False
    )


def test_reading_a_text_reaches_for_no_network(tmp_path: Path) -> None:
    run = quiet(tmp_path, "read", "--text", "500 posts by March, leaderboard on Fridays")
    assert run.returncode == 0, run.stderr
    assert len(json.loads(run.stdout)["patterns"]) == 7
    assert list(tmp_path.iterdir()) == []


def test_replaying_an_export_reaches_for_no_network_and_keeps_no_file(tmp_path: Path) -> None:
    export = tmp_path / "export"
    (export / "general").mkdir(parents=True)
    (export / "general" / "2026-03-02.json").write_text(
        json.dumps([{"type": "message", "user": "U1", "text": PLANTED, "ts": "1772442000.000100"}])
    )
    run = quiet(tmp_path, "replay", str(export))
    assert run.returncode == 0, run.stderr
    assert PLANTED not in run.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["export"]
