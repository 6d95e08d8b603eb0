"""Criteria of lists: from the address to an expression and back to words.

The builder in the browser writes the expressions' JSON, with dates and numbers as people type them; here they become
literals of the language. Quick filters of columns are short texts: `pars`, `>1000`, `10..20`, `1405/6/1..1405/6/31`.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.env import Env
from core.errors import ExpressionError
from core.expressions import F, all_of, any_of, as_node, ast, from_json, to_json
from core.expressions.build import Expr
from core.expressions.limits import MAX_DEPTH
from core.i18n.messages import _
from core.i18n.text import latin_digits
from core.records.fields import CasesField, ChoiceField, Field, LinkField, ManyField
from core.registry.compose import RecordType
from core.web.showing import NUMBERS, SEVERAL, TEXTS, is_person, is_shown, kind_of, resolve, shown_fields
from core.web.viewmodels import CriteriaField, Option

MOST_JSON = 8000
EMPTY = "-"
"""A quick filter's value that means "has none"."""
COMPARISON = re.compile(r"\s*(<=|>=|<|>|=)?\s*(.+?)\s*")


# ---------------------------------------------------------------- the builder's JSON
def read_criteria(env: Env, rtype: RecordType, text: str) -> ast.Node | None:
    """The expression of a criteria text; None for none. ExpressionError says what is wrong with it."""
    if not text.strip():
        return None
    if len(text) > MOST_JSON:
        raise ExpressionError(_("The criteria are too long."))
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError):
        raise ExpressionError(_("The criteria are not written as this program writes them.")) from None
    return from_json(_normal(env, rtype, tree, 0))


def _normal(env: Env, rtype: RecordType, tree: Any, depth: int) -> Any:
    """The tree with values in the language's form; anything that is not understood is left for the strict reader."""
    if not isinstance(tree, dict) or depth > MAX_DEPTH:
        return tree
    if tree.get("op") in ("and", "or") and isinstance(tree.get("items"), list):
        return {**tree, "items": [_normal(env, rtype, i, depth + 1) for i in tree["items"]]}
    if tree.get("op") == "not":
        return {**tree, "operand": _normal(env, rtype, tree.get("operand"), depth + 1)}
    found = _field_of(env, rtype, tree.get("left") or tree.get("operand"))
    if found is None:
        return tree
    kind = kind_of(found)
    if "right" in tree and isinstance(tree["right"], dict):
        if kind in SEVERAL and tree["op"] == "contains":
            return {"over": "any", "field": tree["left"]["field"],
                    "body": {"op": "==", "left": {"field": "id"}, "right": _literal(env, "integer", tree["right"])}}
        right = _literal(env, kind, tree["right"])
        if kind == "datetime" and "date" in right:
            return _moment_condition(env, tree["op"], tree["left"], right["date"])
        return {**tree, "right": right}
    container = tree.get("container")
    if isinstance(container, dict):
        for name in ("items", "args"):
            if isinstance(container.get(name), list):
                as_kind = kind if name == "items" else "integer"
                container = {**container, name: [_literal(env, as_kind, i) for i in container[name]]}
        return {**tree, "container": container}
    return tree


def _field_of(env: Env, rtype: RecordType, side: Any) -> Field | None:
    path = side.get("field") if isinstance(side, dict) else None
    found = resolve(env, rtype, path) if isinstance(path, str) and len(path) < 300 else None
    return found[1] if found else None


def _literal(env: Env, kind: str, item: Any) -> Any:
    """A literal as the builder writes it, in the form that fits the field."""
    if not isinstance(item, dict):
        return item
    text = item.get("text", item.get("number"))
    if not isinstance(text, str):
        return item
    try:
        if kind in NUMBERS or kind in ("link", "file", "image", "many", "tags"):
            return {"number": format(env.format.parse_number(text), "f")}
        if kind == "duration":
            return {"number": str(int(env.format.parse_duration(text).total_seconds()))}
        if kind in ("date", "datetime"):
            return {"date": env.format.parse_date(text).isoformat()}
    except ValueError as error:
        raise ExpressionError(error.args[0]) from None
    return {"text": text} if "number" in item else item


