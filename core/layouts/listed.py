"""Layouts that an addon's layouts module makes and does not list: nobody would ever see them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from core.layouts.changes import LayoutChange
from core.layouts.nodes import Layout


def unlisted(module: ModuleType) -> Iterator[str]:
    """Names, or file and line, of layouts that are not in `LAYOUTS`; a leading underscore marks a part of others."""
    listed = {id(one) for one in getattr(module, "LAYOUTS", ())}
    for name, value in vars(module).items():
        if name.startswith("_") or name == "LAYOUTS":
            continue
        made = value if isinstance(value, (list, tuple)) else (value,)
        if any(isinstance(one, (Layout, LayoutChange)) and id(one) not in listed for one in made):
            yield f"{module.__name__}.{name}"
    yield from _thrown_away(module)


def _thrown_away(module: ModuleType) -> Iterator[str]:
    """Calls that stand alone in a line: `on("leads.lead", "form").insert("x")` changes nothing by being made."""
    path = Path(module.__file__ or "")
    try:
        tree = ast.parse(path.read_text("utf-8"))
    except (OSError, SyntaxError, ValueError):
        return  # installed without sources
    makers = {name for name, value in vars(module).items() if getattr(value, "__module__", "").startswith("core.layouts.")}
    for statement in tree.body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call) and _root(statement.value) in makers:
            yield f"{path.name}:{statement.lineno}"


def _root(call: ast.expr) -> str:
    while isinstance(call, (ast.Call, ast.Attribute)):
        call = call.func if isinstance(call, ast.Call) else call.value
    return call.id if isinstance(call, ast.Name) else ""
