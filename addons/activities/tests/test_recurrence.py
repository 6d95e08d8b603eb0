"""Rules of repetition: days equal those of the library, in Jalali months too, and no rule takes for ever."""

import datetime as dt
import time
from dataclasses import replace

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from addons.activities import recurrence, rule_form
from core.api import calendar

D = dt.date
WEEKDAYS = st.lists(st.sampled_from(recurrence.DAYS), min_size=1, max_size=4, unique=True).map(",".join)
NTH = st.builds(lambda n, d: f"{n}{d}", st.sampled_from([-2, -1, 1, 2, 3, 4, 5]), st.sampled_from(recurrence.DAYS))
MONTH_DAY = st.integers(-31, 31).filter(bool)
MONTH = st.integers(1, 12)
WEEK = st.integers(-53, 53).filter(bool)
YEAR_DAY = st.integers(-366, 366).filter(bool)
PARTS = st.one_of(
    st.just("FREQ=DAILY"), WEEKDAYS.map("FREQ=DAILY;BYDAY={}".format), st.just("FREQ=WEEKLY"), WEEKDAYS.map("FREQ=WEEKLY;BYDAY={}".format),
    st.just("FREQ=MONTHLY"), MONTH_DAY.map("FREQ=MONTHLY;BYMONTHDAY={}".format), NTH.map("FREQ=MONTHLY;BYDAY={}".format),
    st.builds("FREQ=MONTHLY;BYDAY={};BYSETPOS={}".format, WEEKDAYS, st.sampled_from([-1, 1, 2])),
    st.just("FREQ=YEARLY"), st.builds("FREQ=YEARLY;BYMONTH={};BYMONTHDAY={}".format, MONTH, MONTH_DAY),
    st.builds("FREQ=YEARLY;BYMONTH={};BYDAY={}".format, MONTH, NTH), NTH.map("FREQ=YEARLY;BYDAY={}".format),
    st.builds("FREQ=YEARLY;BYWEEKNO={};BYDAY={}".format, WEEK, WEEKDAYS),
    st.builds("FREQ=YEARLY;BYWEEKNO={};BYMONTH={};BYDAY={}".format, WEEK, MONTH, WEEKDAYS),
    YEAR_DAY.map("FREQ=YEARLY;BYYEARDAY={}".format), st.builds("FREQ=YEARLY;BYYEARDAY={};BYDAY={}".format, YEAR_DAY, WEEKDAYS),
    WEEKDAYS.map("FREQ=YEARLY;BYDAY={};BYSETPOS=-1".format), MONTH_DAY.map("FREQ=YEARLY;BYMONTHDAY={}".format))
RULES = st.builds("{};INTERVAL={};WKST={}{}".format, PARTS, st.integers(1, 5), st.sampled_from(["MO", "SA", "SU"]),
                  st.sampled_from(["", ";COUNT=7", ";UNTIL=20280105"]))
FIRST = st.dates(D(2020, 1, 1), D(2027, 12, 31))


@settings(max_examples=300, deadline=None)
@given(RULES, FIRST)
def test_days_are_those_of_the_library(text, first):
    rule = recurrence.read(text)
    until = first + dt.timedelta(days=365 * 9)
    expected = [m.date() for m in rrulestr(text, dtstart=dt.datetime.combine(first, dt.time())).between(
        dt.datetime.combine(first, dt.time()), dt.datetime.combine(until, dt.time()), inc=True)]
    bare = replace(rule, count=None)
    own = [d for d in recurrence._reckoned(bare, first, min(until, rule.until or until))][:rule.count or 10**6]
    assert own == expected
    try:
        assert recurrence.days(rule, first, until) == expected
    except recurrence.BadRule:
        assert not expected
    assert recurrence.read(recurrence.write(rule)) == rule


@settings(max_examples=60, deadline=None)
@given(FIRST, st.integers(1, 6))
def test_jalali_months_keep_their_day(first, every):
    rule = recurrence.read(f"RSCALE=PERSIAN;FREQ=MONTHLY;INTERVAL={every}")
    jalali = calendar("jalali")
    year, month, day = jalali.parts(first)
    found = recurrence.days(rule, first, first + dt.timedelta(days=3000))
    months = [y * 12 + m - (year * 12 + month) for y, m, _d in map(jalali.parts, found)]
    assert {jalali.parts(d)[2] for d in found} == {day} and all(m % every == 0 for m in months)
    assert months == sorted(set(months)) and (day > 29 or months == list(range(0, months[-1] + 1, every)))


