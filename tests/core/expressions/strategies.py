"""Hypothesis strategies: well-typed expressions of every kind about the world's deals, and rows to try them on."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from core.expressions import ast
from core.expressions.types import Context
from tests.core.expressions.world import UTC, row

ALPHABET = "aAbBiIıİjzZéÉßçğ xX1۱٤یيىکكةهآأاپ‌ ـَΣσςЖж😀%_\\'\"-\n"
ZONES = ("UTC", "Asia/Tehran", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe")

texts = st.text(ALPHABET, max_size=8)
whole = st.integers(-1000, 1000)
dates = st.dates(dt.date(1850, 1, 1), dt.date(2110, 12, 31))
recent = st.dates(dt.date(2019, 1, 1), dt.date(2027, 12, 31))
moments = st.datetimes(dt.datetime(1975, 1, 1), dt.datetime(2035, 1, 1)).map(lambda value: value.replace(tzinfo=UTC))


def decimals(places: int) -> st.SearchStrategy[Decimal]:
    """Small decimals with so many places."""
    return st.integers(-10**6, 10**6).map(lambda value: Decimal(value).scaleb(-places))


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """The strategy's values, or nothing."""
    return st.one_of(strategy, strategy, strategy, st.none())


contexts = st.builds(
    Context, user_id=maybe(st.integers(1, 3)), team_ids=st.sampled_from([(), (1,), (1, 2)]),
    company_ids=st.sampled_from([(), (2,)]), subordinate_ids=st.sampled_from([(), (1, 2, 3)]), now=moments,
    tz=st.sampled_from(ZONES).map(ZoneInfo), calendar=st.sampled_from(["gregorian", "jalali"]),
    week_start=st.integers(0, 6))
_line = st.fixed_dictionaries({"price": maybe(decimals(4)), "quantity": maybe(decimals(6)), "title": maybe(texts)})
_values: dict[str, Any] = {
    "name": maybe(texts), "nick": maybe(texts), "status": maybe(st.sampled_from(["new", "won", "lost"])),
    "channels": maybe(st.lists(st.sampled_from(["sms", "mail"]), max_size=2)),
    "number": maybe(whole), "other": maybe(whole), "amount": maybe(decimals(4)), "rate": maybe(decimals(6)),
    "hot": maybe(st.booleans()), "cold": maybe(st.booleans()), "due": maybe(recent), "born": maybe(dates),
    "made": maybe(moments), "seen": maybe(moments), "took": maybe(st.integers(0, 9999).map(
        lambda value: dt.timedelta(seconds=value))),
    "owner": maybe(st.integers(1, 3)), "team": maybe(st.integers(1, 3)), "company": maybe(st.integers(1, 3)),
    "lines": st.lists(_line, max_size=3),
}
rows = st.builds(lambda own, parent: row(**own, parent=None if parent is None else row(id=2, parent=None, **parent)),
                 st.fixed_dictionaries(_values), maybe(st.fixed_dictionaries(_values)))


def _path(*names: str) -> st.SearchStrategy[ast.Node]:
    return st.sampled_from([ast.Path(tuple(name.split("."))) for name in names])


def _literal(values: st.SearchStrategy[Any]) -> st.SearchStrategy[ast.Node]:
    return values.map(ast.literal)


def _call(name: str, *args: st.SearchStrategy[ast.Node]) -> st.SearchStrategy[ast.Node]:
    return st.tuples(*args).map(lambda found: ast.Call(name, found))


def _binary(op: str, one: st.SearchStrategy[ast.Node], other: st.SearchStrategy[ast.Node]) -> Any:
    return st.builds(lambda left, right: ast.Binary(op, left, right), one, other)


def _choosing(own: st.SearchStrategy[ast.Node], depth: int) -> list[st.SearchStrategy[ast.Node]]:
    null = st.just(ast.literal(None))
    return [_call("if", flags(depth - 1), own, st.one_of(own, null)), _call("coalesce", own, own)]


def numbers(depth: int, inside: bool = False) -> st.SearchStrategy[ast.Node]:
    """Numbers; `inside` of a line its own fields."""
    leaves = _path("price", "quantity", "deal.amount") if inside else \
        _path("number", "other", "amount", "rate", "parent.amount", "parent.number", "took")
    leaf = st.one_of(leaves, _literal(st.one_of(whole, decimals(2), decimals(6))))
    if depth <= 0:
        return leaf
    own = numbers(depth - 1, inside)
    found = [leaf, *(_binary(op, own, own) for op in ast.ARITHMETIC), own.map(lambda node: ast.Unary("-", node)),
             st.builds(lambda node, places: ast.Call("round", (node, ast.literal(places))), own, st.integers(0, 6)),
             _call("floor", own), _call("ceil", own), _call("abs", own), _call("min", own, own),
             _call("max", own, own, own)]
    if not inside:
        found += [*_choosing(own, depth), integers(depth), _call("hours_between", datetimes(depth - 1),
                                                                 datetimes(depth - 1)),
                  numbers(depth - 1, True).map(lambda body: ast.Over("sum", ("lines",), body)),
                  flags(depth - 1, True).map(lambda body: ast.Over("count", ("parent", "lines"), body))]
    return st.one_of(found)


def integers(depth: int) -> st.SearchStrategy[ast.Node]:
    """Whole numbers."""
    leaf = st.one_of(_path("number", "other"), _literal(whole))
    if depth <= 0:
        return leaf
    day, moment = days(depth - 1), datetimes(depth - 1)
    return st.one_of(leaf, _call("length", strings(depth - 1)), _call("days_between", day, day),
                     _call("minutes_between", moment, moment), _call("hour", moment), _call("floor", numbers(depth - 1)),
                     *(_call(name, st.one_of(day, moment)) for name in ("year", "quarter", "month", "day", "weekday")))


