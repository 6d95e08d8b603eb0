"""Which taxes a line bears: those of its class that are in force where the customer is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.api import fold

from .amounts import Rate
from .book import Book
from .names import key

AS_LIST_SAYS = {"included": True, "excluded": False}


def rates(book: Book, tax_class: int | None, price_list: Mapping[str, Any] | None) -> tuple[Rate, ...]:
    """The rates of a class in the book's region on its day; the price list may say that prices hold them or do not."""
    says = None if price_list is None else AS_LIST_SAYS.get(price_list["with_tax"])
    state = fold(book.region.state or "")
    found = []
    for row in book.taxes.get(tax_class or 0, ()):
        country = key(row["country"])
        if country is not None and country != book.region.country:
            continue
        if row["state"] and fold(row["state"]) != state:
            continue
        found.append(Rate(row["id"], row["name"], row["percent"], row["included"] if says is None else says,
                          tuple((row["other_names"] or {}).items())))
    return tuple(found)
