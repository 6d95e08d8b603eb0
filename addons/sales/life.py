"""The lives of papers: sent, answered, revised, ordered, confirmed, invoiced; each step for whole batches, on locked rows.

A step is taken with the right its action names (decided by the core on every record); what it writes itself is elevated,
since a paper that left the house is closed for everybody.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from addons.catalogue.lines import COPY
from core.api import AccessDenied, Env, F, Message, SarnakhError, _, n_

from . import holds
from .lines import COPIED, LINES

HEADER = ("subject", "account", "contact", "company", "currency", "language", "in_toman", "terms", "customer_reference", "billing_address",
          "shipping_address", "discount_percent", "discount_amount", "price_list", "owner", "deal", "primary")
MONTH = 30


def in_a_month(env: Env) -> dt.date:
    """The usual end of offers and time to pay."""
    return env.today + dt.timedelta(days=MONTH)


def locked(sudo: Env, record: str, ids: Sequence[int], *paths: str) -> list[Any]:
    """The records, with their rows held until the end of this transaction: what two people do at once is done in turn."""
    sudo.update_each(record, {i: {} for i in ids})
    return sudo.browse(record, ids, *paths)


def require_on(env: Env, operation: str, record: str, key: int) -> None:
    """Raise unless the acting person may do this with the paper; whoever sees it is told that it is not theirs to do."""
    if not env.allowed_ids(operation, record, [key]):
        raise AccessDenied(_("You may see this record but not do this with it."))


def move(env: Env, record: str, records: Sequence[Any], status: str, said: Message | str, **more: Any) -> Message | str:
    """Bring records into a state; moves that a state does not allow are refused by its picklist."""
    with env.elevated("step of a paper") as sudo:
        sudo.update(record, [r.id for r in records], {"status": status, **more})
    return said


# ---------------------------------------------------------------- quotes
def send(env: Env, record: str, records: Sequence[Any]) -> Message | str:
    """Number and close papers; a single quote goes on to its link for the customer."""
    _with_lines(env, record, records)
    values: dict[str, Any] = {"status": "sent"}
    if record == "sales.quote":
        values["sent_at"] = env.now
    with env.elevated("sending a paper") as sudo:
        sudo.update_each(record, {r.id: values | ({"link_key": secrets.token_urlsafe(12)} if record == "sales.quote" else {})
                                  for r in records})
    env.emit(f"{record.replace('.', '_')}.sent", {"ids": [r.id for r in records]})
    if record == "sales.quote" and len(records) == 1:
        return f"/x/sales/quote/{records[0].id}/link"
    return n_("{count} paper was sent.", "{count} papers were sent.", len(records))


def _with_lines(env: Env, record: str, records: Sequence[Any]) -> None:
    """Refuse empty papers."""
    ids = [r.id for r in records]
    filled = {row["paper"].id for row in env.query(LINES[record]).where(F.paper.isin(tuple(ids))).order("id").select("paper").rows()}
    if len(filled) < len(set(ids)):
        raise SarnakhError(_("There are no lines in it yet."))
    holds.refuse(env, record, ids)


def accept(env: Env, records: Sequence[Any], name: str = "", ip: str = "") -> Message | str:
    """The customer said yes; `name` and `ip` when they did so themselves, through the link."""
    with env.elevated("answer of the customer" if name else "answer told by the customer") as sudo:
        sudo.update("sales.quote", [r.id for r in records], {
            "status": "accepted", "answered_at": env.now, "answered_by": name or env.actor.name, "answered_from": ip or None})
    env.emit("sales.accepted", {"ids": [r.id for r in records]})
    return _("Accepted.")


def decline(env: Env, key: int, reason: str, name: str = "", ip: str = "") -> None:
    """The customer said no, and why."""
    with env.elevated("answer of the customer" if name else "answer told by the customer") as sudo:
        sudo.update("sales.quote", [key], {"status": "declined", "answered_at": env.now, "decline_reason": reason or None,
                                           "answered_by": name or env.actor.name, "answered_from": ip or None})
    env.emit("sales.declined", {"ids": [key]})


def revise(env: Env, quote: Any) -> str:
    """A draft with the same number and the next revision; the quote itself is closed."""
    with env.elevated("revision of a quote") as sudo:
        old = locked(sudo, "sales.quote", [quote.id])[0]
        if old.status not in ("sent", "expired", "declined"):
            raise SarnakhError(_("This quote was answered or revised meanwhile."))
        sudo.update("sales.quote", [old.id], {"status": "revised"})
        key = copied(env, sudo, "sales.quote", old.id, "sales.quote", {})
        sudo.update("sales.quote", [key], {"number": old.number, "revision": (old.revision or 0) + 1, "revision_of": old.id})
    return f"/r/sales.quote/{key}"


def order_of(env: Env, quote: Any) -> str:
    """The order of an accepted quote; the one there is, when it was made before."""
    with env.elevated("order of a quote") as sudo:
        locked(sudo, "sales.quote", [quote.id], "id")
        made = sudo.query("sales.order").where((F.quote == quote.id) & (F.status != "cancelled")).ids(1)
        if made:
            return f"/r/sales.order/{made[0]}"
        key = copied(env, sudo, "sales.quote", quote.id, "sales.order", {"quote": quote.id})
    return f"/r/sales.order/{key}"


# ---------------------------------------------------------------- orders
def confirm(env: Env, records: Sequence[Any]) -> Message | str:
    """Number and close orders."""
    _with_lines(env, "sales.order", records)
    return move(env, "sales.order", records, "confirmed", _("Confirmed."))


def cancel_orders(env: Env, records: Sequence[Any]) -> Message | str:
    """Nothing is delivered; orders with shipments stay."""
    ids = [r.id for r in records]
    with env.elevated("cancelling an order") as sudo:
        locked(sudo, "sales.order", ids, "id")
        if sudo.query("sales.shipment").where(F.order.isin(tuple(ids))).exists():
            raise SarnakhError(_("There are shipments of it: delete their drafts first; what was shipped is not cancelled."))
        sudo.update("sales.order", ids, {"status": "cancelled"})
    return _("Cancelled.")


def invoice_of(env: Env, order: Any) -> str:
    """A draft invoice over what was not invoiced yet; the draft there is, when there is one."""
    with env.elevated("invoice of an order") as sudo:
        locked(sudo, "sales.order", [order.id], "id")
        drafts = sudo.query("sales.invoice").where((F.order == order.id) & (F.status == "draft")).ids(1)
        if drafts:
            return f"/r/sales.invoice/{drafts[0]}"
        left = _not_invoiced(sudo, order.id)
        if not left:
            raise SarnakhError(_("All of this order is invoiced already."))
        key = copied(env, sudo, "sales.order", order.id, "sales.invoice", {"order": order.id}, quantities=left)
    return f"/r/sales.invoice/{key}"


def _not_invoiced(sudo: Env, order: int) -> dict[int, Decimal]:
    """What is left of each line of an order, of those with something left."""
    left = {r["id"]: r["quantity"] for r in sudo.query("sales.order_line").where(F.paper == order).select("quantity").rows()}
    done = sudo.query("sales.invoice_line").holding("order_line", list(left)).select(
        "order_line", "quantity", "paper.kind", "paper.status").rows() if left else []
    for row in done:  # cancelled invoices are given back by their credit notes, drafts of which give nothing back yet
        if row["paper.kind"] != "credit_note":
            left[row["order_line"].id] -= row["quantity"]
        elif row["paper.status"] != "draft":
            left[row["order_line"].id] += row["quantity"]
    return {k: v for k, v in left.items() if v > 0}


# ---------------------------------------------------------------- copies
def copied(env: Env, sudo: Env, source: str, key: int, target: str, extra: dict[str, Any],
           quantities: dict[int, Decimal] | None = None) -> int:
    """A paper made of another with its lines, prices and taxes: the head with the person's rights, the rest as it stood."""
    env.require("create", target)
    names = [n for n in HEADER if n in env.registry.record(source).fields and n in env.registry.record(target).fields]
    head = sudo.get(source, key, *names)
    values = {n: _plain(getattr(head, n)) for n in names} | {"date": env.today} | extra
    made: int = sudo.create(target, values, source="copy")
    rows = sudo.query(LINES[source]).where(F.paper == key).order("position", "id").select(*COPIED).rows()
    lines = []
    for row in rows:
        if quantities is not None and row["id"] not in quantities:
            continue
        line = {n: _plain(row[n]) for n in COPIED} | {"paper": made}
        if quantities is not None and quantities[row["id"]] != row["quantity"]:
            if row["discount_amount"]:
                part = row["discount_amount"] * quantities[row["id"]] / row["quantity"]
                line["discount_amount"] = part.quantize(Decimal("0.0001"))
            line["quantity"] = quantities[row["id"]]
        if source == "sales.order" and target == "sales.invoice":
            line["order_line"] = row["id"]
        lines.append(line)
    if lines:
        sudo.create(LINES[target], lines, source=COPY)
    return made


def _plain(value: Any) -> Any:
    return getattr(value, "id", value)
