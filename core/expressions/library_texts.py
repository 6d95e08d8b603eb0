"""Text functions of the language, and those that choose between values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import case, func
from sqlalchemy.sql.elements import ColumnElement

from core.expressions import elements, texts
from core.expressions.functions import Function, common_type
from core.expressions.sql_value import Sql, aligned
from core.expressions.types import INTEGER, TEXT, Context, Type
from core.i18n.messages import _

_GROUP = "text"


def _branch_type(types: Sequence[Type]) -> Type | None:
    return common_type(types[1:])


def merged(values: Sequence[Sql]) -> tuple[list[ColumnElement[Any]], int]:
    """Expressions of values of one kind: numbers at their common scale."""
    if any(value.type.kind in ("integer", "number") for value in values):
        return aligned(values)
    return [value.expr for value in values], 0


def _if(_context: Context, condition: Sql, yes: Sql, no: Sql) -> Sql:
    (one, other), scale = merged((yes, no))
    return Sql(case((condition.expr, one), else_=other), yes.type, scale)


def _coalesce(_context: Context, *values: Sql) -> Sql:
    items, scale = merged(values)
    return Sql(func.coalesce(*items), values[0].type, scale)


def _first(_context: Context, *values: Any) -> Any:
    return next((value for value in values if value is not None), None)


CHOOSING = (
    Function("if", "choosing", (("condition", "flag"), ("yes", "any"), ("no", "any")), _branch_type,
             _("The second value when the condition is true, the third when it is false or unknown."),
             'if(amount > 1000, "large", "small")', lambda _context, condition, yes, no: yes if condition else no, _if,
             nulls=True),
    Function("coalesce", "choosing", (("value", "any"), ("otherwise", "any")), common_type,
             _("The first of the values that is not empty."), "coalesce(nickname, name)", _first, _coalesce,
             variadic=True, nulls=True),
)

TEXTS = (
    Function("lower", _GROUP, (("text", "text"),), TEXT,
             _("The text in small letters (Latin, Greek and Cyrillic)."), "lower(code)",
             lambda _context, text: texts.lower(text), lambda _context, text: elements.lower_sql(text.expr)),
    Function("upper", _GROUP, (("text", "text"),), TEXT,
             _("The text in capital letters (Latin, Greek and Cyrillic)."), "upper(code)",
             lambda _context, text: texts.upper(text), lambda _context, text: elements.upper_sql(text.expr)),
    Function("trim", _GROUP, (("text", "text"),), TEXT,
             _("The text without spaces at its beginning and end."), "trim(name)",
             lambda _context, text: texts.trim(text), lambda _context, text: elements.trim_sql(text.expr)),
    Function("length", _GROUP, (("text", "text"),), INTEGER,
             _("How many characters the text has."), "length(phone) < 8",
             lambda _context, text: len(text), lambda _context, text: elements.Length(text.expr)),
    Function("left", _GROUP, (("text", "text"), ("count", "integer")), TEXT,
             _("The first characters of the text."), 'left(postcode, 2) == "11"',
             lambda _context, text, count: texts.left(text, count),
             lambda _context, text, count: elements.Left(text.expr, count.expr)),
    Function("right", _GROUP, (("text", "text"), ("count", "integer")), TEXT,
             _("The last characters of the text."), "right(phone, 4)",
             lambda _context, text, count: texts.right(text, count),
             lambda _context, text, count: elements.Right(text.expr, count.expr)),
    Function("digit", _GROUP, (("text", "text"), ("place", "integer")), INTEGER,
             _("The digit at a place of the text, counted from 1; nothing where there is none. For check digits."),
             "(digit(code, 1) * 3 + digit(code, 2)) % 10 == digit(code, 3)",
             lambda _context, text, place: texts.digit(text, place),
             lambda _context, text, place: elements.Digit(text.expr, place.expr)),
    Function("concat", _GROUP, (("text", "text"),), TEXT,
             _("The texts one after the other; empty ones are left out. At most {count} characters.",
               count=texts.MAX_RESULT), 'concat(first_name, " ", last_name)',
             lambda _context, *values: texts.concat(*values),
             lambda _context, *values: elements.Concat(*(value.expr for value in values)), variadic=True, nulls=True),
    Function("replace", _GROUP, (("text", "text"), ("old", "text"), ("new", "text")), TEXT,
             _("The text with one piece replaced by another wherever it stands. At most {count} characters.",
               count=texts.MAX_RESULT), 'replace(phone, " ", "")',
             lambda _context, text, old, new: texts.replace(text, old, new),
             lambda _context, text, old, new: elements.Replace(text.expr, old.expr, new.expr)),
    Function("text", _GROUP, (("number", "integer"),), TEXT,
             _("A whole number as a text of digits."), 'concat("No. ", text(number))',
             lambda _context, number: str(number), lambda _context, number: elements.WholeText(number.expr)),
)
