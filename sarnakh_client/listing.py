"""A list that fetches its pages while it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from .values import Record

Fetch = Callable[[str, int], tuple[list[Record], str]]
"""The rows after a token, at most so many, and the token of the next page or an empty text."""


class Listing:
    """Iterate over it, or take `first()`, `all()`, or whole `pages()`. Nothing is asked before that; each iteration asks anew.
    Pages go by key, so that records which come or go meanwhile neither repeat nor hide others."""

    def __init__(self, fetch: Fetch, size: int, limit: int | None) -> None:
        self._fetch, self._size, self._limit = fetch, size, limit

    def pages(self) -> Iterator[list[Record]]:
        """Page by page."""
        after, left = "", self._limit
        while left is None or left > 0:
            rows, after = self._fetch(after, self._size if left is None else min(self._size, left))
            if rows:
                yield rows
            left = None if left is None else left - len(rows)
            if not after:
                return

    def __iter__(self) -> Iterator[Record]:
        for page in self.pages():
            yield from page

    def first(self) -> Record | None:
        """The first record, or None."""
        rows, _after = self._fetch("", 1)
        return rows[0] if rows else None

    def all(self) -> list[Record]:
        """Every record at once."""
        return list(self)

    def take(self, count: int) -> list[Record]:
        """The first few."""
        return list(islice(self, count))

    def __repr__(self) -> str:
        limit: Any = "" if self._limit is None else f", limit={self._limit}"
        return f"<Listing size={self._size}{limit}>"
