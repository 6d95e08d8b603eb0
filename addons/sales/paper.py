"""What a paper says, ready to be printed or shown: one dict for the PDF and for the page behind a signed link."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from core.api import Edition, Env, F, Message, NotFound, _, letterhead

from . import naming
from .lines import LINES, tax_summary

ZERO = Decimal(0)
HEAD = ("number", "subject", "account", "contact", "company", "currency.code", "currency.places", "language", "in_toman", "date", "status",
        "terms", "owner")
TRADE = ("customer_reference", "billing_address", "shipping_address", "discount", "net", "tax", "total")
MORE: dict[str, tuple[str, ...]] = {
    "sales.quote": ("valid_until", "revision", "answered_by", "answered_at", "answered_from"),
    "sales.order": ("deliver_on", "quote.number"),
    "sales.invoice": ("due_on", "order.number", "kind", "paid", "balance", "credits.number"),
    "sales.purchase": ("expected_on",)}
TITLES: dict[str, Message] = {
    "sales.quote": _("Quote", context="document"), "sales.order": _("Order confirmation"), "sales.invoice": _("Invoice",
        context="document"),
    "sales.purchase": _("Purchase order", context="document")}
LINE = ("product.code", "product", "description", "quantity", "unit", "unit_price", "discount_percent", "discount_amount", "discount",
        "net", "tax", "total", "taxes")


def sheet(env: Env, record: str, key: int) -> dict[str, Any]:
    """All that is on a paper with lines, in the paper's language."""
    found = env.query(record).with_ids([key]).archived(None).select(*HEAD, *TRADE, *MORE[record]).rows(1)
    if not found:
        raise NotFound()
    head = found[0]
    edition = Edition(env, head["language"] or "", toman=bool(head["in_toman"]))
    rows = env.speaking(edition.lang).query(LINES[record]).where(F.paper == key).order("position", "id").select(*LINE).rows()
    title = _("Credit note", context="document") if head.get("kind") == "credit_note" else TITLES[record]
    number = number_of(edition, head)
    code, places = head["currency.code"], int(head["currency.places"] or 0)
    return {
        **letterhead(env, edition, head["company"].id if head["company"] else None),
        "title": edition.t(title), "subtitle": number, "file": head["number"] or "", "mark": _mark(edition, head),
        "facts": facts(edition, head, number), "parties": parties(env, edition, record, head),
        "columns": _columns(edition, rows, code), "rows": _rows(edition, rows, code, places),
        "totals": _totals(edition, head, rows, code), "words": edition.words(head["total"] or ZERO, code, places),
        "notes": [{"title": edition.t(_("Terms")), "text": head["terms"]}] if head["terms"] else [],
        "signatures": _signatures(edition, record, head)}


def number_of(edition: Edition, head: dict[str, Any]) -> str:
    """Number and revision, read from left to right."""
    if not head["number"]:
        return ""
    return edition.ltr(f"{head['number']} R{head['revision']}" if head.get("revision") else head["number"])


def _mark(edition: Edition, head: dict[str, Any]) -> str:
    marks = {"draft": _("Draft"), "cancelled": _("Cancelled"), "revised": _("Revised"), "expired": _("Expired")}
    return edition.t(marks[head["status"]]) if head["status"] in marks else ""


def facts(edition: Edition, head: dict[str, Any], number: str) -> list[list[str]]:
    """Number, days and references, of those that are there."""
    pairs: list[tuple[Message, str]] = [
        (_("Number"), number), (_("Date"), edition.day(head["date"])), (_("Subject"), head.get("subject") or ""),
        (_("Valid until"), edition.day(head.get("valid_until"))), (_("Due on"), edition.day(head.get("due_on"))),
        (_("Deliver on"), edition.day(head.get("deliver_on"))), (_("Expected on"), edition.day(head.get("expected_on"))),
        (_("Your reference"), edition.ltr(head.get("customer_reference"))), (_("Order"), edition.ltr(head.get("order.number"))),
        (_("Quote"), edition.ltr(head.get("quote.number"))), (_("Credit note for"), edition.ltr(head.get("credits.number"))),
        (_("Amounts in"), edition.t(_("Toman (10 rials)")) if edition.toman and head.get("currency.code") == "IRR" else "")]
    return [[edition.t(label), text] for label, text in pairs if text]