def strings(depth: int) -> st.SearchStrategy[ast.Node]:
    """Texts."""
    leaf = st.one_of(_path("name", "nick", "parent.name", "status"), _literal(texts))
    if depth <= 0:
        return leaf
    own = strings(depth - 1)
    return st.one_of(leaf, *(_call(name, own) for name in ("lower", "upper", "trim")),
                     _call("left", own, integers(0)), _call("right", own, integers(0)), _call("concat", own, own, own),
                     _call("replace", own, own, own), _call("text", integers(depth - 1)), *_choosing(own, depth))


def days(depth: int) -> st.SearchStrategy[ast.Node]:
    """Dates."""
    leaf = st.one_of(_path("due", "born", "parent.due"), _literal(dates), _call("today"), _call("yesterday"))
    if depth <= 0:
        return leaf
    own = days(depth - 1)
    edges = [_call(f"{edge}_of_{unit}", st.one_of(own, datetimes(depth - 1))) for edge in ("start", "end")
             for unit in ("week", "month", "quarter", "year")]
    return st.one_of(leaf, _call("date", datetimes(depth - 1)), _call("add_days", own, integers(depth - 1)),
                     _call("add_months", own, integers(depth - 1)), _call("max", own, own), *edges,
                     *_choosing(own, depth))


def datetimes(depth: int) -> st.SearchStrategy[ast.Node]:
    """Moments."""
    leaf = st.one_of(_path("made", "seen", "parent.made"), _literal(moments), _call("now"),
                     _literal(moments.map(lambda value: value.replace(tzinfo=None))))
    if depth <= 0:
        return leaf
    own = datetimes(depth - 1)
    return st.one_of(leaf, _call("add_hours", own, integers(depth - 1)), _call("min", own, own),
                     _call("add_minutes", own, integers(depth - 1)), *_choosing(own, depth))


def ranges(depth: int) -> st.SearchStrategy[ast.Node]:
    """Ranges of dates."""
    named = [_call(f"{which}_{unit}") for which in ("this", "last", "next")
             for unit in ("week", "month", "quarter", "year")]
    fixed = st.one_of(_literal(recent), _call("today"))
    return st.one_of(*named, _call("this_day"), _call("days", fixed, fixed),
                     *(_call(name, _literal(st.integers(-3, 400))) for name in ("last_days", "next_days")))


def _contained(item: st.SearchStrategy[ast.Node], container: st.SearchStrategy[ast.Node]) -> Any:
    return st.builds(ast.In, item, container)


def _items(own: st.SearchStrategy[ast.Node]) -> st.SearchStrategy[ast.Node]:
    return st.lists(own, max_size=3).map(lambda found: ast.Items(tuple(found)))


def _links() -> list[Any]:
    links = _path("owner", "parent.owner")
    return [_contained(links, st.just(ast.Constant("my_subordinates"))),
            _contained(_path("team"), st.just(ast.Constant("my_teams"))),
            _contained(_path("company"), st.just(ast.Constant("my_companies"))),
            _contained(links, _items(_literal(st.integers(1, 3)))),
            _binary("==", links, st.one_of(st.just(ast.Constant("me")), links, _literal(st.integers(1, 3)))),
            _binary("contains", _path("channels"), _literal(st.sampled_from(["sms", "mail"])))]


def flags(depth: int, inside: bool = False) -> st.SearchStrategy[ast.Node]:
    """Conditions; `inside` of a line its own fields."""
    if inside:
        value, text = numbers(min(depth - 1, 1), True), st.one_of(_path("title", "deal.name"), _literal(texts))
        return st.one_of(*(_binary(op, value, value) for op in ast.COMPARISONS),
                         *(_binary(op, text, text) for op in ast.TEXT_OPERATORS), text.map(ast.IsNull))
    leaf = st.one_of(_path("hot", "cold", "parent.hot"), _literal(st.booleans()))
    if depth <= 0:
        return leaf
    own, value, text = flags(depth - 1), numbers(depth - 1), strings(depth - 1)
    moment = st.one_of(days(depth - 1), datetimes(depth - 1))
    body = flags(depth - 1, True)
    return st.one_of(
        leaf, own.map(lambda node: ast.Unary("not", node)), *(
            st.lists(own, min_size=2, max_size=3).map(lambda found, op=op: ast.Junction(op, tuple(found)))
            for op in ("and", "or")),
        *(_binary(op, value, value) for op in ast.COMPARISONS), *(_binary(op, text, text) for op in ast.TEXT_OPERATORS),
        *(_binary(op, moment, moment) for op in ast.COMPARISONS), *_links(), _contained(moment, ranges(depth)),
        _binary("<", text.filter(_no_choice), text.filter(_no_choice)), _contained(value, _items(value)),
        _contained(_path("status"), _items(_literal(st.sampled_from(["new", "won"])))),
        _contained(moment, _items(moment)), _binary("==", own, own),
        st.one_of(value, text, moment, own).map(ast.IsNull), *_choosing(own, depth),
        body.map(lambda node: ast.Over("any", ("lines",), node)), body.map(lambda node: ast.Over("all", ("lines",), node)))


def _no_choice(node: ast.Node) -> bool:
    return ast.Path(("status",)) not in ast.walk(node)
