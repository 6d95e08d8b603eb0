"""The function table's form: each function is declared once, with its types, its text for people, and both its forms.

A table is a plain mapping of name to :class:`Function`; `FUNCTIONS` (see :mod:`core.expressions.library`) is the one
that comes with the core, and an installation passes a larger one when addons add theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.errors import ExpressionError
from core.expressions.types import KINDS, Type
from core.i18n.messages import Message, _

if TYPE_CHECKING:
    pass

Result = Type | Callable[[Sequence[Type]], Type | None]


@dataclass(frozen=True)
class Function:
    """One function of the language.

    `args` are pairs of a name and a kind: "text", "number", "integer", "flag", "date" (a moment becomes its date in the
    user's zone), "datetime", "constant" (a whole number that no field is read for) or "any". With `variadic` the last
    one may be repeated. `result` is a type, or makes one of the argument types (None: they do not fit each other).
    `python` gets the :class:`~core.expressions.types.Context` and the values (numbers are Decimal, "integer" is int);
    unless `nulls`, it is not called when one of them is None. `sql` gets the context and one
    :class:`~core.expressions.to_sql.Sql` for each argument and returns an SQLAlchemy expression or a Sql; None
    means that the function may only be applied to fixed values.
    """

    name: str
    group: str
    args: tuple[tuple[str, str], ...]
    result: Result
    doc: Message
    example: str
    python: Callable[..., Any]
    sql: Callable[..., Any] | None
    variadic: bool = False
    optional: int = 0
    nulls: bool = False

    def kind(self, index: int) -> str:
        """What is wanted as the argument of that index."""
        return self.args[min(index, len(self.args) - 1)][1]

    @property
    def signature(self) -> str:
        """How it is written: `round(value, places)`."""
        names = [name for name, _kind in self.args]
        required = len(names) - self.optional
        text = ", ".join(names[:required]) + "".join(f"[, {name}]" for name in names[required:])
        return f"{self.name}({text}{', …' if self.variadic else ''})"


FunctionTable = Mapping[str, Function]


def fits(wanted: str, given: Type, fixed: bool) -> bool:
    """Whether a value may stand where a kind is wanted; an empty value may stand anywhere."""
    if wanted == "constant":
        return fixed and given.kind == "integer"
    if given.kind == "null" or wanted == "any":
        return given.kind not in ("range", "ids", "collection", "opaque", "multichoice")
    return given.kind in {"number": ("number", "integer"), "text": ("text", "choice"),
                          "date": ("date", "datetime")}.get(wanted, (wanted,))


def result_type(function: Function, given: Sequence[Type], fixed: Sequence[bool], places: Sequence[int],
                pos: int) -> Type:
    """The type of a call; ExpressionError when number or types of the arguments are wrong."""
    least = len(function.args) - function.optional
    if len(given) < least or (len(given) > len(function.args) and not function.variadic):
        raise ExpressionError(_("This is how it is written: {signature}", signature=function.signature), pos)
    for index, type_ in enumerate(given):
        wanted = function.kind(index)
        if not fits(wanted, type_, fixed[index]):
            raise ExpressionError(_("{signature}: a {wanted} is wanted here, not a {given}.",
                                    signature=function.signature, wanted=KINDS[wanted], given=KINDS[type_.kind]),
                                  places[index])
    result = function.result if isinstance(function.result, Type) else function.result(given)
    if result is None:
        raise ExpressionError(_("{signature}: these values are of different kinds.", signature=function.signature), pos)
    return result


def common_type(types: Sequence[Type]) -> Type | None:
    """The type that holds values of all these types; None when there is none. Only empty values: also None."""
    kinds = {type_.kind for type_ in types} - {"null"}
    if kinds and kinds <= {"integer", "number"}:
        return Type("number" if "number" in kinds else "integer")
    if kinds and kinds <= {"text", "choice"}:
        return Type("text")
    if len(kinds) != 1 or kinds & {"range", "ids", "collection", "opaque", "multichoice"}:
        return None
    targets = {type_.target for type_ in types if type_.kind != "null"}
    return Type(kinds.pop(), targets.pop() if len(targets) == 1 else None)
