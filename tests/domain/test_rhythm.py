"""When check-ins fall: what people mean by a rhythm, on every zone's odd days, over many years."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.almanac import LibraryAlmanac
from bot.domain.cron import daily
from bot.domain.rhythm import LAST, WEEKDAYS, Cron, Monthly, Rhythm, Slot, Timing, Weekly, next_slot, slots

ALMANAC = LibraryAlmanac()
EVERY_DAY = Weekly(on=frozenset(range(7)))


def falls(rhythm: Rhythm, since: str, n: int = 4, *, at: str = "09:00", zone: str = "UTC", **rest: object) -> list[str]:
    """The next `n` days, each with the wall time that clocks there show."""
    timing = Timing(rhythm=rhythm, at=time.fromisoformat(at), zone=zone, **rest)  # type: ignore[arg-type]
    found = islice(slots(timing, date.fromisoformat(since), ALMANAC), n)
    return [f"{slot.at.astimezone(ZoneInfo(zone)):%a %Y-%m-%d %H:%M}" for slot in found]


def test_every_second_week_counts_from_the_week_it_began_in() -> None:
    rhythm = Weekly(on=frozenset({0, 3}), every=2, since=date(2026, 3, 4))
    assert falls(rhythm, "2026-03-01") == [
        "Mon 2026-03-02 09:00",
        "Thu 2026-03-05 09:00",
        "Mon 2026-03-16 09:00",
        "Thu 2026-03-19 09:00",
    ]


def test_a_fifth_friday_comes_in_months_that_have_one() -> None:
    assert [day[4:14] for day in falls(Monthly(nth=5, weekday=4), "2026-01-01")] == [
        "2026-01-30",
        "2026-05-29",
        "2026-07-31",
        "2026-10-30",
    ]


def test_the_last_friday_comes_every_month() -> None:
    assert [day[4:14] for day in falls(Monthly(nth=LAST, weekday=4), "2026-01-01")] == [
        "2026-01-30",
        "2026-02-27",
        "2026-03-27",
        "2026-04-24",
    ]


def test_the_29th_of_february_comes_in_leap_years() -> None:
    assert falls(Cron(days="29 2 *"), "2026-01-01", 2) == ["Tue 2028-02-29 09:00", "Sun 2032-02-29 09:00"]


def test_the_leap_day_is_found_over_the_century_that_has_none() -> None:
    assert falls(Cron(days="29 2 *"), "2096-03-01", 1) == ["Fri 2104-02-29 09:00"]


def test_the_31st_of_february_never_comes() -> None:
    assert falls(Cron(days="31 2 *"), "2026-01-01") == []


def test_a_time_that_comes_twice_fires_once() -> None:
    assert falls(EVERY_DAY, "2026-10-24", 3, at="02:30", zone="Europe/Madrid") == [
        "Sat 2026-10-24 02:30",
        "Sun 2026-10-25 02:30",
        "Mon 2026-10-26 02:30",
    ]


@pytest.mark.parametrize(
    ("zone", "since", "at", "fires"),
    [
        ("Europe/Madrid", "2026-03-29", "02:30", "Sun 2026-03-29 03:30"),
        ("Asia/Beirut", "2027-03-28", "00:00", "Sun 2027-03-28 01:00"),
        ("Africa/Cairo", "2027-04-30", "00:30", "Fri 2027-04-30 01:30"),
        ("America/Nuuk", "2027-03-27", "23:30", "Sun 2027-03-28 00:30"),
        ("Australia/Lord_Howe", "2026-10-04", "02:15", "Sun 2026-10-04 02:45"),
    ],
)
def test_a_time_that_clocks_leave_out_is_not_lost(zone: str, since: str, at: str, fires: str) -> None:
    assert falls(EVERY_DAY, since, 1, at=at, zone=zone) == [fires]


def test_a_slot_left_out_before_midnight_is_found_from_the_next_day_too() -> None:
    timing = Timing(rhythm=EVERY_DAY, at=time(23, 30), zone="America/Nuuk")
    just_before = datetime(2027, 3, 28, 0, 15, tzinfo=ZoneInfo("America/Nuuk")).astimezone(UTC)
    found = next_slot(timing, just_before, ALMANAC)
    assert found == Slot(day=date(2027, 3, 27), at=just_before + timedelta(minutes=15))


def test_a_day_that_a_zone_left_out_whole_has_no_slot() -> None:
    assert [day[4:14] for day in falls(EVERY_DAY, "2011-12-29", 2, zone="Pacific/Apia")] == ["2011-12-29", "2011-12-31"]


def test_holidays_and_single_days_are_left_out() -> None:
    mondays = Weekly(on=frozenset({0}))
    found = falls(mondays, "2026-03-30", 3, zone="Europe/Dublin", country="IE", skips=frozenset({date(2026, 4, 13)}))
    assert [day[4:14] for day in found] == ["2026-03-30", "2026-04-20", "2026-04-27"]  # 6 April is Easter Monday


def test_holidays_are_those_of_a_part_of_a_country_too() -> None:
    assert ALMANAC.is_holiday("DE-BY", date(2026, 1, 6))
    assert not ALMANAC.is_holiday("DE-BE", date(2026, 1, 6))
    assert [ALMANAC.knows(c) for c in ("", "DE", "DE-BY", "de", "DE-XX", "Narnia", "-BY")] == [True] * 3 + [False] * 4


@pytest.mark.parametrize(
    ("expression", "at", "days"),
    [
        ("0 9 * * 0", "09:00", "* * sun"),
        ("0 9 * * 7", "09:00", "* * sun"),
        ("30 17 * * 1-5", "17:30", "* * mon,tue,wed,thu,fri"),
        ("0 9 * * fri-mon", "09:00", "* * mon,fri,sat,sun"),
        ("0 9 * * */2", "09:00", "* * tue,thu,sat,sun"),
        ("5 8 1-7 * MON", "08:05", "1-7 * mon"),
        ("0 9 last * *", "09:00", "last * *"),
    ],
)
def test_a_cron_expression_names_its_weekdays(expression: str, at: str, days: str) -> None:
    found = daily(expression)
    assert found is not None and (f"{found.at:%H:%M}", found.days) == (at, days)


@pytest.mark.parametrize(
    "expression", ["", "* * * * *", "*/5 9 * * *", "0 9,17 * * *", "0 24 * * *", "0 9 * * 8", "0 9 * *", "0 9 * * mo"]
)
def test_a_cron_expression_that_asks_twice_a_day_or_cannot_be_read_is_refused(expression: str) -> None:
    assert daily(expression) is None


@pytest.mark.parametrize("days", ["0 * *", "32 * *", "*/0 * *", "a * *", "* 13 *"])
def test_days_that_no_calendar_has_are_an_error(days: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        ALMANAC.cron_day(days, date(2026, 1, 1))


ZONES = sorted(available_timezones())
RHYTHMS: st.SearchStrategy[Rhythm] = st.one_of(
    st.builds(
        Weekly,
        on=st.frozensets(st.integers(0, 6), min_size=1),
        every=st.integers(1, 8),
        since=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    ),
    st.builds(Monthly, nth=st.sampled_from([1, 2, 3, 4, 5, LAST]), weekday=st.integers(0, 6)),
    st.builds(Cron, days=st.sampled_from(["* * *", "1 * *", "31 * *", "* * mon,fri", "1-7 * tue", "*/9 2,10 *"])),
)
TIMINGS = st.builds(
    Timing,
    rhythm=RHYTHMS,
    at=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    zone=st.sampled_from(ZONES),
    country=st.sampled_from(["", "", "DE-BY", "US", "JP"]),
    skips=st.frozensets(st.dates(date(1990, 1, 1), date(2040, 1, 1)), max_size=3),
)
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001, hypothesis adds the zone


@settings(max_examples=150, deadline=None)
@given(TIMINGS, MOMENTS)
def test_slots_go_forward_in_days_and_in_time_and_keep_to_the_wall(timing: Timing, after: datetime) -> None:
    zone = ZoneInfo(timing.zone)
    found = list(islice(slots(timing, after.date(), ALMANAC), 8))
    for one, other in pairwise(found):
        assert one.day < other.day and one.at < other.at
    for slot in found:
        wall = slot.at.astimezone(zone)
        exact = (wall.date(), wall.time()) == (slot.day, timing.at)
        left_out = datetime.combine(slot.day, timing.at, zone)
        assert exact or left_out.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != left_out.replace(tzinfo=None)
        assert slot.day not in timing.skips and not ALMANAC.is_holiday(timing.country, slot.day)


@settings(max_examples=150, deadline=None)
@given(TIMINGS, MOMENTS)
def test_the_next_slot_is_later_and_none_lies_between(timing: Timing, after: datetime) -> None:
    found = next_slot(timing, after, ALMANAC)
    if found is not None:
        assert found.at > after
        before = islice(slots(timing, after.date() - timedelta(days=3), ALMANAC), 12)
        assert not [slot for slot in before if after < slot.at < found.at]


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(ZONES), st.integers(1990, 2040), st.times().map(lambda t: t.replace(second=0, microsecond=0)))
def test_every_day_of_a_year_has_its_slot_in_every_zone(zone: str, year: int, at: time) -> None:
    timing = Timing(rhythm=EVERY_DAY, at=at, zone=zone)
    days = [slot.day for slot in islice(slots(timing, date(year, 1, 1), ALMANAC), 365)]
    missing = {date(year, 1, 1) + timedelta(days=n) for n in range(365)} - set(days)
    assert len(missing) <= 1  # a zone that moved across the date line left one out


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(WEEKDAYS), st.sampled_from(ZONES), MOMENTS)
def test_cron_and_a_weekly_rhythm_agree(weekday: str, zone: str, after: datetime) -> None:
    cron = Timing(rhythm=Cron(days=f"* * {weekday}"), at=time(0, 30), zone=zone)
    weekly = Timing(rhythm=Weekly(on=frozenset({WEEKDAYS.index(weekday)})), at=time(0, 30), zone=zone)
    assert next_slot(cron, after, ALMANAC) == next_slot(weekly, after, ALMANAC)
