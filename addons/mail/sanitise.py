"""HTML of strangers, safe to be shown on our pages.

    shown = sanitise(html, cids={"logo@x": "/x/mail/file/7"})
    shown.html, shown.blocked

What stays is named below; everything else goes. Pictures from elsewhere tell their sender who reads when, so they are left out
until somebody asks for them: their address waits in `data-remote`. No class and no id of a stranger reaches our style sheets, and no
style takes an element out of its place.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from urllib.parse import unquote

import nh3

from core.api import plain_text

TAGS = frozenset(["a", "abbr", "address", "article", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center", "cite",
                  "code", "col", "colgroup", "dd", "del", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "font",
                  "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img", "ins", "kbd", "li", "main", "mark",
                  "ol", "p", "pre", "q", "s", "samp", "section", "small", "span", "strike", "strong", "sub", "sup", "table",
                  "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var", "wbr"])
GONE = frozenset(["script", "style", "title", "svg", "math", "template", "noscript", "noembed", "noframes", "iframe", "frame",
                  "frameset", "object", "embed", "applet", "audio", "video", "canvas", "map", "select", "option", "textarea",
                  "button", "xmp", "plaintext"])
ANY = frozenset({"style", "dir", "lang", "align", "title"})
SIZED = frozenset({"width", "height", "valign", "bgcolor"})
ATTRIBUTES = {
    "*": ANY, "a": {"href"}, "img": {"src", "alt", "width", "height", "border"},
    "table": SIZED | {"border", "cellpadding", "cellspacing"}, "td": SIZED | {"colspan", "rowspan", "nowrap"},
    "th": SIZED | {"colspan", "rowspan", "nowrap", "scope"}, "tr": SIZED, "col": {"span", "width"}, "colgroup": {"span", "width"},
    "font": {"color", "face", "size"}, "ol": {"start", "type"}, "ul": {"type"}, "li": {"value"}, "hr": {"width", "size", "color"},
    "tbody": {"valign"}, "thead": {"valign"}}
STYLES = frozenset(
    ["background", "background-color", "border", "border-bottom", "border-bottom-color", "border-bottom-style",
     "border-bottom-width", "border-collapse", "border-color", "border-left", "border-left-color", "border-left-style",
     "border-left-width", "border-radius", "border-right", "border-right-color", "border-right-style", "border-right-width",
     "border-spacing", "border-style", "border-top", "border-top-color", "border-top-style", "border-top-width", "border-width",
     "clear", "color", "direction", "display", "float", "font", "font-family", "font-size", "font-style", "font-variant",
     "font-weight", "height", "letter-spacing", "line-height", "list-style-type", "margin", "margin-bottom", "margin-left",
     "margin-right", "margin-top", "max-height", "max-width", "min-height", "min-width", "mso-line-height-rule", "overflow-wrap",
     "padding", "padding-bottom", "padding-left", "padding-right", "padding-top", "table-layout", "text-align", "text-decoration",
     "text-indent", "text-transform", "vertical-align", "white-space", "width", "word-break", "word-spacing", "word-wrap"])
DISPLAYS = frozenset(["block", "inline", "inline-block", "none", "table", "table-cell", "table-row", "list-item",
                      "table-row-group"])
COLOUR = re.compile(r"(?i)\b(?:rgb|hsl)a?\([0-9.,%/ a-z]{1,60}\)|#[0-9a-f]{3,8}\b")
VALUE = re.compile(r"(?i)(?!.*\d{5})[\w%.,'\"! /-]*")
DANGER = re.compile(r"(?i)[\\<>{}@]|/\*|url|expression|behaviou?r|binding|import(?!ant)|script|image|attr\s*\(|var\s*\(|"
                    r"env\s*\(|element\s*\(|position|fixed|absolute")
PICTURE = re.compile(r"data:image/(?:png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]+", re.IGNORECASE)
IMG = re.compile(r'<img((?:\s+[a-z-]+="[^"]*")*)>')
ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
MOST = 2_000_000
DEEPEST = 256
MOST_TAGS = 60_000
OPTIONAL = frozenset(["p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup", "option", "optgroup",
                      "html", "head", "body"])
VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
                  "basefont", "bgsound", "frame", "keygen"])


@dataclass(frozen=True)
class Shown:
    """What may be shown, and how many pictures from elsewhere were left out."""

    html: str
    blocked: int = 0


def sanitise(html: str, remote: bool = False, cids: Mapping[str, str] | None = None) -> Shown:
    """HTML without anything that acts, leads astray or tells. `remote`: with the pictures from elsewhere; `cids`: addresses of the
    pictures in the mail by their numbers. HTML beyond measure is shown as plain text."""
    if len(html) > MOST or not _bearable(html):
        return Shown(f"<pre>{entities.escape(plain_text(html))}</pre>")
    known = {unquote(number).strip().strip("<>").lower(): address for number, address in (cids or {}).items()}
    counted = [0]

    def picture(found: re.Match[str]) -> str:
        return _picture(found[1], remote, known, counted)

    return Shown(IMG.sub(picture, _cleaner().clean(html)), counted[0])


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(TAGS), clean_content_tags=set(GONE), attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=_attribute, link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        url_schemes={"http", "https", "mailto", "tel", "cid", "data"}, filter_style_properties=set(STYLES), strip_comments=True)


def _attribute(tag: str, name: str, value: str) -> str | None:
    """An attribute of a stranger, or None where it goes."""
    if name == "style":
        return style(value) or None
    if name == "href":
        return value if re.match(r"(?i)\s*(?:https?://|mailto:|tel:)", value) else None
    if name == "src":
        return value if re.match(r"(?i)\s*(?:https?://|cid:)", value) or PICTURE.fullmatch(value.strip()) else None
    if name in ("width", "height", "border", "cellpadding", "cellspacing", "colspan", "rowspan", "size", "span", "start",
                "value"):
        return value.strip() if re.fullmatch(r"[+-]?\d{1,4}(?:px|%)?", value.strip()) else None
    if name in ("bgcolor", "color"):
        return value.strip() if re.fullmatch(r"#?[A-Za-z0-9]{1,30}", value.strip()) else None
    return value[:1000]


def style(text: str) -> str:
    """Declarations that only paint: known properties with plain values, none out of its place and none from elsewhere."""
    kept = []
    for declaration in text[:20_000].split(";")[:200]:
        name, _colon, value = declaration.partition(":")
        name, value = name.strip().lower(), " ".join(value.split())
        if name in STYLES and value and len(value) <= 200 and _paints(name, value):
            kept.append(f"{name}: {value}")
    return "; ".join(kept)


def _paints(name: str, value: str) -> bool:
    if DANGER.search(value) or value.count('"') % 2 or value.count("'") % 2:
        return False
    if name == "display":
        return value.lower().removesuffix("!important").strip() in DISPLAYS
    bare = COLOUR.sub("", value)
    if re.search(r"(?i)-\s*[.\d]|\de(?![mx])", bare):
        return False  # a negative margin reaches over what is beside it; 1e9 is a long number in few signs
    return VALUE.fullmatch(re.sub(r"\.\d+", "", bare)) is not None


# ---------------------------------------------------------------- pictures
def _picture(attributes: str, remote: bool, cids: Mapping[str, str], counted: list[int]) -> str:
    """A picture of the cleaned HTML, whose every attribute is quoted and escaped."""
    found = dict(ATTRIBUTE.findall(attributes))
    source = entities.unescape(found.pop("src", "")).strip()
    if source.lower().startswith("cid:"):
        address = cids.get(unquote(source[4:]).strip().strip("<>").lower(), "")
        if address:
            found["src"] = entities.escape(address)
    elif source.lower().startswith("data:"):
        found["src"] = entities.escape(source)
    elif source and remote:
        found |= {"src": entities.escape(source), "loading": "lazy", "referrerpolicy": "no-referrer"}
    elif source:
        counted[0] += 1
        found |= {"data-remote": entities.escape(source), "class": "mail-picture"}
    found.setdefault("alt", "")
    return "<img " + " ".join(f'{name}="{value}"' for name, value in found.items()) + ">"


# ---------------------------------------------------------------- measure
class _Depth(HTMLParser):
    """How deep elements lie that are never closed: cleaning takes time with the square of that."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.open: dict[str, int] = {}
        self.depth = self.deepest = self.tags = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags += 1
        if tag not in VOID and tag not in OPTIONAL:
            self.open[tag] = self.open.get(tag, 0) + 1
            self.depth += 1
            self.deepest = max(self.deepest, self.depth)

    def handle_endtag(self, tag: str) -> None:
        if self.open.get(tag):
            self.open[tag] -= 1
            self.depth -= 1


def _bearable(html: str) -> bool:
    if html.count("<") > MOST_TAGS * 2:
        return False
    counter = _Depth()
    try:
        counter.feed(html)
    except (AssertionError, ValueError):
        return False
    return counter.deepest <= DEEPEST and counter.tags <= MOST_TAGS
