"""Calendars against an arithmetic of their own, and dates as people type them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.i18n.calendars import calendar
from core.i18n.messages import Message

JALALI, GREGORIAN = calendar("jalali"), calendar("gregorian")
TODAY = date(2026, 11, 23)
LANGS = st.sampled_from(["fa", "en", "tr"])


def known_days() -> Iterator[tuple[date, tuple[int, int, int]]]:
    """Every day of 1300–1500 by the 33-year rule alone, counted from 1 Farvardin 1300 = 21 March 1921."""
    day = date(1921, 3, 21)
    for year in range(1300, 1501):
        leap = (year - 1210 + 1) % 33 % 4 == 1 and (year - 1210 + 1) % 33 != 0
        for month in range(1, 13):
            for number in range(1, (31 if month <= 6 else 30 if month < 12 or leap else 29) + 1):
                yield day, (year, month, number)
                day += timedelta(days=1)


def test_jalali_days_of_two_centuries() -> None:
    for day, parts in known_days():
        assert JALALI.parts(day) == parts
        assert JALALI.date(*parts) == day


def test_jalali_facts_agreed_by_icu() -> None:
    assert [year for year in range(1396, 1421) if JALALI.days_in_month(year, 12) == 30] == \
        [1399, 1403, 1408, 1412, 1416, 1420]
    assert JALALI.date(1409, 1, 1) == date(2030, 3, 21)
    with pytest.raises(ValueError) as caught:
        JALALI.date(1402, 12, 30)
    assert isinstance(caught.value.args[0], Message)


@given(day=st.dates(date(1822, 1, 1), date(2121, 1, 1)), name=st.sampled_from(["jalali", "gregorian"]),
       style=st.sampled_from(["short", "medium", "long"]), lang=LANGS, reader=st.sampled_from(["jalali", "gregorian"]),
       digits=st.sampled_from(["latn", "arabext"]))
def test_what_is_shown_can_be_typed(day: date, name: str, style: str, lang: str, reader: str, digits: str) -> None:
    shown = calendar(name).format(day, style, lang, digits)
    assert calendar(reader).parse(shown, lang, TODAY) == day


@given(day=st.dates(date(1900, 1, 1), date(2100, 1, 1)), name=st.sampled_from(["jalali", "gregorian"]))
def test_periods_hold_the_day(day: date, name: str) -> None:
    used = calendar(name)
    for first, last in (used.week_bounds(day), used.month_bounds(day), used.quarter_bounds(day), used.year_bounds(day)):
        assert first <= day <= last
    month, quarter, year = used.month_bounds(day), used.quarter_bounds(day), used.year_bounds(day)
    assert year[0] <= quarter[0] <= month[0] <= month[1] <= quarter[1] <= year[1]
    assert used.parts(month[0])[2] == 1
    assert used.parts(month[1] + timedelta(days=1))[2] == 1
    assert used.days_in_month(*used.parts(day)[:2]) == (month[1] - month[0]).days + 1
    assert used.add_months(used.add_months(month[0], 5), -5) == month[0]


def test_periods() -> None:
    assert JALALI.quarter_bounds(TODAY) == (date(2026, 9, 23), date(2026, 12, 21))
    assert JALALI.year_bounds(TODAY) == (date(2026, 3, 21), date(2027, 3, 20))
    assert JALALI.week_bounds(TODAY) == (date(2026, 11, 21), date(2026, 11, 27))
    assert GREGORIAN.week_bounds(TODAY) == (TODAY, date(2026, 11, 29))
    assert GREGORIAN.week_bounds(TODAY, week_start=6) == (date(2026, 11, 22), date(2026, 11, 28))
    assert GREGORIAN.add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert JALALI.add_months(JALALI.date(1403, 12, 30), 12) == JALALI.date(1404, 12, 29)


def test_month_grid_is_whole_weeks() -> None:
    grid = JALALI.month_grid(1405, 9)
    assert all(len(week) == 7 and week[0].weekday() == 5 for week in grid)
    days = [day for week in grid for day in week]
    assert days == [days[0] + timedelta(days=index) for index in range(len(days))]
    assert {JALALI.date(1405, 9, 1), JALALI.date(1405, 9, 30)} <= set(days)
    assert len(GREGORIAN.month_grid(2026, 2, week_start=6)) == 4


@pytest.mark.parametrize(("typed", "expected"), [
    *[(typed, date(2026, 9, 27)) for typed in (
        "1405/7/5", "۱۴۰۵/۰۷/۰۵", "١٤٠٥-٧-٥", "1405.7.5", "5.7.1405", "14050705", "۵ مهر ۱۴۰۵", "5 Mehr 1405",
        "2026-09-27", "27.09.2026", "27/9/2026", "09/27/2026", "20260927", "Sep 27, 2026", "27 Eylül 2026",
        "27th of September 2026", "یک‌شنبه ۵ مهرماه ۱۴۰۵", "27 EYLÜL 2026",
        "\u200e1405/07/05", "۲۷ سپتامبر ۲۰۲۶", "۵ مهر")],
    ("tomorrow", date(2026, 11, 24)), ("فردا", date(2026, 11, 24)), ("yarın", date(2026, 11, 24)),
    ("Bugün", TODAY), ("امروز", TODAY), ("DÜN", date(2026, 11, 22)), ("دیروز", date(2026, 11, 22)),
    ("+3d", date(2026, 11, 26)), ("-2w", date(2026, 11, 9)), ("+1m", date(2026, 12, 23)), ("+۱y", date(2027, 11, 23)),
    ("in 3 days", date(2026, 11, 26)), ("۳ روز پیش", date(2026, 11, 20)), ("3 gün sonra", date(2026, 11, 26)),
])
def test_typed_dates_whatever_the_calendar(typed: str, expected: date) -> None:
    assert GREGORIAN.parse(typed, "en", TODAY) == expected
    if typed not in ("+1m", "+۱y"):
        assert JALALI.parse(typed, "fa", TODAY) == expected


def test_two_digit_years_follow_the_calendar() -> None:
    assert JALALI.parse("05/07/05", "fa", TODAY) == date(2026, 9, 27)
    assert JALALI.parse("99/1/5", "fa", TODAY) == JALALI.date(1399, 1, 5)
    assert GREGORIAN.parse("27.9.26", "tr", TODAY) == date(2026, 9, 27)
    assert GREGORIAN.parse("27.9.85", "tr", TODAY) == date(1985, 9, 27)


@pytest.mark.parametrize("typed", ["", "  ", "garbage", "1402/12/30", "2026-02-30", "2026-13-01", "12", "1/2", "+d",
                                   "99999999", "+9999y", "1-2/2026", "5 Mehr 5 Mehr 1405", "۵ مهر ۱۴۰۵ ۲",
                                   "1" * 5000, "\x00", "0/0/0", "5 Oct 99999"])
def test_nonsense_is_refused_with_a_message(typed: str) -> None:
    for used in (JALALI, GREGORIAN):
        with pytest.raises(ValueError) as caught:
            used.parse(typed, "en", TODAY)
        assert isinstance(caught.value.args[0], Message)


@given(st.text(st.sampled_from("0123456789۰۱۵/.- +dwmyمهر Oct\u200c"), max_size=14))
def test_typing_never_crashes(text: str) -> None:
    for used in (JALALI, GREGORIAN):
        try:
            outcome: object = used.parse(text, "fa", TODAY)
        except ValueError as error:
            outcome = error.args[0]
        assert isinstance(outcome, (date, Message))


def test_styles_and_names() -> None:
    day = date(2026, 9, 27)
    assert JALALI.format(day, "long", "fa", "arabext") == "یکشنبه ۵ مهر ۱۴۰۵"
    assert JALALI.format(day, "month", "fa", "arabext") == "مهر ۱۴۰۵"
    assert GREGORIAN.format(day, "long", "en") == "Sunday, 27 September 2026"
    assert GREGORIAN.format(day, "long", "tr") == "27 Eylül 2026 Pazar"
    assert GREGORIAN.format(day, "short", "tr") == "27.09.2026"
    assert GREGORIAN.format(day, "day", "en") == "27 Sep"
    assert JALALI.format(date(500, 1, 1), "medium", "fa") == "0500-01-01"
    assert JALALI.month_names("de") == JALALI.month_names("en")
    assert GREGORIAN.weekday_names("tr", short=True)[0] == "Pzt"