def _moment_condition(env: Env, op: str, left: Any, day: Any) -> Any:
    """A moment compared with a day: the day's beginning and end where the reader is."""
    try:
        start = _start(env, dt.date.fromisoformat(day))
        end = _start(env, dt.date.fromisoformat(day) + dt.timedelta(days=1))
    except (TypeError, ValueError, OverflowError):
        raise ExpressionError(_("Write a date.")) from None

    def compare(sign: str, moment: dt.datetime) -> dict[str, Any]:
        return {"op": sign, "left": left, "right": {"datetime": moment.isoformat()}}

    within = {"op": "and", "items": [compare(">=", start), compare("<", end)]}
    outside = {"op": "or", "items": [compare("<", start), compare(">=", end)]}
    return {"==": within, "!=": outside, "<": compare("<", start), "<=": compare("<", end), ">": compare(">=", end),
            ">=": compare(">=", start)}.get(op) or compare(op, start)


def _start(env: Env, day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), env.tz).astimezone(dt.UTC)


# ---------------------------------------------------------------- quick filters
def quick_filter(env: Env, rtype: RecordType, path: str, text: str) -> ast.Node:
    """The condition of a column's quick filter; ExpressionError when the text cannot be meant for it."""
    found = resolve(env, rtype, path)
    if found is None or not found[1].filterable:
        raise ExpressionError(_("{record} has no field “{field}”."), record=rtype.label, field=path)
    at = F[path]
    field = found[1]
    if text == EMPTY:
        return as_node(_is_empty(field, at))
    kind = kind_of(field)
    try:
        if isinstance(field, CasesField) and "." not in path:
            known = {v: c for v, c in field.conditions.items() if c is not None}
            return as_node(any_of(*(known.get(v, at == v) for v in text.split(","))))
        return as_node(_quick(env, field, kind, at, text))
    except ValueError as error:
        raise ExpressionError(error.args[0] if error.args else _("This filter was not understood.")) from None


def _is_empty(field: Field, at: Any) -> Expr:
    found: Expr = ~at.any() if isinstance(field, ManyField) else at.is_null()
    return found


def _quick(env: Env, field: Field, kind: str, at: Any, text: str) -> Any:
    if kind == "flag":
        return at == (text == "1")
    if kind == "choice":
        return at.isin(text.split(","))
    if kind == "multichoice":
        return any_of(*(at.contains(v) for v in text.split(",")))
    if kind in NUMBERS:
        return _ranged(at, text, env.format.parse_number)
    if kind == "duration":
        return _ranged(at, text, lambda t: int(env.format.parse_duration(t).total_seconds()))
    if kind in ("date", "datetime"):
        return _days(env, kind, at, text)
    if kind in ("link", "file", "image"):
        return _linked(env, field, at, text)
    if kind in SEVERAL:
        number = _number(text)
        if number is not None:
            return at.any(F.id == number)
        return at.any(F[env.registry.record(field.target).title].contains(text))  # type: ignore[attr-defined]
    if kind == "phone":
        return at.contains(re.sub(r"\D", "", latin_digits(text)).lstrip("0") or text)
    return at.contains(text)


def _ranged(at: Any, text: str, read: Callable[[str], Any]) -> Any:
    if ".." in text:
        low, _dots, high = text.partition("..")
        parts = ([at >= read(low)] if low.strip() else []) + ([at <= read(high)] if high.strip() else [])
        return all_of(*parts)
    match = COMPARISON.fullmatch(text)
    if match is None:
        raise ValueError(_("This filter was not understood."))
    sign, value = match[1] or "=", read(match[2])
    return {"<": at < value, "<=": at <= value, ">": at > value, ">=": at >= value, "=": at == value}[sign]


def _days(env: Env, kind: str, at: Any, text: str) -> Any:
    low, dots, high = text.partition("..")
    match = COMPARISON.fullmatch(low if not dots else "x")
    sign = match[1] if match else None
    first = env.format.parse_date(match[2] if match and not dots else low) if (low.strip() or not dots) else None
    last = env.format.parse_date(high) if dots and high.strip() else (None if dots else first)
    if sign in ("<", "<="):
        first, last = None, (first - dt.timedelta(days=1) if sign == "<" and first else first)
    elif sign in (">", ">="):
        first, last = (first + dt.timedelta(days=1) if sign == ">" and first else first), None
    if kind == "date":
        return all_of(*([at >= first] if first else []), *([at <= last] if last else []))
    after = [at >= _start(env, first)] if first else []
    before = [at < _start(env, last + dt.timedelta(days=1))] if last else []
    return all_of(*after, *before)


