"""One small, safe, typed language for filters, rules, formulas, defaults, validation and visibility.

    text / F… / JSON  →  ast  →  check  →  to_sql (stored, listed, allowed)  or  to_python (not stored yet)

There are no attributes, no calls outside of the function table and no loops; size and depth are limited.
"""

from __future__ import annotations

from core.expressions.ast import Node, fields_read, is_fixed, paths
from core.expressions.build import (
                                    ME,
                                    MY_COMPANIES,
                                    MY_ROLES,
                                    MY_SUBORDINATES,
                                    MY_TEAMS,
                                    NOW,
                                    TODAY,
                                    Expr,
                                    F,
                                    all_of,
                                    any_of,
                                    as_node,
                                    fn,
)
from core.expressions.check import Checked, check
from core.expressions.elements import fold_sql, words_sql
from core.expressions.functions import Function, FunctionTable
from core.expressions.library import FUNCTIONS, with_functions
from core.expressions.named import OverValues, over_values
from core.expressions.parse import parse, to_text
from core.expressions.sorting import by_options, in_order
from core.expressions.sqlite import register_sqlite_functions
from core.expressions.to_json import from_json, to_json
from core.expressions.to_python import Getter, evaluate_fixed, record_getter, to_python
from core.expressions.to_sql import Resolver, SubScope, to_sql
from core.expressions.types import Context, FieldInfo, Schema, Type

__all__ = [
    "FUNCTIONS", "ME", "MY_COMPANIES", "MY_ROLES", "MY_SUBORDINATES", "MY_TEAMS", "NOW", "TODAY", "Checked",
    "Context", "Expr", "F", "FieldInfo", "Function", "FunctionTable", "Getter", "Node", "OverValues", "Resolver", "Schema",
    "SubScope", "Type", "all_of", "any_of", "as_node", "by_options", "check", "evaluate_fixed", "fields_read", "fn",
    "fold_sql", "from_json", "in_order", "is_fixed", "over_values", "parse", "paths", "record_getter", "register_sqlite_functions",
    "to_json", "to_python", "to_sql", "to_text", "with_functions", "words_sql",
]
