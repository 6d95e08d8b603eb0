"""Layouting of calendars, for whatever entries there are: nothing lies on another, and nothing is left out or drawn twice."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from core.i18n.calendars import calendar
from core.web.calendar.colours import Painter
from core.web.calendar.draw import ROWS, Drawing
from core.web.calendar.entries import MINUTES, Entry, pieces, timed
from core.web.calendar.fields import When
from core.web.calendar.lanes import pack, side_by_side
from core.web.calendar.span import Span

STRETCHES = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30)).map(lambda t: (t[0], t[0] + t[1])), max_size=40)
ZONES = ("Asia/Tehran", "Europe/Istanbul", "America/New_York", "Australia/Lord_Howe", "UTC")


def overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two stretches share a minute."""
    return one[0] < other[1] and other[0] < one[1]


@settings(deadline=None)
@given(STRETCHES)
def test_no_two_overlapping_entries_share_a_lane(stretches: list[tuple[int, int]]) -> None:
    lanes = pack(stretches)
    for i, one in enumerate(stretches):
        for j, other in enumerate(stretches[:i]):
            assert lanes[i] != lanes[j] or not overlap(one, other)
    assert set(lanes) == set(range(len(set(lanes)))), "no lane is left empty"


@settings(deadline=None)
@given(STRETCHES)
def test_neighbours_share_the_width_and_nothing_lies_on_another(stretches: list[tuple[int, int]]) -> None:
    places = side_by_side(stretches)
    assert len(places) == len(stretches)
    for i, (one, place) in enumerate(zip(stretches, places, strict=True)):
        assert place.lane >= 0 and place.span >= 1 and place.lane + place.span <= place.lanes
        if not any(overlap(one, other) for j, other in enumerate(stretches) if j != i):
            assert place == (0, 1, 1), "what stands alone has the whole width"
        for other, beside in zip(stretches[:i], places[:i], strict=True):
            if overlap(one, other):
                assert place.lanes == beside.lanes
                assert place.lane >= beside.lane + beside.span or beside.lane >= place.lane + place.span


@settings(max_examples=200, deadline=None)
@given(st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 12, 31), timezones=st.just(dt.UTC)), st.integers(0, 40 * 60),
       st.sampled_from(ZONES))
def test_each_day_of_an_entry_is_drawn_exactly_once(start: dt.datetime, minutes: int, zone: str) -> None:
    """Over changes of clocks, too: the pieces follow each other through midnight from the beginning to the end."""
    env: Any = SimpleNamespace(tz=ZoneInfo(zone))
    end = start + dt.timedelta(minutes=minutes)
    entry = timed(env, {"id": 1}, start, end)
    local = start.astimezone(env.tz)
    assert (entry.first, entry.begin) == (local.date(), local.hour * 60 + local.minute)
    assert entry.begin is not None and entry.end is not None and entry.first <= entry.last
    assert entry.first < entry.last or entry.begin <= entry.end <= MINUTES
    days = [entry.first + dt.timedelta(days=i) for i in range(-2, 6)]
    cut = pieces([entry], days)
    if entry.long:
        assert not cut and minutes >= MINUTES
        return
    assert [p.day for p in cut] == [d for d in days if entry.first <= d <= entry.last]
    assert cut[0].begin == entry.begin and cut[-1].end == entry.end
    assert all(p.end == MINUTES and q.begin == 0 for p, q in zip(cut, cut[1:], strict=False))
    real = end.astimezone(env.tz)
    if real.time() and real.date() > local.date():
        assert (entry.last, entry.end) == (real.date(), real.hour * 60 + real.minute)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(-40, 40), st.integers(0, 30)), max_size=30), st.sampled_from(("gregorian", "jalali")),
       st.integers(0, 6), st.dates(dt.date(1900, 1, 1), dt.date(2200, 1, 1)))
def test_the_weeks_of_a_month_hold_every_entry_once_in_each(spans: list[tuple[int, int]], name: str, week_start: int, day: dt.date) -> None:
    """What the weeks show and what they count as more is together what there is on each day."""
    cal = calendar(name)
    year, month, _number = cal.parts(day)
    grid = cal.month_grid(year, month, week_start)
    field: Any = SimpleNamespace(name="on", type_name="date")
    when = When(field)
    show = SimpleNamespace(date=lambda *_a: "", number=str)
    env: Any = SimpleNamespace(calendar=cal, format=show, lang="en", today=day, t=str, actor=SimpleNamespace(calendar=name, digits="latn"))
    made = Drawing(env, when, Span("month", day, grid[0][0], grid[-1][-1], day, day, ""), {}, Painter(env, when, ""), "/", "",
                   lambda row: "", day_urls=lambda *_a: "")
    entries = [Entry(i, {"on": day}, day + dt.timedelta(days=a), day + dt.timedelta(days=a + n)) for i, (a, n) in enumerate(spans)]
    assert all(len(week) == 7 and week[0].weekday() == week_start for week in grid)
    for days, week in zip(grid, made.weeks(entries), strict=True):
        drawn = [{p[0]: int(p[1:]) for p in e.place.split()} | {"id": e.id} for e in week.entries]
        assert len({d["id"] for d in drawn}) == len(drawn), "once in a week"
        for i, on in enumerate(days):
            there = [e for e in entries if e.first <= on <= e.last]
            shown = [d for d in drawn if d["c"] <= i < d["c"] + d["n"]]
            assert {d["id"] for d in shown} <= {e.id for e in there}
            assert len({d["l"] for d in shown}) == len(shown), "no two in a lane"
            assert all(d["l"] < ROWS for d in shown)
            hidden = len(there) - len(shown)
            assert bool(week.days[i].more) == (hidden > 0)
            assert not hidden or all(d["l"] < ROWS - 1 for d in shown), "the line of what is more lies on nothing"
