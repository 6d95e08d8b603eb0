"""The functions that come with the core, and how an addon adds its own."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType
from typing import Final

from core.errors import DefinitionError
from core.expressions.ast import OVER
from core.expressions.functions import Function, FunctionTable
from core.expressions.library_dates import DATES, RANGES
from core.expressions.library_numbers import NUMBERS
from core.expressions.library_texts import CHOOSING, TEXTS
from core.expressions.tokens import RESERVED
from core.i18n.messages import _

FUNCTIONS: Final[FunctionTable] = MappingProxyType(
    {function.name: function for function in (*CHOOSING, *TEXTS, *NUMBERS, *DATES, *RANGES)})


def with_functions(functions: Iterable[Function], table: FunctionTable = FUNCTIONS) -> FunctionTable:
    """A table with more functions; DefinitionError for a name that is taken."""
    found = dict(table)
    for function in functions:
        if function.name in found or function.name in OVER or function.name.lower() in RESERVED:
            raise DefinitionError(_("The function name “{name}” is taken: choose another one.", name=function.name))
        found[function.name] = function
    return MappingProxyType(found)
