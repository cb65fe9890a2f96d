"""When a channel is at work: wall time in its zone, Monday to Friday, Fridays until noon (EVIDENCE 3.8)."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.channel import ChannelSettings
from bot.domain.restraint import FRIDAY_ENDS

_FRIDAY = 4


def is_open(settings: ChannelSettings, now: datetime) -> bool:
    """Whether `now` lies in the channel's working hours."""
    local = now.astimezone(ZoneInfo(settings.zone))
    if local.weekday() > _FRIDAY:
        return False
    return settings.opens <= local.time() < _closes(settings, local.weekday())


def next_opening(settings: ChannelSettings, now: datetime) -> datetime:
    """The next moment after `now`, in UTC, at which the channel is at work; `now` itself if it is.

    Falls back to a day later where a channel's hours never open (closing before opening on every day).
    """
    if is_open(settings, now):
        return now
    zone = ZoneInfo(settings.zone)
    today = now.astimezone(zone).date()
    for days in range(8):
        day = today + timedelta(days=days)
        opening = datetime.combine(day, settings.opens, zone).astimezone(UTC)
        if opening > now and is_open(settings, opening):
            return opening
    return now + timedelta(days=1)


def next_day(settings: ChannelSettings, now: datetime) -> datetime:
    """When the next day begins by the channel's clock, in UTC."""
    zone = ZoneInfo(settings.zone)
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(0), zone).astimezone(UTC)


def _closes(settings: ChannelSettings, weekday: int) -> time:
    return min(settings.closes, FRIDAY_ENDS) if weekday == _FRIDAY else settings.closes
