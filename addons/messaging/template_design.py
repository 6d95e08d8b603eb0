"""The visual editor's blocks as HTML that mail programs draw alike: tables, styles on each element, 600 pixels wide.

A design is a list of blocks, `{"kind": "heading", "text": "Hello {{ first_name }}"}`. It is checked when it comes in; what is
no block is dropped. Colours keep their contrast in dark mode, where `templating_html.STYLE` turns the sheet dark.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

import nh3

from core.api import direction

MOST_BLOCKS = 100
MOST_TEXT = 20_000
WIDTH, PADDING = 600, 24
ACCENT = "#0d766e"
_FONTS = {"rtl": "Vazirmatn,Tahoma,Arial,sans-serif", "ltr": "-apple-system,'Segoe UI',Roboto,Arial,sans-serif"}
_TABLE = 'role="presentation" cellpadding="0" cellspacing="0" border="0"'
PARTS: Mapping[str, tuple[str, ...]] = {
    "heading": ("text", "level"), "text": ("html",), "picture": ("file", "alt", "url", "width"), "button": ("text", "url", "colour"),
    "divider": (), "columns": ("left", "right"), "block": ("name",), "footer": ("html",), "html": ("source",)}
"""The kinds of blocks, and what each holds; all of it text."""
RICH = frozenset({"html", "left", "right"})

Block = dict[str, str]


def blocks_of(value: Any) -> list[Block]:
    """The blocks of a design as they may be kept; from JSON as text, or what it holds."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return []
    if not isinstance(value, list):
        return []
    return [_block(one) for one in value[:MOST_BLOCKS] if isinstance(one, dict) and one.get("kind") in PARTS]


def _block(given: Mapping[str, Any]) -> Block:
    kind = str(given["kind"])
    made = {"kind": kind}
    for part in PARTS[kind]:
        text = str(given.get(part) or "")[:MOST_TEXT]
        made[part] = nh3.clean(text, link_rel=None) if part in RICH else text
    return made


def start(lang: str) -> list[Block]:
    """What a new mail begins with."""
    return [{"kind": "text", "html": ""}]


def from_html(source: str) -> list[Block]:
    """A design that holds a source as it is, in one block."""
    return [{"kind": "html", "source": source[:MOST_TEXT]}] if source.strip() else []


def to_html(blocks: list[Block], lang: str) -> str:
    """The body of a mail; placeholders stay in it."""
    reading = direction(lang)
    align = "right" if reading == "rtl" else "left"
    rows = "".join(_row(block, align) for block in blocks)
    sheet = (f"width:100%;max-width:{WIDTH}px;background:#ffffff;border-radius:8px;font-family:{_FONTS[reading]};font-size:16px;"
             f"line-height:1.6;color:#23262a;text-align:{align}")
    return (f'<table {_TABLE} class="page" width="100%" dir="{reading}" style="background:#f4f2ee"><tbody><tr><td align="center" '
            f'style="padding:24px 12px"><table {_TABLE} class="sheet" width="{WIDTH}" dir="{reading}" style="{sheet}">'
            f"<tbody>{rows}</tbody></table></td></tr></tbody></table>")


def _row(block: Block, align: str) -> str:
    drawn = _DRAWN[block["kind"]](block)
    if block["kind"] == "footer":
        return f'<tr><td class="quiet" align="{align}" style="padding:12px {PADDING}px;font-size:13px;color:#6b7178">{drawn}</td></tr>'
    return f'<tr><td align="{align}" style="padding:12px {PADDING}px">{drawn}</td></tr>'


def _text(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br>")


def _spaced(html: str) -> str:
    """Paragraphs as far apart as here in every mail program, the last one without a gap."""
    first, found, last = html.rpartition("<p>")
    spaced = first.replace("<p>", '<p style="margin:0 0 12px">')
    return f'{spaced}<p style="margin:0">{last}' if found else html


def _heading(block: Block) -> str:
    level, size = ("2", 20) if block["level"] == "2" else ("1", 26)
    return f'<h{level} style="margin:0;font-size:{size}px;line-height:1.3;font-weight:700">{_text(block["text"])}</h{level}>'


def _picture(block: Block) -> str:
    if not block["file"].isdecimal():
        return ""
    share = int(block["width"]) if block["width"].isdecimal() and 10 <= int(block["width"][:4]) <= 100 else 100
    width = (WIDTH - 2 * PADDING) * share // 100
    image = (f'<img src="/files/{int(block["file"][:18])}?inline=1" alt="{escape(block["alt"])}" width="{width}" '
             f'style="display:block;width:100%;max-width:{width}px;height:auto;border:0">')
    return f'<a href="{escape(block["url"])}">{image}</a>' if block["url"] else image


def _button(block: Block) -> str:
    colour = block["colour"] if _is_colour(block["colour"]) else ACCENT
    looks = f"display:inline-block;padding:12px 24px;color:{_on(colour)};font-weight:600;text-decoration:none"
    link = f'<a href="{escape(block["url"])}" style="{looks}">{_text(block["text"])}</a>'
    return (f'<table {_TABLE}><tbody><tr><td bgcolor="{colour}" style="background:{colour};border-radius:6px">{link}</td></tr>'
            "</tbody></table>")


def _is_colour(text: str) -> bool:
    return len(text) == 7 and text[0] == "#" and all(c in "0123456789abcdefABCDEF" for c in text[1:])


def _on(colour: str) -> str:
    """White or black, whichever is read better on a colour."""
    red, green, blue = (int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5))
    return "#ffffff" if 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2 < 0.36 else "#16181b"


def _columns(block: Block) -> str:
    cell = '<td class="col" width="50%" valign="top" style="padding:0 8px">'
    cells = "".join(f"{cell}{_spaced(block[side])}</td>" for side in ("left", "right"))
    return f'<table {_TABLE} width="100%"><tbody><tr>{cells}</tr></tbody></table>'


_DRAWN: Mapping[str, Callable[[Block], str]] = {
    "heading": _heading, "text": lambda b: _spaced(b["html"]), "picture": _picture, "button": _button,
    "divider": lambda b: '<hr style="border:0;border-top:1px solid #b9b3a8;margin:4px 0">', "columns": _columns,
    "block": lambda b: '{% include "' + "".join(c for c in b["name"] if c not in "\"'%{}<>&") + '" %}' if b["name"] else "",
    "footer": lambda b: _spaced(b["html"]), "html": lambda b: b["source"]}
