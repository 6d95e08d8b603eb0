"""The consultants' page holds every function and operator of the language, and its examples are right."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.expressions import ast, docs
from core.expressions.library import FUNCTIONS
from core.expressions.parse import parse

PAGE = Path(__file__).parents[3] / "docs/consultant/expressions.md"


def test_page_is_the_rendered_one() -> None:
    """`python -m core.expressions.docs` writes it."""
    assert PAGE.read_text(encoding="utf-8") == docs.render()


@pytest.mark.parametrize("name", [*FUNCTIONS, *ast.BINARY_OPERATORS, *ast.CONSTANTS, *ast.OVER, "is null", "not"])
def test_everything_is_on_the_page(name: str) -> None:
    assert name in docs.render()


@pytest.mark.parametrize("example", [function.example for function in FUNCTIONS.values()])
def test_examples_are_in_the_language(example: str) -> None:
    parse(example)
