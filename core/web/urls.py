"""Addresses: building them, and telling which ones may be redirected to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import quote, urlencode, urlsplit

Params = Mapping[str, str] | Iterable[tuple[str, str]]


def with_query(path: str, params: Params) -> str:
    """A path with its query; empty values are left out."""
    pairs = params.items() if isinstance(params, Mapping) else params
    query = urlencode([(k, v) for k, v in pairs if v not in ("", None)], quote_via=quote)
    return f"{path}?{query}" if query else path


def is_local(url: str) -> bool:
    """Whether an address is a path of this site: the only kind that is redirected to."""
    if not url.startswith("/") or url.startswith("//") or "\\" in url or any(ord(c) < 33 or ord(c) == 127 for c in url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc


def list_url(record: str) -> str:
    """The list of a record type."""
    return f"/r/{record}"


def record_url(record: str, key: int) -> str:
    """The page of one record."""
    return f"/r/{record}/{key}"
