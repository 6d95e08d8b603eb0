"""The fast way of writing a cell gives what the theme's macro gives."""

from pathlib import Path

import jinja2
import pytest
from markupsafe import Markup

from core.web.quick_cells import quick_cell
from core.web.viewmodels import Badge, Cell, Column

THEME = Path(__file__).parents[3] / "themes" / "default" / "templates"
CELLS = [
    Cell(), Cell(text="a <b> & 'c'"), Cell(kind="choice", text="New", colour="blue"), Cell(kind="choice"),
    Cell(kind="title", text="علی", url="/r/x/1", title="Ali"), Cell(kind="title", url="/r/x/1"),
    Cell(text="0912", dir="ltr", raw="+98912"), Cell(text="x", url="mailto:a@b", dir="ltr"),
    Cell(text="Sara", url="/r/u/2", card="u/2"), Cell(text="e", edit_url="/r/x/1/field/n", dir="auto"),
    Cell(kind="flag", checked=True), Cell(badges=[Badge("t")]), Cell(restricted=True), Cell(number=40, text="40%"),
]


@pytest.mark.parametrize("cell", CELLS, ids=lambda c: f"{c.kind}-{c.text}")
@pytest.mark.parametrize("column", [Column("n", "N"), Column("n", "N", align="end", pinned=True)], ids=["plain", "pinned"])
def test_quick_is_the_same(cell, column):
    env = jinja2.Environment(loader=jinja2.FileSystemLoader(THEME), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    env.globals.update(_=lambda text, **values: text, n_=lambda one, many, n, **values: one)
    slow = env.from_string('{% import "partials/cell.html" as cells %}{{ cells.td(c, col) }}').render(c=cell, col=column)
    quick = quick_cell(cell, column)
    assert isinstance(quick, Markup)
    assert not quick or str(quick) == slow.strip()
