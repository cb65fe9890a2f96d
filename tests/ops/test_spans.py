"""Spans, as a collector receives them."""

from __future__ import annotations

import asyncio

import pytest

from adapters.telemetry import Spans
from tests.ops.conftest import Receiver

PLANTED = "xylophone-marmalade-heron"


async def test_a_span_arrives_with_its_facts_and_its_parent(receiver: Receiver) -> None:
    spans = Spans(receiver.address, version="1")
    with spans.span("POST /slack/events") as facts, spans.span("receive", **{"kith.kind": "MessagePosted"}):
        facts["http.response.status_code"] = 200
    await asyncio.to_thread(spans.close)
    inner, outer = sorted(receiver.spans, key=lambda span: span.name, reverse=True)
    assert (inner.name, outer.name) == ("receive", "POST /slack/events")
    assert inner.parent_span_id == outer.span_id
    assert [(fact.key, fact.value.string_value) for fact in inner.attributes] == [("kith.kind", "MessagePosted")]


async def test_an_errors_words_do_not_travel(receiver: Receiver) -> None:
    spans = Spans(receiver.address)
    with pytest.raises(ValueError), spans.span("tick"):
        raise ValueError(PLANTED)
    await asyncio.to_thread(spans.close)
    assert [fact.value.string_value for fact in receiver.spans[0].attributes] == ["ValueError"]
    assert PLANTED.encode() not in b"".join(receiver.bodies)


def test_without_an_endpoint_nothing_is_done() -> None:
    spans = Spans()
    with spans.span("tick"):
        pass
    spans.close()


async def test_a_collector_that_is_not_there_holds_nothing_up() -> None:
    spans = Spans("http://127.0.0.1:9/v1/traces")
    with spans.span("tick"):
        pass
    async with asyncio.timeout(15):
        await asyncio.to_thread(spans.close)
