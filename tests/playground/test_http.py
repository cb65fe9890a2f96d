"""The rehearsal's door over real HTTP: what it does, what it refuses, and that nothing makes it fall over."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.events import CommandGiven, MessageDeleted, MessageEdited, MessagePosted, ReactionChanged, Standing
from tests.playground.server import Rehearsal, serving

Json = dict[str, Any]
Served = tuple[Rehearsal, httpx2.Client]
INES = {"channel": "c-commons", "persona": "p-ines"}


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """A rehearsal whose sample never gets beyond waiting for its first line."""
    rehearsal = Rehearsal()
    with serving(rehearsal.open) as address, httpx2.Client(base_url=address, trust_env=False) as client:
        with client.stream("GET", "/events") as feed:
            next(feed.iter_lines())
        yield rehearsal, client


def ask(client: httpx2.Client, path: str, body: object, *, status: int = 200) -> Json:
    answer = client.post(f"/api/{path}", json=body)
    assert answer.status_code == status, answer.text
    data: Json = answer.json()
    assert status == 200 or _one_sentence(data)
    return data


def _one_sentence(data: Json) -> bool:
    return list(data) == ["error"] and bool(re.fullmatch(r"[A-Z][^\n]*\.", str(data["error"])))


def events(client: httpx2.Client, most: int, last: str | None = None) -> list[tuple[str, str, Json]]:
    """The first events of a fresh connection: id, kind, data."""
    found, current = [], {"id": "", "event": ""}
    with client.stream("GET", "/events", headers={"last-event-id": last} if last else {}) as feed:
        for line in feed.iter_lines():
            name, _, value = line.partition(": ")
            if name == "data":
                found.append((current["id"], current["event"], json.loads(value)))
            elif name in current:
                current[name] = value
            if len(found) == most:
                break
    return found


def snapshot(client: httpx2.Client) -> Json:
    return events(client, 1)[0][2]


def lines(client: httpx2.Client) -> list[Json]:
    found: list[Json] = snapshot(client)["lines"]
    return found


def test_the_page_brings_no_inline_code_and_allows_only_its_own(served: Served) -> None:
    page = served[1].get("/")
    assert page.status_code == 200
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", page.text)
    assert set(re.findall(r'(?:src|href)="([^"#]*)"', page.text)) >= {"/static/page.js", "/static/style.css"}
    assert not re.search(r'(?:src|href)="(?!/static/|#)', page.text)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.1", "[", ""])
@pytest.mark.parametrize("path", ["/", "/events", "/words.json", "/static/style.css"])
def test_other_hosts_are_refused_everywhere(served: Served, host: str, path: str) -> None:
    answer = served[1].get(path, headers={"host": host})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "https://127.0.0.1"},
        {"sec-fetch-site": "cross-site"},
    ],
)
def test_pages_from_elsewhere_may_change_nothing(served: Served, headers: dict[str, str]) -> None:
    rehearsal, client = served
    before = len(rehearsal.world.lines)
    answer = client.post("/api/say", json={**INES, "text": "hello"}, headers=headers)
    assert answer.status_code == 403 and _one_sentence(answer.json())
    assert len(rehearsal.world.lines) == before


def test_the_rehearsals_own_page_may(served: Served) -> None:
    client = served[1]
    origin = f"http://{client.base_url.host}:{client.base_url.port}"
    answer = client.post(
        "/api/say", json={**INES, "text": "hello"}, headers={"origin": origin, "sec-fetch-site": "same-origin"}
    )
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{}", "text/plain", 415),
        (b"channel=c-commons", "application/x-www-form-urlencoded", 415),
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b'{"text": "\\ud800"}', "application/json", 400),
        (b"[" * 30000, "application/json", 400),
        (b"[]", "application/json", 422),
        (b"{}", "application/json", 422),
        (json.dumps({**INES, "text": "hi", "more": 1}).encode(), "application/json", 422),
        (json.dumps({**INES, "text": 12}).encode(), "application/json", 422),
        (json.dumps({**INES, "text": "   "}).encode(), "application/json", 422),
        (json.dumps({**INES, "text": "a" * 4001}).encode(), "application/json", 413),
        (b'"' + b"a" * 65536 + b'"', "application/json", 413),
    ],
)
def test_a_body_that_is_not_as_it_should_be_gets_one_plain_sentence(
    served: Served, content: bytes, kind: str, status: int
) -> None:
    answer = served[1].post("/api/say", content=content, headers={"content-type": kind})
    assert answer.status_code == status
    assert _one_sentence(answer.json())


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("say", {"channel": "c-gone", "persona": "p-ines", "text": "hi"}),
        ("say", {"channel": "c-commons", "persona": "p-gone", "text": "hi"}),
        ("say", {**INES, "text": "hi", "thread": "gone"}),
        ("command", {**INES, "words": "help", "thread": "gone"}),
        ("edit", {**INES, "message": "gone", "text": "hi"}),
        ("delete", {**INES, "message": "gone"}),
        ("react", {**INES, "message": "gone", "emoji": "👍"}),
        ("choose", {**INES, "message": "gone", "choice": "why"}),
        ("submit", {**INES, "form": "gone", "answers": {}}),
        ("put-away", {**INES, "message": "gone"}),
        ("invite", {"channel": "c-gone", "persona": "p-ines"}),
    ],
)
def test_what_is_not_there_is_said_to_be_not_there(served: Served, path: str, body: Json) -> None:
    ask(served[1], path, body, status=404)


@pytest.mark.parametrize(
    "path", ["/nothing", "/api/nothing", "/static/../app.py", "/static/%00", "/api/insight/c-gone"]
)
def test_addresses_that_lead_nowhere_are_404(served: Served, path: str) -> None:
    answer = served[1].get(path)
    assert answer.status_code == 404 and _one_sentence(answer.json())


def test_a_message_reaches_kith_with_what_it_carries(served: Served) -> None:
    rehearsal, client = served
    guest = {"channel": "c-commons", "persona": "p-piet"}
    said = ask(client, "say", {**guest, "text": "@kith and @everyone: hello", "thread": None})
    event = rehearsal.core.told[-1]
    assert isinstance(event, MessagePosted)
    assert event.message == said["id"] and event.author == "p-piet"
    assert event.by_guest and event.addresses_kith and event.calls_everyone
    ask(client, "say", {**INES, "text": "mail kith@alder.example, not everyone"})
    plain = rehearsal.core.told[-1]
    assert isinstance(plain, MessagePosted)
    assert not (plain.by_guest or plain.addresses_kith or plain.calls_everyone)


def test_a_clear_message_is_answered_in_its_thread(served: Served) -> None:
    client = served[1]
    said = ask(client, "say", {"channel": "c-ideas", "persona": "p-jo", "text": "500 posts [numbers_obsessed]"})
    answers = [line for line in lines(client) if line["thread"] == said["id"]]
    assert [line["author"] for line in answers] == ["kith"]
    assert answers[0]["message"]["choices"]


def test_a_command_is_never_heard_as_a_message_and_its_answer_is_for_one(served: Served) -> None:
    rehearsal, client = served
    ask(client, "say", {"channel": "c-commons", "persona": "p-jo", "text": "/kith help"})
    event = rehearsal.core.told[-1]
    assert isinstance(event, CommandGiven)
    assert (event.words, event.by, event.standing) == ("help", "p-jo", Standing.ADMIN)
    answer = lines(client)[-1]
    assert (answer["author"], answer["only_for"], answer["asked"]) == ("kith", "p-jo", "/kith help")
    ask(client, "say", {**INES, "text": "/kithy help"})
    assert isinstance(rehearsal.core.told[-1], MessagePosted)


def test_nothing_reaches_kith_where_it_is_not_until_it_is_invited(served: Served) -> None:
    rehearsal, client = served
    there = {"channel": "c-volunteers", "persona": "p-marta"}
    told = len(rehearsal.core.told)
    said = ask(client, "say", {**there, "text": "who can come on Saturday? [all_business]"})
    ask(client, "react", {**there, "message": said["id"], "emoji": "👍"})
    assert len(rehearsal.core.told) == told
    assert client.get("/api/insight/c-volunteers").json() == {"insight": None}
    ask(client, "invite", there)
    ask(client, "invite", there, status=409)
    assert client.get("/api/insight/c-volunteers").json()["insight"]["charter"]["state"] == "speaking"
    ask(client, "command", {**there, "words": "leave"})
    assert client.get("/api/insight/c-volunteers").json() == {"insight": None}
    assert not rehearsal.world.has_kith("c-volunteers")


def test_only_the_author_changes_a_message_and_kith_hears_of_it(served: Served) -> None:
    rehearsal, client = served
    said = ask(client, "say", {**INES, "text": "tea at four"})["id"]
    for path, more in (("edit", {"text": "mine"}), ("delete", {})):
        ask(client, path, {"channel": "c-commons", "persona": "p-wren", "message": said, **more}, status=403)
    ask(client, "edit", {**INES, "message": said, "text": "tea at five"})
    assert isinstance(rehearsal.core.told[-1], MessageEdited)
    ask(client, "delete", {**INES, "message": said})
    assert isinstance(rehearsal.core.told[-1], MessageDeleted)
    assert said not in {line["id"] for line in lines(client)}


def test_a_reaction_goes_on_and_off_and_only_those_offered(served: Served) -> None:
    rehearsal, client = served
    said = ask(client, "say", {**INES, "text": "the saw is sharp again"})["id"]
    for added in (True, False):
        ask(client, "react", {**INES, "message": said, "emoji": "🎉"})
        event = rehearsal.core.told[-1]
        assert isinstance(event, ReactionChanged) and event.added is added
    ask(client, "react", {**INES, "message": said, "emoji": "x"}, status=422)


def test_a_button_works_only_on_the_message_that_carries_it(served: Served) -> None:
    client = served[1]
    said = ask(client, "say", {"channel": "c-workshop", "persona": "p-jo", "text": "rank them [numbers_obsessed]"})[
        "id"
    ]
    question = next(line for line in lines(client) if line["thread"] == said)
    why = question["message"]["choices"][0]
    here = {"channel": "c-workshop", "persona": "p-ines", "message": question["id"]}
    ask(client, "choose", {**here, "choice": why["id"], "about": why["about"]})
    answer = lines(client)[-1]
    assert (answer["only_for"], answer["thread"]) == ("p-ines", said)
    ask(client, "choose", {**here, "choice": why["id"], "about": "forged"}, status=404)
    ask(client, "choose", {**here, "choice": "forged", "about": why["about"]}, status=404)
    ask(client, "choose", {**here, "message": said, "choice": why["id"], "about": why["about"]}, status=404)


def test_a_form_comes_back_with_its_errors_and_closes_when_all_is_well(served: Served) -> None:
    client = served[1]
    form = ask(client, "command", {**INES, "words": "settings"})["form"]
    answers = {f["id"]: f["value"] if f["kind"] == "some_of" else (f["value"] or [""])[0] for f in form["fields"]}
    sent = {**INES, "form": form["id"], "about": form["about"]}
    again = ask(client, "submit", {**sent, "answers": {**answers, "opens": "noon"}})["form"]
    assert [f["id"] for f in again["fields"] if f["error"]] == ["opens"]
    ask(client, "submit", {**sent, "answers": {**answers, "stranger": "x"}}, status=422)
    ask(client, "submit", {**sent, "answers": {**answers, "opens": ["09:00"]}}, status=422)
    ask(client, "submit", {**sent, "persona": "p-wren", "answers": answers}, status=404)
    assert "form" not in ask(client, "submit", {**sent, "answers": answers})
    ask(client, "submit", {**sent, "answers": answers}, status=404)


def test_the_reading_of_a_text_names_its_patterns_and_is_kept_nowhere(served: Served) -> None:
    rehearsal, client = served
    told = len(rehearsal.core.told)
    reading = ask(client, "reading", {"text": "posts! [numbers_obsessed]"})
    clear = [p["pattern"] for p in reading["patterns"] if p["clear"]]
    assert clear == ["numbers_obsessed"]
    assert len(reading["patterns"]) == 7
    assert len(rehearsal.core.told) == told


def test_the_feed_begins_with_everything_and_goes_on_where_a_page_left_it(served: Served) -> None:
    client = served[1]
    last, kind, everything = events(client, 1)[0]
    assert kind == "snapshot" and {"personas", "channels", "lines", "clock", "sample"} <= set(everything)
    said = ask(client, "say", {**INES, "text": "anybody seen the ladder?"})
    missed = events(client, 1, last)[0]
    assert (missed[1], missed[2]["id"]) == ("line", said["id"])
    assert events(client, 1, "17-3")[0][1] == "snapshot"


@pytest.mark.parametrize(
    "body",
    [{}, {"hours": 1, "days": 1}, {"hours": 0}, {"hours": -1}, {"days": 93}, {"hours": 1.5}, {"to": "yesterday"}],
)
def test_the_clock_takes_one_way_forward_at_a_time(served: Served, body: Json) -> None:
    ask(served[1], "clock", body, status=422)


def test_time_moves_in_steps_of_a_day_at_most_and_kith_looks_at_each() -> None:
    rehearsal = Rehearsal()
    with serving(rehearsal.open) as address, httpx2.Client(base_url=address, trust_env=False) as client:
        ask(client, "clock", {"days": 3})
        assert [tick.day for tick in rehearsal.core.ticks] == [4, 5, 6]
        moved = ask(client, "clock", {"to": "morning"})
        assert str(moved["now"]).startswith("2026-03-09T09:00"), "from Friday to Monday"
        assert str(ask(client, "clock", {"to": "morning"})["now"]).startswith("2026-03-10T09:00")
        for _ in range(11):
            ask(client, "clock", {"days": 92})
        ask(client, "clock", {"days": 92}, status=409)


def test_the_sample_plays_itself_once_and_can_be_skipped() -> None:
    rehearsal = Rehearsal()
    with serving(rehearsal.open) as address, httpx2.Client(base_url=address, trust_env=False) as client:
        assert snapshot(client)["sample"]["state"] == "playing"
        with client.stream("GET", "/events") as feed:
            ask(client, "sample", {"do": "skip"})
            next(line for line in feed.iter_lines() if '"over"' in line)
        steps = rehearsal.world.script.steps
        assert [line["text"] for line in lines(client) if line["text"]] == [step.says for step in steps if step.says]
        assert sum(len(line["reactions"]) for line in lines(client)) == 2


def test_the_sample_can_be_stopped() -> None:
    rehearsal = Rehearsal()
    with serving(rehearsal.open) as address, httpx2.Client(base_url=address, trust_env=False) as client:
        snapshot(client)
        assert ask(client, "sample", {"do": "stop"}) == {"state": "over"}
        assert [line for line in lines(client) if line["text"]] == []


ROUTES = "say command edit delete react choose submit put-away invite clock sample reading".split()
known = st.sampled_from(
    ["c-commons", "c-volunteers", "p-ines", "p-piet", "kith", "/kith settings", "settings", "morning"]
)
scalars = (
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | st.text(max_size=30) | known
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)
keys = st.sampled_from(
    "channel persona text thread message emoji choice about form answers words hours days to do".split()
)
likely = st.fixed_dictionaries(
    {"channel": st.sampled_from(["c-commons", "c-volunteers"]), "persona": st.just("p-ines")},
    optional={"text": st.text(), "words": st.text(), "message": st.text(max_size=9), "emoji": st.text(max_size=2)},
)
bodies = (st.dictionaries(keys, values, max_size=6) | likely | values).map(
    lambda v: json.dumps(v).encode()
) | st.binary()


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(route=st.sampled_from(ROUTES), body=bodies)
def test_no_body_whatever_makes_it_fall_over(served: Served, route: str, body: bytes) -> None:
    answer = served[1].post(f"/api/{route}", content=body, headers={"content-type": "application/json"})
    assert answer.status_code < 500
    assert answer.status_code == 200 or _one_sentence(answer.json())
