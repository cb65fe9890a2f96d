"""Kith in Microsoft's own test client for Teams, in a real browser: what people would see, from greeting to question.

`python -m tests.teams.msplayground FOLDER [--shots FOLDER]`, where FOLDER is one in which somebody has run
`npm install --ignore-scripts @microsoft/m365agentsplayground@0.2.28`. Its licence is for evaluation, so it is no part
of Kith and of no check. It is kept on this machine's loopback address, and its telemetry is off.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
from playwright.async_api import Page, async_playwright, expect

from bot.bootstrap import open_platforms, opened_store
from bot.config import Settings, load_settings
from bot.domain.charter import CharterState
from bot.domain.check_in import Answering, CheckIn
from bot.domain.ledger import Verdict
from bot.domain.rhythm import Slot, Timing, Weekly
from bot.domain.themes import Theme
from tests.playground.conftest import ARGS
from tests.slack.web_api import listening

DUMP = bool(os.environ.get("DUMP"))  # noqa: TID251

Json = dict[str, Any]

TENANT, TEAM_GROUP = "11111111-0000-0000-0000-000000000001", "33333333-0000-0000-0000-000000000001"
BOT = "44444444-0000-0000-0000-000000000001"
PORT, DOOR = 56150, 3978

ON_LOOPBACK = """
const net = require("net");
const listen = net.Server.prototype.listen;
const host = "127.0.0.1";
net.Server.prototype.listen = function (first, ...rest) {
  const told = rest.filter((each) => typeof each === "function");
  if (typeof first === "number") return listen.call(this, { port: first, host }, ...told);
  if (typeof first === "object" && first && "port" in first) return listen.call(this, { ...first, host }, ...told);
  return listen.call(this, first, ...rest);
};
"""
"""The client has no setting for where it listens, and would listen everywhere."""


def config() -> str:
    """The people and the team; the client asks for five people beside the one at the keyboard, and one channel more."""

    def person(name: str, number: int) -> Json:
        return {
            "id": name.lower(),
            "name": name,
            "userPrincipleName": f"{name.lower()}@example.test",
            "aadObjectId": f"22222222-0000-0000-0000-{number:012}",
            "givenName": name,
            "surname": "Test",
            "email": f"{name.lower()}@example.test",
        }

    return json.dumps(
        {
            "version": "0.1.1",
            "tenantId": TENANT,
            "bot": {"id": BOT, "name": "Kith"},
            "currentUser": person("Ana", 1),
            "users": [person(name, number) for number, name in enumerate(("Ben", "Cho", "Dee", "Eli", "Fay"), start=2)],
            "personalChat": {"id": "personal-1"},
            "groupChat": {"id": "group-1", "name": "Planning"},
            "team": {
                "id": "team-1",
                "name": "Platform",
                "aadGroupId": TEAM_GROUP,
                "channels": [{"id": "chan-1", "name": "Announcements"}],
            },
        },
        indent=1,
    )


@asynccontextmanager
async def client(folder: Path) -> AsyncIterator[str]:
    """The client, running; gives its address. It answers nothing until Kith answers."""
    with tempfile.TemporaryDirectory() as place:
        here = Path(place)
        (here / "loopback.cjs").write_text(ON_LOOPBACK)
        (here / ".m365agentsplayground.yml").write_text(config())
        command = [
            "node",
            "-r",
            str(here / "loopback.cjs"),
            str(folder / "node_modules/@microsoft/m365agentsplayground/cli.js"),
        ]
        process = await asyncio.create_subprocess_exec(
            *command,
            "start",
            "-e",
            f"http://127.0.0.1:{DOOR}/api/messages",
            "-c",
            "msteams",
            "-p",
            str(PORT),
            "--dt",
            cwd=here,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            await _up(f"http://127.0.0.1:{PORT}/_internal/v1/config")
            yield f"http://127.0.0.1:{PORT}/"
        finally:
            process.terminate()
            await process.wait()


async def _up(address: str) -> None:
    async with httpx2.AsyncClient(trust_env=False) as asking, asyncio.timeout(60):
        while True:
            try:
                if (await asking.get(address)).status_code == 200:
                    return
            except httpx2.TransportError:
                await asyncio.sleep(0.2)


def settings(folder: Path) -> Settings:
    return load_settings(
        database_url=f"sqlite:///{folder}/kith.db",
        teams_app_id=BOT,
        teams_tenant=TENANT,
        teams_without_tokens=True,
        teams_connector_url=f"http://localhost:{PORT}",
        tick_seconds=0.2,
    )


@asynccontextmanager
async def page_of(address: str, said: list[Json]) -> AsyncIterator[Page]:
    """The client's page; `said` gets everything that Kith says in the channel."""

    def heard(frame: str | bytes) -> None:
        told = json.loads(frame)
        if str(told.get("actionConversationId", "")).startswith("team-1") and told.get("message", {}).get(
            "attachments"
        ):
            said.append(told["message"])

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        page = await browser.new_page(viewport={"width": 1400, "height": 900})
        page.on("websocket", lambda socket: socket.on("framereceived", heard))
        await page.goto(address, wait_until="domcontentloaded")
        await page.get_by_label("Send Message").wait_for(timeout=30_000)
        try:
            yield page
        finally:
            await browser.close()


