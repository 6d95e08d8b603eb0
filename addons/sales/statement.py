"""What an account owes and what it paid: the statement between two days, with a running balance, in one currency."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.api import Edition, Env, F, NotFound, _, letterhead

from .choices import CREDIT_NOTE, REFUND
from .paper import parties

ZERO = Decimal(0)
ACCOUNT = "contacts.account"


@dataclass
class Entry:
    """One movement: what it is, and what it adds to the debt (or takes from it)."""

    date: dt.date
    text: str
    number: str
    url: str
    debit: Decimal = ZERO
    credit: Decimal = ZERO
    balance: Decimal = ZERO


def movements(env: Env, account: int, currency: int, until: dt.date) -> list[Entry]:
    """All movements of an account in a currency up to a day, in order: issued papers and posted payments."""
    found = []
    papers = env.query("sales.invoice").where((F.account == account) & (F.currency == currency) & (F.status != "draft")
                                              & (F.date <= until)).archived(None)
    for row in papers.order("date", "id").select("number", "kind", "date", "total").rows():
        note = row["kind"] == CREDIT_NOTE
        found.append(Entry(row["date"], "credit_note" if note else "invoice", row["number"] or "", f"/r/sales.invoice/{row['id']}",
                           ZERO if note else row["total"], row["total"] if note else ZERO))
    payments = env.query("sales.payment").where((F.account == account) & (F.currency == currency) & (F.status == "posted")
                                                & (F.date <= until)).archived(None)
    for row in payments.order("date", "id").select("number", "kind", "date", "amount").rows():
        back = row["kind"] == REFUND
        found.append(Entry(row["date"], "refund" if back else "payment", row["number"] or "", f"/r/sales.payment/{row['id']}",
                           row["amount"] if back else ZERO, ZERO if back else row["amount"]))
    found.sort(key=lambda e: e.date)
    balance = ZERO
    for entry in found:
        balance += entry.debit - entry.credit
        entry.balance = balance
    return found


LABELS = {"invoice": _("Invoice"), "credit_note": _("Credit note"), "payment": _("Payment"), "refund": _("Refund")}


def currencies(env: Env, account: int) -> list[tuple[int, str]]:
    """The currencies in which there is anything, the base currency first where there is nothing."""
    found: dict[int, str] = {}
    for record in ("sales.invoice", "sales.payment"):
        if not env.can("read", record):
            continue
        for row in env.query(record).where((F.account == account) & (F.status != "draft")).archived(None).order("id").select(
                "currency").rows():
            found[row["currency"].id] = row["currency"].label or ""
    return sorted(found.items(), key=lambda pair: pair[1])


def sheet(env: Env, account: int, currency: int, since: dt.date, until: dt.date, lang: str = "") -> dict[str, Any]:
    """The statement as data of the template `letter`."""
    who = env.query(ACCOUNT).with_ids([account]).archived(None).select("name").rows(1)
    if not who:
        raise NotFound()
    edition = Edition(env, lang, toman=env.format.toman)  # as its reader reads amounts
    own = env.query("base.currency").with_ids([currency]).archived(None).select("code", "places").rows(1)
    if not own:
        raise NotFound()
    code, places = own[0]["code"], int(own[0]["places"] or 0)
    entries = movements(env, account, currency, until)
    opening = next((e.balance for e in reversed(entries) if e.date < since), ZERO)
    shown = [e for e in entries if e.date >= since]
    closing = entries[-1].balance if entries else ZERO
    link = type("Shown", (), {"id": account, "label": who[0]["name"]})()
    rows: list[list[Any]] = [[edition.day(since), {"text": edition.t(_("Brought forward"))}, "", "", edition.amount(opening, places, code)]]
    rows += [[edition.day(e.date), {"text": edition.t(LABELS[e.text]), "detail": edition.ltr(e.number)},
              edition.amount(e.debit, places, code) if e.debit else "", edition.amount(e.credit, places, code) if e.credit else "",
              edition.amount(e.balance, places, code)] for e in shown]
    return {
        **letterhead(env, edition), "title": edition.t(_("Statement of account")), "file": who[0]["name"],
        "subtitle": edition.t(_("{since} to {until}", since=edition.day(since), until=edition.day(until))),
        "facts": [[edition.t(_("Currency")), edition.currency(code)]], "parties": [
            {**p, "title": edition.t(_("Account"))} for p in parties(env, edition, "statement", {"account": link, "contact": None})],
        "columns": [{"label": edition.t(_("Date"))}, {"label": edition.t(_("Description")), "width": "1fr"},
                    {"label": edition.t(_("Debit")), "side": "end"}, {"label": edition.t(_("Credit")), "side": "end"},
                    {"label": edition.t(_("Balance")), "side": "end"}],
        "rows": rows, "totals": [
            {"label": edition.t(_("Invoiced")), "value": edition.money(sum((e.debit for e in shown), ZERO), code)},
            {"label": edition.t(_("Paid and credited")), "value": edition.money(sum((e.credit for e in shown), ZERO), code)},
            {"label": edition.t(_("Balance")), "value": edition.money(closing, code), "strong": True}],
        "words": edition.words(closing, code, places), "notes": [], "signatures": []}
