"""Reading, writing, building and refusing: what is in the language and what is not, with the place of the mistake."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import DefinitionError, ExpressionError
from core.expressions import (
    FUNCTIONS,
    ME,
    MY_TEAMS,
    TODAY,
    Context,
    F,
    Function,
    all_of,
    any_of,
    as_node,
    check,
    fields_read,
    fn,
    from_json,
    parse,
    paths,
    record_getter,
    to_json,
    to_python,
    to_text,
    with_functions,
)
from core.expressions.types import TEXT
from tests.core.expressions.world import schema


@pytest.mark.parametrize(("text", "position"), [
    ("", 0), ("a =", 2), ("a = 1", 2), ("a == ", 5), ("a == 'x", 5), ("a ==\n #", 6), ("a == 1 == 2", 7),
    ("a < b < c", 6), ("a && b", 2), ("a || b", 2), ("!a", 0), ("2 ** 3", 2), ("(a", 2), ("a)", 1), ("a b", 2),
    ("f(1,,2)", 4), ("a.", 2), ("a.1", 2), ("a.b()", 3), ("a.__class__()", 11), ("a is 3", 5), ("a is not 3", 9),
    ("a not 3", 6), ("a == not b", 5), ("a in b", 5), ("a in 3", 5), ("sum(lines)", 0), ("any(3)", 0), ("any()", 0),
    ('date("2026-13-01")', 5), ('datetime("x")', 9), ('jalali("1405/12/40")', 7), ('"\\x"', 1), ("[1]", 0),
    ("a[0]", 1), ("lambda: 1", 6), ("1234567890123456789", 0), ("0.1234567", 0), ('"a\x00"', 0), ("a ; b", 2),
    ("amount > $5", 9), ("not", 3), ("a starts 'b'", 9), ("in", 0), ("null null", 5),
])
def test_refused_text(text: str, position: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert caught.value.position == position


@pytest.mark.parametrize(("text", "written"), [
    ("a==1", "a == 1"), ("A AND not B Or C", "A and not B or C"), ("(a or b) and c", "(a or b) and c"),
    ("a or (b or c)", "a or (b or c)"), ("1-(2-3)", "1 - (2 - 3)"), ("(1-2)-3", "1 - 2 - 3"), ("- (5)", "-(5)"),
    ("-5*a", "-5 * a"), ("(a+b)*c", "(a + b) * c"), ("not (a in (1,))", "a not in (1)"), ("x in ()", "x in ()"),
    ("not (not a)", "not not a"), ("a > ۱۲_۳", "a > 123"), ("'it\\'s'", '"it\'s"'),
    ("`me` == me", "`me` == me"), ('jalali("۱۴۰۵/۰۷/۰۶")', 'date("2026-09-28")'), ("1.50", "1.5"), ("a.in", "a.`in`"),
    ("contains contains 'x'", 'contains contains "x"'), ("a not starts with 'b'", 'not a starts with "b"'),
    ("any(lines) and count(a.lines, b)", "any(lines) and count(a.lines, b)"), ("not a == b", "not a == b"),
    ("(a == b) == (c == d)", "(a == b) == (c == d)"), ("(not a) == b", "(not a) == b"),
])
def test_written_again(text: str, written: str) -> None:
    node = parse(text)
    assert to_text(node) == written
    assert parse(written) == node
    assert from_json(to_json(node)) == node


@pytest.mark.parametrize("text", [
    "(" * 61 + "a" + ")" * 61, "not " * 45 + "a", "-" * 70 + "a", "f(" * 50 + ")" * 50, "+".join(["1"] * 50),
    "a in (" + ",".join(["1"] * 501) + ")", " or ".join(["a"] * 600), "x" * 4001,
])
def test_limits(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text)


def test_large_is_fine() -> None:
    node = parse("a in (" + ",".join(["1"] * 500) + ") and (" + " or ".join(["a"] * 400) + ")")
    assert from_json(to_json(node)) == node


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(), st.text("ab.,()=<>!+-*/% \"'\\`1٢_notisnullinand")))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        node = parse(text)
    except ExpressionError as error:
        found = error
    else:
        assert parse(to_text(node)) == node
        return
    assert 0 <= found.position <= len(text)


_json = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(), st.integers(), st.text(max_size=5),
              st.sampled_from(["and", "==", "in", "date", "any", "is null", "a.b"])),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(
        st.sampled_from(["op", "items", "left", "right", "operand", "container", "field", "call", "args", "over",
                         "body", "number", "text", "date", "datetime", "flag", "null", "constant", "x"]),
        inner, max_size=3)))


@settings(max_examples=400, deadline=None)
@given(_json)
def test_any_json_is_read_or_refused(obj: object) -> None:
    try:
        node = from_json(obj)
    except ExpressionError:
        return
    assert from_json(to_json(node)) == node


@pytest.mark.parametrize("obj", [
    None, [], "a", {}, {"field": "a", "x": 1}, {"field": "a b"}, {"field": ""}, {"field": 3}, {"field": "__class__."},
    {"op": "exec", "items": []}, {"op": ["=="], "left": 1, "right": 2}, {"op": "==", "left": {"field": "a"}},
    {"number": True}, {"number": "1e5"}, {"number": "nan"}, {"number": float("inf")}, {"text": 5}, {"flag": 1},
    {"date": "x"}, {"constant": "you"}, {"call": "a.b", "args": []}, {"op": "in", "operand": {"field": "a"},
                                                                      "container": {"field": "b"}},
    {"over": "sum", "field": "lines", "body": None}, {"text": "\ud800"}, {"items": [{"number": 1}] * 501},
])
def test_refused_json(obj: object) -> None:
    with pytest.raises(ExpressionError):
        from_json(obj)


def test_deep_json_is_refused() -> None:
    obj: dict[str, object] = {"field": "a"}
    for _ in range(5000):
        obj = {"op": "not", "operand": obj}
    with pytest.raises(ExpressionError):
        from_json(obj)


def test_small_groups_of_the_criteria_builder() -> None:
    assert from_json({"op": "and", "items": []}) == parse("true")
    assert from_json({"op": "or", "items": [{"field": "a"}]}) == parse("a")


@pytest.mark.parametrize(("built", "text"), [
    (F.status == "new", 'status == "new"'), ((F.a == 1) & (F.b > 2), "a == 1 and b > 2"),
    (~(F.stage.kind != "x") | F.c, 'not stage.kind != "x" or c'), (F.name.contains("x"), 'name contains "x"'),
    (F.name.startswith("x"), 'name starts with "x"'), (F.name.endswith("x"), 'name ends with "x"'),
    (F.a.isin([1, 2]), "a in (1, 2)"), (F.team.isin(MY_TEAMS), "team in my_teams"), (F.a.is_null(), "a is null"),
    (F.a == None, "a is null"), (F.a != None, "not (a is null)"),  # noqa: E711 - compared on purpose
    (F.a.not_null(), "a is not null"), (F.owner == ME, "owner == me"), (F.due <= TODAY, "due <= today()"),
    (fn.days_between(F.a, TODAY) > 3, "days_between(a, today()) > 3"), (1 - F.a * 2 / -F.b % 3, "1 - a * 2 / -b % 3"),
    (F.made.isin(fn.this_month()), "made in this_month()"),
    (F["contains"].x["sum"] == Decimal("1.50"), "contains.x.sum == 1.5"),
    (F.lines.any(F.price > 3), "any(lines, price > 3)"),
    (F.lines.sum(F.price) >= F.lines.count(), "sum(lines, price) >= count(lines)"),
    (F.d == dt.date(2026, 1, 2), 'd == date("2026-01-02")'), (fn.if_(F.a, 1, None), "if(a, 1, null)"),
    (F.lines.all(F.ok) & F.x & F.y, "all(lines, ok) and x and y"),
])
def test_built(built: object, text: str) -> None:
    assert as_node(built) == parse(text)  # type: ignore[arg-type]


def test_built_expressions_have_no_truth() -> None:
    with pytest.raises(TypeError):
        bool(F.a == 1)
    with pytest.raises(TypeError):
        F.a == object()  # noqa: B015


def test_joining() -> None:
    assert all_of("a", F.b, parse("c and d")) == parse("a and b and c and d")
    assert any_of() == parse("false")
    assert all_of() == parse("true")
    assert any_of("a") == parse("a")


def test_nodes_are_values() -> None:
    assert hash(parse("a == 1")) == hash(parse(" a  ==  1"))
    assert parse("true") != parse("1")
    assert len({parse("a"), parse("a"), parse("b")}) == 2


def test_what_is_read() -> None:
    node = parse("a.b > 1 and any(lines, product.price > 2) and owner == me")
    assert paths(node) == {"a.b", "lines", "lines.product.price", "owner"}
    assert fields_read(node) == {"a", "lines", "owner"}


@pytest.mark.parametrize(("text", "position"), [
    ("nothing == 1", 0), ("name == 1", 5), ("parent.nothing is null", 0), ("name.x is null", 0), ("amount", 0),
    ('status == "nwe"', 10), ('status in ("new", "x")', 18), ('"x" == status', 0), ("status < 'new'", 7),
    ("hot < cold", 4), ("due == name", 4), ("amount and hot", 0), ("not name", 4), ("hot == null", 4),
    ("null != hot", 5), ("owner == parent", 6), ("owner in my_teams", 6), ("name in this_month()", 5),
    ("any(name)", 0), ("any(parent)", 0), ("any(lines, name == 'x')", 11), ("any(lines, price)", 11),
    ("lines == 1", 6), ("extra == 1", 6), ("lines is null", 6), ("length(1) > 2", 7), ("lenght(name) > 2", 0),
    ("length() > 2", 0), ("length(name, name) > 2", 0), ("left(name, 1.5) == ''", 11), ("name + 'x' == 'y'", 0),
    ("-due == 1", 1), ("made in last_days(number)", 8), ("round(amount, number) > 1", 14), ("me == 1.5", 3),
    ("if(hot, 1, 'x') == 1", 0), ("max(name, nick) == 'a'", 0), ("coalesce(null, null) is null", 0),
    ("channels == 'sms'", 9), ("channels contains 'fax'", 18), ("due contains 'x'", 0), ("hot in (null)", 8),
    ("add_hours(due, 1) > now()", 10), ("my_teams is null", 9), ("number in ((1, 2))", 13),
    ("id in my_teams", 3), ("id == me", 3), ("any(teams, size in my_teams)", 16), ("any(teams, id in my_roles)", 14),
])
def test_refused_by_the_checker(text: str, position: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        check(parse(text), "deal", schema, expect="flag")
    assert caught.value.position == position, caught.value.message


def test_checked() -> None:
    found = check(parse("sum(lines, price * quantity) > parent.amount"), "deal", schema, expect="flag")
    assert found.type.kind == "flag"
    assert found.paths == {"lines", "lines.price", "lines.quantity", "parent.amount"}
    assert check(parse("parent"), "deal", schema).type.target == "deal"
    for text, expect in [("amount * 2", "money"), ("amount", "number"), ("number", "decimal"), ("name", "longtext"),
                         ("status", "choice"), ("owner", "link"), ("today()", "date"), ("null", "flag"),
                         ("took", "duration")]:
        check(parse(text), "deal", schema, expect=expect)
    with pytest.raises(ExpressionError):
        check(parse("amount / 2"), "deal", schema, expect="integer")


def test_hints_name_what_was_meant() -> None:
    with pytest.raises(ExpressionError, match="did you mean “new”"):
        check(parse('status == "nwe"'), "deal", schema)
    with pytest.raises(ExpressionError, match="is null"):
        check(parse("name == null"), "deal", schema)


def test_addons_add_functions() -> None:
    initials = Function("initials", "text", (("name", "text"),), TEXT, "First letters.", "initials(name)",  # type: ignore[arg-type]
                        lambda _context, name: "".join(word[0] for word in name.split()), None)
    table = with_functions([initials])
    assert check(parse('initials("ab cd")'), "deal", schema, functions=table).type == TEXT
    assert to_python(parse('initials("ab cd")'), table)(lambda _path: None, Context()) == "ac"
    with pytest.raises(ExpressionError):
        check(parse("initials(name)"), "deal", schema, functions=table)
    with pytest.raises(ExpressionError):
        check(parse("initials(name)"), "deal", schema)
    with pytest.raises(DefinitionError):
        with_functions([FUNCTIONS["lower"]])


def test_records_as_python_has_them() -> None:
    class Link:
        """A linked record that only knows its id and one field."""

        id = 8
        name = "Pars"

    node = parse('owner == 8 and owner.name contains "pars" and any(lines, price > 2)')
    record = {"owner": Link(), "lines": [{"price": 3}]}
    assert to_python(node)(record_getter(record), Context()) is True
    assert to_python(node)(record_getter({"owner": None, "lines": None}), Context()) is False
