"""What one row of a day file becomes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.exports import open_export
from bot.domain.archive import LeftOut
from bot.domain.events import MessageEdited, MessagePosted, ReactionChanged
from tests.exports.build import account_of, everything, folder, one_day, said, ts


def read(at: Path, *rows: Any, **more: Any) -> list[Any]:
    return everything(open_export(folder(at, one_day(*rows, **more))))


def left_out(at: Path, row: Any, **more: Any) -> str:
    (item,) = read(at, row, **more)
    assert isinstance(item, LeftOut)
    assert item.file == "general/2024-01-01.json"
    return item.key


def test_a_message_keeps_author_time_and_text(tmp_path: Path) -> None:
    (message,) = read(tmp_path, said("good morning", by="U2", ts="1704100000.000200"))
    assert (message.author, message.text, message.message) == ("U2", "good morning", "1704100000.000200")
    assert message.at == datetime(2024, 1, 1, 9, 6, 40, 200, tzinfo=UTC)
    assert message.thread is None


def test_a_reply_knows_its_thread_and_the_opening_message_is_none(tmp_path: Path) -> None:
    opening, reply = read(tmp_path, said("who comes?", thread_ts=ts()), said("me", by="U2", minutes=5, thread_ts=ts()))
    assert opening.thread is None
    assert reply.thread == opening.message


def test_a_reply_sent_to_the_channel_too_stays_a_reply(tmp_path: Path) -> None:
    (reply,) = read(tmp_path, said("me", minutes=5, thread_ts=ts(), subtype="thread_broadcast"))
    assert reply.thread == ts()


def test_reactions_follow_their_message_one_for_each_person_and_sign(tmp_path: Path) -> None:
    reactions = [{"name": "tada", "users": ["U2", "U3"], "count": 2}, {"name": "+1", "users": ["U2"], "count": 1}]
    message, *others = read(tmp_path, said("done", reactions=reactions))
    assert [o.by for o in others if isinstance(o, ReactionChanged)] == ["U2", "U3", "U2"]
    assert {o.message for o in others} == {message.message}


def test_reactions_of_bots_do_not_count(tmp_path: Path) -> None:
    users = [{"id": "U9", "is_bot": True}]
    row = said("done", reactions=[{"name": "+1", "users": ["U9", "USLACKBOT", None, 4]}])
    assert len(read(tmp_path, row, **{"users.json": users})) == 1


def test_an_edited_message_is_told_at_its_own_time_so_that_time_never_runs_back(tmp_path: Path) -> None:
    rows = read(tmp_path, said("five", edited={"user": "U1", "ts": ts(600)}), said("six", minutes=1))
    assert [type(row) for row in rows] == [MessagePosted, MessageEdited, MessagePosted]
    assert rows[1].at == rows[0].at
    assert rows[1].text == "five"


def test_a_file_without_words_is_still_a_message_of_a_person(tmp_path: Path) -> None:
    (message,) = read(tmp_path, said("", files=[{"id": "F1"}]))
    assert message.text == ""


def test_an_old_upload_is_read_without_slacks_own_sentence(tmp_path: Path) -> None:
    row = said(
        "<@U1> uploaded a file: <https://x|Notes> and commented: please read",
        subtype="file_share",
        bot_id=None,
        upload=True,
        file={"id": "F1", "initial_comment": {"user": "U1", "comment": "please read"}},
    )
    assert [m.text for m in read(tmp_path, row)] == ["please read"]


def test_an_old_comment_on_a_file_has_its_author_inside(tmp_path: Path) -> None:
    row = said("<@U2> commented on …: nice", subtype="file_comment", comment={"user": "U2", "comment": "nice"})
    del row["user"]
    (message,) = read(tmp_path, row)
    assert (message.author, message.text) == ("U2", "nice")


@pytest.mark.parametrize("flag", ["is_restricted", "is_ultra_restricted", "is_stranger"])
def test_guests_are_marked_from_the_list_of_users(tmp_path: Path, flag: str) -> None:
    guest, member = read(
        tmp_path,
        said("hello", by="U7"),
        said("welcome", minutes=1),
        **{"users.json": [{"id": "U7", flag: True, "deleted": True}, {"id": "U1", flag: False}]},
    )
    assert (guest.by_guest, member.by_guest) == (True, False)


def test_without_a_list_of_users_the_row_says_who_is_a_guest(tmp_path: Path) -> None:
    (message,) = read(tmp_path, said("hello", user_profile={"is_ultra_restricted": True}))
    assert message.by_guest


def test_people_who_left_are_still_people(tmp_path: Path) -> None:
    rows = read(tmp_path, said("bye"), **{"users.json": [{"id": "U1", "deleted": True}]})
    assert [row.by_guest for row in rows] == [False]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (said("beep", bot_id="B1"), "bot"),
        (said("beep", subtype="bot_message", user=None), "bot"),
        (said("beep", bot_profile={"id": "B1"}), "bot"),
        (said("reminder", by="USLACKBOT"), "bot"),
        (said("joined", subtype="channel_join"), "notice:channel_join"),
        (said("set the topic", subtype="channel_topic"), "notice:channel_topic"),
        (said("This message was deleted.", subtype="tombstone"), "notice:tombstone"),
        (said("hm", subtype="A whole SENTENCE somebody wrote"), "notice:other"),
        (said("hm", subtype=["x"]), "notice:other"),
        (said("who?", user=None), "no_author"),
        (said("who?", user=17), "no_author"),
        (said(" "), "no_text"),
        (said("", attachments=[{"text": "somebody else's words"}]), "no_text"),
        ({**said(""), "text": None}, "no_text"),
        ({**said(""), "text": {"a": 1}}, "unreadable"),
        (said("x", type="file"), "not_a_message"),
        (said("x", ts="soon"), "no_time"),
        (said("x", ts="99999999999.000000"), "no_time"),
        (said("x", ts="-5"), "no_time"),
        (said("x", ts="1.000000"), "no_time"),
        (said("x", ts=None), "no_time"),
        (said("x", ts=True), "no_time"),
        (said("x", ts="١٢٣٤٥٦٧٨٩٠.000000"), "no_time"),
        ("just text", "unreadable"),
        (None, "unreadable"),
        ([], "unreadable"),
    ],
)
def test_every_other_row_is_left_out_for_a_stated_reason(tmp_path: Path, row: Any, reason: str) -> None:
    assert left_out(tmp_path, row) == reason


def test_a_bot_is_known_by_the_list_of_users_too(tmp_path: Path) -> None:
    assert left_out(tmp_path, said("beep", by="U9"), **{"users.json": [{"id": "U9", "is_bot": True}]}) == "bot"


def test_a_repeated_row_is_counted_once(tmp_path: Path) -> None:
    files = one_day(said("once"), said("once"))
    files["general/2024-01-02.json"] = [said("later", minutes=1500)]
    files["general/2024-01-05.json"] = [said("once"), said("last", minutes=6000)]
    account = account_of(open_export(folder(tmp_path, files)))
    assert (account.rows, account.read, account.left_out) == (5, 3, {"duplicate": 2})


def test_rows_of_a_day_come_in_time_order_whatever_the_file_does(tmp_path: Path) -> None:
    rows = read(tmp_path, said("c", minutes=3), said("a", minutes=1), said("b", minutes=2))
    assert [row.text for row in rows] == ["a", "b", "c"]


def test_times_as_numbers_are_taken_for_what_they_are(tmp_path: Path) -> None:
    whole, part = read(tmp_path, said("a", ts=1704100000), said("b", ts=1704100001.5, thread_ts=1704100000))
    assert (whole.message, part.message, part.thread) == (
        "1704100000.000000",
        "1704100001.500000",
        "1704100000.000000",
    )
