"""The rows of a list, written by a function instead of macros: a page has hundreds of cells, and a macro call costs 30 µs.

`quick_rows` writes what the theme's macros would (a test compares them). Cells of rare kinds are drawn by the macro it is
given, and cells that repeat (choices, people) once for all. A theme that draws rows otherwise simply does not call it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from markupsafe import Markup
from markupsafe import escape as full_escape

from core.web.viewmodels import Cell, Column, Row

Draw = Callable[[Cell], str]
_SPECIAL = re.compile("[&<>\"']").search


def escape(text: str) -> str:
    """Text made safe for HTML; most texts hold nothing to escape, and finding that out is cheaper than escaping."""
    return str(full_escape(text)) if _SPECIAL(text) else text


def quick_rows(rows: Iterable[Row], columns: Sequence[Column], select: str, draw: Draw) -> Markup:
    """The `<tr>`s of a list. `select` is the word before a row's name on its check box, "" for none; `draw` the macro."""
    opening = [_openings(c) for c in columns]
    out: list[str] = []
    add = out.append
    word = escape(select)
    for row in rows:
        state = ("selected " if row.selected else "") + ("muted" if row.muted else "")
        add(f'<tr data-id="{row.id}" data-url="{escape(row.url)}" data-version="{row.version}"')
        add(f' class="{state}">' if state else ">")
        if select:
            checked = " checked" if row.selected else ""
            add(f'<td class="tick"><input class="check" type="checkbox" name="ids" value="{row.id}" form="bulk" '
                f'aria-label="{word} {escape(row.label)}"{checked}></td>')
        for cell, (filled, blank) in zip(row.cells, opening, strict=True):
            inner = cell.drawn or _value(cell, draw)
            add(filled if inner else blank)
            add(inner)
            add("</td>")
        add("</tr>\n")
    return Markup("".join(out))


def _openings(col: Column) -> tuple[str, str]:
    classes = ("pin " if col.pinned else "") + (col.align if col.align != "start" else "")
    classes += " cell-edit" if col.edit else ""
    edit = f' data-edit="{escape(col.edit)}" tabindex="-1"' if col.edit else ""
    return f'<td class="{classes}"{edit}>', f'<td class="{classes} blank"{edit}>'


def _value(c: Cell, draw: Draw) -> str:
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