def _linked(env: Env, field: Field, at: Any, text: str) -> Any:
    if text == "me" and is_person(field):
        return at == Expr(ast.Constant("me"))
    number = _number(text)
    if number is not None:
        return at == number
    target = env.registry.record(field.target)  # type: ignore[attr-defined]
    title = target.field(target.title)
    if not is_shown(env, target, title):
        raise ValueError(_("This filter was not understood."))
    return at[target.title].contains(text)


def _number(text: str) -> int | None:
    """The record that `#12` means."""
    digits = latin_digits(text.strip())
    return int(digits[1:19]) if digits.startswith("#") and digits[1:].isdecimal() else None


# ---------------------------------------------------------------- what the builder offers
def criteria_fields(env: Env, rtype: RecordType) -> list[CriteriaField]:
    """Fields to filter by: the type's own, and the plain ones of records it links to."""
    made = [_criteria_field(env, f.name, f, "") for f in shown_fields(env, rtype) if _can_filter(f)]
    made.sort(key=lambda f: env.sort_key(f.label))
    for link in shown_fields(env, rtype):
        if type(link) is not LinkField or link.system or not env.can("read", link.target):
            continue
        target = env.registry.record(link.target)
        label = env.t(link.label)
        made += [_criteria_field(env, f"{link.name}.{f.name}", f, label) for f in shown_fields(env, target)
                 if _can_filter(f) and not f.system and kind_of(f) not in SEVERAL][:30]
    return made


def _can_filter(field: Field) -> bool:
    return field.filterable and field.type_name not in ("children", "anylink", "file", "image", "data")


def _criteria_field(env: Env, path: str, field: Field, group: str) -> CriteriaField:
    kind = "user" if is_person(field) else kind_of(field)
    options = [Option(o.value, env.t(o.label), o.colour) for o in field.offered(env)] if isinstance(field, ChoiceField) else []
    lookup = f"/lookup/{field.target}" if isinstance(field, (LinkField, ManyField)) else ""
    return CriteriaField(path, env.t(field.label), kind, options=options, lookup_url=lookup, group=group)


# ---------------------------------------------------------------- in words
@dataclass(frozen=True)
class Part:
    """One condition in words, and the criteria without it."""

    label: str
    text: str
    without: str
    path: str = ""


def parts(env: Env, rtype: RecordType, node: ast.Node | None) -> list[Part]:
    """The conditions of criteria that are joined by "and", each in words."""
    if node is None:
        return []
    whole = list(node.items) if isinstance(node, ast.Junction) and node.op == "and" else [node]
    whole = [n for n in whole if not (isinstance(n, ast.Literal) and n.value is True)]
    found = []
    for i, item in enumerate(whole):
        label, text = in_words(env, rtype, item)
        rest = whole[:i] + whole[i + 1:]
        without = json.dumps(to_json(all_of(*rest)), ensure_ascii=False) if rest else ""
        found.append(Part(label, text, without, _path_of(item)))
    return found


def _path_of(node: ast.Node) -> str:
    side = getattr(node, "left", None) or getattr(node, "operand", None) or node
    if isinstance(side, ast.Path):
        return ".".join(side.names)
    return _path_of(side) if side is not node and isinstance(side, ast.Node) else ""


WORDS = {"==": _("is"), "!=": _("is not"), "<": _("less than"), "<=": _("at most"), ">": _("more than"),
         ">=": _("at least"), "contains": _("contains"), "starts with": _("starts with"), "ends with": _("ends with")}
RANGES = {"today": _("is today"), "yesterday": _("is yesterday"), "tomorrow": _("is tomorrow"),
          "this_week": _("this week"), "last_week": _("last week"), "next_week": _("next week"),
          "this_month": _("this month"), "last_month": _("last month"), "next_month": _("next month"),
          "this_quarter": _("this quarter"), "last_quarter": _("last quarter"), "this_year": _("this year"),
          "last_year": _("last year")}


