"""The clock of a ticket: once by hand over a lunch break and a Friday, and against a model that walks minute by minute."""

import datetime as dt
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from addons.tickets import sla_clock as sla
from addons.worktime.clock import Clock, DayRule

MINUTE = dt.timedelta(minutes=1)
TEHRAN = ZoneInfo("Asia/Tehran")
DAY = ((480, 720), (780, 1020))
HALF = ((480, 720),)
IRAN = [DAY, DAY, DAY, HALF, (), DAY, DAY]   # Monday to Sunday
WAITS = {"waiting_customer"}
HOLIDAY = dt.date(2026, 11, 28)


def tehran(day, hour, minute=0, month=11):
    return dt.datetime(2026, month, day, hour, minute, tzinfo=TEHRAN)


def log(*entries):
    return [[int(at.timestamp()), category] for at, category in entries]


def test_over_a_lunch_break_a_half_thursday_and_a_friday_by_hand():
    """Saturday to Wednesday 8–12 and 13–17, Thursday 8–12, Friday closed; resolution within 8 working hours.

    Wed 25 Nov 2026  10:30 opened
                     10:30–12:00   1 h 30   (lunch 12–13: nothing)
                     13:00–15:00   2 h      3 h 30 used; at 15:00 the customer is asked, the clock stops
    Thu 26 Nov       09:00 the customer answers, the clock goes on
                     09:00–12:00   3 h      6 h 30 used; the half day ends
    Fri 27 Nov       closed                 6 h 30
    Sat 28 Nov       08:00–09:30   1 h 30   8 h used: due on Saturday at 09:30
    """
    clock = Clock(TEHRAN, IRAN)
    entries = log((tehran(25, 10, 30), "open"), (tehran(25, 15), "waiting_customer"), (tehran(26, 9), "open"))
    assert sla.elapsed(clock, entries, WAITS, tehran(25, 15)) == 3.5 * 3600
    assert sla.elapsed(clock, entries, WAITS, tehran(26, 8, 30)) == 3.5 * 3600, "it stands still while the customer is asked"
    assert sla.elapsed(clock, entries, WAITS, tehran(27, 23)) == 6.5 * 3600, "nothing on Friday"
    assert sla.due(clock, entries, WAITS, 8 * 3600) == tehran(28, 9, 30)
    # While it waited there was no due time; three and a half hours were used and four and a half left.
    assert sla.due(clock, entries[:2], WAITS, 8 * 3600) is None
    # Saturday is declared a holiday: Sunday at 09:30, without a pause touched.
    closed = Clock(TEHRAN, IRAN, {HOLIDAY: DayRule(spans=(), holiday=True)})
    assert sla.due(closed, entries, WAITS, 8 * 3600) == tehran(29, 9, 30)
    # Of the first response (two hours, through lunch) the pause takes nothing: 10:30 + 1 h 30 + from 13:00 half an hour.
    found = sla.count(clock, entries, WAITS, sla.Targets(2 * 3600, 8 * 3600), None, None)
    assert (found.first_response_due, found.next_due, found.breach_at) == (tehran(25, 13, 30),) * 3
    assert found.warn_at == tehran(25, 12), "three quarters of two hours are 1 h 30"


def test_answered_late_and_resolved_in_time():
    clock = Clock(TEHRAN, IRAN)
    entries = log((tehran(25, 8), "open"), (tehran(25, 14), "resolved"))
    found = sla.count(clock, entries, WAITS, sla.Targets(3600, 8 * 3600), tehran(25, 10), tehran(25, 14))
    assert found.breach_at == tehran(25, 9) and found.response_used == 2 * 3600 and found.resolution_used == 5 * 3600
    assert found.resolution_due == tehran(25, 17), "what was promised, had the clock run on"
    assert (found.next_due, found.warn_at, found.resolution_until, found.response_until) == (None,) * 4
    in_time = sla.count(clock, entries, WAITS, sla.Targets(3600, 8 * 3600), tehran(25, 8, 30), tehran(25, 14))
    assert in_time.breach_at is None


def test_waiting_after_the_answer_nothing_can_be_broken():
    clock = Clock(TEHRAN, IRAN)
    entries = log((tehran(25, 8), "open"), (tehran(25, 9), "waiting_customer"))
    found = sla.count(clock, entries, WAITS, sla.Targets(3600, 8 * 3600), tehran(25, 8, 30), None)
    assert (found.breach_at, found.next_due, found.resolution_due) == (None, None, None)


def test_a_second_change_in_the_same_second_counts():
    entries = sla.noted(None, "open", tehran(25, 8))
    entries = sla.noted(entries, "resolved", tehran(25, 9))
    assert sla.noted(entries, "open", tehran(25, 9)) == [[entries[0][0], "open"]]
    assert sla.noted(entries, "resolved", tehran(25, 10)) == entries


@st.composite
def tickets(draw):
    """A beginning, changes of status some minutes apart, a week and holidays."""
    week = [draw(st.sampled_from([DAY, HALF, (), ((540, 600),), ((0, 1440),)])) for _day in range(7)]
    if not any(week):
        week[2] = DAY
    days = {HOLIDAY + dt.timedelta(days=draw(st.integers(-3, 3))): DayRule(
        spans=draw(st.sampled_from([(), HALF])), holiday=True) for _n in range(draw(st.integers(0, 2)))}
    at = tehran(25, 0) + MINUTE * draw(st.integers(0, 2880))
    entries = log((at, "open"))
    for _change in range(draw(st.integers(0, 6))):
        at += MINUTE * draw(st.integers(1, 700))
        entries = sla.noted(entries, draw(st.sampled_from(["open", "waiting_customer", "waiting_third", "resolved"])), at)
    return Clock(TEHRAN, week, days), entries, at + MINUTE * draw(st.integers(0, 900))


def walked(clock, entries, stops, until):
    """For each minute from the beginning whether it counts: by looking at the wall and at the status."""
    at, index = sla.moment(entries[0][0]), 0
    while at < until:
        while index + 1 < len(entries) and entries[index + 1][0] <= at.timestamp():
            index += 1
        yield at, entries[index][1] not in sla.ENDED | stops and clock.is_open(at)
        at += MINUTE


@settings(max_examples=120, deadline=None)
@given(tickets(), st.sets(st.sampled_from(["waiting_customer", "waiting_third"])), st.integers(1, 900), st.integers(1, 900))
def test_as_a_model_that_walks(made, stops, minutes, raised):
    clock, entries, until = made
    counted = [at for at, runs in walked(clock, entries, stops, until) if runs]
    assert sla.elapsed(clock, entries, stops, until) == len(counted) * 60
    for wanted in (minutes, raised):   # a change of the priority is another target over the same log
        found = sla.due(clock, entries, stops, wanted * 60)
        if len(counted) >= wanted:
            assert found == counted[wanted - 1] + MINUTE
        elif entries[-1][1] in sla.ENDED | stops:
            assert found is None
        else:
            assert found is not None and found >= until or not counted
            assert sla.elapsed(clock, entries, stops, found) == wanted * 60
