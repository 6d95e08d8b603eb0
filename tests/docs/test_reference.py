"""The reference pages are those that the code makes; nothing can be added without being on them."""

from __future__ import annotations

import inspect

import pytest

from core import reference
from tests.docs.packages import ROOT

FOLDER = ROOT / "docs" / "developer"


@pytest.mark.parametrize("name", sorted(reference.PAGES))
def test_page_is_the_one_made_from_the_code(name: str) -> None:
    """`python -m core.reference` writes it."""
    assert (FOLDER / name).read_text("utf-8") == reference.PAGES[name]()


def test_every_hook_is_on_its_page_with_its_arguments() -> None:
    page = (FOLDER / "hooks.md").read_text("utf-8")
    found = list(reference.hooks())
    assert len(found) > 20
    for name, spec, _first in found:
        assert f"### {name}\n" in page
        line = next(line for line in page.splitlines() if line.startswith(f"    {name}("))
        assert all(f"{argument}: " in line for argument in inspect.signature(spec).parameters)


def test_every_field_type_is_on_its_page_with_its_arguments() -> None:
    page = (FOLDER / "fields.md").read_text("utf-8")
    for name, kind in reference.field_types().items():
        _before, found, section = page.partition(f"## {name}\n")
        assert found and inspect.cleandoc(kind.__doc__ or ""), name
        section = section.partition("\n## ")[0]
        for argument in reference.own_arguments(kind):
            assert f"`{argument}`" in section, f"{name}: {argument}"


def test_the_meaning_of_no_argument_is_left_over() -> None:
    used = {a for kind in reference.field_types().values() for a in reference.own_arguments(kind)}
    used |= set(inspect.signature(reference.Field).parameters)
    assert set(reference.ARGUMENTS) == used
