"""Gives Kith's own page Slack's shape: the page, and above its buttons the channel that they act in; pure."""

from __future__ import annotations

import orjson

from adapters.slack.render import CHOICE, LONGEST_LABEL, LONGEST_SECTION, blocks_of, cut, plain_text
from adapters.slack.shapes import Json
from bot.domain.home import HomePage

GO = "home_in"
"""The choice of another channel for the page's buttons; it goes to nobody but the page."""

MOST_OPTIONS = 100


def home_blocks(page: HomePage, label: str) -> list[Json]:
    """The blocks of a page; a list to choose the channel from, under `label`, where there are several."""
    blocks = blocks_of(page.message, within=page.acts_in.channel if page.acts_in else "")
    if page.acts_in is None or len(page.among) < 2:
        return blocks
    at = next((number for number, block in enumerate(blocks) if block["type"] == "actions"), len(blocks))
    return [*blocks[:at], _picker(page, label), *blocks[at:]]


def _picker(page: HomePage, label: str) -> Json:
    options: dict[str, Json] = {}
    for ref, name in page.among[:MOST_OPTIONS]:
        value = orjson.dumps({"do": GO, "about": "", "in": ref.channel}).decode()
        options.setdefault(ref.channel, {"text": plain_text(f"#{name}", LONGEST_LABEL), "value": value})
    element: Json = {"type": "static_select", "action_id": f"{CHOICE}-{GO}", "options": list(options.values())}
    if page.acts_in is not None and page.acts_in.channel in options:
        element["initial_option"] = options[page.acts_in.channel]
    text = plain_text(cut(label, LONGEST_SECTION), LONGEST_SECTION)
    return {"type": "section", "block_id": GO, "text": text, "accessory": element}
