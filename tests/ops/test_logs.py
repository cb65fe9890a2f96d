"""What is logged: Kith's own sentences, and of everything else only that it happened."""

from __future__ import annotations

import io
import logging
import re
import sys
import threading
import warnings
from pathlib import Path

from structlog.contextvars import bound_contextvars

from bot.bootstrap import set_up_logs
from bot.bootstrap.logs import LENT
from tests.ops.conftest import Logs

ROOT = Path(__file__).parents[2]
PLANTED = "xylophone-marmalade-heron"


def raise_planted() -> None:
    raise ValueError(PLANTED)


def test_a_line_is_json_with_what_when_and_how_serious(logs: Logs) -> None:
    logging.getLogger("kith.outbox").warning("%s is given up", "question-7")
    (line,) = logs.lines
    assert (line["event"], line["level"], line["logger"]) == ("question-7 is given up", "warning", "kith.outbox")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", line["timestamp"])


def test_a_line_carries_the_id_of_the_request_it_was_written_in(logs: Logs) -> None:
    with bound_contextvars(request_id="0123abcd"):
        logging.getLogger("kith.slack").error("failed")
    assert logs.lines[0]["request_id"] == "0123abcd"


def test_a_librarys_words_are_left_out_and_its_place_is_named(logs: Logs) -> None:
    logging.getLogger("aiohttp.client").error("cannot parse %s", PLANTED)
    logging.getLogger("asyncio").error(f"Task was lost: {PLANTED}")
    assert PLANTED not in logs.text
    assert [line["event"] for line in logs.lines] == ["a library reported something"] * 2
    assert logs.lines[0]["logger"] == "aiohttp.client"
    assert logs.lines[0]["at"].startswith("test_logs.py:")


def test_a_library_is_not_heard_below_a_warning_whatever_level_it_gave_itself(logs: Logs) -> None:
    loud = logging.getLogger("aiosqlite")
    before = loud.level
    loud.setLevel(logging.DEBUG)
    loud.info("executing %s", PLANTED)
    loud.setLevel(before)
    assert logs.text == ""


def test_loggers_that_libraries_were_lent_count_as_theirs(logs: Logs) -> None:
    for name in LENT:
        logging.getLogger(name).error(PLANTED)
    assert PLANTED not in logs.text and len(logs.lines) == len(LENT)


def test_every_logger_that_is_lent_to_a_library_is_listed() -> None:
    """A module's own logger is called _log; any other use of Kith's name hands one to somebody else."""
    lent = set[str]()
    for path in [*(ROOT / "adapters").rglob("*.py"), *(ROOT / "bot").rglob("*.py")]:
        for line in path.read_text().splitlines():
            named = re.search(r"getLogger\(\"(kith[\w.]*)\"\)", line)
            if named and not line.startswith("_log = "):
                lent.add(named[1])
    assert lent <= set(LENT)


def test_of_an_error_only_its_type_and_places_are_told(logs: Logs) -> None:
    try:
        raise_planted()
    except ValueError:
        logging.getLogger("kith.http").exception("A request failed.")
    (line,) = logs.lines
    assert line["error"] == "ValueError"
    assert re.fullmatch(r"test_logs\.py:\d+ raise_planted", line["by"][-1])
    assert PLANTED not in logs.text


def test_an_error_that_nobody_caught_is_told_in_the_same_way(logs: Logs) -> None:
    thread = threading.Thread(target=raise_planted)
    thread.start()
    thread.join()
    try:
        raise_planted()
    except ValueError as exc:
        sys.excepthook(type(exc), exc, exc.__traceback__)
    assert [line["error"] for line in logs.lines] == ["ValueError", "ValueError"]
    assert PLANTED not in logs.text


def test_a_line_that_cannot_be_put_together_is_not_printed_in_pieces(
    logs: Logs, capsys: object, tmp_path: Path
) -> None:
    said, sys.stderr = sys.stderr, io.StringIO()
    try:
        logging.getLogger("kith.http").error("%d", PLANTED)
        printed = sys.stderr.getvalue()
    finally:
        sys.stderr = said
    assert printed == "" and PLANTED not in logs.text


def test_a_warning_of_pythons_keeps_its_words_to_itself(logs: Logs) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn(PLANTED, stacklevel=1)
    assert logs.lines[-1]["logger"] == "py.warnings"
    assert PLANTED not in logs.text


def test_the_level_is_kiths_own(logs: Logs) -> None:
    set_up_logs(level="error", format="json", stream=logs.stream)
    logging.getLogger("kith.slack").warning("not now")
    logging.getLogger("kith.slack").error("now")
    assert [line["event"] for line in logs.lines] == ["now"]


def test_on_a_terminal_lines_are_for_people(logs: Logs) -> None:
    set_up_logs(format="console", stream=logs.stream)
    logging.getLogger("kith.slack").error("Kith was taken out of the workspace.")
    assert "Kith was taken out of the workspace." in logs.text
    assert not logs.text.startswith("{")