class Hands:
    """Somebody at the client's keyboard."""

    def __init__(self, page: Page, said: list[Json], shots: Path | None) -> None:
        self.page = page
        self._said = said
        self._shots = shots
        self._number = 0
        self._number_sent = 0

    async def write(self, words: str) -> None:
        """Into the chat that is open."""
        await self.page.locator("[contenteditable=true]").first.click()
        await self.page.keyboard.type(words)
        await self.page.get_by_label("Send Message").first.click()

    async def see(self, words: str) -> None:
        await expect(self.page.get_by_text(words).last).to_be_visible(timeout=15_000)

    async def press(self, label: str) -> None:
        await self.page.get_by_role("button", name=label).last.click()

    async def shot(self, name: str) -> None:
        if self._shots:
            self._number += 1
            await self.page.wait_for_timeout(600)
            await self.page.screenshot(path=self._shots / f"{self._number:02}-{name}.png")

    async def said_by(self, who: str, number: int, words: str) -> None:
        """A message that Kith gets because the team consented: the client sends mentions alone."""
        sender = {"id": who, "name": who.title(), "aadObjectId": f"22222222-0000-0000-0000-{number:012}"}
        await self._activity(type="message", text=words, **{"from": sender})

    async def dialog(self, label: str) -> None:
        """Press a button that opens a dialog, which the client cannot do yet: what it would send is sent."""
        card = self._said[-1]["attachments"][0]["content"]
        (pressed,) = [a for a in _actions(card) if a["title"] == label]
        ana = {"id": "ana", "name": "Ana", "aadObjectId": f"22222222-0000-0000-0000-{1:012}"}
        await self._activity(type="invoke", name="task/fetch", value={"data": pressed["data"]}, **{"from": ana})

    async def _activity(self, **facts: Any) -> None:
        """An activity of one's own making, in the thread of Kith's introduction."""
        conversation = f"team-1;messageid={self._said[0]['messageId']}"
        self._number_sent += 1
        activity = {
            "id": f"17320000000{self._number_sent:02}",
            "timestamp": datetime.now(UTC).isoformat(),  # noqa: TID251, the client's clock is the machine's
            "channelId": "msteams",
            "serviceUrl": f"http://localhost:{PORT}/_connector",
            "recipient": {"id": BOT, "name": "Kith"},
            "conversation": {"id": conversation, "isGroup": True, "conversationType": "channel", "tenantId": TENANT},
            "channelData": {"team": {"id": "team-1"}, "channel": {"id": "team-1"}, "tenant": {"id": TENANT}},
            **facts,
        }
        await self.page.get_by_role("button", name="Mock an Activity").click()
        await self.page.get_by_role("menuitem", name="Custom activity", exact=True).click()
        await self.page.locator(".monaco-editor textarea").first.focus()
        await self.page.keyboard.press("ControlOrMeta+A")
        await self.page.keyboard.insert_text(json.dumps(activity))
        await self.page.keyboard.press("ControlOrMeta+Shift+End")  # brackets and quotes that the editor closed itself
        await self.page.keyboard.press("Delete")
        await self.page.get_by_role("button", name="Send activity").click()


def _actions(found: Any) -> list[Json]:
    """Every button of a card, wherever it stands."""
    inside = found.values() if isinstance(found, dict) else found if isinstance(found, list) else ()
    own = [found] if isinstance(found, dict) and str(found.get("type", "")).startswith("Action.") else []
    return own + [action for part in inside for action in _actions(part)]


