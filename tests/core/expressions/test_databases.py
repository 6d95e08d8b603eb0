"""What the SQL form promises beyond single answers: whole calendars, all characters, large numbers, bound values."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from persiantools.jdatetime import JalaliDate
from sqlalchemy.sql.elements import ColumnElement

from core.errors import ExpressionError
from core.expressions import Context, F, fold_sql, parse, to_sql, to_text
from core.expressions import texts as text_functions
from core.expressions.ast import Binary, Path, literal
from core.expressions.elements import lower_sql, upper_sql
from core.i18n.text import fold
from tests.core.expressions.world import UTC, TableResolver, deals, in_python, in_sql, row, store

JALALI = Context(calendar="jalali", tz=ZoneInfo("Asia/Tehran"), now=dt.datetime(2026, 9, 27, 20, 45, tzinfo=UTC))


def ask(connection: sa.Connection, text: str, context: Context) -> list[Any]:
    """An expression's answers for all stored deals, by id."""
    resolver = TableResolver("deal", deals)
    return list(connection.execute(sa.select(to_sql(parse(text), resolver, context)).select_from(resolver.from_)
                                   .order_by(deals.c.id)).scalars())


def test_every_day_of_the_jalali_calendar(connection: sa.Connection) -> None:
    """1300 to 1500, against an independent library."""
    first, last = JalaliDate(1300, 1, 1).to_gregorian(), JalaliDate(1500, 12, 29).to_gregorian()
    days = [first + dt.timedelta(days=count) for count in range((last - first).days + 1)]
    store(connection, row(due=first))
    connection.execute(deals.delete())
    connection.execute(deals.insert(), [{"id": index, "due": day} for index, day in enumerate(days)])
    wanted = [JalaliDate(day) for day in days]
    assert ask(connection, "year(due) * 10000 + month(due) * 100 + day(due)", JALALI) == \
        [day.year * 10000 + day.month * 100 + day.day for day in wanted]
    if connection.dialect.name == "postgresql":
        assert ask(connection, "start_of_month(due)", JALALI) == \
            [JalaliDate(day.year, day.month, 1).to_gregorian() for day in wanted]
        assert ask(connection, "days_between(start_of_year(due), end_of_year(due))", JALALI) == \
            [365 if JalaliDate.is_leap(day.year) else 364 for day in wanted]


@pytest.mark.parametrize(("form", "sql"), [
    (fold, fold_sql), (text_functions.lower, lower_sql), (text_functions.upper, upper_sql)])
def test_every_letter(connection: sa.Connection, form: Any, sql: Any) -> None:
    """All characters of the scripts that people here write, between two letters."""
    blocks = [range(1, 0x250), range(0x300, 0x530), range(0x600, 0x700), range(0x1E00, 0x1F00), range(0x2000, 0x2070),
              range(0xFB50, 0xFE00), range(0xFE70, 0xFF20), range(0x1F600, 0x1F610)]
    texts = [f"A{chr(code)}Z" for block in blocks for code in block]
    column: ColumnElement[Any] = deals.c.name
    connection.execute(deals.delete())
    connection.execute(deals.insert(), [{"id": index, "name": text} for index, text in enumerate(texts)])
    found = list(connection.execute(sa.select(sql(column)).order_by(deals.c.id)).scalars())
    assert [(text, got) for text, got in zip(texts, found, strict=True) if got != form(text)] == []


def test_every_letter_is_found(connection: sa.Connection) -> None:
    """A piece is found in each text that holds any form of it, on both databases as in Python."""
    blocks = [range(0x20, 0x250), range(0x300, 0x530), range(0x600, 0x700), range(0x1E00, 0x2070),
              range(0x2120, 0x2130), range(0xFB50, 0xFE00), range(0xFE70, 0xFF20), range(0x1F600, 0x1F610)]
    letters = [chr(code) for block in blocks for code in block]
    connection.execute(deals.delete())
    connection.execute(deals.insert(), [{"id": 1, "name": "".join(f"{letter}|" for letter in letters)}])
    name = "".join(f"{letter}|" for letter in letters)
    for letter in letters[::9]:
        for text in (f'name contains {to_text(literal(f"|{letter}|"))}', f'name contains {to_text(literal(letter))}'):
            assert ask(connection, text, JALALI) == [in_python(text, {"name": name})], text


