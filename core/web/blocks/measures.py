"""What figures and charts count: records, or the sum or average of a number field, written as that field is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core.errors import AccessDenied, ExpressionError
from core.expressions import F, Node, any_of, as_node
from core.i18n.messages import Message, _
from core.records.fields import Field, Link
from core.ui import OptionSpec
from core.web.blocks.shown import needed
from core.web.money import base_currency, currency_path
from core.web.showing import kind_of, resolve

if TYPE_CHECKING:
    from core.env import Env
    from core.query.query import Query
    from core.registry.compose import RecordType

MEASURE = OptionSpec("measure", _("What is counted"), "measure", help=_("The records themselves, or the sum or average of a number field."))
COUNT = "count"
SUMMED = frozenset({"integer", "decimal", "money", "duration"})
MEASURED: Mapping[str, frozenset[str]] = {"sum": SUMMED, "avg": SUMMED | {"percent"}}
"""How a number field can be counted (`sum:amount`), and of which types."""
MOST_CURRENCIES = 200


@dataclass(frozen=True)
class Measure:
    """How values are worked out and written. `currency` is the path of the field that says which money it is."""

    env: Env
    counted: Field | None = None
    how: str = ""
    path: str = ""
    currency: str = ""

    @staticmethod
    def of(env: Env, rtype: RecordType, text: Any) -> Measure:
        """The measure an option names; ExpressionError for one that does not fit, AccessDenied for one that the reader may not
        see, its currency included: amounts of which nobody knows what money they are cannot be added up."""
        how, path = split(text)
        if not how and text in (None, "", COUNT):
            return Measure(env)
        found = needed(env, rtype, path)
        if kind_of(found) not in MEASURED[how]:
            raise ExpressionError(_("“{field}” cannot be added up."), field=found.label)
        held = currency_path(path, found)
        if held and resolve(env, rtype, held) is None:
            raise AccessDenied(_("You may not see what this block needs."))
        return Measure(env, found, how, path, held)

    @property
    def asked(self) -> dict[str, Any]:
        """What `Query.aggregate` is to work out."""
        return {"sums" if self.how == "sum" else "means": [self.path]} if self.how else {}

    @property
    def key(self) -> str:
        """Under what a group holds its value."""
        return f"{self.how}:{self.path}" if self.how else COUNT

    def code(self, row: Mapping[str, Any]) -> str:
        """The currency of a group's amount."""
        found = row.get(self.currency) if self.currency else None
        return str(found.label or "") if isinstance(found, Link) else str(found or base_currency(self.env) or "")

    def value(self, row: Mapping[str, Any]) -> Any:
        """A group's value as a number to draw: hours of durations."""
        found = row.get(self.key)
        return found.total_seconds() / 3600 if isinstance(found, dt.timedelta) else found or 0

    def show(self, row: Mapping[str, Any], code: str = "") -> str:
        """A group's value as it is read."""
        value, kind = row.get(self.key), kind_of(self.counted) if self.counted is not None else ""
        if kind == "money":
            return self.env.format.money(Decimal(value or 0), code or self.code(row))
        if kind == "duration":
            return self.env.format.duration(value or dt.timedelta())
        if kind == "percent":
            return self.env.format.percent(value or 0)
        return self.env.format.number(round(Decimal(str(value)), 2) if isinstance(value, float) else value or 0)

    def in_one_currency(self, query: Query) -> tuple[str, Node | None, str]:
        """Amounts of several currencies cannot stand beside each other: the currency that most of them are in, what holds for
        those, and what to say about it ("" where there is no other)."""
        if not self.currency:
            return base_currency(self.env), None, ""
        counts: dict[str, int] = {}
        held: dict[str, list[Any]] = {}
        for row in query.aggregate([self.currency], limit=MOST_CURRENCIES):
            counts[self.code(row)] = counts.get(self.code(row), 0) + int(row["count"])
            held.setdefault(self.code(row), []).append(row[self.currency])
        chosen = max(counts, key=lambda code: counts[code], default=base_currency(self.env))
        if len(counts) < 2:
            return chosen, None, ""
        only = any_of(*(is_value(self.currency, value) for value in held[chosen]))
        return chosen, as_node(only), self.env.t(_("Amounts in {currency} only.", currency=chosen))


def split(text: Any) -> tuple[str, str]:
    """A measure as how and of what: `sum:amount` is ("sum", "amount"), a count two empty texts."""
    how, _colon, path = str(text or COUNT).partition(":")
    return (how, path) if how in MEASURED else ("", "")


def is_value(path: str, value: Any) -> Node:
    """The condition that a group's records meet."""
    at = F[path]
    if value is None:
        return as_node(at.is_null())
    return as_node(at == (value.id if isinstance(value, Link) else value))


def measure_faults(env: Env, rtype: RecordType, options: Mapping[str, Any]) -> Iterator[tuple[str, Message]]:
    """Only numbers that are kept can be added up."""
    text = str(options.get("measure") or COUNT)
    how, path = split(text)
    known = resolve(env, rtype, path) if how else None
    if text != COUNT and (known is None or kind_of(known[1]) not in MEASURED[how]):
        yield "measure", _("“{field}” cannot be added up.", field=text.partition(":")[2][:80] or text[:80])