async def main(folder: Path, shots: Path | None) -> None:
    """Everything, one after the other; an AssertionError where something is not seen."""
    with tempfile.TemporaryDirectory() as place:
        given = settings(Path(place))
        said: list[Json] = []
        async with AsyncExitStack() as running:
            await running.enter_async_context(kith(given))
            async with client(folder) as address, page_of(address, said) as page:
                hands = Hands(page, said, shots)
                await alone(hands)
                await in_a_channel(hands, given)
                await running.aclose()
                await running.enter_async_context(kith(given))
                await after_a_restart(hands, given)
                if DUMP:
                    print(await page.evaluate("() => document.body.innerText"))


@asynccontextmanager
async def kith(given: Settings) -> AsyncIterator[None]:
    """Kith itself, reached at its door."""
    async with open_platforms(given) as app:
        assert app is not None
        async with listening(app, port=DOOR):
            yield


async def alone(hands: Hands) -> None:
    """In the chat with Kith: a greeting, help, and a plan checked through its card to the end."""
    await hands.write("hello")
    await hands.see("a bot")
    await hands.shot("greeted")
    await hands.write("help")
    await hands.see("send me away")
    await hands.shot("help")
    await hands.write("check")
    await hands.see("How we will know that it went well")
    await hands.shot("check")
    await hands.page.get_by_role("textbox").first.fill("the Friday newsletter")
    await hands.page.get_by_role("combobox").nth(5).click()
    await hands.page.get_by_role("option", name="Clearly a count, a target or a ranking").click()
    await hands.press("Show me")
    await hands.see("the Friday newsletter")
    await hands.shot("checked")


async def in_a_channel(hands: Hands, given: Settings) -> None:
    """In a channel: the introduction, talk that narrows, the question, why it was asked, and "not here"."""
    await hands.page.get_by_role("treeitem", name="Platform - General").click()
    await hands.see("Somebody invited me")
    await hands.shot("introduced")
    await _as_if_agreed(given)
    await hands.said_by("ben", 2, "500 posts by March, leaderboard on Fridays, nothing else counts.")
    await hands.see("Why this question?")
    await hands.shot("asked")
    await hands.dialog("Why this question?")
    await expect(hands.page.get_by_text("invoke 200")).to_have_count(2)
    await hands.page.get_by_text("invoke 200").last.click()
    await hands.shot("why")
    await hands.dialog("Not here")
    await expect(hands.page.get_by_text("invoke 200")).to_have_count(3)
    await hands.shot("not-here")
    async with opened_store(given) as store:
        (channel,) = await store.channels.all(TENANT)
        (asked,) = await store.ledger.entries(channel.ref, asked=True)
        assert asked.verdicts == {Verdict.NOT_HERE: 1}, asked.verdicts
        assert channel.history.stilled


async def after_a_restart(hands: Hands, given: Settings) -> None:
    """A check-in that fell due: nobody has written since Kith began anew, so it goes by the address that was kept."""
    async with opened_store(given) as store:
        (channel,) = await store.channels.all(TENANT)
        now = datetime.now(UTC)  # noqa: TID251, the client's clock is the machine's
        check_in = CheckIn(
            ref=channel.ref,
            id="0123456789ab",
            timing=Timing(rhythm=Weekly(on=frozenset({now.weekday()})), at=now.time(), zone="UTC"),
            asks=Theme.DELIGHT,
            answering=Answering.FORM,
            next=Slot(day=now.date(), at=now),
        )
        assert await store.check_ins.add(check_in, at_most=9)
    await expect(hands.page.get_by_role("button", name="Answer").last).to_be_visible(timeout=15_000)
    await hands.shot("check-in")


async def _as_if_agreed(given: Settings) -> None:
    """The fourteen days of listening are over at once: Kith answers the first clear message, as in a rehearsal."""
    async with opened_store(given) as store:
        (channel,) = await store.channels.all(TENANT)
        charter = replace(channel.charter, state=CharterState.SPEAKING)
        rehearsing = replace(channel.settings, profile="rehearsal")
        assert await store.channels.save(replace(channel, charter=charter, settings=rehearsing))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--shots", type=Path)
    given = parser.parse_args()
    if given.shots:
        given.shots.mkdir(parents=True, exist_ok=True)
    asyncio.run(main(given.folder, given.shots))
