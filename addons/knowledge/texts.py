"""Texts of articles as they are kept and shown: plain text, addresses, pictures, headings."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from html.parser import HTMLParser

from core.api import Env

from .choices import VERSION

SLUG = 80
_PICTURE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_NUMBER = re.compile(r'\ssrc="/files/(\d{1,18})(?:\?inline=1)?"')
_HEADING = re.compile(r"<h([1-6])\b([^>]*)>(.*?)</h\1>", re.IGNORECASE | re.DOTALL)
_BLOCK = re.compile(r"<(p|li|td|th|blockquote|dd|dt|figcaption|caption)(?=[\s>])", re.IGNORECASE)
_TAG = re.compile(r"<[^>]+>")
_GAP = re.compile(r"[\W_]+")


def slug(title: str) -> str:
    """The readable part of an address: the words of a title in their own script, joined by hyphens."""
    return _GAP.sub("-", title.replace("\u200c", "-").lower()).strip("-")[:SLUG].rstrip("-")


def plain(env: Env, body: str | None) -> str:
    """A text without its formatting, in one line."""
    return " ".join(env.registry.record(VERSION).fields["body"].text_of(body).split())


class _Reader(HTMLParser):
    """Collects the lines of a cleaned text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = [""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Lines begin with blocks; cells of a row stand in one."""
        if tag in _BREAKS:
            self.found.append("• " if tag == "li" else "")
        elif tag in ("td", "th") and self.found[-1]:
            self.found[-1] += " | "

    def handle_endtag(self, tag: str) -> None:
        """A paragraph is followed by an empty line."""
        if tag in _ENDS:
            self.found += ["", ""]

    def handle_data(self, data: str) -> None:
        """Text goes on in the line."""
        self.found[-1] += data


_BREAKS = frozenset({"p", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "ul", "ol", "table", "div"})
_ENDS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "ul", "ol", "table"})


def lines(body: str | None) -> str:
    """A text without its formatting, in its paragraphs, with points of lists marked and cells of tables divided."""
    reader = _Reader()
    reader.feed(body or "")
    reader.close()
    text = "\n".join(" ".join(line.split()) for line in reader.found)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"(\n• [^\n]*)\n+(?=• )", r"\1\n", text)).strip()


def as_html(text: str) -> str:
    """Plain text as paragraphs."""
    parts = [p.strip() for p in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if p.strip()]
    return "".join(f"<p>{'<br>'.join(html.escape(line, quote=False) for line in p.split(chr(10)))}</p>" for p in parts)


def pictures(body: str | None) -> list[int]:
    """The numbers of the stored files that stand as pictures in a text, each once."""
    found = (_NUMBER.search(tag) for tag in _PICTURE.findall(body or ""))
    return list(dict.fromkeys(int(m[1]) for m in found if m))


def keep_pictures(body: str, allowed: Collection[int]) -> str:
    """A text without the pictures that are not its own: neither files of other records nor pictures from elsewhere."""
    def kept(tag: re.Match[str]) -> str:
        number = _NUMBER.search(tag[0])
        return tag[0] if number and int(number[1]) in allowed else ""
    return _PICTURE.sub(kept, body)


def renumbered(body: str, numbers: dict[int, int]) -> str:
    """A text whose pictures are other files."""
    return _NUMBER.sub(lambda m: f' src="/files/{numbers.get(int(m[1]), m[1])}?inline=1"', body)


@dataclass
class Shown:
    """A text ready for a page: `html` is markup of what was cleaned when it was stored; `contents` are (anchor, heading)."""

    html: str
    contents: list[tuple[str, str]]


def shown(body: str | None, picture: Callable[[int], str]) -> Shown:
    """The text for reading: headings below the page's own and with anchors, tables that scroll by themselves, each
    paragraph in its own direction, pictures at the address that `picture` gives."""
    contents: list[tuple[str, str]] = []

    def heading(m: re.Match[str]) -> str:
        level = min(max(int(m[1]), 2), 4)
        name = f"s{len(contents) + 1}" if level == 2 else ""
        text = html.unescape(_TAG.sub("", m[3])).strip()
        if name and text:
            contents.append((name, text))
        return f'<h{level} dir="auto"{f" id={chr(34)}{name}{chr(34)}" if name else ""}>{m[3]}</h{level}>'

    text = _HEADING.sub(heading, body or "")
    text = _BLOCK.sub(r'<\1 dir="auto"', text)
    text = _NUMBER.sub(lambda m: f' loading="lazy" src="{html.escape(picture(int(m[1])))}"', text)
    text = text.replace("<table", '<div class="table-scroll" tabindex="0"><table').replace("</table>", "</table></div>")
    return Shown(text, contents)
