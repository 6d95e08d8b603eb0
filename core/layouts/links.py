"""Custom links: addresses with `{field}` placeholders, filled with a record's values and never more dangerous for it.

A value can become part of a path or a query, where it is escaped; it can only be the whole address when what results
is an ordinary web, mail or phone address, so that no record can smuggle a script into a link.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlsplit

_PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_.]*)\}", re.ASCII)
SCHEMES = frozenset(("http", "https", "mailto", "tel"))


def placeholders(href: str) -> tuple[str, ...]:
    """The field paths an address asks for, in order of appearance, each once."""
    return tuple(dict.fromkeys(_PLACEHOLDER.findall(href)))


def is_safe(href: str) -> bool:
    """Whether an address is a path of this site or a web, mail or phone address."""
    if any(ord(letter) < 33 for letter in href) or "\\" in href:
        return False
    if href.startswith("/"):
        return not href.startswith("//")
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    return parts.scheme.lower() in SCHEMES and bool(parts.netloc or parts.path)


def template_fault(href: str) -> bool:
    """Whether a template is wrong in itself: stray braces, or an address that no value can make safe."""
    if re.search(r"[{}]", _PLACEHOLDER.sub("", href)):
        return True
    whole = _PLACEHOLDER.match(href)
    return whole is None and not is_safe(_PLACEHOLDER.sub("x", href))


def _said(value: Any) -> str:
    """A value as an address has it: a link by its label, an amount without empty decimals, a moment in the ISO form."""
    if hasattr(value, "label"):
        return str(value.label or "")
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_said, value))
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def fill_link(href: str, values: Mapping[str, Any]) -> str | None:
    """The address for one record, or None when a value it needs is empty or the result would not be safe."""
    if any(values.get(name) is None or not _said(values[name]) for name in placeholders(href)):
        return None

    def put(match: re.Match[str]) -> str:
        value = _said(values[match.group(1)])
        return value if match.start() == 0 else quote(value, safe="")

    filled = _PLACEHOLDER.sub(put, href)
    return filled if is_safe(filled) else None
