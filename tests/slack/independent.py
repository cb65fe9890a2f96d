"""Kith against a Slack that nobody here wrote (local-slack 0.1.8), over signed HTTP and over Socket Mode.

`python -m tests.slack.independent PATH-TO-local-slack` wants a network of its own, for local-slack listens on every
interface: run it under `unshare --net` with `ip link set lo up`, as test_independent_slack.py does.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
from starlette.applications import Starlette

from adapters.scheduler import MachineClock
from adapters.slack import Workspace, connected
from adapters.slack.chat import Pacer
from adapters.storage.memory.store import MemoryStore
from bot.domain.events import ChannelRef, KithInvited
from bot.ports import House
from bot.usecases.asking.deliver import deliver
from tests.readers import MarkedReader
from tests.slack.web_api import listening
from tests.slack.workspace import CONTENT, RealCore

Json = dict[str, Any]
PORT, DOOR = 3300, 4000
BOT, ANA, BEN = "U0BOT", "U01ANA", "U02BEN"
SECRET = "test-signing-secret"
IDEAS = ChannelRef("T01TEST", "C01GEN")
CLOCK = MachineClock()


def config(mode: str) -> str:
    return f"""
workspace: {{ name: Kith, domain: kith, teamId: T01TEST }}
app:
  {{ appId: A01APP, botUserId: {BOT}, botName: kith, botToken: xoxb-test-token, appToken: xapp-test-token,
     signingSecret: {SECRET}, mode: {mode}, requestUrl: "http://127.0.0.1:{DOOR}/slack/events" }}
users:
  - {{ id: {ANA}, name: ana, real_name: Ana }}
  - {{ id: {BEN}, name: ben, real_name: Ben }}
channels:
  - {{ id: C01GEN, name: ideas, members: [{ANA}, {BEN}, {BOT}] }}
"""


@asynccontextmanager
async def independent(binary: str, mode: str) -> AsyncIterator[httpx2.AsyncClient]:
    """A running local-slack; the client speaks to its control API."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "kith.yaml"
        file.write_text(config(mode))
        process = await asyncio.create_subprocess_exec(
            binary, "--config", str(file), "--port", str(PORT), "--base-host", "127.0.0.1",
            stdout=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{PORT}/_control", trust_env=False) as control:
                for _ in range(100):
                    try:
                        await control.get("/state")
                        break
                    except httpx2.ConnectError:
                        await asyncio.sleep(0.1)
                yield control
        finally:
            process.terminate()
            await process.wait()


async def until(found: Callable[[], Any], what: str) -> Any:
    """What `found` finds, as soon as it finds something; awaits it if it must be awaited."""
    for _ in range(100):
        result = found()
        result = await result if asyncio.iscoroutine(result) else result
        if result:
            return result
        await asyncio.sleep(0.05)
    raise AssertionError(f"did not see {what}")


async def live(control: httpx2.AsyncClient, core: RealCore, workspace: Workspace) -> None:
    """A morning in a channel: each step is seen in Kith's store or in the independent Slack's own state."""

    async def do(what: str, **body: object) -> Json:
        answer = (await control.post(f"/{what}", json=body)).json()
        assert answer.get("ok"), (what, answer)
        return dict(answer)

    async def said(words: str) -> list[Json]:
        messages = (await control.get(f"/messages/{IDEAS.channel}")).json()["messages"]
        return [message for message in messages if words in str(message.get("text"))]

    async def traces() -> list[Any]:
        return list((await core.house.store.traces.window(IDEAS, CLOCK.now())).traces)

    async def calls(method: str) -> list[Json]:
        log = (await control.get("/log")).json()["log"]
        return [entry for entry in log if method in json.dumps(entry)]

    await core.receive(KithInvited(channel=IDEAS, name="ideas", by=ANA, at=CLOCK.now()))
    await deliver(house=core.house, chat=workspace.chat, now=CLOCK.now)
    introduction = (await until(lambda: said("Hello, I am Kith"), "the introduction"))[0]

    first = (await do("message", channel="C01GEN", user=ANA, text="500 posts by March [numbers_obsessed]"))["message"]
    await until(traces, "a trace")
    await do("message", channel="C01GEN", user=BEN, text="ok", thread_ts=first["ts"])
    await do("reaction", channel="C01GEN", user=BEN, ts=first["ts"], name="tada")
    await until(lambda: _when(traces, lambda t: len(t) == 2 and t[0].reactions == 1), "a reply and a reaction")
    await do("edit-message", channel="C01GEN", user=ANA, ts=first["ts"], text="some posts by March")
    await until(lambda: _when(traces, lambda t: t[0].edited and not t[0].evidence), "an edit")
    await do("delete-message", channel="C01GEN", user=ANA, ts=first["ts"])
    await until(lambda: _when(traces, lambda t: len(t) == 1), "a deletion")

    await do("command", channel="C01GEN", user=BEN, command="/kith", text="help")
    await until(lambda: said("/kith pause: make me silent"), "help")
    await do("command", channel="C01GEN", user=ANA, command="/kith", text="settings")
    await until(lambda: calls("views.open"), "the settings")
    await do("message", channel="C01GEN", user=ANA, text=f"<@{BOT}> hello")
    await until(lambda: _delivered(core, workspace, said), "an answer to a mention")
    await do("open-home", user=ANA)
    await until(lambda: calls("views.publish"), "the home page")
    silent = next(b for b in introduction["blocks"] if b["type"] == "actions")["elements"][1]
    await do("interact", channel="C01GEN", messageTs=introduction["ts"], user=BEN, action=silent)
    await until(lambda: said("I am silent now"), "silence")


async def _when(traces: Callable[[], Any], holds: Callable[[list[Any]], bool]) -> bool:
    found = await traces()
    return bool(found) and holds(found)


async def _delivered(core: RealCore, workspace: Workspace, said: Callable[[str], Any]) -> bool:
    await deliver(house=core.house, chat=workspace.chat, now=CLOCK.now)
    return len(await said("a bot")) > 1


async def main(binary: str) -> None:
    """Both ways in, one after the other."""
    for mode in ("events", "socket"):
        core = RealCore(House(store=MemoryStore(), reader=MarkedReader(), content=CONTENT), CLOCK)
        async with (
            independent(binary, mode) as control,
            connected("xoxb-test-token", base_url=f"http://127.0.0.1:{PORT}/api/", pacer=Pacer(0)) as workspace,
        ):
            if mode == "events":
                opened = workspace.door(core, CONTENT, CLOCK, signing_secret=SECRET)
                async with opened as routes, listening(Starlette(routes=list(routes)), port=DOOR):
                    await live(control, core, workspace)
            else:
                async with workspace.socket(core, CONTENT, CLOCK, app_token="xapp-test-token"):
                    await live(control, core, workspace)
        print(f"{mode}: seen")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
