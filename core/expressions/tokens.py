"""Cutting the text of an expression into tokens, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from core.errors import ExpressionError
from core.expressions.ast import CONSTANTS, MAX_TEXT
from core.i18n.messages import Message, _
from core.i18n.text import latin_digits

RESERVED: Final = frozenset({"and", "or", "not", "in", "is", "null", "true", "false", *CONSTANTS})

_TOKEN: Final = re.compile(r"""
    (?P<space>[ \t\r\n\u200c\u200e\u200f\xa0]+)
  | (?P<number>\d[\d_]*(?:\.\d+)?)
  | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<quoted>`[A-Za-z_][A-Za-z0-9_]*`)
  | (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
  | (?P<op>==|!=|<=|>=|<>|&&|\|\||\*\*|[<>=!+\-*/%(),.])
""", re.VERBOSE | re.DOTALL)
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "'": "'"}
_HINTS: Final[dict[str, Message]] = {
    "=": _("To compare write == instead of =."),
    "<>": _("Write != instead of <>."),
    "&&": _("Write “and” instead of &&."),
    "||": _("Write “or” instead of ||."),
    "!": _("Write “not” instead of !."),
    "**": _("Powers are not part of the language."),
}


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is "number", "name", "word" (reserved), "text", "op" or "end"; `value` is ready to use."""

    kind: str
    value: str
    pos: int


def tokens(text: str) -> Iterator[Token]:
    """All tokens of the text and a last one of kind "end"; ExpressionError at the first thing that is none."""
    if len(text) > MAX_TEXT:
        raise ExpressionError(_("An expression may have {count} characters at most.", count=MAX_TEXT), MAX_TEXT)
    pos = 0
    while pos < len(text):
        found = _TOKEN.match(text, pos)
        if found is None:
            raise _unreadable(text, pos)
        kind = str(found.lastgroup)
        if kind != "space":
            yield _token(kind, found[0], pos)
        pos = found.end()
    yield Token("end", "", len(text))


def _token(kind: str, value: str, pos: int) -> Token:
    if kind == "number":
        return Token(kind, latin_digits(value).replace("_", ""), pos)
    if kind == "quoted":
        return Token("name", value[1:-1], pos)
    if kind == "name" and value.lower() in RESERVED:
        return Token("word", value.lower(), pos)
    if kind == "text":
        return Token(kind, _unescape(value, pos), pos)
    if kind == "op" and value in _HINTS:
        raise ExpressionError(_HINTS[value], pos)
    return Token(kind, value, pos)


def _unescape(quoted: str, pos: int) -> str:
    def one(found: re.Match[str]) -> str:
        if found[1] not in _ESCAPES:
            raise ExpressionError(_("After \\ only n, t, r, \\ and quotation marks may stand."),
                                  pos + 1 + found.start())
        return _ESCAPES[found[1]]

    return re.sub(r"\\(.)", one, quoted[1:-1], flags=re.DOTALL)


def _unreadable(text: str, pos: int) -> ExpressionError:
    if text[pos] in "\"'":
        return ExpressionError(_("The text that begins here has no closing quotation mark."), pos)
    return ExpressionError(_("“{char}” cannot stand here.", char=text[pos]), pos)
