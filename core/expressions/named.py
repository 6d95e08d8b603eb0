"""Expressions over values that are no record: named ones, of which some are records.

    rule = over_values(parse('account.type == "customer" and order_amount > 1000'),
                       {"account": "contacts.account", "order_amount": "money"}, registry.schema)
    rule.paths                                          # {"account.type", "order_amount"}: what must be read
    rule({"account.type": "customer", "order_amount": 5000}, env.context)

For conditions about things that meet in no one record: a customer, a product and the order that is being written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.errors import ExpressionError
from core.expressions import ast
from core.expressions.check import check
from core.expressions.to_python import Compiled, record_getter, to_python
from core.expressions.types import Context, FieldInfo, Schema, field_type
from core.i18n.messages import _


@dataclass(frozen=True)
class OverValues:
    """A checked expression over named values; called with a mapping of its `paths` to their values."""

    node: ast.Node
    paths: frozenset[str]
    run: Compiled

    def __call__(self, values: Mapping[str, Any], context: Context) -> Any:
        """The expression's value."""
        return self.run(record_getter(values), context)


def over_values(node: ast.Node, names: Mapping[str, str], schema: Schema, expect: str | None = "flag") -> OverValues:
    """Check and compile. `names` gives each name's field type, or the record type (`addon.noun`) that it is a record of."""
    def known(record: str, name: str) -> FieldInfo | None:
        if record:
            return schema(record, name)
        kind = names.get(name)
        return None if kind is None else FieldInfo("link", kind) if "." in kind else FieldInfo(kind)

    checked = check(node, "", known, expect)
    for path in checked.paths:
        _refuse_collections(path, names, schema)
    return OverValues(node, checked.paths, to_python(node))


def _refuse_collections(path: str, names: Mapping[str, str], schema: Schema) -> None:
    """What holds several records has no value to compare here."""
    first, *rest = path.split(".")
    record = names[first]
    for name in rest:
        info = schema(record, name)
        if info is None or field_type(info).kind == "collection":
            raise ExpressionError(_("“{path}” holds several records and cannot be asked here.", path=path))
        record = info.target or ""
