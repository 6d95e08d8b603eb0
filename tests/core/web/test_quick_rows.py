"""Rows written by the function say what the theme's macro says, cell by cell."""

from pathlib import Path

import jinja2
import pytest
from markupsafe import Markup

from core.web.quick_rows import quick_rows
from core.web.viewmodels import Badge, Cell, Column, Person, Row

THEME = Path(__file__).parents[3] / "themes" / "default" / "templates"
CELLS = [
    Cell(), Cell(text="a <b> & 'c'"), Cell(kind="choice", text="New", colour="blue"), Cell(kind="choice"),
    Cell(kind="title", text="علی", url="/r/x/1?a=1&b=2", title="Ali"), Cell(kind="title", url="/r/x/1"),
    Cell(text="0912", dir="ltr", raw="+98912"), Cell(text="x", url="mailto:a@b", dir="ltr"),
    Cell(text="Sara", url="/r/u/2", card="u/2"), Cell(kind="flag", checked=True), Cell(badges=[Badge("t")]),
    Cell(restricted=True), Cell(number=40, text="40%"), Cell(person=Person("Sara S", "SS")), Cell(text="x", icon="tag"),
]


@pytest.fixture(scope="module")
def macros():
    env = jinja2.Environment(loader=jinja2.FileSystemLoader(THEME), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    env.globals.update(_=lambda text, **values: text, n_=lambda one, many, n, **values: one)
    return env.get_template("partials/cell.html").module


@pytest.mark.parametrize("cell", CELLS, ids=lambda c: f"{c.kind}-{c.text}")
def test_a_cell_is_the_same(cell, macros):
    slow = str(macros.value(cell)).strip()
    row = Row(7, "/r/x/7", [cell], label="Ali")
    html = quick_rows([row], [Column("n", "N")], "", macros.value)
    assert isinstance(html, Markup)
    assert html == f'<tr data-id="7" data-url="/r/x/7" data-version="0"><td class="{"" if slow else " blank"}">{slow}</td></tr>\n'
    assert quick_rows([row], [Column("n", "N")], "", macros.value) == html


def test_a_row_is_safe_and_complete(macros):
    row = Row(7, '/r/x/7?q="><script>', [Cell(text="<i>")], True, 3, "<b>", True)
    html = quick_rows([row], [Column("n", "N", align="end", pinned=True, edit="name")], "Select", macros.value)
    assert "<script>" not in html
    assert "<i>" not in html
    assert 'class="selected muted"' in html
    assert 'aria-label="Select &lt;b&gt;" checked' in html
    assert '<td class="pin end cell-edit" data-edit="name" tabindex="-1">' in html
