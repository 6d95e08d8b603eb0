"""What addon authors are given is documented, typed and tried: the façades and every hook."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest

from core import api, reference, web_api
from core.i18n.messages import Message

ROOT = Path(__file__).resolve().parents[2]
NAMES = [pytest.param(module, name, id=f"{module.__name__}.{name}") for module in (api, web_api) for name in module.__all__]
VALUES = frozenset({
    "ANONYMOUS", "API_VERSION", "DEMO_PASSWORD", "F", "LANGUAGES", "ME", "MY_COMPANIES", "MY_TEAMS", "NOBODY", "NOW",
    "OPERATIONS", "SYSTEM", "TODAY", "fn"})
"""Names that are values, each explained by a text below it or by its class."""


def functions(found: Any) -> Iterator[tuple[str, FunctionType]]:
    """A function itself, or the public methods of a class and its constructor, properties included."""
    if inspect.isfunction(found):
        yield found.__name__, found
    elif inspect.isclass(found):
        for name, member in vars(found).items():
            plain = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
            if inspect.isfunction(plain) and (name == "__init__" or not name.startswith("_")):
                yield f"{found.__name__}.{name}", plain


@pytest.mark.parametrize(("module", "name"), NAMES)
def test_every_name_is_documented_and_typed(module: ModuleType, name: str) -> None:
    found = getattr(module, name)
    if name in VALUES:
        return
    assert found.__doc__, f"{name} has no docstring"
    for called, function in functions(found):
        made_by_dataclass = function.__code__.co_filename == "<string>"
        if made_by_dataclass:
            continue
        assert function.__doc__ or called.endswith("__init__"), f"{called} has no docstring"
        parameters = [p for n, p in inspect.signature(function).parameters.items() if n not in ("self", "cls")]
        assert all(p.annotation is not p.empty for p in parameters), f"{called} has an argument without a type"
        assert inspect.signature(function).return_annotation is not inspect.Signature.empty, f"{called} has no type"


def test_the_facades_are_sorted_and_whole() -> None:
    for module in (api, web_api):
        assert len(set(module.__all__)) == len(module.__all__)
        assert all(hasattr(module, name) for name in module.__all__)
    imported = {name for name, value in vars(api).items() if not name.startswith("__") and name not in ("annotations",)
                and not (isinstance(value, ModuleType) and name not in api.__all__)}
    assert imported == set(api.__all__), "what core.api imports and what it lists are the same"


def test_every_hook_says_when_with_what_and_what_comes_of_it() -> None:
    for name, spec, first in reference.hooks():
        parts = reference.hook_parts(spec)
        assert tuple(parts) == reference.HEADINGS, f"{name}: the docstring needs {', '.join(reference.HEADINGS)}"
        assert all(parts.values()), name
        assert ("first answer" in parts["Result"]) == first, f"{name}: its result and `firstresult` say different things"
        signature = inspect.signature(spec)
        assert all(p.annotation is not p.empty for p in signature.parameters.values()), name


def implementations(file: Path) -> set[str]:
    """Names of the hooks that a `hooks.py` answers."""
    found = set()
    for function in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(function, ast.FunctionDef):
            for mark in function.decorator_list:
                called = mark.func if isinstance(mark, ast.Call) else mark
                if getattr(called, "id", "") == "hookimpl":
                    given = [k.value.value for k in getattr(mark, "keywords", ()) if k.arg == "specname"
                             and isinstance(k.value, ast.Constant)]
                    found.add(str(given[0]) if given else function.name)
    return found


def test_every_hook_is_exercised() -> None:
    """By an addon that ships or by a fixture with tests; and nothing answers a hook that there is not."""
    files = [*ROOT.glob("addons/**/hooks.py"), *ROOT.glob("tests/fixtures/addons/*/hooks.py"), *ROOT.glob("tests/**/test_*.py")]
    answered = set().union(*map(implementations, files))
    assert answered == {name for name, _spec, _first in reference.hooks()}


def test_every_hook_is_asked() -> None:
    """Somewhere in the core, or by the addon whose business it is."""
    sources = "\n".join(f.read_text("utf-8") for folder in ("core", "addons") for f in (ROOT / folder).rglob("*.py")
                        if f.name != "hookspecs.py" and "tests" not in f.parts)
    for name, _spec, _first in reference.hooks():
        assert f"hook.{name}" in sources or f'"{name}"' in sources, name


def test_messages_are_marked() -> None:
    """`_` gives a message that knows its values; everything that people read is one."""
    assert isinstance(api._("x {a}", a=1), Message)
