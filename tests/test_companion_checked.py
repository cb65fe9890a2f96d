"""`kith doctor` tries the language model that the settings name, and what it may cost a rehearsal."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from adapters.playground.world import WORKSPACE
from adapters.scheduler import MachineClock
from bot.bootstrap import Mark, examine, opened_store
from bot.bootstrap.rehearsing import SpentInRealTime, forget_rehearsal
from bot.config import Settings, load_settings
from bot.domain.companion import Ceiling
from tests.test_companion import Model, model

__all__ = ["model"]


def settings_for(model: Model, folder: Path, **more: object) -> Settings:
    given = {
        "database_url": f"sqlite:///{folder}/kith.db",
        "companion_url": f"{model.url}/v1",
        "companion_model": "small",
        "companion_key": "sk-planted",
    }
    return load_settings(**(given | more))


async def found(settings: Settings) -> tuple[Mark, str]:
    (finding,) = [finding for finding in await examine(settings) if finding.text.startswith("Companion")]
    assert "sk-planted" not in finding.text
    return finding.mark, finding.text


async def test_a_model_that_answers_with_a_question_of_kiths_kind_is_well(model: Model, tmp_path: Path) -> None:
    mark, text = await found(settings_for(model, tmp_path))
    assert mark is Mark.OK and "small at 127.0.0.1 answers" in text
    anthropic = settings_for(model, tmp_path, companion_url=model.url, companion_protocol="anthropic")
    assert (await found(anthropic))[0] is Mark.OK
    assert [path for path, _, _ in model.heard] == ["/v1/chat/completions", "/v1/messages"]


async def test_where_none_is_named_nothing_is_said_and_nothing_sent(model: Model, tmp_path: Path) -> None:
    findings = await examine(settings_for(model, tmp_path, companion_url=None))
    assert not any("Companion" in finding.text for finding in findings) and model.heard == []


async def test_a_model_without_a_name_is_wrong_before_anything_is_sent(model: Model, tmp_path: Path) -> None:
    mark, text = await found(settings_for(model, tmp_path, companion_model=""))
    assert mark is Mark.WRONG and "KITH_COMPANION_MODEL" in text and model.heard == []


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (401, "does not take the key (401)"),
        (403, "does not take the key (403)"),
        (404, "does not know the address or the model small (404)"),
        (429, "takes no more questions now (429)"),
        (500, "answers with 500 and no question"),
    ],
)
async def test_each_refusal_is_one_sentence_that_says_what_to_do(
    model: Model, tmp_path: Path, status: int, sentence: str
) -> None:
    model.status = status
    mark, text = await found(settings_for(model, tmp_path))
    assert mark is Mark.WRONG and sentence in text and len(model.heard) == 1


async def test_silence_nonsense_and_an_answer_that_kith_would_not_ask_are_told_apart(
    model: Model, tmp_path: Path
) -> None:
    model.says = "You should count less."
    mark, text = await found(settings_for(model, tmp_path))
    assert mark is Mark.NOTE and "Then Kith asks its own" in text
    model.body = b"<html>"
    assert "not in the protocol openai" in (await found(settings_for(model, tmp_path)))[1]
    model.body, model.seconds = None, 5
    assert "within 0.1 seconds" in (await found(settings_for(model, tmp_path, companion_seconds=0.1)))[1]
    nobody = settings_for(model, tmp_path, companion_url="http://127.0.0.1:9/v1")
    assert "Look whether this machine can reach it" in (await found(nobody))[1]


async def test_moving_the_rehearsals_clock_does_not_raise_what_a_model_may_cost(tmp_path: Path) -> None:
    async with opened_store(load_settings(database_url=f"sqlite:///{tmp_path}/kith.db")) as store:
        store.spendings = spendings = SpentInRealTime(store.spendings)
        ceiling, moment = Ceiling(a_day=100, a_month=100), MachineClock().now()
        assert await spendings.reserve(WORKSPACE, 100, ceiling=ceiling, now=moment)
        assert not await spendings.reserve(WORKSPACE, 1, ceiling=ceiling, now=moment + timedelta(days=92))
        await forget_rehearsal(store)
        assert await spendings.spent(WORKSPACE, moment) == (100, 100)
