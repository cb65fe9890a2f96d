"""A language model that may help, in a real browser: switched on by an admin, told of beforehand, and named below."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from playwright.sync_api import expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.bootstrap import open_rehearsal
from bot.config import Settings
from tests.playground.conftest import Open
from tests.playground.server import opened_app, serving
from tests.playground.test_browser import say, speak_as

GOOD = "What would the story beside this figure tell us about the people who made it?"
SAID = "We want 500 posts in the ideas channel by March, and a leaderboard"


def test_a_model_helps_where_an_admin_switched_it_on_and_a_note_says_so(visit: Open, tmp_path: Path) -> None:
    heard: list[bytes] = []

    async def answer(request: Request) -> Response:
        heard.append(await request.body())
        return JSONResponse({"choices": [{"message": {"content": GOOD}}], "usage": {"total_tokens": 42}})

    model = Starlette(routes=[Route("/v1/chat/completions", answer, methods=["POST"])])
    with serving(partial(opened_app, model)) as model_address:
        settings = Settings(
            database_url=f"sqlite:///{tmp_path / 'kith.db'}",
            companion_url=f"{model_address}/v1",
            companion_model="small",
        )
        with serving(partial(open_rehearsal, settings, pace=3600)) as address:
            page = visit(address)
            whisper = page.locator("#talk .whisper").last
            say(page, f"/kith ask {SAID}")
            expect(whisper).not_to_contain_text("language model")
            assert heard == []
            speak_as(page, "Jo Castellanos")
            say(page, "/kith settings")
            whisper.get_by_role("button", name="The whole workspace").click()
            dialog = page.get_by_role("dialog", name="Kith in this workspace")
            dialog.get_by_role("group", name="May a language model help with answers?").get_by_label("Yes").check()
            dialog.get_by_role("button", name="Save").click()
            expect(dialog).to_be_hidden()
            speak_as(page, "Wren")
            say(page, "/kith help")
            expect(whisper).to_contain_text("a language model at 127.0.0.1 may help me")
            say(page, f"/kith ask {SAID}")
            expect(whisper).to_contain_text(GOOD)
            expect(whisper).to_contain_text("A language model at 127.0.0.1 helped to word this question")
            assert len(heard) == 1 and b"500 posts" in heard[0] and b"Wren" not in heard[0]
            page.context.close()
