"""Says what is wrong with blocks and views: slack_sdk's models, a schema of Slack's types, and rules both leave out."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

Json = dict[str, Any]

_SCHEMA = json.loads((Path(__file__).parent / "schema" / "slack.schema.json").read_text(encoding="utf-8"))
_SHAPES = {
    name: Draft7Validator({"$ref": f"#/definitions/{name}", "definitions": _SCHEMA["definitions"]})
    for name in ("Blocks", "Modal", "Home")
}

_KNOWN = {
    "section",
    "header",
    "context",
    "actions",
    "input",
    "divider",
    "rich_text",
}
"""The blocks that Kith uses; anything else is a fault here."""

_LONGEST = {"header": 150, "section": 3000, "context": 3000, "button": 75}
_OPTIONS = {"radio_buttons": 10, "checkboxes": 10, "static_select": 100, "multi_static_select": 100}


def faults_in_message(payload: Json) -> list[str]:
    """What is wrong with a message's text and blocks."""
    blocks = payload.get("blocks") or []
    faults = [*_faults_in_blocks(blocks, most=50), *_faults_in_shape("Blocks", blocks)]
    if not str(payload.get("text", "")).strip():
        faults.append("no fallback text")
    if len(str(payload.get("text", ""))) > 40_000:
        faults.append("fallback text over 40,000 characters")
    if sum(len(text) for text in _texts(blocks)) > 13_000:
        faults.append("blocks over 13,000 characters")
    if any(block.get("type") == "input" for block in blocks):
        faults.append("an input in a message")
    return faults


def faults_in_view(view: Json) -> list[str]:
    """What is wrong with a modal or a home page."""
    faults = list(_faults_in_blocks(view.get("blocks") or [], most=100))
    faults += _faults_in_shape("Home" if view.get("type") == "home" else "Modal", view)
    try:
        View(**view).validate_json()
    except SlackObjectFormationError as exc:
        faults.append(f"view: {exc}")
    if view["type"] == "home" and set(view) - {"type", "blocks", "private_metadata", "callback_id", "external_id"}:
        faults.append("a home page with more than blocks")
    if view["type"] == "modal":
        inputs = any(block.get("type") == "input" for block in view["blocks"])
        faults += ["inputs without submit"] if inputs and "submit" not in view else []
        faults += [f"{part} over 24" for part in ("title", "submit", "close") if len(_text(view.get(part))) > 24]
        faults += ["no title"] if not _text(view.get("title")).strip() else []
    if len(view.get("private_metadata", "")) > 3000:
        faults.append("private_metadata over 3000")
    return faults


def _faults_in_shape(name: str, value: object) -> Iterator[str]:
    """What a schema made from Slack's published types does not know: other properties, other types."""
    for error in _SHAPES[name].iter_errors(value):
        yield f"schema: {error.message[:200]}"


def _faults_in_blocks(blocks: list[Json], *, most: int) -> Iterator[str]:
    if len(blocks) > most:
        yield f"{len(blocks)} blocks"
    if not blocks:
        yield "no blocks"
    for block in blocks:
        if block.get("type") not in _KNOWN:
            yield f"unknown block {block.get('type')}"
            continue
        try:
            for parsed in Block.parse_all([block]):
                parsed.validate_json()
        except SlackObjectFormationError as exc:
            yield f"{block['type']}: {exc}"
        yield from _faults_in_block(block)
    for name, times in Counter(block["block_id"] for block in blocks if "block_id" in block).items():
        if times > 1 or not 0 < len(name) <= 255:
            yield f"block_id {name!r}"


def _faults_in_block(block: Json) -> Iterator[str]:
    kind = block["type"]
    elements = block.get("elements", [])
    if kind in ("actions", "context", "rich_text") and not elements:
        yield f"empty {kind}"
    if kind == "actions":
        yield from _faults_in_actions(elements)
    if kind == "header" and block["text"]["type"] != "plain_text":
        yield "a header that is not plain"
    for element in [*elements, *([block["element"]] if "element" in block else [])]:
        yield from _faults_in_element(element)
    for text in _texts(block):
        if not text.strip():
            yield f"empty text in {kind}"
        if kind in _LONGEST and len(text) > _LONGEST[kind]:
            yield f"text over {_LONGEST[kind]} in {kind}"
    if kind == "input":
        for part in ("label", "hint"):
            if part in block and not 0 < len(_text(block[part])) <= 2000:
                yield f"{part} of an input"


def _faults_in_actions(elements: list[Json]) -> Iterator[str]:
    if len(elements) > 25:
        yield "over 25 buttons"
    ids = [element["action_id"] for element in elements]
    if len(ids) != len(set(ids)) or any(not 0 < len(name) <= 255 for name in ids):
        yield "action ids"


def _faults_in_element(element: Json) -> Iterator[str]:
    kind = element["type"]
    if kind == "button":
        if len(_text(element["text"])) > 75 or len(element.get("value", "")) > 2000:
            yield "a button's text or value"
        if not 0 < len(element.get("accessibility_label", "?")) <= 75:
            yield "a button's accessibility label"
    options = element.get("options", [])
    if kind in _OPTIONS:
        if not 0 < len(options) <= _OPTIONS[kind]:
            yield f"{len(options)} options in {kind}"
        values = [option["value"] for option in options]
        if len(values) != len(set(values)):
            yield "two options with one value"
        chosen = [
            *element.get("initial_options", []),
            *([element["initial_option"]] if "initial_option" in element else []),
        ]
        if any(option not in options for option in chosen) or element.get("initial_options") == []:
            yield "an initial option that is not offered"
    yield from _faults_in_options(options)
    if kind == "timepicker" and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", element.get("initial_time", "00:00")):
        yield "initial_time"
    if kind == "plain_text_input":
        most = element.get("max_length", 3000)
        if not 1 <= most <= 3000 or len(element.get("initial_value", "")) > most:
            yield "a text input's length"


def _faults_in_options(options: list[Json]) -> Iterator[str]:
    for option in options:
        if not 0 < len(_text(option["text"])) <= 75 or not 0 < len(option["value"]) <= 150:
            yield "an option's text or value"
        if "description" in option and not 0 < len(_text(option["description"])) <= 75:
            yield "an option's description"


def _texts(value: object) -> Iterator[str]:
    """Every text in a block that people read, however deep."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "text" and isinstance(inner, str):
                yield inner
            elif key not in ("value", "block_id", "action_id"):
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _text(value: object) -> str:
    return str(value.get("text", "")) if isinstance(value, dict) else ""
