"""Reads Slack's timestamps, which are a message's time and its id in one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000
_LATEST = int(datetime(2100, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000
_LONGEST = 32
_USUAL = len("1611234567.000200")


def micros(stamp: object) -> int | None:
    """Microseconds since 1970 of "1611234567.000200" (or a number); None if it is no time between 2000 and 2100."""
    if isinstance(stamp, str) and len(stamp) == _USUAL and stamp[10] == "." and stamp.isascii():
        digits = stamp[:10] + stamp[11:]
        value = int(digits) if digits.isdecimal() else 0
        return value if _EARLIEST <= value < _LATEST else None
    return _unusual(stamp)


def _unusual(stamp: object) -> int | None:
    """The same for times that Slack itself does not write: numbers, other counts of decimals."""
    if isinstance(stamp, float | int) and not isinstance(stamp, bool):
        stamp = f"{stamp:.6f}" if isinstance(stamp, float) else str(stamp) if abs(stamp) < 10**12 else ""
    if not isinstance(stamp, str) or len(stamp) > _LONGEST:
        return None
    seconds, _, fraction = stamp.partition(".")
    if not (seconds.isascii() and seconds.isdecimal()):
        return None
    if fraction and not (fraction.isascii() and fraction.isdecimal()):
        return None
    value = int(seconds) * 1_000_000 + int(fraction[:6].ljust(6, "0"))
    return value if _EARLIEST <= value < _LATEST else None


def moment(value: int) -> datetime:
    """The aware UTC datetime of microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=value)


def message_id(value: int) -> str:
    """The id that Slack gives a message of that time, always with six decimals."""
    return f"{value // 1_000_000}.{value % 1_000_000:06d}"
