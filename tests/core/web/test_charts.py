"""Charts and periods: scales, places, reading direction, calendars."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.i18n.formats import formatter
from core.installation import Installation
from core.security.actor import SYSTEM
from core.web import viewmodels as vm
from core.web.charts import DRAWN, chart, scale
from core.web.periods import Period, months, period, quarters
from tests.web_theme.fakes import Fakes
from tests.web_theme.fakes_figures import env_of

NUMBERS = st.decimals(min_value=-10**12, max_value=10**12, places=2)


@given(NUMBERS, NUMBERS)
def test_an_axis_holds_zero_and_all_values(a: Decimal, b: Decimal) -> None:
    """Round steps, few of them."""
    low, high = float(min(a, b)), float(max(a, b))
    first, last, step = scale(low, high)
    assert first <= min(low, 0) and last >= max(high, 0) and step > 0
    assert (last - first) / step <= 7 or low == high == 0


def test_what_is_counted_has_whole_ticks():
    assert scale(0, 2, whole=True) == (0.0, 2.0, 1.0) and scale(0, 2)[2] < 1


@pytest.mark.parametrize("lang", ["fa", "en"])
@pytest.mark.parametrize("kind", sorted(DRAWN))
@given(values=st.lists(st.one_of(st.none(), st.integers(0, 10**9)), min_size=1, max_size=30))
def test_marks_stay_inside_of_the_plot(kind: str, lang: str, values: list[int | None]) -> None:
    """Whatever the values, nothing is drawn outside; each category has its mark."""
    env = env_of(Fakes(lang))
    names = [str(i) for i in range(len(values))]
    made = chart(env, kind, "t", names, [vm.Series("a", values, [f"/{n}" for n in names])])
    if made.empty:
        assert not any(values)
        return
    assert len(made.rows) == len(values)
    for row in made.rows:
        for mark in row:
            assert -0.01 <= mark.x <= 100.01 and -0.01 <= mark.y <= 100.01
            assert mark.x + mark.width <= 100.01 and mark.y + mark.height <= 100.02


def test_categories_run_from_the_reading_side() -> None:
    """The first month stands at the right for those who read from there."""
    places = {}
    for lang in ("fa", "en"):
        made = chart(env_of(Fakes(lang)), "columns", "t", ["1", "2", "3"], [vm.Series("a", [1, 2, 3])])
        places[lang] = [row[0].x for row in made.rows]
    assert places["en"] == sorted(places["en"]) and places["fa"] == sorted(places["fa"], reverse=True)


def test_a_column_is_as_tall_as_its_value() -> None:
    """Also below zero."""
    made = chart(env_of(Fakes("en")), "columns", "t", ["1", "2"], [vm.Series("a", [Decimal(50), Decimal(-50)])])
    up, down = made.rows[0][0], made.rows[1][0]
    assert up.height == down.height and up.y + up.height == made.base == down.y


def test_short_numbers() -> None:
    """Three digits that count, in the reader's words."""
    en, fa = formatter("en", "UTC", "gregorian", "latn"), formatter("fa", "Asia/Tehran", "jalali", "arabext")
    texts = [en.short(v) for v in (0, 7, 999, 1234, Decimal("999999"), 12_500_000, -1_250_000_000, Decimal("0.25"))]
    assert texts == ["0", "7", "999", "1.23K", "1M", "12.5M", "-1.25B", "0.25"]
    assert fa.short(12_500_000) == "۱۲٫۵ میلیون"
    assert fa.short_money(Decimal(2_000_000), "IRR").startswith("۲ میلیون")


@pytest.mark.parametrize("name", ["gregorian", "jalali"])
def test_periods_of_the_calendar(installation: Installation, name: str) -> None:
    """Months and quarters are those of the reader's calendar."""
    with installation.env(replace(SYSTEM, calendar=name)) as env:
        p = period(env, "this_year")
        year = months(env, p.first, p.last)
        assert len(year) == 12 and year[0].first == p.first and year[-1].last == p.last
        assert env.calendar.parts(p.first)[1:] == (1, 1)
        assert len(quarters(env, p.first, p.last)) == 4
        typed = period(env, "2026-03-01..2026-02-01")
        assert (typed.first, typed.last) == (dt.date(2026, 2, 1), dt.date(2026, 3, 1))
        assert period(env, "rubbish").key == "this_month" and period(env, "..").key == "this_month"
        assert (period(env, "next_quarter").first - period(env, "this_quarter").last).days == 1
        assert len(months(env, *bounds(period(env, "last_12")))) == len(months(env, *bounds(period(env, "next_12")))) == 12


def bounds(found: Period) -> tuple[dt.date, dt.date]:
    """First and last day."""
    return found.first, found.last
