"""Papers without priced lines: receipts, delivery notes, contracts, and the statement of an account."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from core.api import Edition, Env, F, NotFound, _, letterhead

from .paper import facts, number_of, parties

ZERO = Decimal(0)


def sheet(env: Env, record: str, key: int) -> tuple[str, dict[str, Any]]:
    """Template and data of a receipt, a delivery note or a contract."""
    return {"sales.payment": _receipt, "sales.shipment": _delivery, "sales.contract": _contract}[record](env, key)


def _head(env: Env, record: str, key: int, *paths: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = env.query(record).with_ids([key]).archived(None).select(*paths).rows(1)
    if not found:
        raise NotFound()
    return found[0]


def _receipt(env: Env, key: int) -> tuple[str, dict[str, Any]]:
    head = _head(env, "sales.payment", key, "number", "kind", "status", "account", "currency.code", "currency.places", "amount", "date",
                 "method", "reference", "language", "in_toman")
    head["contact"] = None
    edition = Edition(env, head["language"] or "", toman=bool(head["in_toman"]))
    code, places = head["currency.code"], int(head["currency.places"] or 0)
    rows = env.query("sales.allocation").where(F.payment == key).order("id").select("invoice.number", "invoice.date", "amount").rows()
    title = _("Receipt") if head["kind"] == "received" else _("Refund", context="document")
    number = number_of(edition, head)
    pairs = [*facts(edition, head, number), [edition.t(_("Method")), edition.choice("sales.payment", "method", head["method"])],
             [edition.t(_("Reference")), edition.ltr(head["reference"])]]
    return "letter", {
        **letterhead(env, edition), "title": edition.t(title), "subtitle": number, "file": head["number"] or "",
        "mark": edition.t(_("Cancelled")) if head["status"] == "cancelled" else edition.t(_("Draft")) if head["status"] == "draft" else "",
        "facts": [p for p in pairs if p[1]], "fact_columns": 2, "parties": parties(env, edition, "sales.payment", head),
        "columns": [{"label": edition.t(_("For invoice")), "width": "1fr"}, {"label": edition.t(_("Date"))},
                    {"label": edition.t(_("Amount")), "side": "end"}],
        "rows": [[edition.ltr(r["invoice.number"]), edition.day(r["invoice.date"]), edition.amount(r["amount"], places, code)]
                 for r in rows],
        "totals": [{"label": edition.t(_("Amount")), "value": edition.money(head["amount"], code), "strong": True}],
        "words": edition.words(head["amount"], code, places), "notes": [],
        "signatures": [{"label": edition.t(_("Received by") if head["kind"] == "received" else _("Paid by")),
                        "detail": edition.t(_("Stamp and signature"))}]}


def _delivery(env: Env, key: int) -> tuple[str, dict[str, Any]]:
    head = _head(env, "sales.shipment", key, "number", "status", "date", "order.number", "order.language", "order.shipping_address",
                 "order.company", "account", "carrier", "tracking")
    head |= {"contact": None, "billing_address": head["order.shipping_address"]}
    edition = Edition(env, head["order.language"] or "")
    rows = env.query("sales.shipment_line").where(F.paper == key).order("id").select(
        "name", "quantity", "order_line.unit", "order_line.product.code").rows()
    number = number_of(edition, head)
    pairs = [*facts(edition, head, number), [edition.t(_("Carrier")), head["carrier"] or ""],
             [edition.t(_("Tracking number")), edition.ltr(head["tracking"])]]
    return "trade", {
        **letterhead(env, edition, head["order.company"].id if head["order.company"] else None), "title": edition.t(_("Delivery note")),
        "subtitle": number, "file": head["number"] or "", "mark": edition.t(_("Draft")) if head["status"] == "draft" else "",
        "facts": [p for p in pairs if p[1]], "parties": [{**p, "title": edition.t(_("Ship to"))} for p in parties(env, edition,
            "sales.shipment", head)],
        "columns": [{"label": "#", "side": "center"}, {"label": edition.t(_("Description")), "width": "1fr"},
                    {"label": edition.t(_("Quantity")), "side": "end"}],
        "rows": [[edition.format.number(i), {"text": r["name"] or "", "detail": edition.ltr(r["order_line.product.code"])},
                  f"{edition.format.number(r['quantity'])} {(r['order_line.unit'].label or '') if r['order_line.unit'] else ''}".strip()]
                 for i, r in enumerate(rows, 1)],
        "notes": [], "signatures": [{"label": edition.t(_("Handed over by"))}, {"label": edition.t(_("Received by"))}]}


def _contract(env: Env, key: int) -> tuple[str, dict[str, Any]]:
    head = _head(env, "sales.contract", key, "number", "subject", "status", "account", "contact", "company", "currency.code",
                 "currency.places", "language", "in_toman", "date", "starts", "ends", "notice_on", "amount", "automatic", "terms")
    edition = Edition(env, head["language"] or "", toman=bool(head["in_toman"]))
    code, places = head["currency.code"], int(head["currency.places"] or 0)
    number = number_of(edition, head)
    pairs = [*facts(edition, head, number), [edition.t(_("Begins")), edition.day(head["starts"])],
             [edition.t(_("Ends")), edition.day(head["ends"])], [edition.t(_("Notice by")), edition.day(head["notice_on"])],
             [edition.t(_("Renewal")), edition.t(_("By itself") if head["automatic"] else _("By agreement"))]]
    amount = head["amount"]
    return "letter", {
        **letterhead(env, edition, head["company"].id if head["company"] else None), "title": edition.t(_("Contract",
            context="document")),
        "subtitle": number, "file": head["number"] or "", "mark": edition.t(_("Draft")) if head["status"] == "draft" else "",
        "facts": pairs, "fact_columns": 2, "parties": parties(env, edition, "sales.contract", head), "columns": [], "rows": [],
        "totals": [{"label": edition.t(_("Amount")), "value": edition.money(amount, code), "strong": True}] if amount else [],
        "words": edition.words(amount, code, places) if amount else None,
        "notes": [{"title": edition.t(_("Terms")), "text": head["terms"]}] if head["terms"] else [],
        "signatures": [{"label": edition.t(_("For us")), "detail": edition.t(_("Stamp and signature"))},
                       {"label": edition.t(_("For the other side")), "detail": edition.t(_("Stamp and signature"))}]}
