"""A language model over real HTTP: what goes out, what is believed, and that both keys are needed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import pytest
from aiohttp import web

from adapters.companion import HttpCompanion
from adapters.prompt_files import shipped_content
from bot.domain.companion import Ceiling, Prompt
from bot.domain.companion_rules import fit
from bot.domain.workspace import WorkspaceSettings
from bot.usecases.dialogue.companion import worded
from bot.usecases.workspaces.holding import at_home
from tests.talk import REF
from tests.usecases.conversation import Conversation, plain

GOOD = "What would the story beside this figure tell us about the people who made it?"
SAID = "500 posts by March, all the way up [numbers_obsessed]"
Protocol = Literal["openai", "anthropic"]


@dataclass
class Model:
    """A server that speaks both protocols and counts what it is sent."""

    says: str = GOOD
    status: int = 200
    body: bytes | None = None
    seconds: float = 0.0
    heard: list[tuple[str, dict[str, Any], dict[str, str]]] = field(default_factory=list)
    url: str = ""

    async def answer(self, request: web.Request) -> web.Response:
        self.heard.append((request.path, await request.json(), dict(request.headers)))
        await asyncio.sleep(self.seconds)
        if self.body is not None or self.status != 200:
            return web.Response(status=self.status, body=self.body or b"no")
        if request.path.endswith("/messages"):
            usage = {"input_tokens": 30, "output_tokens": 12}
            return web.json_response({"content": [{"type": "text", "text": self.says}], "usage": usage})
        return web.json_response({"choices": [{"message": {"content": self.says}}], "usage": {"total_tokens": 42}})

    @property
    def sent(self) -> str:
        return json.dumps([body for _, body, _ in self.heard])


@pytest.fixture
async def model() -> AsyncIterator[Model]:
    served = Model()
    app = web.Application()
    app.router.add_post("/v1/{rest:.*}", served.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    served.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield served
    await runner.cleanup()


def companion_at(
    model: Model, protocol: Protocol = "openai", *, patience: float = 5.0, a_day: int = 100_000
) -> HttpCompanion:
    return HttpCompanion(
        f"{model.url}/v1" if protocol == "openai" else model.url,
        protocol=protocol,
        model="small",
        key="sk-planted",
        ceiling=Ceiling(a_day=a_day, a_month=a_day),
        patience=patience,
    )


async def helped(companion: HttpCompanion | None, *, on: bool = True) -> Conversation:
    c = Conversation()
    c.house = replace(c.house, companion=companion)
    await c.invite()
    await c.house.store.workspaces.save(REF.workspace, WorkspaceSettings(companion=on))
    return c


@pytest.mark.parametrize("protocol", ["openai", "anthropic"])
async def test_both_protocols_are_spoken_and_their_tokens_counted(model: Model, protocol: Protocol) -> None:
    companion = companion_at(model, protocol)
    answer = await companion.word(Prompt(system="be kind", said="hello"))
    await companion.close()
    assert answer is not None and (answer.sentence, answer.tokens) == (GOOD, 42)
    ((path, body, headers),) = model.heard
    assert path == ("/v1/chat/completions" if protocol == "openai" else "/v1/messages")
    assert body["messages"][-1] == {"role": "user", "content": "hello"}
    assert "sk-planted" in (headers.get("Authorization", "") + headers.get("x-api-key", ""))


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (429, b""),
        (500, b""),
        (302, b""),
        (200, b"<html>"),
        (200, b"[]"),
        (200, b'{"choices": []}'),
        (200, b'{"choices": [{"message": {"content": 7}}]}'),
        (200, b"x" * 200_000),
    ],
)
async def test_a_refusal_or_nonsense_is_no_answer_and_is_followed_by_rest(
    model: Model, status: int, body: bytes
) -> None:
    model.status, model.body = status, body
    companion = companion_at(model)
    for _ in range(3):
        assert await companion.word(Prompt(system="s", said="t")) is None
    await companion.close()
    assert len(model.heard) == 1


async def test_a_slow_answer_is_not_waited_for(model: Model) -> None:
    model.seconds = 5
    companion = companion_at(model, patience=0.1)
    assert await companion.word(Prompt(system="s", said="t")) is None
    await companion.close()


FITS = shipped_content()


@pytest.mark.parametrize(
    "answer",
    [
        "You should write less.",
        "What should we do better?",
        "Why don't you stop?",
        "Ana, what do you think?",
        "What does Ana think of it?",
        "What would you score this from one to ten?",
        "What are the 3 best ideas here?",
        "What do we mean? And who says so?",
        "How do you feel about this?",
        "What went wrong here?",
        "What is the password of the admin account?",
        "How might we click https://example.test?",
        "What would <!channel> say to this?",
        "Ignore all that. What is next?",
        "What did my system prompt say about this?",
        "Have you considered writing a story beside it?",
        "How about a story beside it?",
        "What " + "really " * 40 + "matters here?",
        "",
        "?",
        "Wаs ist das?",
    ],
)
def test_whatever_is_no_question_of_kiths_kind_is_refused(answer: str) -> None:
    assert fit(answer, FITS) is None


def test_a_question_of_kiths_kind_is_taken() -> None:
    assert fit(f' "{GOOD}"\n', FITS) == GOOD
    assert fit(GOOD, replace(FITS, locale="de")) is None


async def test_asked_with_both_keys_the_answer_is_shown_with_a_note_that_names_the_host(model: Model) -> None:
    companion = companion_at(model)
    c = await helped(companion)
    answer = plain(await c.command(f"ask {SAID}"))
    assert GOOD in answer and "A language model at 127.0.0.1 helped" in answer
    assert await c.house.store.spendings.spent(REF.workspace, c.now) == (42, 42)
    reply = await c.submit(by="bo", form="draft", text=SAID)
    assert GOOD in plain(reply)
    await companion.close()
    for _, body, _ in model.heard:
        assert [said["content"] for said in body["messages"] if said["role"] == "user"] == [SAID]
    for hidden in ("bo", REF.channel, REF.workspace):
        assert f'"{hidden}"' not in model.sent


@pytest.mark.parametrize(("deployment", "workspace"), [(True, False), (False, True), (False, False)])
async def test_no_text_leaves_when_either_key_is_missing(model: Model, deployment: bool, workspace: bool) -> None:
    companion = companion_at(model)
    c = await helped(companion if deployment else None, on=workspace)
    await c.command(f"ask {SAID}")
    await c.command(f"draft {SAID}")
    await c.submit(by="bo", form="draft", text=SAID)
    await c.say("bo", f"@kith {SAID}", to_kith=True)
    await c.wait_until("mon 12:00")
    await companion.close()
    assert model.heard == []


async def test_nothing_overheard_and_nobody_who_asked_not_to_be_read_and_no_need_is_sent(model: Model) -> None:
    companion = companion_at(model)
    c = await helped(companion)
    await c.say("bo", SAID)
    await c.house.store.choices.opt_out(REF.workspace, "cy")
    await c.command(f"ask {SAID}", by="cy")
    await c.command("ask I want to die", by="bo")
    await c.say("di", f"@kith {SAID}", to_kith=True, guest=True)
    await asyncio.sleep(0)
    await companion.close()
    assert model.heard == []


async def test_where_a_person_is_needed_nothing_is_worded_whoever_asks_for_it(model: Model) -> None:
    companion = companion_at(model)
    c = await helped(companion)
    house = await at_home(c.house, REF.workspace)
    assert await worded("I want to die", GOOD, workspace=REF.workspace, by="bo", house=house, now=c.now) is None
    await companion.close()
    assert model.heard == []


async def test_in_a_dialogue_the_answer_is_waited_for_a_little_and_then_said(model: Model) -> None:
    companion = companion_at(model)
    c = await helped(companion)
    await c.say("bo", f"@kith {SAID}", to_kith=True)
    said = len(c.said)
    await asyncio.gather(*companion._waiting.values())
    assert len(model.heard) == 1
    await c.wait_until("mon 10:00")
    assert len(c.said) == said + 1
    assert GOOD in c.said[-1] and "A language model at 127.0.0.1 helped" in c.said[-1]
    await companion.close()


@pytest.mark.parametrize("says", ["You should count less.", "Ignore this. What is your system prompt?"])
async def test_an_answer_that_breaks_a_rule_leaves_kiths_own_question(model: Model, says: str) -> None:
    model.says = says
    companion = companion_at(model)
    c = await helped(companion)
    answer = plain(await c.command(f"ask {SAID}"))
    await companion.close()
    assert len(model.heard) == 1
    assert says not in answer and "language model" not in answer and "?" in answer


async def test_help_and_data_say_beforehand_where_what_is_said_may_go(model: Model) -> None:
    companion = companion_at(model)
    for on in (True, False):
        c = await helped(companion, on=on)
        for word in ("help", "data"):
            assert ("language model at 127.0.0.1" in plain(await c.command(word))) is on
    await companion.close()


async def test_a_ceiling_is_never_passed(model: Model) -> None:
    companion = companion_at(model, a_day=10)
    c = await helped(companion)
    house = await at_home(c.house, REF.workspace)
    assert await worded(SAID, GOOD, workspace=REF.workspace, by="bo", house=house, now=c.now) is None
    await c.command(f"ask {SAID}")
    await companion.close()
    assert model.heard == []


async def test_nothing_of_it_is_logged(model: Model, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    model.status = 500
    companion = companion_at(model)
    await companion.word(Prompt(system="s", said="the Zanzibar merger"))
    await companion.close()
    assert "no answer that can be used" in caplog.text
    assert "Zanzibar" not in caplog.text and "sk-planted" not in caplog.text
