"""The rows of a list, written by a function instead of macros: a page has hundreds of cells, and a macro call costs 30 µs.

`quick_rows` writes what the theme's macros would (a test compares them). Cells of rare kinds are drawn by the macro it is
given, and cells that repeat (choices, people) once for all. A theme that draws rows otherwise simply does not call it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from markupsafe import Markup
from markupsafe import escape as full_escape

from core.web.viewmodels import Cell, Column, Row, Rows

Draw = Callable[[Cell], str]
Opening = tuple[str, str]
"""The tag of a column's cells, when they are filled and when they are blank."""
Line = tuple[int, str, int, str, bool, bool, str]
"""A row: number, address, version, name, whether it is selected, whether it is muted, and its cells' HTML."""
_SPECIAL = re.compile("[&<>\"']").search


def escape(text: str) -> str:
    """Text made safe for HTML; most texts hold nothing to escape, and finding that out is cheaper than escaping."""
    return str(full_escape(text)) if _SPECIAL(text) else text


def quick_rows(rows: Sequence[Row], columns: Sequence[Column], select: str, draw: Draw) -> Markup:
    """The `<tr>`s of a list. `select` is the word before a row's name on its check box, "" for none; `draw` the macro."""
    openings = [_openings(c) for c in columns]
    lines = rows.lines(openings, draw) if isinstance(rows, Rows) else _lines(rows, openings, draw)
    word = escape(select)
    out: list[str] = []
    add = out.append
    for key, url, version, label, selected, muted, cells in lines:
        state = ("selected " if selected else "") + ("muted" if muted else "")
        add(f'<tr data-id="{key}" data-url="{escape(url)}" data-version="{version}"' + (f' class="{state}">' if state else ">"))
        if select:
            checked = " checked" if selected else ""
            add(f'<td class="tick"><input class="check" type="checkbox" name="ids" value="{key}" form="bulk" '
                f'aria-label="{word} {escape(label)}"{checked}></td>')
        add(cells)
        add("</tr>\n")
    return Markup("".join(out))  # noqa: S704 - escaped piece by piece


def _lines(rows: Iterable[Row], openings: list[Opening], draw: Draw) -> Iterator[Line]:
    for row in rows:
        inner = ((cell.drawn or value_html(cell, draw), opening) for cell, opening in zip(row.cells, openings, strict=True))
        cells = "".join([f"{filled}{text}</td>" if text else f"{blank}</td>" for text, (filled, blank) in inner])
        yield row.id, row.url, row.version, row.label, row.selected, row.muted, cells


def _openings(col: Column) -> Opening:
    classes = ("pin " if col.pinned else "") + (col.align if col.align != "start" else "")
    classes += " cell-edit" if col.edit else ""
    edit = f' data-edit="{escape(col.edit)}" tabindex="-1"' if col.edit else ""
    return f'<td class="{classes}"{edit}>', f'<td class="{classes} blank"{edit}>'


def value_html(c: Cell, draw: Draw) -> str:
    """The inside of a cell: plain texts and links here, everything else by the macro, remembered on the cell."""
    if c.kind == "title" and c.text:
        title = f' title="{escape(c.title)}"' if c.title else ""
        return f'<a class="title-link" href="{escape(c.url)}" dir="auto"{title}>{escape(c.text)}</a>'
    if c.restricted or c.badges or c.person or c.html or c.icon or c.number is not None or c.kind in RARE:
        c.drawn = str(draw(c)).strip()
        return c.drawn
    if not c.text:
        return ""
    title = f' title="{escape(c.title)}"' if c.title else ""
    if c.url:
        side = ' class="ltr"' if c.dir == "ltr" else ' dir="auto"'
        card = f' data-card="{escape(c.card)}"' if c.card else ""
        return f'<a href="{escape(c.url)}"{side}{card}{title}>{escape(c.text)}</a>'
    side = ' class="ltr num"' if c.dir == "ltr" else (f' dir="{c.dir}"' if c.dir else "")
    raw = f' data-raw="{escape(c.raw)}"' if c.raw else ""
    return f"<span{side}{title}{raw}>{escape(c.text)}</span>"


RARE = frozenset({"flag", "image", "choice", "title"})
