"""The language's page for consultants, written from the function table so that it cannot fall behind."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import Final

from core.expressions.functions import Function, FunctionTable
from core.expressions.library import FUNCTIONS
from core.expressions.types import KINDS, Type
from core.i18n.messages import Message

PAGE: Final = Path(__file__).parents[2] / "docs/consultant/expressions.md"
_GROUPS: Final = MappingProxyType({
    "choosing": "Choosing a value", "text": "Text", "number": "Numbers", "date": "Dates and times",
    "range": "Ranges of dates (after `in`)",
})
_INTRODUCTION: Final = """# Expressions

<!-- Generated from the function table (core/expressions/docs.py): a test compares the two. -->

Filters, record rules, formulas, defaults, validation and the visibility of fields are all written in one language:

    status == "new" and amount > 10_000 and owner == me
    stage.kind == "open" and next_step is null
    created_at in this_month() and not (source in ("web", "fair"))
    any(lines, price * quantity > 500) or account.name contains "pars"

## Values

| Written | Is |
|---|---|
| `12`, `10_000`, `2.5` | a number, exact, with at most six decimal places (Persian and Arabic digits are read too) |
| `"new"`, `'new'` | a text; `\\"`, `\\'`, `\\\\`, `\\n`, `\\t` inside |
| `true`, `false`, `null` | yes, no, nothing |
| `date("2026-01-31")`, `jalali("1405/07/05")` | a day |
| `datetime("2026-01-31 14:30")` | a moment, in your time zone |
| `me` | the user who asks |
| `my_teams`, `my_companies`, `my_roles`, `my_subordinates` | lists for `in`: `owner in my_subordinates` |
| `id` | the record's own number: `id == me` of a person, `any(teams, id in my_teams)` of a record with teams |
| `amount`, `account.industry` | a field, a field of a linked record (`` `me` `` if a field's name is a word of the \
language) |

## Operators, the weakest first

| Operator | Meaning |
|---|---|
| `or`, `and`, `not` | conditions joined; unknown (a comparison with an empty field) is neither true nor false |
| `==` `!=` `<` `<=` `>` `>=` | exact comparison; texts are ordered by code point; a moment beside a day counts as the \
day it was in your time zone. `x == null` is refused: write `is null`. Comparisons are not chained |
| `in (…)`, `not in (…)` | one of a list, of `my_teams` and its like, or of a range of dates |
| `is null`, `is not null` | whether the field is empty |
| `contains`, `starts with`, `ends with` | whatever the case, the Arabic or Persian letter forms, half-spaces and \
Turkish dots (`not contains` too); `contains` also tests one option of a multi-choice |
| `+` `-` | exact |
| `*` `/` `%` | rounded to six decimal places, a half away from zero; dividing by zero gives nothing; `%` has the sign \
of the dividend |
| `-x` | the number with the other sign |

## Records of a list

| Written | Gives |
|---|---|
| `any(lines)`, `any(lines, price > 10)` | whether there is a record (that meets the condition) |
| `all(lines, price > 10)` | whether none fails the condition |
| `count(lines)`, `count(lines, price > 10)` | how many |
| `sum(lines, price * quantity)` | the sum over them, 0 when there is none |

Inside of the parentheses names are fields of the record in the list.

## Limits

At most 4,000 characters, 500 parts (500 more in lists) and 500 values in one list; nested at most ten functions
or twenty conditions deep (an `if` in an `if` counts); texts that
functions make end after 10,000 characters. Numbers are exact as long as they have at most 18 digits (six of them
decimals after `*` and `/`); beyond that SQLite rounds to 15 digits. Parts of Jalali dates are known from 1200 to 1501.
A duration is its number of seconds.
"""


def render(functions: FunctionTable = FUNCTIONS) -> str:
    """The page in Markdown, all operators and all functions of a table in it."""
    parts = [_INTRODUCTION]
    groups = dict(_GROUPS) | {function.group: function.group for function in functions.values()
                              if function.group not in _GROUPS}
    for group, title in groups.items():
        members = [function for function in functions.values() if function.group == group]
        if members:
            parts.append(f"\n## {title}\n\n| Function | Gives | Meaning | Example |\n|---|---|---|---|\n")
            parts.extend(_row(function) for function in members)
    return "".join(parts)


def _row(function: Function) -> str:
    doc = function.doc.english() if isinstance(function.doc, Message) else function.doc
    return f"| `{function.signature}` | {_gives(function)} | {doc} | `{function.example}` |\n"


def _gives(function: Function) -> str:
    """The type of the result in words; one that depends on the arguments is the type of these."""
    return str(KINDS[function.result.kind]) if isinstance(function.result, Type) else "as its values"


def write(path: Path = PAGE) -> None:
    """Write the page to its file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render(), encoding="utf-8")


if __name__ == "__main__":
    write()