@pytest.mark.parametrize(("name", "piece"), [
    ("على  پور", "علی پور"), ("علي\u200c\u200cپور", "علی پور"), ("مُحَمَّد", "محمد"), ("  Ali", "ali"), ("\u064bAli\t ", "ali"),
    ("İSTANBUL ILICA", "istanbul ılıca"), ("a.c", "a.c"), ("abc", "a.c"), ("a[b]c\\^-", "[b]c\\^-"), ("x", ""), ("a$", "$"),
    ("a" * 100, "a" * 61), ("(a|b)*", "(a|b)*"), ("a\nb", "a b"),
])
@pytest.mark.parametrize("operator", ["contains", "starts with", "ends with"])
def test_pieces(connection: sa.Connection, name: str, piece: str, operator: str) -> None:
    node = Binary(operator, literal(name), literal(piece))
    values = row(name=name)
    store(connection, values)
    wanted = in_python(node, values)
    assert in_sql(connection, Binary(operator, Path(("name",)), literal(piece)), values) is wanted


@pytest.mark.parametrize("text", [
    "amount * 1.09", "amount + amount", "amount * number / 3", "amount - rate", "amount == 900000000000.1234",
    "amount > rate", "sum(lines, price) * 1", "round(amount * 0.5, 3)", "100000000000000000 > amount",
    "amount < 999999999999999999", "amount % 7.5", "floor(amount * 1.1)",
])
def test_large_numbers_are_exact(connection: sa.Connection, text: str) -> None:
    """Within the documented limit: a Rial amount of 900 billion with every place in use."""
    values = row(amount=Decimal("900000000000.1234"), number=9, rate=Decimal("900000000000.123456"),
                 lines=[{"price": Decimal("900000000000.0001")}] * 3)
    store(connection, values)
    assert in_sql(connection, text, values) == in_python(text, values)


@pytest.mark.parametrize("text", ["amount * amount * amount", "amount * 1.123456 > amount", "number * other * other"])
def test_larger_numbers_do_not_fail(connection: sa.Connection, text: str) -> None:
    """Beyond the limit SQLite is right to 15 digits."""
    values = row(amount=Decimal("900000000000000.1234"), number=2**31 - 1, other=2**62)
    store(connection, values)
    found, wanted = in_sql(connection, text, values), in_python(text, values)
    if wanted is None or isinstance(wanted, bool):
        assert found in (wanted, None) or connection.dialect.name == "postgresql"
    else:
        assert abs(found - wanted) <= abs(wanted) * Decimal("1e-14")


@pytest.mark.parametrize(("zone", "day"), [
    ("Europe/Berlin", (2026, 3, 29)), ("Europe/Berlin", (2026, 10, 25)), ("Asia/Tehran", (2021, 3, 22)),
    ("Asia/Tehran", (2021, 9, 21)), ("America/New_York", (2026, 11, 1)), ("Africa/Cairo", (2026, 4, 24)),
    ("Australia/Lord_Howe", (2026, 4, 5)),
])
def test_days_on_which_the_clock_changes(connection: sa.Connection, zone: str, day: tuple[int, int, int]) -> None:
    """Every half-hour around the change belongs to the same day in all forms, by range and by column."""
    date = dt.date(*day)
    context = Context(tz=ZoneInfo(zone), now=dt.datetime(*day, 12, tzinfo=UTC))
    start = dt.datetime(*day, tzinfo=UTC) - dt.timedelta(hours=24)
    moments = [start + dt.timedelta(minutes=30 * step) for step in range(120)]
    connection.execute(deals.delete())
    connection.execute(deals.insert(), [{"id": index, "made": moment, "due": date}
                                        for index, moment in enumerate(moments)])
    for text in ("made in this_day()", "made == today()", "date(made)", "made == due", "made < due", "hour(made)"):
        wanted = [in_python(text, {"made": moment, "due": date}, context) for moment in moments]
        assert ask(connection, text, context) == wanted


def test_values_are_bound(connection: sa.Connection) -> None:
    """Nothing that a person wrote or is stands in the statement itself."""
    text = """name == "x'; drop table deal; --" and nick contains "%_'" and owner == me and status in ("new", "won")
              and team in my_teams and due == date("2026-01-31") and amount > 12345.678"""
    context = Context(user_id=424242, team_ids=(515151,))
    found = sa.select(to_sql(parse(text), TableResolver("deal", deals), context))
    statement = str(found.compile(dialect=connection.dialect))
    for piece in ("drop", "'%_", "424242", "515151", "2026", "12345", "new"):
        assert piece not in statement
    connection.execute(found).all()


