"""Python's form and the databases give the same, expected, answer: one line per rule of the language."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from core.expressions.types import Context
from tests.core.expressions.world import UTC, in_python, in_sql, row, store

TEHRAN = Context(user_id=7, team_ids=(3, 4), subordinate_ids=(8, 9), now=dt.datetime(2026, 9, 27, 20, 45, tzinfo=UTC),
                 tz=ZoneInfo("Asia/Tehran"), calendar="jalali", week_start=5)
BERLIN = Context(user_id=7, now=dt.datetime(2026, 3, 29, 10, tzinfo=UTC), tz=ZoneInfo("Europe/Berlin"))
PARENT = row(id=2, name="Pars Co", amount=D(5), parent=None, lines=[{"price": D(3)}])
ROW = row(
    name="شركة علي‌پور İSTANBUL", nick="b", status="new", channels=["sms"], number=7, other=-3, amount=D("1250.5"),
    rate=D("0.333333"), hot=True, due=dt.date(2026, 9, 28), born=dt.date(1990, 1, 31),
    made=dt.datetime(2026, 9, 27, 20, 31, tzinfo=UTC), seen=dt.datetime(2026, 9, 29, 1, 0, 30, tzinfo=UTC),
    took=dt.timedelta(hours=2), owner=8, team=4, parent=PARENT,
    lines=[{"price": D("10.5"), "quantity": D("2"), "title": "a"}, {"price": D("1.25"), "quantity": D("0.5")},
           {"title": "b"}])

CASES: list[tuple[str, Any]] = [
    ('status == "new"', True), ('status != "won"', True), ('status in ("won", "new")', True),
    ('status not in ("won", "lost")', True), ("number in (1, 7)", True), ("amount in (1, 1250.5)", True),
    ("cold", None), ("cold == true", None), ("not cold", None), ("cold or hot", True), ("cold and hot", None),
    ("cold and not hot", False), ("nick is null", False), ("cold is null", True), ("extra is null", True),
    ("number + amount", D("1257.5")), ("number * rate", D("2.333331")), ("amount * rate", D("416.832917")),
    ("number / other", D("-2.333333")), ("1 / 3", D("0.333333")), ("2 / 3 * number", D("4.666669")),
    ("number / (other + 3)", None), ("number % other", D(1)), ("other % number", D(-3)), ("-number", D(-7)),
    ("number % 0", None), ("amount == 1250.5", True), ("amount > 1250.49999", True), ("amount >= number", True),
    ("round(amount * 0.5, 1)", D("625.3")), ("round(-2.5)", D(-3)), ("round(0 - amount / 2)", D(-625)),
    ("round(-amount, 0)", D(-1251)), ("floor(-amount)", D(-1251)), ("ceil(-amount)", D(-1250)), ("floor(number)", D(7)),
    ("abs(other)", D(3)), ("abs(-amount)", D("1250.5")), ("min(number, amount)", D(7)),
    ("max(number, amount, null)", D("1250.5")), ("max(due, born)", dt.date(2026, 9, 28)), ("took == 7200", True),
    ("took / 3600 > 1.9", True), ('name contains "شرکه"', True), ('name contains "علی پور"', True),
    ('name contains "istanbul"', True), ('name starts with "شرکة"', True), ('name ends with "ıSTANBUL"', True),
    ('name not contains "x"', True), ('nick contains ""', True), ('channels contains "sms"', True),
    ('channels contains "mail"', False), ('nick < "c"', True), ('nick >= "B"', True), ('name > nick', True),
    ("lower(nick)", "b"), ('upper("ığüşi")', "IĞÜŞI"), ("upper(nick)", "B"), ("length(name)", D(21)),
    ("left(name, 4)", "شركة"), ("right(name, 3)", "BUL"), ("right(name, 0)", ""), ("left(name, -1)", ""),
    ('digit("a7۳٤", 2)', D(7)), ('digit("a7۳٤", 3)', D(3)), ('digit("a7۳٤", 4)', D(4)), ('digit("a7", 1)', None),
    ('digit("a7", 3)', None), ('digit("a7", 0)', None), ('digit("a7", -1)', None), ("digit(nick, 1)", None),
    ('concat(nick, "-", null, nick)', "b-b"), ('replace(name, "ISTAN", "")', "شركة علي‌پور İSTANBUL"),
    ('replace(name, "STAN", "-")', "شركة علي‌پور İ-BUL"), ('trim("  a ")', "a"), ("text(number)", "7"),
    ("text(number * 2)", "14"), ('if(hot, "yes", "no")', "yes"), ("if(cold, 1, 2.5)", D("2.5")),
    ("if(hot, null, 2.5)", None), ("coalesce(null, amount)", D("1250.5")), ("coalesce(cold, hot)", True),
    ("owner == me", False), ("owner in my_subordinates", True), ("team not in my_teams", False),
    ("team in my_teams", True), ("owner == 8", True), ("company in my_companies", False),
    ("parent.company not in my_companies", True), ("parent.parent.name is null", True),
    ('parent.name contains "PARS"', True), ("parent.amount < amount", True), ("count(parent.lines)", D(1)),
    ("any(lines)", True), ("any(lines, price > 10)", True), ("any(lines, price > 100)", False),
    ("all(lines, price > 1)", True), ("all(lines, price > 2)", False), ("count(lines)", D(3)),
    ("count(lines, price > 1)", D(2)), ("sum(lines, price * quantity)", D("21.625")), ("sum(lines, 2)", D(6)),
    ("sum(lines, price) > amount", False), ('any(lines, deal.name contains "istan")', True),
    ('not any(lines, title == "c")', True), ("sum(parent.parent.lines, price)", D(0)),
    ("date(made)", dt.date(2026, 9, 28)), ("made == due", True), ("made > due", False), ("due < seen", True),
    ("made == today()", True), ("today() == made", True), ("made < today()", False), ("made <= today()", True),
    ("made > yesterday()", True), ("made >= tomorrow()", False), ("made != today()", False), ("made < now()", True),
    ("due in this_day()", True), ("due in this_month()", True), ("made in this_month()", True),
    ("due in last_month()", False), ("made in last_days(1)", True), ("due in next_days(2)", True),
    ("made in this_week()", True), ("due in this_quarter()", True), ("due in next_year()", False),
    ("made in days(date(\"2026-09-28\"), today())", True), ("cold == (number > 3)", None),
    ("hot == (number > 3)", True), ("year(due)", D(1405)), ("month(due)", D(7)), ("day(due)", D(6)),
    ("quarter(due)", D(3)), ("weekday(due)", D(1)), ("month(made)", D(7)), ("hour(made)", D(0)),
    ("start_of_month(due)", dt.date(2026, 9, 23)), ("end_of_month(due)", dt.date(2026, 10, 22)),
    ("start_of_year(due)", dt.date(2026, 3, 21)), ("end_of_year(due)", dt.date(2027, 3, 20)),
    ("start_of_quarter(due)", dt.date(2026, 9, 23)), ("end_of_quarter(due)", dt.date(2026, 12, 21)),
    ("start_of_week(due)", dt.date(2026, 9, 26)), ("end_of_week(due)", dt.date(2026, 10, 2)),
    ("add_months(due, 6)", dt.date(2027, 3, 26)), ("add_days(made, number)", dt.date(2026, 10, 5)),
    ("add_days(due, 9999999)", None), ("add_hours(made, 1)", dt.datetime(2026, 9, 27, 21, 31, tzinfo=UTC)),
    ("add_minutes(made, number) > now()", False), ("days_between(due, seen)", D(1)),
    ("hours_between(made, seen)", D("28.491667")), ("minutes_between(made, seen)", D(1709)),
    ("minutes_between(seen, made)", D(-1709)), ('made > datetime("2026-09-28 00:00")', True),
    ('made > datetime("2026-09-27T20:31+00:00")', False), ('due == jalali("1405/07/06")', True),
    ("coalesce(due, today())", dt.date(2026, 9, 28)),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text for text, _expected in CASES])
def test_answer(connection: sa.Connection, text: str, expected: Any) -> None:
    """Each expression about ROW, asked by a user in Tehran."""
    store(connection, ROW)
    assert in_python(text, ROW, TEHRAN) == expected
    found = in_sql(connection, text, ROW, TEHRAN)
    assert found == expected
    assert (expected is None) == (found is None)


@pytest.mark.parametrize(("text", "expected"), [
    ("month(due)", D(9)), ("start_of_week(due)", dt.date(2026, 9, 28)), ("add_months(born, 1)", dt.date(1990, 2, 28)),
    ("end_of_quarter(due)", dt.date(2026, 9, 30)), ("made == due", False), ("hour(made)", D(22)),
    ("quarter(born)", D(1)), ("end_of_month(born)", dt.date(1990, 1, 31)),
])
def test_gregorian(connection: sa.Connection, text: str, expected: Any) -> None:
    """The same row asked about in Berlin."""
    store(connection, ROW)
    assert in_python(text, ROW, BERLIN) == expected
    assert in_sql(connection, text, ROW, BERLIN) == expected