def test_jalali_by_hand():
    jalali = calendar("jalali")
    first = jalali.date(1404, 1, 31)
    got = [jalali.parts(d) for d in recurrence.days(recurrence.read("RSCALE=PERSIAN;FREQ=MONTHLY;BYMONTHDAY=-1"), first, D(2026, 3, 25))]
    assert got[0] == (1404, 1, 31) and got[6] == (1404, 7, 30) and got[11] == (1404, 12, 29) and len(got) == 12
    leap = recurrence.days(recurrence.read("RSCALE=PERSIAN;FREQ=YEARLY"), jalali.date(1403, 12, 30), D(2040, 1, 1))
    assert [jalali.parts(d) for d in leap] == [(1403, 12, 30), (1408, 12, 30), (1412, 12, 30), (1416, 12, 30)]
    second = recurrence.days(recurrence.read("RSCALE=PERSIAN;FREQ=MONTHLY;BYDAY=2SA;COUNT=3"), jalali.date(1405, 1, 8), D(2030, 1, 1))
    assert all(d.weekday() == 5 and 8 <= jalali.parts(d)[2] <= 14 for d in second) and len(second) == 3


def test_weeks_and_days_of_a_year_by_hand():
    assert recurrence.days(recurrence.read("FREQ=YEARLY;BYWEEKNO=20"), D(2026, 5, 13), D(2028, 12, 31)) == [  # on Wednesdays, as it began
        D(2026, 5, 13), D(2027, 5, 19), D(2028, 5, 17)]
    assert recurrence.days(recurrence.read("FREQ=YEARLY;BYYEARDAY=1,100,-1;COUNT=4"), D(2026, 1, 1), D(2030, 1, 1)) == [
        D(2026, 1, 1), D(2026, 4, 10), D(2026, 12, 31), D(2027, 1, 1)]
    jalali = calendar("jalali")
    hundredth = recurrence.days(recurrence.read("RSCALE=PERSIAN;FREQ=YEARLY;BYYEARDAY=100,-1"), jalali.date(1403, 1, 1), D(2026, 1, 1))
    assert [jalali.parts(d) for d in hundredth] == [(1403, 4, 7), (1403, 12, 30), (1404, 4, 7)]
    assert rule_form.chosen(recurrence.read("FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=13;BYWEEKNO=20"))["repeat"] == "custom"


MANY = ",".join(map(str, range(1, 200)))


@pytest.mark.parametrize("text", [
    "", "hello", "FREQ=SECONDLY", "FREQ=HOURLY;INTERVAL=1", "FREQ=DAILY;BYHOUR=1,2", "FREQ=DAILY;COUNT=100000",
    "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;COUNT=2;UNTIL=20270101", "FREQ=WEEKLY;BYDAY=XX", "FREQ=DAILY;FREQ=DAILY",
    "FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=DAILY;BYMONTH=2", "FREQ=MONTHLY;BYWEEKNO=3",
    "FREQ=YEARLY;BYWEEKNO=54", "FREQ=YEARLY;BYWEEKNO=3;BYDAY=2MO", "RSCALE=PERSIAN;FREQ=YEARLY;BYWEEKNO=3", "FREQ=WEEKLY;BYYEARDAY=3",
    "FREQ=YEARLY;BYYEARDAY=367", f"FREQ=YEARLY;BYMONTHDAY={MANY}",
    "RSCALE=CHINESE;FREQ=DAILY", "FREQ=DAILY;UNTIL=x"])
def test_rules_that_are_refused(text):
    with pytest.raises(recurrence.BadRule):
        recurrence.read(text)


@pytest.mark.parametrize("text", ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYMONTHDAY=31;INTERVAL=12"])
def test_what_never_happens_is_found_out_at_once(text):
    begun = time.perf_counter()
    with pytest.raises(recurrence.BadRule):
        recurrence.days(recurrence.read(text), D(2026, 2, 1), D(9999, 1, 1))
    assert time.perf_counter() - begun < 1
