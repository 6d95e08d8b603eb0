"""The frequent cells of a list, written by a function instead of a macro: a list has hundreds, a macro call costs 30 µs.

`quick_cell(cell, column)` gives what `partials/cell.html` would (a test compares them), or "" when the cell is of a kind
that the macro should draw. A theme that draws cells otherwise simply does not call it.
"""

from __future__ import annotations

from markupsafe import Markup, escape

from core.web.viewmodels import Cell, Column


def quick_cell(c: Cell, col: Column) -> Markup:
    """The `<td>` of a plain text, choice, title or link cell; "" for any other."""
    if c.kind == "title" and not c.text:
        return Markup()
    if c.restricted or c.badges or c.person or c.html or c.kind in ("flag", "image") or c.number is not None or c.icon:
        return Markup()
    text = c.text
    classes = ("pin " if col.pinned else "") + (col.align if col.align != "start" else "")
    classes += " cell-edit" if c.edit_url else ""
    classes += " blank" if not (text or c.checked) else ""
    edit = f' data-edit="{escape(c.edit_url)}" tabindex="-1"' if c.edit_url else ""
    return Markup(f'<td class="{classes}"{edit}>{_value(c, text)}</td>')


def _value(c: Cell, text: str) -> str:
    title = f' title="{escape(c.title)}"' if c.title else ""
    if c.kind == "choice" and text:
        return f'<span class="badge dot tint-{escape(c.colour or "grey")}"{title}>{escape(text)}</span>'
    if c.kind == "title":
        return f'<a class="title-link" href="{escape(c.url)}" dir="auto"{title}>{escape(text)}</a>' if text else ""
    if not text:
        return ""
    if c.url:
        side = ' class="ltr"' if c.dir == "ltr" else ' dir="auto"'
        card = f' data-card="{escape(c.card)}"' if c.card else ""
        return f'<a href="{escape(c.url)}"{side}{card}{title}>{escape(text)}</a>'
    side = ' class="ltr num"' if c.dir == "ltr" else (f' dir="{escape(c.dir)}"' if c.dir else "")
    raw = f' data-raw="{escape(c.raw)}"' if c.raw else ""
    return f"<span{side}{title}{raw}>{escape(text)}</span>"
