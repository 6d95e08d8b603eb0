"""HTML of messages: cleaned of whatever runs, and wrapped for mail programs."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection
from html import escape

import css_inline
import nh3

from core.api import direction

TAGS = (nh3.ALLOWED_TAGS | {"center", "font", "u", "s"}) - {"map", "area"}
_LOOKS = {"style", "class", "align", "dir", "lang", "title"}
_BOX = {"width", "height", "bgcolor", "valign", "border", "cellpadding", "cellspacing", "background", "role"}
ATTRIBUTES: dict[str, set[str]] = {
    **{tag: set(_LOOKS) for tag in TAGS}, **{tag: _LOOKS | _BOX for tag in ("table", "tr", "tbody", "thead", "tfoot")},
    "td": _LOOKS | _BOX | {"colspan", "rowspan"}, "th": _LOOKS | _BOX | {"colspan", "rowspan", "scope"},
    "a": _LOOKS | {"href"}, "img": _LOOKS | {"src", "alt", "width", "height", "border"}, "font": _LOOKS | {"color", "face", "size"},
    "ol": _LOOKS | {"start", "type"}, "hr": _LOOKS | {"width", "size", "color"}}
SCHEMES = {"http", "https", "mailto", "tel"}
_CLEANER = nh3.Cleaner(tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None, strip_comments=True)
"""Made once: making it costs four times what cleaning a mail does."""
PICTURE = re.compile(r'<img\b[^>]*?\ssrc="/files/(\d{1,18})(?:\?inline=1)?"[^>]*>')
_OTHER_PICTURE = re.compile(r'<img\b(?![^>]*\ssrc="(?:https?:|/files/\d))[^>]*>')
STYLE = """body{margin:0;padding:0;-webkit-text-size-adjust:100%}img{max-width:100%;height:auto;border:0}
@media (max-width:620px){.col{display:block!important;width:100%!important;box-sizing:border-box}}
@media (prefers-color-scheme:dark){.page{background:#17191c!important}.sheet{background:#22262b!important}
.sheet,.sheet p,.sheet h1,.sheet h2,.sheet td,.sheet li{color:#e8eaed!important}.quiet,.quiet p{color:#a9b0b8!important}}"""
"""What mail programs that read a head make of it: columns one below the other on phones, dark colours where people have them."""


def cleaned(text: str) -> str:
    """The HTML without scripts, forms, frames and odd addresses; style sheets in it become styles of its elements."""
    if "<style" in text:
        with contextlib.suppress(css_inline.InlineError, ValueError):
            text = css_inline.inline(text, load_remote_stylesheets=False, keep_style_tags=False)
    return _OTHER_PICTURE.sub("", _CLEANER.clean(text))


def pictures(text: str) -> set[int]:
    """Numbers of the stored pictures that a cleaned text shows."""
    return {int(number) for number in PICTURE.findall(text)}


def only_pictures(text: str, allowed: Collection[int]) -> str:
    """The text without those stored pictures that are not allowed in it."""
    return PICTURE.sub(lambda found: found[0] if int(found[1]) in allowed else "", text)


def document(text: str, lang: str, title: str = "") -> str:
    """A whole document for a mail program."""
    reading = direction(lang)
    return (f'<!DOCTYPE html><html lang="{escape(lang)}" dir="{reading}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark">'
            f'<meta name="supported-color-schemes" content="light dark"><title>{escape(title)}</title><style>{STYLE}</style></head>'
            f'<body dir="{reading}">{text}</body></html>')