def parties(env: Env, edition: Edition, record: str, head: dict[str, Any]) -> list[dict[str, Any]]:
    """Who it is for, and where it goes."""
    who = env.query("contacts.account").with_ids([head["account"].id]).archived(None).select(
        "name", "national_id", "economic_code", *naming.address_parts("billing")).rows(1) if head["account"] else []
    account = who[0] if who else dict.fromkeys(naming.address_parts("billing")) | {
        "name": (head["account"].label if head["account"] else "") or ""}
    numbers = [(_("National ID"), account.get("national_id")), (_("Economic code"), account.get("economic_code"))]
    address = head["billing_address"] if "billing_address" in head else naming.address(account, "billing")
    lines = [*str(address or "").splitlines(),
             *(f"{edition.t(label)}: {edition.ltr(own_digits(edition, value))}" for label, value in numbers if value)]
    if head["contact"] and head["contact"].label:
        lines.insert(0, edition.t(_("Attention: {name}", name=head["contact"].label)))
    found = [{"title": edition.t(_party(record, head)), "name": account["name"], "lines": lines}]
    shipping = str(head.get("shipping_address") or "")
    if shipping and shipping != head.get("billing_address"):
        first, *rest = shipping.splitlines()
        found.append({"title": edition.t(_("Ship to")), "name": first, "lines": rest})
    return found


def _party(record: str, head: dict[str, Any]) -> Message:
    """What the other side is called on a paper."""
    if record == "sales.payment":
        return _("Received from") if head["kind"] == "received" else _("Paid to")
    return {"sales.purchase": _("Vendor"), "sales.contract": _("Other side")}.get(record, _("Buyer"))


def own_digits(edition: Edition, text: str) -> str:
    """Digits as the document's script writes them."""
    return str(text).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")) if edition.persian else str(text)


def _columns(edition: Edition, rows: list[dict[str, Any]], code: str) -> list[dict[str, str]]:
    heads: list[tuple[Message, str, str]] = [(_("Description"), "1fr", "start"), (_("Quantity"), "auto", "end"),
                                             (_("Unit price"), "auto", "end")]
    if any(r["discount"] for r in rows):
        heads.append((_("Discount"), "auto", "end"))
    if any(r["tax"] for r in rows):
        heads.append((_("Tax"), "auto", "end"))
    heads.append((_("Total"), "auto", "end"))
    money = {_("Total")}
    return [{"label": "#", "width": "auto", "side": "center"}] + [
        {"label": f"{edition.t(label)} ({edition.currency(code)})" if label in money else edition.t(label), "width": width, "side": side}
        for label, width, side in heads]


def _rows(edition: Edition, rows: list[dict[str, Any]], code: str, places: int) -> list[list[Any]]:
    with_discount, with_tax = any(r["discount"] for r in rows), any(r["tax"] for r in rows)
    made = []
    for i, row in enumerate(rows, 1):
        label = row["description"] or (row["product"].label if row["product"] else "") or ""
        unit = (row["unit"].label or "") if row["unit"] else ""
        cells: list[Any] = [edition.format.number(i), {"text": label,
                                                       "detail": edition.ltr(row["product.code"]) if row["product.code"] else ""},
                            f"{edition.format.number(row['quantity'])} {unit}".strip(),
                            edition.amount(row["unit_price"] or ZERO, places, code)]
        if with_discount:
            cells.append(edition.amount(row["discount"] or ZERO, places, code) if row["discount"] else "—")
        if with_tax:
            cells.append(edition.amount(row["tax"] or ZERO, places, code) if row["tax"] else "—")
        made.append([*cells, edition.amount(row["total"] or ZERO, places, code)])
    return made


def _totals(edition: Edition, head: dict[str, Any], rows: list[dict[str, Any]], code: str) -> list[dict[str, Any]]:
    def row(label: str, amount: Decimal | None, strong: bool = False) -> dict[str, Any]:
        return {"label": label, "value": edition.money(amount or ZERO, code), "strong": strong}
    found = []
    if head["discount"]:
        found += [row(edition.t(_("Before discounts")), (head["net"] or ZERO) + head["discount"]),
                  row(edition.t(_("Discounts")), -head["discount"])]
    if head["tax"]:
        found.append(row(edition.t(_("Net")), head["net"]))
        found += [row(edition.t(_("{tax} on {base}", tax=name, base=edition.money(base, code))), amount)
                  for name, base, amount in tax_summary(rows, edition.lang)]
    found.append(row(edition.t(_("Total")), head["total"], True))
    if head.get("paid"):
        done, rest = (_("Settled"), _("Still to be given back")) if head["kind"] == "credit_note" else (_("Paid"), _("Still to pay"))
        found += [row(edition.t(done), -head["paid"]), row(edition.t(rest), head["balance"], True)]
    return found


def _signatures(edition: Edition, record: str, head: dict[str, Any]) -> list[dict[str, str]]:
    stamp = edition.t(_("Stamp and signature"))
    if record == "sales.purchase":
        return [{"label": edition.t(_("For the buyer")), "detail": stamp}]
    other = {"label": edition.t(_("For the customer")), "detail": stamp}
    if head.get("answered_from") and head["status"] == "accepted":  # by the customer's own hand, not told by telephone
        other = {"label": edition.t(_("Accepted by")), "name": head["answered_by"],
                 "detail": edition.format.datetime(head["answered_at"])}
    return [{"label": edition.t(_("For the seller")), "detail": stamp}, other]
