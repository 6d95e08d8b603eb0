"""The walls between rooms, held by reading the sources: who may import whom, and what nobody writes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from core.addons.manifest import load_manifest

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted(p.parent.name for p in ROOT.glob("addons/*/addon.toml"))
WEB_ROOMS = ("web", "cli", "testing", "web_api.py")
"""Rooms of the core that may know the web framework."""
FRAMEWORKS = frozenset({"flask", "flask_wtf", "werkzeug", "wtforms"})
PUBLIC = ("core.api", "core.web_api")
GATES = frozenset({"execute", "connection", "insert_many", "insert_for"})
"""Attributes of an env that are the core's own: through them statements carry no predicate."""
OPTIONAL = {"core/backup.py": {"psycopg"}, "core/cli/tests.py": {"psycopg", "redis"}}
"""Imports inside functions: packages that an installation need not have, and nothing else."""
MOST_LINES = 500


def sources(*folders: str) -> list[Path]:
    """The Python files of some folders, without tests."""
    found = [f for folder in folders for f in sorted(ROOT.joinpath(folder).rglob("*.py"))]
    return [f for f in found if "tests" not in f.relative_to(ROOT).parts and f.name != "testing.py"]


@cache
def tree(file: Path) -> ast.Module:
    """A file, parsed."""
    return ast.parse(file.read_text("utf-8"))


def imports(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Everything imported under a node: line and full name (relative ones as they are written)."""
    for each in ast.walk(node):
        if isinstance(each, ast.Import):
            yield from ((each.lineno, alias.name) for alias in each.names)
        elif isinstance(each, ast.ImportFrom):
            module = "." * each.level + (each.module or "")
            yield from ((each.lineno, f"{module}.{alias.name}" if module == "core" else module) for alias in each.names)


def place(file: Path, line: int) -> str:
    """Where something is, for the message of a test."""
    return f"{file.relative_to(ROOT)}:{line}"


def inside(name: str, package: str) -> bool:
    """Whether a module is a package or in it."""
    return name == package or name.startswith(f"{package}.")


def test_the_core_does_not_know_addons() -> None:
    wrong = [place(f, line) for f in sources("core") for line, name in imports(tree(f)) if inside(name, "addons")]
    assert not wrong


def test_nothing_below_the_web_knows_it() -> None:
    wrong = []
    for file in sources("core"):
        if file.relative_to(ROOT / "core").parts[0] in WEB_ROOMS:
            continue
        wrong += [f"{place(file, line)} {name}" for line, name in imports(tree(file))
                  if name.split(".")[0] in FRAMEWORKS or inside(name, "core.web")]
    assert not wrong


@pytest.mark.parametrize("addon", SHIPPED)
def test_an_addon_imports_public_things_only(addon: str) -> None:
    folder = ROOT / "addons" / addon
    allowed = {addon, *(r.name for r in load_manifest(folder).requirements)}
    wrong = []
    for file in sources(f"addons/{addon}"):
        beside = file.relative_to(folder).parts[0]
        companion = {beside.removeprefix("with_")} if beside.startswith("with_") else set()
        for line, name in imports(tree(file)):
            if inside(name, "core") and name not in PUBLIC:
                wrong.append(f"{place(file, line)} {name}")
            elif inside(name, "addons") and (name.split(".") + [""])[1] not in allowed | companion:
                wrong.append(f"{place(file, line)} {name}: not in depends")
            elif name.split(".")[0] in FRAMEWORKS:
                wrong.append(f"{place(file, line)} {name}")
    assert not wrong


@pytest.mark.parametrize("addon", SHIPPED)
def test_an_addon_reaches_records_through_the_gate(addon: str) -> None:
    wrong = [f"{place(file, each.lineno)} {ast.unparse(each)}" for file in sources(f"addons/{addon}")
             for each in ast.walk(tree(file)) if isinstance(each, ast.Attribute) and each.attr in GATES
             and not (file.parent.name == "migrations" and ast.unparse(each) == "ops.execute")]  # what steps are given
    assert not wrong


def test_the_core_does_not_use_its_own_facade() -> None:
    wrong = [place(f, line) for f in sources("core") for line, name in imports(tree(f))
             if name in PUBLIC and f.name not in ("api.py", "web_api.py") and "testing" not in f.parts]
    assert not wrong


def test_imports_stand_at_the_top() -> None:
    """Except of packages that may be absent: an import hidden in a function hides a circle."""
    wrong = []
    for file in sources("core", "addons"):
        allowed = OPTIONAL.get(file.relative_to(ROOT).as_posix(), set())
        for function in ast.walk(tree(file)):
            if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
                wrong += [f"{place(file, line)} {name}" for line, name in imports(function)
                          if name.split(".")[0] not in allowed]
    assert not wrong


def test_every_module_says_what_it_is_for() -> None:
    wrong = [str(f.relative_to(ROOT)) for f in sources("core", "addons")
             if f.read_text("utf-8").strip() and not ast.get_docstring(tree(f))]
    assert not wrong


def test_files_are_short() -> None:
    long = {str(f.relative_to(ROOT)) for f in sources("core", "addons")
            if len(f.read_text("utf-8").splitlines()) > MOST_LINES}
    assert not long
