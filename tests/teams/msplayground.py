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
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
from playwright.async_api import Page, async_playwright, expect

from bot.bootstrap import open_platforms
from bot.config import Settings, load_settings
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
async def page_of(address: str) -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        page = await browser.new_page(viewport={"width": 1400, "height": 900})
        await page.goto(address, wait_until="domcontentloaded")
        await page.get_by_label("Send Message").wait_for(timeout=30_000)
        try:
            yield page
        finally:
            await browser.close()


class Hands:
    """Somebody at the client's keyboard."""

    def __init__(self, page: Page, shots: Path | None) -> None:
        self.page = page
        self._shots = shots
        self._number = 0

    async def write(self, words: str) -> None:
        field = self.page.locator("[contenteditable=true]").first
        await field.click()
        await self.page.keyboard.type(words)
        await self.page.get_by_label("Send Message").click()

    async def see(self, words: str) -> None:
        await expect(self.page.get_by_text(words).last).to_be_visible(timeout=15_000)

    async def shot(self, name: str) -> None:
        if self._shots:
            self._number += 1
            await self.page.wait_for_timeout(600)
            await self.page.screenshot(path=self._shots / f"{self._number:02}-{name}.png")


async def main(folder: Path, shots: Path | None) -> None:
    """Everything, one after the other; an AssertionError where something is not seen."""
    with tempfile.TemporaryDirectory() as place:
        async with open_platforms(settings(Path(place))) as app:
            assert app is not None
            async with listening(app, port=DOOR), client(folder) as address, page_of(address) as page:
                hands = Hands(page, shots)
                await alone(hands)
                if DUMP:
                    print(await page.evaluate("() => document.body.innerText"))


async def alone(hands: Hands) -> None:
    """In the chat with Kith: a greeting, help, and a plan checked through its card to the end."""
    await hands.write("hello")
    await hands.see("I am Kith")
    await hands.shot("greeted")
    await hands.write("help")
    await hands.see("send me away")
    await hands.shot("help")
    await hands.write("check")
    await hands.page.wait_for_timeout(3000)
    await hands.shot("check")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--shots", type=Path)
    given = parser.parse_args()
    if given.shots:
        given.shots.mkdir(parents=True, exist_ok=True)
    asyncio.run(main(given.folder, given.shots))
