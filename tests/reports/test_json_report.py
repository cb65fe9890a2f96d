"""The replay as JSON."""

from __future__ import annotations

import json
from datetime import timedelta, timezone

from adapters.reports import json_report
from tests.reports.build import COUNTS, START, asked, channel, eventful, quote, replayed


def test_a_channel_tells_what_was_found_asked_and_held_back() -> None:
    report = json.loads(json_report.render(replayed(eventful())))
    (told,) = report["channels"]
    assert (told["name"], told["messages"], told["people"]) == ("plans", 120, 6)
    assert told["findings"] == [
        {"pattern": "numbers_obsessed", "first_seen": "2024-01-01T09:30:00+00:00", "counts": COUNTS}
    ]
    assert told["asked"] == [
        {
            "at": "2024-01-01T09:30:00+00:00",
            "pattern": "numbers_obsessed",
            "question_id": "numbers-obsessed-01",
            "question": "What would we like to be true that no number here can show?",
        }
    ]
    assert told["held"][0] == {
        "at": "2024-01-01T09:30:00+00:00",
        "pattern": "numbers_obsessed",
        "reason": "listening",
    }
    assert set(told) == {"name", "messages", "people", "findings", "asked", "held"}


def test_the_account_stands_beside_the_channels() -> None:
    report = json.loads(json_report.render(replayed()))
    assert (report["channels"], report["profile"], report["rows"]) == ([], "gentle", 150)
    assert report["left_out"] == {"bot": 20, "notice:channel_join": 10}
    assert len(report["troubles"]) == 1


def test_times_are_told_in_utc() -> None:
    local = START.astimezone(timezone(timedelta(hours=5)))
    report = json.loads(json_report.render(replayed(channel(asked=(asked(at=local),)))))
    assert report["channels"][0]["asked"][0]["at"] == "2024-01-01T09:30:00+00:00"


def test_quotes_never_reach_a_file_for_programs() -> None:
    assert "a secret" not in json_report.render(replayed(channel(quotes=(quote("a secret"),))))
