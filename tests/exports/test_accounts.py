"""Every row is accounted for: whatever stands in a day file, and in every real export there is to test on."""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.exports import open_export
from bot.domain.archive import Account, LeftOut, LeftOutReason
from bot.domain.events import MessagePosted
from bot.errors import ExportError
from tests.exports.build import account_of, everything, folder, one_day, zipped

SHARED = Path(os.environ.get("KITH_SHARED", Path(__file__).parents[3] / "shared"))  # noqa: TID251 - where test data lies

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
nearly_a_message = st.fixed_dictionaries(
    {},
    optional={
        "type": st.just("message") | anything,
        "ts": st.sampled_from(["1704100000.000200", "1704100001.5", "1", ""]) | anything,
        "user": st.sampled_from(["U1", "USLACKBOT", ""]) | anything,
        "text": st.text(max_size=20) | anything,
        "subtype": st.sampled_from(["thread_broadcast", "file_share", "file_comment", "channel_join"]) | anything,
        "thread_ts": anything,
        "reactions": st.lists(st.fixed_dictionaries({"users": anything}) | anything, max_size=3) | anything,
        "edited": anything,
        "file": anything,
        "files": anything,
        "comment": st.fixed_dictionaries({"user": anything, "comment": anything}) | anything,
        "bot_id": anything,
        "user_profile": anything,
    },
)


@settings(deadline=None, max_examples=60)
@given(st.lists(nearly_a_message | anything, max_size=8), anything, anything)
def test_any_json_is_read_and_every_row_accounted_for(rows: list[Any], channels: Any, users: Any) -> None:
    with tempfile.TemporaryDirectory() as place:
        files = one_day(*rows) | {"channels.json": channels, "users.json": users}
        account = account_of(open_export(folder(Path(place), files)))
    assert account.rows == len(rows) == account.read + account.left_out.total()


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=200))
def test_any_bytes_in_a_day_file_are_read_or_said(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as place:
        account = account_of(open_export(folder(Path(place), {"general/2024-01-01.json": content})))
    assert len(account.troubles) <= 1


@settings(deadline=None, max_examples=100)
@given(st.data())
def test_a_zip_with_any_byte_changed_never_raises(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as place:
        path = zipped(Path(place), one_day(*({"type": "message", "n": n} for n in range(9))))
        content = bytearray(path.read_bytes())
        for _ in range(data.draw(st.integers(1, 3))):
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
        path.write_bytes(content[: data.draw(st.integers(len(content) // 2, len(content)))])
        with suppress(ExportError):
            account_of(open_export(path))


def test_made_up_reasons_cannot_make_an_account_grow_without_end() -> None:
    account = Account()
    for n in range(1000):
        account.take(LeftOut(reason=LeftOutReason.NOTICE, file="f", detail=f"a{n}"))
    assert account.left_out.total() == 1000
    assert len(account.left_out) < 100


@pytest.mark.parametrize(
    ("name", "channels", "rows", "read", "without_text", "bots"),
    [
        ("rdevel.zip", 33, 12_564, 5_813, 27, 5_200),
        ("ironhack.zip", 17, 5_182, 4_750, 207, 97),
        ("houstondatavis.zip", 16, 1_382, 1_031, 33, 0),
        ("fixture_slack2zulip_export.zip", 3, 99, 86, 2, 3),
        ("fixture_slack2zulip_min.zip", 2, 27, 25, 0, 0),
        ("fixture_slack2zulip_plan8.zip", 2, 91, 81, 0, 1),
        ("fixture_forge2_agents.zip", 8, 142, 33, 1, 93),
    ],
)
def test_a_real_export_is_accounted_for(
    name: str, channels: int, rows: int, read: int, without_text: int, bots: int
) -> None:
    path = SHARED / "exports" / name
    if not path.is_file():
        pytest.skip(f"{path} is not here; set KITH_SHARED to the folder that holds exports/")
    export = open_export(path)
    account = account_of(export)
    messages = [item for item in everything(export) if isinstance(item, MessagePosted)]
    assert len(export.channels()) == channels
    assert (account.rows, account.read, account.left_out["bot"]) == (rows, read, bots)
    assert account.rows == account.read + account.left_out.total()
    assert sum(not message.text for message in messages) == without_text
    assert account.troubles == []
    assert json.dumps(account.left_out)
