"""Makes well-typed expressions of every kind about the world's deals, and rows to try them on, evenly distributed.

Hypothesis gives the seed only: its own strategies come back to the same few small expressions too often.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from core.expressions import ast
from core.expressions.types import Context
from tests.core.expressions.world import UTC, row

ALPHABET = "aAbBiIıİjzZéÉßçğ xX1۱٤یيىکكةهآأاپ‌ ـَΣσςЖж😀%_\\'\"-\n"
ZONES = ("UTC", "Asia/Tehran", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe")
UNITS = ("week", "month", "quarter", "year")
PLAIN = {
    "number": ("number", "other", "amount", "rate", "parent.amount", "parent.number", "took"),
    "integer": ("number", "other", "parent.number"), "text": ("name", "nick", "parent.name", "nick"),
    "date": ("due", "born", "parent.due"), "datetime": ("made", "seen", "parent.made"),
    "flag": ("hot", "cold", "parent.hot"),
}


class Maker:
    """One random source and what it makes. A `depth` of 0 makes a field or a literal."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.chance = self.random.random

    def expression(self) -> ast.Node:
        """An expression of any kind, up to four operators deep."""
        return self.make(self.random.choice(["flag", "flag", *PLAIN]), self.random.randint(1, 4))

    # -- values

    def text(self, longest: int = 8) -> str:
        return "".join(self.random.choices(ALPHABET, k=self.random.randint(0, longest)))

    def whole(self) -> int:
        return self.random.choice([0, 1, -1, 2, 7, self.random.randint(-1000, 1000)])

    def decimal(self, places: int) -> Decimal:
        digits = self.random.choice([self.random.randint(-10**6, 10**6), 5 * 10**(places - 1), -75, 1])
        return Decimal(digits).scaleb(-places)

    def day(self) -> dt.date:
        first, last = self.random.choice([((1850, 1, 1), (2110, 12, 31)), ((2019, 1, 1), (2027, 12, 31))])
        return dt.date.fromordinal(self.random.randint(dt.date(*first).toordinal(), dt.date(*last).toordinal()))

    def moment(self) -> dt.datetime:
        start = self.random.choice([dt.datetime(1975, 1, 1, tzinfo=UTC), dt.datetime(2026, 1, 1, tzinfo=UTC)])
        unit = self.random.choice([1, 1_800_000_000, 86_400_000_000])
        span = 60 * 365 * 86_400_000_000 if start.year == 1975 else 400 * 86_400_000_000
        return start + dt.timedelta(microseconds=self.random.randrange(span) // unit * unit)

    def context(self) -> Context:
        user = self.random.choice([1, 2, 3, None])
        return Context(user_id=user, team_ids=self.random.choice([(), (1,), (1, 2)]), company_ids=(2,),
                       subordinate_ids=self.random.choice([(), (1, 2, 3)]), now=self.moment(),
                       tz=ZoneInfo(self.random.choice(ZONES)), calendar=self.random.choice(["gregorian", "jalali"]),
                       week_start=self.random.randint(0, 6))

    def row(self, id: int = 1) -> dict[str, Any]:
        made: dict[str, Callable[[], Any]] = {
            "name": self.text, "nick": self.text, "status": lambda: self.random.choice(["new", "won", "lost"]),
            "channels": lambda: self.random.sample(["sms", "mail"], self.random.randint(0, 2)), "number": self.whole,
            "other": self.whole, "amount": lambda: self.decimal(4), "rate": lambda: self.decimal(6),
            "hot": lambda: self.chance() < 0.5, "cold": lambda: self.chance() < 0.5, "due": self.day, "born": self.day,
            "made": self.moment, "seen": self.moment,
            "took": lambda: dt.timedelta(seconds=self.random.randint(0, 9999)),
            **dict.fromkeys(("owner", "team", "company"), lambda: self.random.randint(1, 3)),
        }
        values = {name: make() for name, make in made.items() if self.chance() < 0.85}
        parent = self.row(2) if id == 1 and self.chance() < 0.7 else None
        return row(id=id, parent=parent, **values, lines=[self.line() for _ in range(self.random.randint(0, 3))],
                   teams=[{"id": n, "size": self.whole()} for n in self.random.sample([1, 2, 3], self.random.randint(0, 3))])

    def line(self) -> dict[str, Any]:
        made = {"price": self.decimal(4), "quantity": self.decimal(6), "title": self.text()}
        return {name: value for name, value in made.items() if self.chance() < 0.85}

    # -- expressions

    def make(self, kind: str, depth: int) -> ast.Node:
        if depth <= 0 or self.chance() < 0.1:
            return self.leaf(kind)
        if kind != "integer" and self.chance() < 0.12:
            return self.choosing(kind, depth)
        return getattr(self, f"{kind}_of")(depth)  # type: ignore[no-any-return]

    def path(self, *names: str) -> ast.Node:
        return ast.Path(tuple(self.random.choice(names).split(".")))

    def call(self, name: str, *args: ast.Node) -> ast.Node:
        return ast.Call(name, args)

    def leaf(self, kind: str) -> ast.Node:
        if self.chance() < 0.7:
            return self.path(*PLAIN[kind])
        if kind in ("date", "datetime") and self.chance() < 0.4:
            return self.call("now" if kind == "datetime" else self.random.choice(["today", "yesterday", "tomorrow"]))
        made: dict[str, Callable[[], Any]] = {
            "number": lambda: self.decimal(self.random.choice([2, 6])), "integer": self.whole, "text": self.text,
            "date": self.day, "datetime": self.moment, "flag": lambda: self.chance() < 0.5}
        value = made[kind]()
        if kind == "datetime" and self.chance() < 0.3:
            value = value.replace(tzinfo=None)
        return ast.literal(value)

    def choosing(self, kind: str, depth: int) -> ast.Node:
        one, other = self.make(kind, depth - 1), self.make(kind, depth - 1)
        if self.chance() < 0.5:
            return self.call("coalesce", one, other)
        return self.call("if", self.make("flag", depth - 1), one, ast.literal(None) if self.chance() < 0.2 else other)

    def number_of(self, depth: int) -> ast.Node:
        own = [self.make("number", depth - 1) for _ in range(3)]
        moments = [self.make("datetime", depth - 1) for _ in range(2)]
        return self.random.choice([
            lambda: ast.Binary(self.random.choice(ast.ARITHMETIC), own[0], own[1]),
            lambda: ast.Binary(self.random.choice(ast.ARITHMETIC), own[0], own[1]),
            lambda: ast.Unary("-", own[0]),
            lambda: self.call("round", own[0], ast.literal(self.random.randint(0, 6))),
            lambda: self.call(self.random.choice(["floor", "ceil", "abs", "round"]), own[0]),
            lambda: self.call(self.random.choice(["min", "max"]), *own), lambda: self.integer_of(depth),
            lambda: self.call("hours_between", *moments), lambda: ast.Over("sum", ("lines",), self.inner_number(2)),
            lambda: ast.Over("count", ("parent", "lines"), self.inner_flag()),
            lambda: ast.Over("count", ("teams",), self.team_test()),
        ])()

    def integer_of(self, depth: int) -> ast.Node:
        days, moments = ([self.make(kind, depth - 1) for _ in range(2)] for kind in ("date", "datetime"))
        either = self.random.choice(days + moments)
        return self.random.choice([
            lambda: self.call("length", self.make("text", depth - 1)),
            lambda: self.call("digit", self.make("text", depth - 1), self.make("integer", depth - 1)),
            lambda: self.call("days_between", either, days[1]),
            lambda: self.call("minutes_between", *moments), lambda: self.call("hour", moments[0]),
            lambda: self.call("floor", self.make("number", depth - 1)),
            lambda: self.call(self.random.choice(["year", "quarter", "month", "day", "weekday"]), either),
        ])()

    def text_of(self, depth: int) -> ast.Node:
        own = [self.make("text", depth - 1) for _ in range(3)]
        return self.random.choice([
            lambda: self.call(self.random.choice(["lower", "upper", "trim"]), own[0]),
            lambda: self.call(self.random.choice(["left", "right"]), own[0], self.make("integer", depth - 1)),
            lambda: self.call("concat", *own), lambda: self.call("replace", *own),
            lambda: self.call("text", self.make("integer", depth - 1)),
        ])()

    def date_of(self, depth: int) -> ast.Node:
        own, moment = self.make("date", depth - 1), self.make("datetime", depth - 1)
        edge = f"{self.random.choice(['start', 'end'])}_of_{self.random.choice(UNITS)}"
        return self.random.choice([
            lambda: self.call("date", moment), lambda: self.call("add_days", own, self.make("integer", depth - 1)),
            lambda: self.call("add_months", own, self.make("integer", depth - 1)),
            lambda: self.call("max", own, self.make("date", depth - 1)), lambda: self.call(edge, own),
            lambda: self.call(edge, moment),
        ])()

    def datetime_of(self, depth: int) -> ast.Node:
        own = self.make("datetime", depth - 1)
        return self.random.choice([
            lambda: self.call(self.random.choice(["add_hours", "add_minutes"]), own, self.make("integer", depth - 1)),
            lambda: self.call("min", own, self.make("datetime", depth - 1)),
        ])()

    def range(self) -> ast.Node:
        named = f"{self.random.choice(['this', 'last', 'next'])}_{self.random.choice(UNITS)}"
        return self.random.choice([
            lambda: self.call(named), lambda: self.call(named), lambda: self.call("this_day"),
            lambda: self.call("days", ast.literal(self.day()), self.call("today")),
            lambda: self.call("last_days", ast.literal(self.random.randint(-3, 400))),
            lambda: self.call("next_days", ast.literal(self.random.randint(-3, 400))),
        ])()

    def link_test(self) -> ast.Node:
        ids = ast.Items(tuple(ast.literal(self.random.randint(1, 3)) for _ in range(self.random.randint(0, 3))))
        link = self.path("owner", "parent.owner")
        return self.random.choice([
            lambda: ast.In(link, ast.Constant("my_subordinates")),
            lambda: ast.In(self.path("team"), ast.Constant("my_teams")),
            lambda: ast.In(self.path("company"), ast.Constant("my_companies")), lambda: ast.In(link, ids),
            lambda: ast.Binary(self.random.choice(["==", "!="]), link, ast.Constant("me")),
            lambda: ast.Binary("==", link, self.path("owner", "parent.owner")),
            lambda: ast.Binary("contains", self.path("channels"), ast.literal(self.random.choice(["sms", "mail"]))),
            lambda: ast.In(self.path("status"), ast.Items((ast.literal("new"), ast.literal("won")))),
            lambda: ast.Binary(self.random.choice(["==", "!="]), self.path("status"), ast.literal("lost")),
        ])()

    def team_test(self) -> ast.Node:
        """Something about the numbers of linked records themselves."""
        own: ast.Node = ast.Path(("id",))
        numbers = ast.Items(tuple(ast.literal(self.random.randint(1, 3)) for _ in range(self.random.randint(0, 3))))
        return self.random.choice([
            lambda: ast.In(own, ast.Constant("my_teams")), lambda: ast.In(own, ast.Constant("my_teams")),
            lambda: ast.In(own, numbers), lambda: ast.Unary("not", ast.In(own, ast.Constant("my_teams"))),
            lambda: ast.Junction("and", (ast.In(own, ast.Constant("my_teams")), ast.Binary(">", ast.Path(("size",)), ast.literal(0)))),
        ])()

    def compared(self, depth: int) -> ast.Node:
        kind = self.random.choice(["number", "text", "date", "datetime", "moment", "flag"])
        kinds = self.random.choices(["date", "datetime"], k=3) if kind == "moment" else [kind] * 3
        sides = [self.make(each, depth - 1) for each in kinds]
        if self.chance() < 0.2:
            return ast.In(sides[0], ast.Items(tuple(sides[1:])))
        if kind == "flag":
            return ast.Binary(self.random.choice(["==", "!="]), sides[0], sides[1])
        return ast.Binary(self.random.choice(ast.COMPARISONS), sides[0], sides[1])

    def flag_of(self, depth: int) -> ast.Node:
        own = [self.make("flag", depth - 1) for _ in range(self.random.randint(2, 3))]
        texts = [self.make("text", depth - 1) for _ in range(2)]
        any_kind = self.make(self.random.choice(list(PLAIN)), depth - 1)
        moment = self.make(self.random.choice(["date", "datetime"]), depth - 1)
        return self.random.choice([
            lambda: self.compared(depth), lambda: self.compared(depth), lambda: self.compared(depth),
            lambda: ast.Junction(self.random.choice(["and", "or"]), tuple(own)), lambda: ast.Unary("not", own[0]),
            lambda: ast.Binary(self.random.choice(ast.TEXT_OPERATORS), *texts), lambda: ast.IsNull(any_kind),
            lambda: ast.In(moment, self.range()), self.link_test,
            lambda: ast.Over(self.random.choice(["any", "all"]), ("lines",), self.inner_flag()),
            lambda: ast.Over(self.random.choice(["any", "all"]), self.random.choice([("teams",), ("parent", "teams")]),
                             self.team_test()),
            lambda: ast.Over("any", ("teams",), None),
        ])()

    def inner_number(self, depth: int) -> ast.Node:
        if depth <= 0 or self.chance() < 0.2:
            fields = "price", "quantity", "deal.amount"
            return self.path(*fields) if self.chance() < 0.8 else ast.literal(self.decimal(2))
        one, other = self.inner_number(depth - 1), self.inner_number(depth - 1)
        return ast.Binary(self.random.choice(ast.ARITHMETIC), one, other)

    def inner_flag(self) -> ast.Node:
        text = self.path("title", "deal.name", "title")
        return self.random.choice([
            lambda: ast.Binary(self.random.choice(ast.COMPARISONS), self.inner_number(1), self.inner_number(1)),
            lambda: ast.Binary(self.random.choice(ast.TEXT_OPERATORS), text, ast.literal(self.text(2))),
            lambda: ast.IsNull(text),
        ])()
