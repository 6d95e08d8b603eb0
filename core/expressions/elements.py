"""SQL that the two databases spell differently: one class per operation with a template for each.

SQLite calls the Python functions that :mod:`core.expressions.sqlite` registers; PostgreSQL computes in `numeric`, where
nothing overflows. In a template `{0}` is the first argument. PostgreSQL templates that need an argument twice take it
through a sub-select, so that nesting functions makes the statement longer by addition, not by multiplication.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, ClassVar, Final

from sqlalchemy import BigInteger, Boolean, Date, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ColumnElement, literal, literal_column
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from core.expressions import texts
from core.i18n.text import FOLD_DROP, FOLD_FROM, FOLD_TO
from core.records.types import Moment


class Dialected(FunctionElement[Any]):
    """An operation with a template for each database."""

    inherit_cache = True
    sqlite: ClassVar[str]
    postgresql: ClassVar[str]


def _filled(template: str, element: Dialected, compiler: Any, **kw: Any) -> str:
    """The template with the arguments that it names (another database's stay out of the statement)."""
    return template.format(*(compiler.process(clause, **kw) if f"{{{index}}}" in template else ""
                             for index, clause in enumerate(element.clauses)))


@compiles(Dialected, "sqlite")
def _on_sqlite(element: Dialected, compiler: Any, **kw: Any) -> str:
    return _filled(element.sqlite, element, compiler, **kw)


@compiles(Dialected, "postgresql")
def _on_postgresql(element: Dialected, compiler: Any, **kw: Any) -> str:
    return _filled(element.postgresql, element, compiler, **kw)


def operation(name: str, sqlite: str, postgresql: str, type_: TypeEngine[Any]) -> type[Dialected]:
    return type(name, (Dialected,), {"name": name.lower(), "inherit_cache": True, "sqlite": sqlite,
                                     "postgresql": postgresql, "type": type_, "__module__": __name__})


def _exact(name: str, sqlite: str, postgresql: str) -> type[Dialected]:
    return operation(name, sqlite, postgresql, BigInteger())


# -- numbers, as integers of their smallest unit; `{1}` of Rescale … Ceiling is the unit, `{2}` its reciprocal

Negate: Final = _exact("Negate", "(-{0})", "(-CAST({0} AS NUMERIC))")
Absolute: Final = _exact("Absolute", "abs({0})", "abs(CAST({0} AS NUMERIC))")
Add: Final = _exact("Add", "({0} + {1})", "(CAST({0} AS NUMERIC) + {1})")
Subtract: Final = _exact("Subtract", "({0} - {1})", "(CAST({0} AS NUMERIC) - {1})")
Multiply: Final = _exact("Multiply", "sarnakh_multiply({0}, {1}, {2})", "round(CAST({0} AS NUMERIC) * {1} * {3})")
Divide: Final = _exact(
    "Divide", "sarnakh_divide({0}, {1}, {2})",
    "(SELECT CASE WHEN v.b <> 0 THEN sign(v.a) * sign(v.b) * div(2 * abs(v.a) + abs(v.b), 2 * abs(v.b)) END"
    " FROM (SELECT CAST({0} AS NUMERIC) * {2} AS a, CAST({1} AS NUMERIC) AS b OFFSET 0) AS v)")
Remainder: Final = _exact("Remainder", "sarnakh_remainder({0}, {1})",
                          "mod(CAST({0} AS NUMERIC), NULLIF(CAST({1} AS NUMERIC), 0))")
Rescale: Final = _exact("Rescale", "({0} * {1})", "(CAST({0} AS NUMERIC) * {1})")
Round: Final = _exact("Round", "sarnakh_round({0}, {1})", "round(CAST({0} AS NUMERIC) * {2})")
Floor: Final = _exact("Floor", "sarnakh_floor({0}, {1})", "floor(CAST({0} AS NUMERIC) * {2})")
Ceiling: Final = _exact("Ceiling", "sarnakh_ceiling({0}, {1})", "ceil(CAST({0} AS NUMERIC) * {2})")
WholeText: Final = operation("WholeText", "CAST({0} AS TEXT)", "CAST(trunc(CAST({0} AS NUMERIC)) AS TEXT)", String())


def unit(places: int) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """Ten to the power of `places` and its reciprocal, as they go into templates."""
    return literal_column(str(10**places)), literal_column(f"0.{'0' * (places - 1)}1" if places else "1")


class Extreme(FunctionElement[Any]):
    """The smallest or largest of values that are there, numbers or moments."""


class Least(Extreme):
    """The smallest value."""

    inherit_cache = True
    name = "sarnakh_least"


class Greatest(Extreme):
    """The largest value."""

    inherit_cache = True
    name = "sarnakh_greatest"


@compiles(Least, "postgresql")
def _least_on_postgresql(element: Least, compiler: Any, **kw: Any) -> str:
    return f"least({compiler.process(element.clauses, **kw)})"


@compiles(Greatest, "postgresql")
def _greatest_on_postgresql(element: Greatest, compiler: Any, **kw: Any) -> str:
    return f"greatest({compiler.process(element.clauses, **kw)})"


# -- texts

_Fold: Final = operation(
    "Fold", "sarnakh_fold({0})",
    "btrim(regexp_replace(translate(lower({0}), {1}, {2}), ' +', ' ', 'g'))", String())
_Gaps: Final = operation("Gaps", "sarnakh_gaps({0})", "translate({0}, {1}, {2})", String())
_MARKS: Final = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~،؛؟«»…–—‘’“”·\t\r\n"
_Lower: Final = operation("Lower", "sarnakh_lower({0})", "translate({0}, {1}, {2})", String())
_Upper: Final = operation("Upper", "sarnakh_upper({0})", "translate({0}, {1}, {2})", String())
_Trim: Final = operation("Trim", "trim({0}, {1})", "btrim({0}, {1})", String())
Contains: Final = operation("Contains", "(instr({0}, {1}) > 0)", "(strpos({0}, {1}) > 0)", Boolean())
StartsWith: Final = operation("StartsWith", "sarnakh_starts({0}, {1})", "starts_with({0}, {1})", Boolean())
EndsWith: Final = operation("EndsWith", "sarnakh_ends({0}, {1})",
                             "starts_with(reverse({0}), reverse({1}))", Boolean())
# a text, a folded piece, and the piece's pattern
FIND_PIECE: Final = MappingProxyType({
    operator: operation(f"Find_{operator.split()[0]}", sqlite, "({0} ~ {2})", Boolean())
    for operator, sqlite in (("contains", "(instr(sarnakh_fold({0}), {1}) > 0)"),
                             ("starts with", "sarnakh_starts(sarnakh_fold({0}), {1})"),
                             ("ends with", "sarnakh_ends(sarnakh_fold({0}), {1})"))})
Length: Final = _exact("Length", "length({0})", "char_length({0})")
def _cut(function: str) -> str:
    """`left` or `right`, for which a negative number of characters means something else in PostgreSQL."""
    return (f"(SELECT {function}({{0}}, CASE WHEN v.n < 0 THEN 0 WHEN v.n > 100000000 THEN 100000000"
            " ELSE CAST(v.n AS INTEGER) END) FROM (SELECT {1} AS n OFFSET 0) AS v)")


Left: Final = operation("Left", "sarnakh_left({0}, {1})",
                         _cut("left"), String())
Right: Final = operation("Right", "sarnakh_right({0}, {1})",
                          _cut("right"), String())
Digit: Final = operation(
    "Digit", "sarnakh_digit({0}, {1})",
    f"mod(nullif(strpos('{texts.DIGITS}', nullif(substr({{0}}, CAST(least(greatest({{1}}, 0), 100000000) AS INTEGER), 1), '')), 0) - 1,"
    " 10)", BigInteger())
Replace: Final = operation(
    "Replace", "sarnakh_replace({0}, {1}, {2})",
    f"left(replace(left({{0}}, {texts.MAX_RESULT}), {{1}}, left({{2}}, {texts.MAX_REPLACEMENT})),"
    f" {texts.MAX_RESULT})", String())
HasOption: Final = operation(
    "HasOption", "sarnakh_has_option({0}, {1})", "jsonb_exists(CAST({0} AS JSONB), {1})", Boolean())


class Concat(FunctionElement[Any]):
    """All texts that are not empty, one after the other."""

    inherit_cache = True
    name = "sarnakh_concat"
    type = String()


@compiles(Least, "sqlite")
@compiles(Greatest, "sqlite")
@compiles(Concat, "sqlite")
def _python_function(element: FunctionElement[Any], compiler: Any, **kw: Any) -> str:
    return f"{element.name}({compiler.process(element.clauses, **kw)})"


@compiles(Concat, "postgresql")
def _concat_on_postgresql(element: Concat, compiler: Any, **kw: Any) -> str:
    return f"left(concat({compiler.process(element.clauses, **kw)}), {texts.MAX_RESULT})"


class CodePointOrder(FunctionElement[Any]):
    """A text as it is, to be compared by code points on PostgreSQL too."""

    inherit_cache = True
    type = String()


@compiles(CodePointOrder)
def _code_point_order(element: CodePointOrder, compiler: Any, **kw: Any) -> str:
    return str(compiler.process(element.clauses, **kw))


@compiles(CodePointOrder, "postgresql")
def _code_point_order_on_postgresql(element: CodePointOrder, compiler: Any, **kw: Any) -> str:
    return f'({compiler.process(element.clauses, **kw)} COLLATE "C")'


def fold_sql(text: ColumnElement[Any]) -> ColumnElement[Any]:
    """:func:`core.i18n.text.fold` of a text in SQL."""
    return _Fold(text, literal(FOLD_FROM + FOLD_DROP, String()), literal(FOLD_TO, String()))


def words_sql(text: ColumnElement[Any]) -> ColumnElement[Any]:
    """The folded words of a text in SQL, with a space before each."""
    marks, spaces = literal(_MARKS, String()), literal(" " * len(_MARKS), String())
    return literal(" ", String()) + _Gaps(fold_sql(text), marks, spaces)


def lower_sql(text: ColumnElement[Any]) -> ColumnElement[Any]:
    """:func:`core.expressions.texts.lower` in SQL."""
    return _Lower(text, literal(texts.LOWER_FROM, String()), literal(texts.LOWER_TO, String()))


def upper_sql(text: ColumnElement[Any]) -> ColumnElement[Any]:
    """:func:`core.expressions.texts.upper` in SQL."""
    return _Upper(text, literal(texts.UPPER_FROM, String()), literal(texts.UPPER_TO, String()))


def trim_sql(text: ColumnElement[Any]) -> ColumnElement[Any]:
    """:func:`core.expressions.texts.trim` in SQL."""
    return _Trim(text, literal(texts.SPACES, String()))


# -- moments

LocalDate: Final = operation("LocalDate", "sarnakh_local_date({0}, {1})",
                              "CAST(({0} AT TIME ZONE 'UTC') AT TIME ZONE {1} AS DATE)", Date())
LocalHour: Final = _exact(
    "LocalHour", "sarnakh_local_hour({0}, {1})",
    "CAST(extract(hour FROM ({0} AT TIME ZONE 'UTC') AT TIME ZONE {1}) AS BIGINT)")
AddDays: Final = operation(
    "AddDays", "sarnakh_add_days({0}, {1})",
    "(SELECT CASE WHEN v.n BETWEEN DATE '0001-01-01' - v.d AND DATE '9999-12-31' - v.d"
    " THEN v.d + CAST(v.n AS INTEGER) END FROM (SELECT {0} AS d, {1} AS n OFFSET 0) AS v)", Date())
AddMinutes: Final = operation(
    "AddMinutes", "sarnakh_add_minutes({0}, {1})",
    "(SELECT CASE WHEN abs(v.n) <= 100000000 THEN v.d + make_interval(mins => CAST(v.n AS INTEGER)) END"
    " FROM (SELECT {0} AS d, {1} AS n OFFSET 0) AS v)", Moment())
DaysBetween: Final = _exact("DaysBetween", "sarnakh_days_between({0}, {1})", "({1} - {0})")
Microseconds: Final = _exact("Microseconds", "sarnakh_microseconds({0}, {1})",
                             "trunc(extract(epoch FROM ({1} - {0})) * 1000000)")
WholeQuotient: Final = _exact("WholeQuotient", "({0} / {1})", "div(CAST({0} AS NUMERIC), {1})")
