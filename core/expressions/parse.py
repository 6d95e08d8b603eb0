"""Reading expressions that people write (`stage.kind == "open" and amount > 10_000`) and writing them out again.

A Pratt parser: every operator has a strength, `_Parser.expression(strength)` reads operators at least that strong.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from functools import lru_cache
from typing import Final

from core.errors import ExpressionError
from core.expressions import ast
from core.expressions.limits import MAX_DEPTH, limit, too_deep
from core.expressions.tokens import Token, tokens
from core.expressions.write import ADDITION, COMPARISON, CONJUNCTION, DISJUNCTION, NEGATION, PRODUCT, SIGN, to_text
from core.i18n.calendars import calendar
from core.i18n.messages import Message, _
from core.i18n.text import latin_digits

__all__ = ["parse", "to_text"]

_MAX_NESTING: Final = MAX_DEPTH + 20
_STRENGTH: Final = {
    "or": DISJUNCTION, "and": CONJUNCTION, "+": ADDITION, "-": ADDITION, "*": PRODUCT, "/": PRODUCT, "%": PRODUCT,
    **dict.fromkeys(ast.COMPARISONS, COMPARISON),
    **dict.fromkeys(("in", "not", "is", "contains", "starts", "ends"), COMPARISON),
}
_DATED: Final = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")


@lru_cache(maxsize=2048)  # pages ask the same rules and conditions over and over, and trees never change
def parse(text: str) -> ast.Node:
    """The tree of a text; ExpressionError with the position of the first mistake."""
    parser = _Parser(text)
    node = parser.expression(0)
    parser.finish()
    return limit(node)


class _Parser:
    """One reading of one text; `token` is the next token."""

    def __init__(self, text: str) -> None:
        self._stream = list(tokens(text))
        self._index = 0
        self._nesting = 0

    @property
    def token(self) -> Token:
        return self._stream[self._index]

    def advance(self) -> Token:
        token = self.token
        self._index += token.kind != "end"
        return token

    def at(self, *values: str) -> bool:
        """Whether the next token is one of these operators or words (or, as an operator, names)."""
        return self.token.kind in ("op", "word", "name") and self.token.value in values

    def expect(self, value: str) -> Token:
        if not self.at(value):
            raise self.wrong(_("“{wanted}” is missing here.", wanted=value))
        return self.advance()

    def wrong(self, message: Message | None = None) -> ExpressionError:
        if message is None and self.token.kind == "end":
            message = _("The expression is not finished.")
        return ExpressionError(message or _("“{text}” cannot stand here.", text=self.token.value), self.token.pos)

    def finish(self) -> None:
        if self.token.kind != "end":
            raise self.wrong()

    def expression(self, strength: int) -> ast.Node:
        self._nesting += 1
        if self._nesting > _MAX_NESTING:
            raise too_deep(self.token.pos)
        left = self.prefix(strength)
        while self.token.kind in ("op", "word", "name"):
            found = _STRENGTH.get(self.token.value, -1)
            if found < 0 or found < strength:
                break
            left = self.infix(left, found)
        self._nesting -= 1
        return left

    # -- what may follow an operand

    def infix(self, left: ast.Node, strength: int) -> ast.Node:
        if strength in (DISJUNCTION, CONJUNCTION):
            return self.junction(left, strength)
        if strength == COMPARISON:
            node = self.comparison(left)
            if self.token.kind != "end" and _STRENGTH.get(self.token.value) == COMPARISON \
                    and self.token.kind in ("op", "word", "name"):
                raise self.wrong(_("Comparisons cannot be chained: join two of them with “and”."))
            return node
        token = self.advance()
        return ast.Binary(token.value, left, self.expression(strength + 1), pos=token.pos)

    def junction(self, left: ast.Node, strength: int) -> ast.Node:
        token = self.token
        items = [left]
        while self.at(token.value):
            self.advance()
            items.append(self.expression(strength + 1))
        return ast.Junction(token.value, tuple(items), pos=token.pos)

    def comparison(self, left: ast.Node) -> ast.Node:
        token = self.advance()
        if token.value == "is":
            negated = self.at("not")
            if negated:
                self.advance()
            if not self.at("null"):
                raise self.wrong(_("After “is” only “null” or “not null” may stand; to compare write ==."))
            self.advance()
            node: ast.Node = ast.IsNull(left, pos=token.pos)
            return ast.Unary("not", node, pos=token.pos) if negated else node
        if token.value == "not":
            if not self.at("in", *(op.split()[0] for op in ast.TEXT_OPERATORS)):
                raise self.wrong()
            return ast.Unary("not", self.comparison(left), pos=token.pos)
        if token.value == "in":
            return ast.In(left, self.container(), pos=token.pos)
        operator = token.value
        if operator in ("starts", "ends"):
            self.expect("with")
            operator += " with"
        return ast.Binary(operator, left, self.expression(COMPARISON + 1), pos=token.pos)

    def container(self) -> ast.Node:
        if not self.at("("):
            node = self.expression(COMPARISON + 1)
            if not isinstance(node, (ast.Constant, ast.Call)):
                raise ExpressionError(_("After “in” a list in parentheses or a range of dates must stand."), node.pos)
            return node
        start = self.advance()
        items: list[ast.Node] = []
        while not self.at(")"):
            items.append(self.expression(0))
            if not self.at(","):
                break
            self.advance()
        self.expect(")")
        return ast.Items(tuple(items), pos=start.pos)

    # -- operands

    def prefix(self, strength: int) -> ast.Node:
        token = self.token
        if token.kind == "number":
            return self.number("")
        if token.kind == "text":
            self.advance()
            return ast.literal(token.value, token.pos)
        if token.kind == "name":
            return self.name()
        if token.kind == "word":
            return self.word(strength)
        if self.at("("):
            self.advance()
            node = self.expression(0)
            self.expect(")")
            return node
        if self.at("-"):
            self.advance()
            if self.token.kind == "number":
                return self.number("-")
            return ast.Unary("-", self.expression(SIGN), pos=token.pos)
        raise self.wrong()

    def number(self, sign: str) -> ast.Node:
        token = self.advance()
        return ast.literal(Decimal(sign + token.value), token.pos)

    def word(self, strength: int) -> ast.Node:
        token = self.token
        if token.value == "not":
            if strength > NEGATION:
                raise self.wrong(_("Put parentheses around “not …” here."))
            self.advance()
            return ast.Unary("not", self.expression(NEGATION), pos=token.pos)
        if token.value in ast.CONSTANTS:
            self.advance()
            return ast.Constant(token.value, pos=token.pos)
        if token.value in ("true", "false", "null"):
            self.advance()
            return ast.literal({"true": True, "false": False}.get(token.value), token.pos)
        raise self.wrong()

    def name(self) -> ast.Node:
        token = self.advance()
        if self.at("("):
            return self.call(token)
        names = [token.value]
        while self.at("."):
            self.advance()
            if self.token.kind not in ("name", "word"):
                raise self.wrong(_("The name of a field is missing here."))
            names.append(self.advance().value)
        if self.at("("):
            raise self.wrong(_("Functions are written before the value: length(name), not name.length()."))
        return ast.Path(tuple(names), pos=token.pos)

    def call(self, token: Token) -> ast.Node:
        if token.value in _WRITTEN and self._stream[self._index + 1].kind == "text" \
                and self._stream[self._index + 2].value == ")" and self._stream[self._index + 2].kind == "op":
            self.advance()
            text = self.advance()
            self.advance()
            return _WRITTEN[token.value](text.value, text.pos)
        self.advance()
        args: list[ast.Node] = []
        while not self.at(")"):
            args.append(self.expression(0))
            if not self.at(","):
                break
            self.advance()
        self.expect(")")
        if token.value in ast.OVER:
            return _over(token, args)
        return ast.Call(token.value, tuple(args), pos=token.pos)


def _over(token: Token, args: list[ast.Node]) -> ast.Over:
    """`any(lines, price > 10)`: the first argument names the collection."""
    if not args or not isinstance(args[0], ast.Path):
        raise ExpressionError(_("{name}() wants the name of a list of records first.", name=token.value), token.pos)
    if len(args) > 2 or (len(args) == 1 and token.value in ("sum", "all")):
        raise ExpressionError(_("{name}() wants a list of records and what to look at in each.", name=token.value),
                              token.pos)
    return ast.Over(token.value, args[0].names, args[1] if len(args) > 1 else None, pos=token.pos)


def read_date(text: str, pos: int = 0) -> ast.Literal:
    """`date("2026-01-31")`."""
    try:
        return ast.literal(dt.date.fromisoformat(text), pos)
    except ValueError as error:
        raise ExpressionError(_("A date is written like date(\"2026-01-31\")."), pos) from error


def read_datetime(text: str, pos: int = 0) -> ast.Literal:
    """`datetime("2026-01-31 14:30")`, in the time zone of whoever asks unless it says another."""
    try:
        if len(text) > 40:
            raise ValueError
        return ast.literal(dt.datetime.fromisoformat(text), pos)
    except ValueError as error:
        raise ExpressionError(_("A date with a time is written like datetime(\"2026-01-31 14:30\")."), pos) from error


def read_jalali(text: str, pos: int = 0) -> ast.Literal:
    """`jalali("1405/07/05")`: the same day as a Gregorian date."""
    found = _DATED.fullmatch(latin_digits(text))
    try:
        if not found:
            raise ValueError
        return ast.literal(calendar("jalali").date(*map(int, found.groups())), pos)
    except ValueError as error:
        raise ExpressionError(_("A Jalali date is written like jalali(\"1405/07/05\")."), pos) from error


_WRITTEN: Final = {"date": read_date, "datetime": read_datetime, "jalali": read_jalali}
