"""The arithmetic of working time against a model that walks minute by minute, over daylight saving and midnights."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from addons.worktime import hours
from addons.worktime.clock import Clock, DayRule, NoWorkingTime, OutOfReach

UTC, MINUTE, DAY = dt.UTC, dt.timedelta(minutes=1), dt.timedelta(days=1)
IRAN = [((480, 750), (780, 990)), ((480, 750), (780, 990)), ((480, 750), (780, 990)), ((480, 720),), (),
        ((480, 750), (780, 990)), ((480, 750), (780, 990))]
CHANGES = {  # zones, and days on which their clocks jump: at midnight, at two, by half an hour, a whole day
    "Asia/Tehran": [dt.date(2021, 3, 22), dt.date(2021, 9, 21)], "Europe/Istanbul": [dt.date(2016, 3, 27), dt.date(2015, 11, 8)],
    "America/New_York": [dt.date(2026, 3, 8), dt.date(2026, 11, 1)], "Australia/Lord_Howe": [dt.date(2026, 4, 5), dt.date(2026, 10, 4)],
    "Pacific/Apia": [dt.date(2011, 12, 29), dt.date(2011, 12, 31)], "America/Havana": [dt.date(2025, 11, 2), dt.date(2025, 3, 9)],
    "UTC": [dt.date(2026, 2, 28), dt.date(2025, 12, 31)]}


def utc(*parts):
    return dt.datetime(*parts, tzinfo=UTC)


# ---------------------------------------------------------------- the model
def open_minutes(clock, start, end):
    """The minutes from start to end that are open, by looking at the wall for each: a clock that never goes back."""
    found, top = [], None
    at = start - DAY
    while at < end:
        wall = at.astimezone(clock.zone).replace(tzinfo=None)
        top = wall if top is None or wall > top else top
        repeated = wall < top  # the hour shown a second time: the wall stands still at its end
        if at >= start and _is_open(clock, top + (MINUTE - dt.timedelta(microseconds=1) if repeated else dt.timedelta())):
            found.append(at)
        at += MINUTE
    return found


def _is_open(clock, wall):
    minutes = (wall - dt.datetime.combine(wall.date(), dt.time())) / MINUTE
    today = any(begins <= minutes < ends for begins, ends in clock.hours(wall.date()))
    return today or any(begins <= minutes + 1440 < ends for begins, ends in clock.hours(wall.date() - DAY))


# ---------------------------------------------------------------- random calendars
@st.composite
def spans(draw, night=True):
    cuts = sorted(draw(st.lists(st.integers(0, 96), min_size=0, max_size=6, unique=True)))
    made = [(a * 15, b * 15) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    if night and draw(st.booleans()) and (not made or made[-1][1] < 1440):
        begins = draw(st.integers((made[-1][1] if made else 0) // 15, 95)) * 15
        made.append((begins, begins + draw(st.integers(1, 96)) * 15))
    return tuple(made)


@st.composite
def clocks(draw):
    zone = draw(st.sampled_from(sorted(CHANGES)))
    around = draw(st.sampled_from(CHANGES[zone]))
    week = [draw(spans()) for _day in range(7)]
    days = {around + DAY * draw(st.integers(-4, 4)): draw(st.one_of(
        st.builds(DayRule, spans=spans()), st.builds(DayRule, until=st.integers(0, 96).map(lambda n: n * 15)),
        st.just(DayRule(spans=())))) for _n in range(draw(st.integers(0, 4)))}
    return Clock(ZoneInfo(zone), week, days, name="random"), around


def near(day):
    """Moments around a day, to the minute."""
    base = dt.datetime.combine(day, dt.time(), UTC)
    return st.integers(-3 * 1440, 3 * 1440).map(lambda n: base + n * MINUTE)


def exact(day):
    base = dt.datetime.combine(day, dt.time(), UTC)
    return st.integers(-3 * 86400 * 10**6, 3 * 86400 * 10**6).map(lambda n: base + dt.timedelta(microseconds=n))


many = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_it_counts_as_one_who_looks_at_the_wall_every_minute(data):
    clock, around = data.draw(clocks())
    one, two = sorted((data.draw(near(around)), data.draw(near(around))))
    minutes = open_minutes(clock, one, two)
    assert clock.between(one, two) == len(minutes) * 60
    assert clock.between(two, one) == -len(minutes) * 60
    assert clock.is_open(one) == bool(open_minutes(clock, one, one + MINUTE))
    if minutes:
        assert clock.next_open(one) == minutes[0]
        wanted = data.draw(st.integers(1, len(minutes)))
        assert clock.add(one, wanted * 60) == minutes[wanted - 1] + MINUTE
        assert clock.add(two, -wanted * 60) == minutes[-wanted]


@many
@given(st.data())
def test_add_and_between_are_inverse(data):
    clock, around = data.draw(clocks())
    assume(any(clock.week))
    start, end = data.draw(exact(around)), data.draw(exact(around))
    seconds = data.draw(st.integers(-3_000_000, 3_000_000))
    assert clock.between(start, clock.add(start, seconds)) == seconds
    passed = clock.between(start, end)
    back = clock.add(start, passed)
    assert clock.between(back, end) == 0, "the same working time, and nothing but closed hours (or a fraction of a second) between"
    if passed > 0:
        assert start < back <= end
        assert clock.between(start, back - dt.timedelta(microseconds=1)) < passed, "the first of such moments"
    if passed < 0:
        assert end <= back < start


@many
@given(st.data())
def test_it_is_additive_and_monotone(data):
    clock, around = data.draw(clocks())
    one, two, three = sorted(data.draw(near(around)) for _n in range(3))
    assert clock.between(one, two) + clock.between(two, three) == clock.between(one, three)
    assert 0 <= clock.between(one, two) <= clock.between(one, three) <= (three - one).total_seconds()
    assume(any(clock.week))
    a, b = sorted((data.draw(st.integers(0, 900_000)), data.draw(st.integers(0, 900_000))))
    assert clock.add(one, a) <= clock.add(one, b) and clock.add(one, a) <= clock.add(two, a)
    assert clock.add(clock.add(one, a), b - a) == clock.add(one, b) or a == 0
    assert clock.between(clock.add(one, b), one) == -b


@many
@given(st.data())
def test_days_are_drawn_as_they_are_counted(data):
    clock, around = data.draw(clocks())
    day = around + DAY * data.draw(st.integers(-3, 3))
    parts = clock.day_parts(day)
    assert all(begins < ends for begins, ends in parts) and parts == sorted(parts)
    midnight = dt.datetime.combine(day, dt.time(), clock.zone).astimezone(UTC)
    after = dt.datetime.combine(day + DAY, dt.time(), clock.zone).astimezone(UTC)
    assert sum((ends - begins).total_seconds() for begins, ends in parts) == clock.between(midnight, after)


@settings(deadline=None, max_examples=5)
@given(st.data())
@example(None)
def test_where_one_begins_to_ask_does_not_matter(data):
    """Years are added at either end of what is known; counts stay the same."""
    clock, fresh = (Clock(ZoneInfo("Asia/Tehran"), IRAN) for _n in range(2))
    moments = [utc(2031, 5, 5), utc(1999, 1, 1), utc(2012, 7, 7, 12), utc(2090, 3, 3), utc(1980, 2, 2)]
    if data is not None:
        moments = data.draw(st.permutations(moments))
    first = [clock.between(moments[0], m) for m in moments]
    fresh.between(utc(1975, 1, 1), utc(2095, 1, 1))
    assert first == [fresh.between(moments[0], m) for m in moments] == [clock.between(moments[0], m) for m in moments]
    assert clock.add(moments[1], 10**7) == fresh.add(moments[1], 10**7)


# ---------------------------------------------------------------- by hand
def test_a_friday_and_a_lunch_break_by_hand():
    """Wednesday 15:30 in Tehran and nine hours: one on Wednesday, four on Thursday, Friday is free, four on Saturday."""
    clock = Clock(ZoneInfo("Asia/Tehran"), IRAN)
    start = utc(2026, 11, 25, 12, 0)  # 15:30 in Tehran
    assert clock.add(start, 9 * 3600) == utc(2026, 11, 28, 8, 30)  # Saturday 12:00
    assert clock.add(start, 9 * 3600 + 1800) == utc(2026, 11, 28, 9, 0)  # Saturday 12:30: the end of the morning, not the afternoon
    assert clock.add(start, 9 * 3600 + 1801) == utc(2026, 11, 28, 9, 30, 1)
    assert clock.between(start, utc(2026, 11, 28, 8, 30)) == 9 * 3600
    assert clock.is_open(start) and not clock.is_open(utc(2026, 11, 25, 13, 0)) and not clock.is_open(utc(2026, 11, 27, 8, 0))
    assert clock.next_open(utc(2026, 11, 26, 8, 30)) == utc(2026, 11, 28, 4, 30)


def test_a_night_over_daylight_saving():
    """New York: 22:00 to 06:00 has seven hours when clocks are put forward and nine when they are put back."""
    clock = Clock(ZoneInfo("America/New_York"), [((1320, 1800),)] * 7)
    for day, length in ((dt.date(2026, 3, 7), 7), (dt.date(2026, 10, 31), 9), (dt.date(2026, 7, 1), 8)):
        begins = dt.datetime.combine(day, dt.time(22), clock.zone).astimezone(UTC)
        assert clock.between(begins, begins + dt.timedelta(hours=12)) == length * 3600
        assert clock.add(begins, length * 3600) == begins + dt.timedelta(hours=length)


def test_an_end_in_the_hour_that_does_not_exist():
    """Tehran, 22 March 2021: clocks went from 00:00 to 01:00. 00:30 there never was."""
    clock = Clock(ZoneInfo("Asia/Tehran"), [((30, 120),)] * 7)
    start = utc(2021, 3, 21, 20, 30)  # midnight, the moment of the jump
    assert clock.between(start, start + DAY / 2) == 3600 and clock.next_open(start) == start


def test_a_calendar_without_open_hours_says_so():
    clock = Clock(ZoneInfo("UTC"), [()] * 7, name="Never")
    assert clock.between(utc(2026, 1, 1), utc(2027, 1, 1)) == 0 and not clock.is_open(utc(2026, 1, 1))
    assert clock.add(utc(2026, 1, 1), 0) == utc(2026, 1, 1)
    for ask in (lambda: clock.add(utc(2026, 1, 1), 60), lambda: clock.add(utc(2026, 1, 1), -60), lambda: clock.next_open(utc(2026, 1, 1))):
        with pytest.raises(NoWorkingTime, match="Never"):
            ask()
    once = Clock(ZoneInfo("UTC"), [()] * 7, {dt.date(2030, 5, 5): DayRule(spans=((0, 60),))})
    assert once.add(utc(2026, 1, 1), 3600) == utc(2030, 5, 5, 1) and once.add(utc(2040, 1, 1), -3600) == utc(2030, 5, 5)
    with pytest.raises(NoWorkingTime):
        once.add(utc(2026, 1, 1), 3601)


def test_what_is_far_away_is_refused_at_once():
    clock = Clock(ZoneInfo("Asia/Tehran"), IRAN)
    for ask in (lambda: clock.add(utc(2026, 1, 1), 10**10), lambda: clock.add(utc(2026, 1, 1), -10**10),
                lambda: clock.between(utc(2026, 1, 1), utc(9999, 12, 31)), lambda: clock.is_open(utc(1, 1, 1)),
                lambda: clock.add(dt.datetime.max.replace(tzinfo=UTC), 1)):
        with pytest.raises(OutOfReach):
            ask()


# ---------------------------------------------------------------- hours as people write them
@given(spans())
def test_written_hours_are_read_back(made):
    assume(all(ends - begins <= 1440 for begins, ends in made))
    assert hours.read(hours.write(made)) == made


@pytest.mark.parametrize(("text", "found"), [
    ("8-12, 13-17", ((480, 720), (780, 1020))), ("۸:۳۰ تا ۱۲", ((510, 720),)), ("۸-۱۲ و ۱۳-۱۷", ((480, 720), (780, 1020))),
    ("09.00–12.30; 13.30–18.00", ((540, 750), (810, 1080))), ("22-6", ((1320, 1800),)), ("0-24", ((0, 1440),)), ("", ()),
    ("13-17 8-12", None), ("8-12, 11-13", None), ("25-26", None), ("8", None), ("8:70-9", None), ("24-25", None), ("abc", None)])
def test_hours_as_they_are_typed(text, found):
    if found is None:
        with pytest.raises(ValueError, match="."):
            hours.read(text)
    else:
        assert hours.read(text) == found
