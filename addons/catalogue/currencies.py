"""Amounts stay in the currency they were written in: what holds prices keeps its currency."""

from __future__ import annotations

from collections.abc import Iterator

from core.api import Change, ChangeSet, Env, Invalid, _

from .lines import DocumentLine
from .names import PRICE

LIST = "catalogue.price_list"


def kept(env: Env, changes: ChangeSet) -> Iterator[Invalid]:
    """A document with lines and a list with prices refuse another currency: no amount is reinterpreted unseen."""
    for change in changes.changes:
        if change.action == "update" and change.touches("currency"):
            yield from _kept(env, change)


def _kept(env: Env, change: Change) -> Iterator[Invalid]:
    moved = {r.id: r for r in change.changed("currency") if change.was(r, "currency") is not None}
    held: set[int] = set()
    with env.elevated(_("What holds amounts in a currency")) as sudo:
        for record, by in _holders(env, change.record) if moved else ():
            rows = sudo.query(record).holding(by, list(moved)).archived(None).aggregate([by], limit=len(moved))
            held |= {row[by].id for row in rows}
        codes = {k: label for k, label in sudo.labels("base.currency", {change.was(moved[k], "currency") for k in held}).items()}
    for which in sorted(held):
        record = moved[which]
        old = codes.get(change.was(record, "currency"), "")
        if change.record == LIST:
            yield Invalid(record, "currency", _("The prices of this list are in {currency} and are not converted. Make a new list for "
                                                "the other currency.", currency=old))
        else:
            yield Invalid(record, "currency", _("The lines have prices in {currency}, which are not converted. Take the lines out first, "
                                                "or begin a new document in the other currency.", currency=old))


def _holders(env: Env, record: str) -> Iterator[tuple[str, str]]:
    """The record types whose amounts are in the currency of a record type, with their links to it."""
    if record == LIST:
        yield PRICE, "price_list"
    for rtype in env.registry.records.values():
        if rtype.parent is not None and issubclass(rtype.cls, DocumentLine) and rtype.fields[rtype.parent].target == record:  # type: ignore[attr-defined]
            yield rtype.name, rtype.parent
