"""Shipments: what of an order left the house, and how far the order is fulfilled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from core.api import Change, Env, F, Invalid, Message, SarnakhError, _

from .life import locked

ZERO = Decimal(0)


def ship(env: Env, order: Any) -> str:
    """A draft of all that is still to come; the draft there is, when there is one."""
    env.require("create", "sales.shipment")
    with env.elevated("shipment of an order") as sudo:
        locked(sudo, "sales.order", [order.id], "id")
        drafts = sudo.query("sales.shipment").where((F.order == order.id) & (F.status == "draft")).ids(1)
        if drafts:
            return f"/r/sales.shipment/{drafts[0]}"
        rows = [r for r in sudo.query("sales.order_line").where(F.paper == order.id).order("id").select(
            "quantity", "delivered").rows() if r["quantity"] > (r["delivered"] or ZERO)]
        if not rows:
            raise SarnakhError(_("All of this order was delivered."))
        key = sudo.create("sales.shipment", {"order": order.id, "date": env.today})
        sudo.create("sales.shipment_line", [{"paper": key, "order_line": r["id"], "quantity": r["quantity"] - (r["delivered"] or ZERO)}
                                            for r in rows])
    return f"/r/sales.shipment/{key}"


def shipped(env: Env, records: Sequence[Any]) -> Message | str:
    """Drafts become shipments; their orders follow. Never more than was ordered, whoever else ships at the same time."""
    ids = [r.id for r in records]
    with env.elevated("marking shipments as shipped") as sudo:
        orders = sorted({r["order"].id for r in sudo.query("sales.shipment").with_ids(ids).select("order").rows()})
        locked(sudo, "sales.order", orders, "id")
        lines = sudo.query("sales.shipment_line").where(F.paper.isin(tuple(ids))).select("paper").rows()
        if {r["paper"].id for r in lines} != set(ids):
            raise SarnakhError(_("There are no lines in it yet."))
        sudo.update("sales.shipment", ids, {"status": "shipped"})
        follow_orders(sudo, orders)
    env.emit("sales.shipped", {"ids": ids})
    return _("Shipped.")


def follow_orders(sudo: Env, orders: Iterable[int]) -> None:
    """Delivered quantities and states of orders, from their shipments."""
    keys = tuple(orders)
    lines = sudo.query("sales.order_line").where(F.paper.isin(keys)).select("paper", "quantity", "delivered").rows()
    sums: dict[int, Decimal] = {}
    gone = F.paper.order.isin(keys) & (F.paper.status == "shipped") & F.order_line.not_null()
    for row in sudo.query("sales.shipment_line").where(gone).select("order_line", "quantity").rows():
        sums[row["order_line"].id] = sums.get(row["order_line"].id, ZERO) + row["quantity"]
    over = [r for r in lines if sums.get(r["id"], ZERO) > r["quantity"]]
    if over:
        raise SarnakhError(_("More would be delivered than was ordered."))
    sudo.update_each("sales.order_line", {r["id"]: {"delivered": sums.get(r["id"], ZERO)} for r in lines
                                          if (r["delivered"] or ZERO) != sums.get(r["id"], ZERO)})
    states: dict[int, dict[str, Any]] = {}
    for key in keys:
        own = [r for r in lines if r["paper"].id == key]
        full = all(sums.get(r["id"], ZERO) >= r["quantity"] for r in own)
        some = any(sums.get(r["id"]) for r in own)
        states[key] = {"status": "fulfilled" if full and own else "partly" if some else "confirmed"}
    sudo.update_each("sales.order", states)


# ---------------------------------------------------------------- in the pipeline
def fill(env: Env, change: Change) -> None:
    """The account of a shipment is its order's."""
    if change.action not in ("create", "update") or not change.touches("order"):
        return
    with env.elevated("account of a shipment") as sudo:
        own = {r["id"]: r["account"].id for r in sudo.query("sales.order").with_ids(
            {r.order.id for r in change.records if r.order}).select("account").rows()}
    for record in change.records:
        if record.order:
            change.set(record, "account", own.get(record.order.id))


def name_lines(env: Env, change: Change) -> None:
    """Lines are named like those of the order."""
    if change.action not in ("create", "update") or not change.touches("order_line"):
        return
    with env.elevated("names of lines") as sudo:
        names = {r["id"]: r["description"] for r in sudo.query("sales.order_line").with_ids(
            {r.order_line.id for r in change.records if r.order_line}).select("description").rows()}
    for record in change.records:
        if record.order_line and not (record.name and change.touches("name")):
            change.set(record, "name", names.get(record.order_line.id))


def problems(env: Env, records: Sequence[Any]) -> Iterator[Invalid]:
    """Lines of other orders, and more than is still to come."""
    with env.elevated("lines of an order") as sudo:
        lines = {r["id"]: r for r in sudo.query("sales.order_line").with_ids({r.order_line.id for r in records if r.order_line}).select(
            "paper", "quantity", "delivered").rows()}
        orders = {r["id"]: r["order"].id for r in sudo.query("sales.shipment").with_ids({r.paper.id for r in records if r.paper}).select(
            "order").rows()}
    for record in records:
        line = lines.get(record.order_line.id) if record.order_line else None
        if not record.order_line and not record.name:
            yield Invalid(record, "order_line", _("Choose a line of the order, or write what comes along."))
        if line is None or not record.paper:
            continue
        if line["paper"].id != orders.get(record.paper.id):
            yield Invalid(record, "order_line", _("This line belongs to another order."))
        elif not record.quantity:
            yield Invalid(record, "quantity", _("Write how many."))
        elif record.quantity > line["quantity"] - (line["delivered"] or ZERO):
            yield Invalid(record, "quantity", _("More than is still to be delivered."))
