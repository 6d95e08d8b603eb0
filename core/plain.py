"""HTML as plain text with its lines: for messages, previews, and mails that have no other."""

from __future__ import annotations

import re
from html.parser import HTMLParser

BLOCKS = frozenset(["address", "article", "aside", "blockquote", "dd", "div", "dl", "dt", "fieldset", "figure", "footer", "form",
                    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table",
                    "tr", "ul"])
SPACED = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "ul", "ol", "pre"})
HIDDEN = frozenset({"style", "script", "head", "title", "template", "noscript", "object", "svg"})
MOST = 1_000_000


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self.hidden: list[str] = []
        self.link: tuple[str, int, int] | None = None
        self.pre = 0

    def _break(self, spaced: bool = False) -> None:
        if self.lines[-1].strip():
            self.lines.append("")
        if spaced and len(self.lines) > 1 and self.lines[-2].strip():
            self.lines.append("")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in HIDDEN:
            self.hidden.append(tag)
        elif tag == "br":
            self.lines.append("")
        elif tag in BLOCKS:
            self._break(tag in SPACED)
            self.pre += tag == "pre"
            self.lines[-1] += "- " if tag == "li" else ""
        elif tag in ("td", "th") and self.lines[-1].strip():
            self.lines[-1] += " "
        elif tag == "img":
            self.lines[-1] += (dict(attrs).get("alt") or "").strip()
        elif tag == "a":
            self.link = ((dict(attrs).get("href") or "").strip(), len(self.lines) - 1, len(self.lines[-1]))
        elif tag == "body":
            self.hidden.clear()  # a head that was never closed

    def handle_endtag(self, tag: str) -> None:
        if tag in HIDDEN:
            if tag in self.hidden:
                del self.hidden[self.hidden.index(tag):]
        elif tag in BLOCKS:
            self._break(tag in SPACED)
            self.pre = max(0, self.pre - (tag == "pre"))
        elif tag == "a" and self.link:
            (where, line, start), self.link = self.link, None
            shown = "".join(self.lines[line:])[start:].strip()
            if where.startswith(("http://", "https://")) and shown and where not in (shown, f"{shown}/", f"https://{shown}"):
                self.lines[-1] += f" <{where}>"

    def handle_data(self, data: str) -> None:
        if self.hidden:
            return
        if self.pre:
            first, *others = data.split("\n")
            self.lines[-1] += first
            self.lines.extend(others)
            return
        text = re.sub(r"[ \t\r\n\f]+", " ", data)
        self.lines[-1] += text.lstrip(" ") if not self.lines[-1] or self.lines[-1].endswith(" ") else text


def plain_text(html: str) -> str:
    """The text of HTML, addresses of links in angle brackets after their words. At most a million characters are read."""
    reader = _Reader()
    reader.feed(html[:MOST])
    reader.close()
    text = "\n".join(line.replace("\xa0", " ").rstrip() for line in reader.lines)
    return re.sub(r"\n{3,}", "\n\n", text).strip()
