"""Libraries that most starts do not need, imported at their first use.

Comparing schemas needs alembic (a tenth of a second to import); a start whose definitions have not changed compares
nothing. The module stands at the top of the file that uses it like any other, only its cost comes later.
"""

from __future__ import annotations

import importlib
from typing import Any


class Later:
    """Stands for a module, or with `attribute` for one thing in it, until something of it is asked for."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        return getattr(importlib.import_module(self._module), name)
