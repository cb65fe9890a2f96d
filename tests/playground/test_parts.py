"""The rehearsal's parts by themselves: transcript, clock, world, feed, and the files of words."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import playground
from adapters.playground import MovableClock, World, read_script, shipped_script
from adapters.playground.clock import FARTHEST
from adapters.playground.feed import BACKLOG, REMEMBERED, Feed
from adapters.playground.refused import RefusedError
from adapters.playground.world import WORKSPACE
from adapters.prompt_files import shipped_content, shipped_locales
from adapters.transcript import Said, Transcript
from bot.domain.events import ChannelRef
from bot.domain.speech import Place, text
from bot.errors import ContentError, PlatformError
from tests.playground.server import TUESDAY, StillClock

HERE = Place(channel=ChannelRef(WORKSPACE, "c-commons"))


SCRIPT = shipped_script()


def world() -> World:
    return World(SCRIPT, MovableClock(StillClock()))


async def test_a_transcript_keeps_what_is_said_in_order_and_tells_of_it() -> None:
    heard: list[Said] = []
    transcript = Transcript(heard=heard.append)
    ids = [await transcript.post(HERE, text(words)) for words in ("one", "two")]
    assert ids == ["k-1", "k-2"]
    assert [said.message.plain for said in transcript.said] == ["one", "two"]
    assert tuple(heard) == transcript.said


@given(st.lists(st.timedeltas(timedelta(0), FARTHEST / 20), max_size=20))
def test_the_clock_never_goes_back(steps: list[timedelta]) -> None:
    clock = MovableClock(StillClock())
    seen = [clock.now()]
    for step in steps:
        clock.forward(step)
        seen.append(clock.now())
    assert seen == sorted(seen)
    assert clock.now() == TUESDAY + sum(steps, timedelta(0))


@pytest.mark.parametrize("step", [timedelta(seconds=-1), FARTHEST + timedelta(seconds=1)])
def test_the_clock_refuses_to_go_back_or_too_far(step: timedelta) -> None:
    with pytest.raises(ValueError, match="clock"):
        MovableClock(StillClock()).forward(step)


@given(st.lists(st.sampled_from(["say", "post", "forward"]), max_size=30))
async def test_message_ids_only_grow(acts: list[str]) -> None:
    here = world()
    for act in acts:
        if act == "say":
            here.say("c-commons", "p-ines", "hello")
        elif act == "post":
            await here.post(HERE, text("hello"))
        else:
            here.clock.forward(timedelta(hours=1))
    ids = [line.id for line in here.lines]
    assert ids == sorted(set(ids))


async def test_kith_speaks_in_a_thread_and_the_page_is_told() -> None:
    here = world()
    opening = here.say("c-commons", "p-jo", "500 posts by March")
    with here.feed.listening() as listener:
        said = await here.post(Place(channel=HERE.channel, thread=opening.id), text("What would it leave out?"))
        change = await anext(aiter(listener))
    assert (change.kind, change.data["id"], change.data["thread"]) == ("line", said, opening.id)
    assert here.transcript.said[-1].id == said


@pytest.mark.parametrize(
    "place", [Place(channel=ChannelRef(WORKSPACE, "c-gone")), Place(channel=HERE.channel, thread="gone")]
)
async def test_kith_cannot_speak_where_there_is_no_place(place: Place) -> None:
    with pytest.raises(PlatformError):
        await world().post(place, text("hello"))


def test_a_line_with_answers_stays_as_an_empty_place_when_taken_back() -> None:
    here = world()
    opening = here.say("c-commons", "p-ines", "tea?")
    here.say("c-commons", "p-wren", "yes", opening.id)
    here.delete("c-commons", "p-ines", opening.id)
    assert [(line.text, line.deleted) for line in here.lines] == [("", True), ("yes", False)]


def test_nobody_sees_or_touches_what_was_whispered_to_somebody_else() -> None:
    here = world()
    whispered = here.whisper("c-commons", "p-ines", text("for you"))
    with pytest.raises(RefusedError):
        here.react("c-commons", "p-wren", whispered.id, "👍")
    with pytest.raises(RefusedError):
        here.put_away("c-commons", "p-wren", whispered.id)
    here.put_away("c-commons", "p-ines", whispered.id)
    assert here.lines == ()


def test_a_page_that_was_away_gets_what_it_missed_and_a_stranger_gets_nothing() -> None:
    feed = Feed("run")
    for number in range(3):
        feed.publish("line", {"id": number})
    assert [change.data["id"] for change in feed.since("run-1") or ()] == [1, 2]
    assert feed.since("run-3") == ()
    assert feed.since("other-1") is feed.since(None) is None


def test_a_page_that_was_away_too_long_must_take_everything_anew() -> None:
    feed = Feed("run")
    for number in range(REMEMBERED + 2):
        feed.publish("line", {"id": number})
    assert feed.since("run-1") is None


async def test_a_page_that_cannot_keep_up_is_sent_away() -> None:
    feed = Feed("run")
    with feed.listening() as listener:
        for number in range(BACKLOG + 1):
            feed.publish("line", {"id": number})
        assert [change async for change in listener] == []


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ("hue: clay", "hue: pink", "personas[1].hue"),
        ("under: slow", "under: nowhere", "talk.steps[5]"),
        ("name: commons", "name: 12", "channels[1].name"),
        ('"☕"', '"🦄"', "talk.steps[3].reacts"),
        ("channel: c-commons", "channel: c-gone", "talk.channel"),
        ("invited_by: p-wren", "invited_by: p-gone", "channels: c-ideas"),
        ("role: joined", "rôle: joined", "personas[6]"),
    ],
)
def test_a_mistake_in_the_talk_is_named_with_its_key(tmp_path: Path, before: str, after: str, key: str) -> None:
    shipped = Path("prompts/en/rehearsal_talk.yaml").read_text(encoding="utf-8")
    assert before in shipped
    file = tmp_path / "talk.yaml"
    file.write_text(shipped.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(ContentError) as raised:
        read_script(file)
    assert str(raised.value).startswith(f"talk.yaml: {key}: ")


@pytest.mark.parametrize("locale", shipped_locales())
def test_there_is_talk_to_begin_with_in_every_language(locale: str) -> None:
    assert shipped_script(locale).steps


def test_every_word_the_page_asks_for_is_there_and_none_is_left_over() -> None:
    folder = Path(playground.__file__).parent
    sources = "".join(
        file.read_text(encoding="utf-8")
        for pattern in ("*.py", "*.html", "static/*.js")
        for file in folder.glob(pattern)
    )
    written = {key.removeprefix("rehearsal.") for key in shipped_content().interface if key.startswith("rehearsal.")}
    asked = set(re.findall(r'say\("(?!rehearsal)([a-z_.]+)"', sources)) | set(
        re.findall(r'"((?:sample|panel|page|compose)\.(?!html)\w+)"', sources)
    )
    asked |= {f"error.{key}" for key in re.findall(r'RefusedError\(\s*\d+, "(\w+)"', sources)}
    asked |= {f"error.{key}" for key in re.findall(r'rehearsal\.error\.(\w+)"', sources)}
    stems = {re.sub(r"\.(one|other)$", "", key) for key in written}
    assert asked <= stems
    by_name = re.compile(r"(command|state|profile)\.|error\.(method|path)$")
    assert {key for key in stems - asked if not by_name.match(key)} == set()