def in_words(env: Env, rtype: RecordType, node: ast.Node, negated: bool = False) -> tuple[str, str]:
    """A condition as (field, rest): ("Status", "is one of New, Contacted")."""
    if isinstance(node, ast.Unary) and node.op == "not":
        return in_words(env, rtype, node.operand, not negated)
    if isinstance(node, ast.Junction):
        word = env.t(_("and")) if node.op == "and" else env.t(_("or"))
        texts = [" ".join(t for t in in_words(env, rtype, i) if t) for i in node.items]
        joined = f" {word} ".join(texts)
        return ("", f"{env.t(_('not'))} ({joined})" if negated else joined)
    path = _path_of(node)
    found = resolve(env, rtype, path) if path else None
    label = _label(env, rtype, path)
    if isinstance(node, ast.IsNull):
        return label, env.t(_("is not empty") if negated else _("is empty"))
    if isinstance(node, ast.In):
        return label, _in_words(env, node, found[1] if found else None, negated)
    if isinstance(node, ast.Binary):
        verb: str | None = _("does not contain") if negated and node.op == "contains" else WORDS.get(node.op)
        if verb is not None:
            prefix = f"{env.t(_('not'))} " if negated and node.op != "contains" else ""
            return label, f"{prefix}{env.t(verb)} {_value(env, found[1] if found else None, node.right)}".strip()
    return label or env.t(_("Condition")), env.t(_("not")) if negated else "…"


def _in_words(env: Env, node: ast.In, field: Field | None, negated: bool) -> str:
    container = node.container
    prefix = f"{env.t(_('not'))} " if negated else ""
    if isinstance(container, ast.Items):
        word = env.t(_("is none of") if negated else _("is one of"))
        return f"{word} {env.format.list(_value(env, field, i) for i in container.items)}"
    if isinstance(container, ast.Call):
        if container.name in RANGES:
            return prefix + env.t(RANGES[container.name])
        days = _value(env, None, container.args[0]) if container.args else ""
        text = {"last_days": _("in the last {count} days", count=days),
                "next_days": _("in the next {count} days", count=days)}.get(container.name)
        return prefix + env.t(text) if text is not None else "…"
    return prefix + env.t(_("is one of my people"))


def _label(env: Env, rtype: RecordType, path: str) -> str:
    labels: list[str] = []
    names = path.split(".") if path else []
    for i in range(len(names)):
        found = resolve(env, rtype, ".".join(names[:i + 1]))
        labels.append(env.t(found[1].label) if found else names[i])
    return " › ".join(labels)


def _value(env: Env, field: Field | None, node: ast.Node) -> str:
    if isinstance(node, ast.Constant):
        return env.t(_("me")) if node.name == "me" else node.name
    if not isinstance(node, ast.Literal):
        return "…"
    value = node.value
    if value is None:
        return env.t(_("empty"))
    if isinstance(value, bool):
        return env.t(_("Yes") if value else _("No"))
    if isinstance(field, ChoiceField):
        return env.t(field.called(env).get(str(value), str(value)))
    if isinstance(field, LinkField) and not isinstance(value, (str, dt.date)):
        return env.labels(field.target, [int(value)]).get(int(value), f"#{value}")
    if isinstance(value, dt.datetime):
        return env.format.datetime(value)
    if isinstance(value, dt.date):
        return env.format.date(value)
    return value if isinstance(value, str) else env.format.number(value)


def quick_in_words(env: Env, field: Field, text: str) -> str:
    """A quick filter's text in words."""
    if text == EMPTY:
        return env.t(_("is empty"))
    if isinstance(field, ChoiceField):
        labels = field.called(env)
        return env.format.list(env.t(labels.get(v, v)) for v in text.split(","))
    if kind_of(field) == "flag":
        return env.t(_("Yes") if text == "1" else _("No"))
    number = _number(text) if isinstance(field, (LinkField, ManyField)) else None
    if number is not None:
        return env.labels(field.target, [number]).get(number) or text  # type: ignore[attr-defined]
    return env.t(_("me")) if text == "me" and is_person(field) else text


def filter_kind(field: Field) -> str:
    """Which quick filter a column has; "" for none."""
    kind = kind_of(field)
    if not field.filterable or field.type_name in ("children", "anylink", "data"):
        return ""
    if kind in ("choice", "multichoice"):
        return "choice"
    if kind in ("link", "many", "tags", "file", "image"):
        return "link"
    if kind in ("date", "datetime"):
        return "date"
    if kind in NUMBERS or kind == "duration":
        return "number"
    return "flag" if kind == "flag" else ("text" if kind in TEXTS or kind == "text" else "")
