"""What figures and charts count: records, or the sum of a number field, written as that field is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core.i18n.messages import Message, _
from core.records.fields import Field, Link, MoneyField
from core.ui import OptionSpec
from core.web.money import base_currency
from core.web.showing import kind_of, resolve

if TYPE_CHECKING:
    from core.env import Env
    from core.registry.compose import RecordType

MEASURE = OptionSpec("measure", _("Counts"), "measure", help=_("The records themselves, or the sum of a number field of theirs."))
SUMMED = frozenset({"integer", "decimal", "money", "duration"})
SUM = "sum:"


@dataclass
class Measure:
    """How values are worked out and written. `currency` is the field that says which money it is."""

    env: Env
    counted: Field | None = None
    currency: str = ""
    sums: list[str] = field(default_factory=list)

    @staticmethod
    def of(env: Env, rtype: RecordType, text: Any) -> Measure:
        """The measure an option names; one the reader may not see raises when it is asked for."""
        path = str(text or "count").removeprefix(SUM)
        known = resolve(env, rtype, path) if text and text != "count" else None
        if known is None:
            return Measure(env)
        found = known[1]
        held = found.currency if isinstance(found, MoneyField) and found.currency and "." not in path else ""
        return Measure(env, found, held if held and resolve(env, rtype, held) else "", [path])

    @property
    def key(self) -> str:
        """Under what a group holds its value."""
        return f"{SUM}{self.sums[0]}" if self.sums else "count"

    @property
    def is_money(self) -> bool:
        """Whether values are amounts."""
        return isinstance(self.counted, MoneyField)

    def code(self, row: Mapping[str, Any]) -> str:
        """The currency of a group's amount."""
        found = row.get(self.currency) if self.currency else None
        return str(found.label or "") if isinstance(found, Link) else str(found or base_currency(self.env) or "")

    def show(self, value: Any, row: Mapping[str, Any]) -> str:
        """A value as it is read."""
        if self.is_money:
            return self.env.format.money(Decimal(value or 0), self.code(row) or "IRR")
        if self.counted is not None and kind_of(self.counted) == "duration":
            return self.env.format.duration(int(value or 0))
        return self.env.format.number(value or 0)


def measure_faults(env: Env, rtype: RecordType, options: Mapping[str, Any]) -> Iterator[tuple[str, Message]]:
    """Only numbers that are kept can be added up."""
    text = str(options.get("measure") or "count")
    known = resolve(env, rtype, text.removeprefix(SUM)) if text.startswith(SUM) else None
    if text != "count" and (known is None or kind_of(known[1]) not in SUMMED):
        yield "measure", _("“{field}” cannot be added up.", field=text.removeprefix(SUM)[:80])