def test_statement_is_the_same_for_other_values(connection: sa.Connection) -> None:
    """So the compiled statement is found in SQLAlchemy's cache, and answers do not mix."""
    node = parse("round(amount * 2, 1) > 5 and made in this_month()")
    other = parse("round(amount * 3, 1) > 7 and made in last_month()")
    keys = {to_sql(each, TableResolver("deal", deals), context)._generate_cache_key().key  # type: ignore[union-attr]
            for each in (node, other) for context in (Context(), JALALI)}
    assert len(keys) == 1
    assert to_sql(parse("round(amount * 2, 2) > 5"), TableResolver("deal", deals), Context())._generate_cache_key() != \
        to_sql(parse("round(amount * 2, 1) > 5"), TableResolver("deal", deals), Context())._generate_cache_key()


def test_ranges_leave_the_column_alone() -> None:
    """`in this_month()` and a comparison with a day are comparisons of the bare column, which an index serves."""
    for text in ("made in this_month()", "made == today()", "amount > 5", "due in last_days(3)", "number == 3"):
        found = str(to_sql(parse(text), TableResolver("deal", deals), JALALI))
        assert "(" not in found, found


@pytest.mark.parametrize(("shape", "core"), [
    ("1 / (%s)", "amount"), ("add_months(%s, 1)", "due"), ("concat(name, %s)", "name"), ("min(amount, %s)", "amount"),
    ("if(hot, %s, amount)", "amount"), ("not (hot and (cold or (%s)))", "hot"), ("hot == (%s)", "hot"),
    ("start_of_month(add_days(%s, 3))", "due"), ("if(name contains (%s), name, nick)", "name"), ("-(%s)", "amount"),
    ("date(add_hours(made, days_between(due, %s)))", "due"), ("amount / (%s) * rate", "amount"),
])
def test_the_deepest_that_is_accepted_runs(connection: sa.Connection, shape: str, core: str) -> None:
    """Inside of a query such as lists make, whose own nesting counts too for SQLite."""
    text, node = core, parse(core)
    for _ in range(40):
        text = shape % text
        try:
            node = parse(text)
        except ExpressionError:
            break
    else:
        pytest.fail("no limit")
    resolver = TableResolver("deal", deals)
    inner = sa.select(deals.c.id).where(sa.or_(deals.c.hot, sa.and_(
        deals.c.number > 3, to_sql(node, resolver, JALALI).is_not(None))))
    outer = deals.alias()
    connection.execute(sa.select(outer.c.id).where(sa.or_(outer.c.cold, sa.not_(sa.and_(
        outer.c.hot, outer.c.id.in_(inner)))))).all()


def test_conditions_of_changes(connection: sa.Connection) -> None:
    """The SQL form also stands in UPDATE and DELETE, collections included."""
    values = row(name="a", hot=False, lines=[{"price": Decimal(3)}])
    store(connection, values)
    for text, count in (("any(lines, price > 3)", 0), ("count(lines) == 1 and not hot", 1)):
        condition = to_sql(parse(text), TableResolver("deal", deals), Context())
        assert connection.execute(deals.update().where(condition).values(nick="x")).rowcount == count
    assert connection.execute(deals.delete().where(to_sql((F.nick == "x").node, TableResolver("deal", deals),
                                                          Context()))).rowcount == 1


def test_a_formula_may_be_a_column(connection: sa.Connection) -> None:
    """A resolver may give SQL of another expression as a column: its scale is understood."""
    class Formulas(TableResolver):
        """`amount` is a formula here, `rate` a fixed number."""

        def column(self, path: tuple[str, ...]) -> ColumnElement[Any]:
            inner = TableResolver("deal", deals)
            texts = {("amount",): "number * 1.5", ("rate",): "2.25"}
            return to_sql(parse(texts[path]), inner, Context()) if path in texts else super().column(path)

    store(connection, row(number=3))
    for text, wanted in (("amount + rate", Decimal("6.75")), ("amount", Decimal("4.5")), ("rate * 2", Decimal("4.5"))):
        resolver = Formulas("deal", deals)
        found = to_sql(parse(text), resolver, Context())
        assert connection.execute(sa.select(found).select_from(resolver.from_)).scalar_one() == wanted
