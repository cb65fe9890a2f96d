"""Says what is wrong with what Kith sends: Microsoft's own card schema, and the rules of Teams that it lacks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft6Validator

Json = dict[str, Any]
NEWEST = (1, 5)
"""The newest version that every client of Teams shows."""

MOST_ACTIONS = 6
LARGEST_ACTIVITY = 28_000
"""Bytes that Teams takes, give or take."""


@cache
def _schema() -> Draft6Validator:
    return Draft6Validator(json.loads((files("adaptive_cards") / "schemas" / "schema-1.5.json").read_text("utf-8")))


def faults_in_card(card: Json) -> list[str]:
    """What is wrong with a card: against the schema, then against what the schema does not know."""
    faults = [f"{error.json_path}: {error.message[:200]}" for error in _schema().iter_errors(card)]
    version = str(card.get("version", ""))
    if not version or tuple(map(int, version.split("."))) > NEWEST:
        faults.append(f"version {version!r}")
    if not str(card.get("fallbackText", "")).strip():
        faults.append("no fallback text")
    if not str(card.get("speak", "")).strip():
        faults.append("nothing to speak")
    actions = [part for part in _parts(card) if str(part.get("type", "")).startswith("Action.")]
    if len(actions) > MOST_ACTIONS:
        faults.append(f"{len(actions)} actions")
    faults += [f"an action without a title: {action}" for action in actions if not str(action.get("title", "")).strip()]
    inputs = [part for part in _parts(card) if str(part.get("type", "")).startswith("Input.")]
    names = [part.get("id") for part in inputs]
    faults += [f"two inputs called {name}" for name in {n for n in names if names.count(n) > 1}]
    faults += [f"an input without a label: {part['id']}" for part in inputs if not str(part.get("label", "")).strip()]
    for part in inputs:
        values = [choice["value"] for choice in part.get("choices", ())]
        if len(values) != len(set(values)):
            faults.append(f"two choices alike in {part['id']}")
        if part.get("isMultiSelect") and any("," in value for value in values):
            faults.append(f"a comma in a choice of {part['id']}")
    return faults


def faults_in_activity(activity: Json) -> list[str]:
    """What is wrong with a message that Kith sends."""
    faults = [] if activity.get("type") == "message" else [f"an activity of type {activity.get('type')}"]
    size = len(json.dumps(activity, ensure_ascii=False).encode())
    if size > LARGEST_ACTIVITY:
        faults.append(f"{size} bytes")
    attachments = activity.get("attachments", [])
    if not attachments and not str(activity.get("text", "")).strip():
        faults.append("nothing said")
    for attachment in attachments:
        faults += faults_in_attachment(attachment)
    if attachments and not activity.get("summary"):
        faults.append("no summary for the notification")
    return faults


def faults_in_attachment(attachment: Json) -> list[str]:
    if attachment.get("contentType") != "application/vnd.microsoft.card.adaptive":
        return [f"an attachment of type {attachment.get('contentType')}"]
    return faults_in_card(attachment["content"])


def faults_in_answer(answer: Json) -> list[str]:
    """What is wrong with the answer to an invoke."""
    if "task" in answer:
        value = answer["task"]["value"]
        if answer["task"]["type"] != "continue":
            return [f"a task of type {answer['task']['type']}"]
        title = [] if str(value.get("title", "")).strip() else ["a dialog without a title"]
        return title + faults_in_attachment(value["card"])
    if answer.get("type") == "application/vnd.microsoft.card.adaptive":
        return faults_in_card(answer["value"])
    known = answer == {} or answer.get("type") == "application/vnd.microsoft.activity.message"
    return [] if known else [f"an answer of no known kind: {list(answer)}"]


def _parts(part: object) -> Iterator[Json]:
    if isinstance(part, dict):
        yield part
        for value in part.values():
            yield from _parts(value)
    elif isinstance(part, list):
        for value in part:
            yield from _parts(value)
