"""The one place that sets up what Kith logs: one line an event, as JSON or for people, and no word that people said.

Kith's own lines are sentences of ids, kinds and types of errors. Of what a library logs only the fact goes out: which
library, how serious, and where in its code. Its words are left out, because they may quote a request, a row or a token.
Of an error only its type and the places in the code it came by go out, never its text.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType
from typing import Literal, TextIO

import structlog
from structlog.typing import EventDict, Processor

OWN = "kith"
"""The logger that all of Kith's own stand under."""

LENT = ("kith.slack.bolt", "kith.slack.oauth", "kith.slack.web")
"""Loggers under Kith's name that a library writes to."""

MOST_PLACES = 20
"""How many places in the code are named of an error, the last ones."""

Level = Literal["debug", "info", "warning", "error"]
Format = Literal["auto", "json", "console"]

_log = logging.getLogger("kith.process")


def set_up_logs(*, level: Level = "info", format: Format = "auto", stream: TextIO | None = None) -> None:
    """Log from `level` on to `stream` (standard error); "auto" writes for people on a terminal and JSON elsewhere.

    Safe to call again. Errors that nobody caught, and warnings of Python's, go the same way.
    """
    out = sys.stderr if stream is None else stream
    for_people = format == "console" or (format == "auto" and out.isatty())
    handler = logging.StreamHandler(out)
    handler.setFormatter(_formatter(for_people=for_people))
    handler.addFilter(_worth_a_line)
    root = logging.getLogger()
    for before in [each for each in root.handlers if getattr(each, "of_kith", False)]:
        root.removeHandler(before)
    handler.of_kith = True  # type: ignore[attr-defined]  # a mark of our own, to find it again
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger(OWN).setLevel(level.upper())
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a tick that takes long is told by its figures
    logging.raiseExceptions = False  # a line that cannot be written would else be printed with what goes into it
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_a_thread
    sys.unraisablehook = _unraisable


def _formatter(*, for_people: bool) -> logging.Formatter:
    chain: list[Processor] = [structlog.contextvars.merge_contextvars, _plain]
    if for_people:
        stamp = structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=False)
        renderer: Processor = structlog.dev.ConsoleRenderer(colors=True, sort_keys=False)
    else:
        stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
        renderer = structlog.processors.JSONRenderer()
    processors: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, stamp, renderer]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=chain, processors=processors, use_get_message=False, pass_foreign_args=True
    )


def _is_own(name: str) -> bool:
    return (name == OWN or name.startswith(f"{OWN}.")) and not name.startswith(LENT)


def _worth_a_line(record: logging.LogRecord) -> bool:
    """Libraries are heard from warnings on, whatever level they gave themselves."""
    return _is_own(record.name) or record.levelno >= logging.WARNING


def _plain(_: object, __: str, line: EventDict) -> EventDict:
    """The line without anything that could hold what people wrote."""
    record: logging.LogRecord = line["_record"]
    told, line["event"], args = line.pop("event"), "", line.pop("positional_args", ())
    line.update(level=record.levelname.lower(), logger=record.name)
    line.pop("stack_info", None)
    if _is_own(record.name):
        line["event"] = told % args if args else told
    else:
        line.update(event="a library reported something", at=f"{Path(record.pathname).name}:{record.lineno}")
    error = line.pop("exc_info", None)
    if isinstance(error, tuple) and error[0] is not None:
        line.update(error=error[0].__name__, by=_places(error[2]))
    return line


def _places(where: TracebackType | None) -> list[str]:
    """Where an error came by, outermost first, as file:line function."""
    frames = traceback.extract_tb(where)[-MOST_PLACES:]
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]


def _uncaught(kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, where)
        return
    _log.critical("An error that nobody expected ended Kith.", exc_info=(kind, error, where))


def _uncaught_in_a_thread(args: threading.ExceptHookArgs) -> None:
    value = args.exc_value or args.exc_type()
    _log.error("An error that nobody expected ended a thread.", exc_info=(args.exc_type, value, args.exc_traceback))


def _unraisable(unraisable: sys.UnraisableHookArgs) -> None:
    value = unraisable.exc_value or unraisable.exc_type()
    _log.error(
        "An error came where nothing can catch it.", exc_info=(unraisable.exc_type, value, unraisable.exc_traceback)
    )
