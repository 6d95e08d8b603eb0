"""Invoices, credit notes and payments: issued, posted, allocated, cancelled; what is owed is always what the rows say.

Whoever allocates holds the rows of the payment and of the invoices until the end of the transaction, so two people cannot give
the same money away: what is left is read after the rows are held. Everybody takes them in one order, payments first, then
invoices and credit notes by their ids in one statement, then counters of numbers: nobody waits in a circle.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from core.api import Change, Env, F, Invalid, Message, SarnakhError, ValidationFailed, _, n_

from .choices import CREDIT_NOTE, INVOICE, OPEN, PAID, REFUND
from .life import _with_lines, copied, locked

INVOICES, PAYMENTS, ALLOCATIONS = "sales.invoice", "sales.payment", "sales.allocation"
ZERO = Decimal(0)


def state_of(row: Mapping[str, Any], today: Any) -> str:
    """The state of an issued invoice, from its sums and its day."""
    if row["balance"] <= 0:
        return "cancelled" if row["credited"] >= row["total"] > 0 else PAID
    if row["due_on"] and row["due_on"] < today and row["kind"] == INVOICE:
        return "overdue"
    return "partly_paid" if row["paid"] else "issued"


# ---------------------------------------------------------------- invoices
def issue(env: Env, records: Sequence[Any]) -> Message | str:
    """Number, lock and owe. A credit note settles its invoice at once, as far as that is open."""
    _with_lines(env, INVOICES, records)
    ids = [r.id for r in records]
    with env.elevated("issuing invoices") as sudo:
        credited = {r["credits"].id for r in sudo.query(INVOICES).with_ids(ids).select("credits").rows() if r["credits"]}
        held = locked(sudo, INVOICES, sorted({*ids, *credited}), "status", "total", "kind", "credits")
        rows = [r for r in held if r.id in ids]
        if any(r.status != "draft" for r in rows):
            raise SarnakhError(_("Somebody issued it meanwhile."))
        if any(r.total <= 0 for r in rows):
            raise SarnakhError(_("There is nothing to be paid: the total must be more than zero."))
        sudo.update_each(INVOICES, {r.id: {"status": "issued", "issued_at": env.now, "balance": r.total} for r in rows})
        for row in rows:
            if row.kind == CREDIT_NOTE and row.credits:
                _apply_credit(sudo, row.id, row.credits.id, row.total)
        follow(sudo, ids)
    env.emit("sales.issued", {"ids": ids})
    return n_("{count} invoice issued.", "{count} invoices issued.", len(ids))


def credit_note(env: Env, invoice: Any) -> str:
    """A draft credit note with the lines of an invoice, to be lowered for a part of it; the draft there is, when there is one.

    Several notes may credit an invoice, together no more than it came to: that is decided when they are issued.
    """
    with env.elevated("credit note for an invoice") as sudo:
        total = locked(sudo, INVOICES, [invoice.id], "total")[0].total
        drafts = sudo.query(INVOICES).where((F.credits == invoice.id) & (F.status == "draft")).ids(1)
        if drafts:
            return f"/r/sales.invoice/{drafts[0]}"
        if _credited(sudo, [invoice.id]).get(invoice.id, ZERO) >= total:
            raise SarnakhError(_("All of this invoice was credited already."))
        key = copied(env, sudo, INVOICES, invoice.id, INVOICES, {"credits": invoice.id, "kind": CREDIT_NOTE, "due_on": None})
        lines = {r["id"]: r["order_line"] for r in sudo.query("sales.invoice_line").where(F.paper == invoice.id).order("id").select(
            "order_line").rows()}
        new = sudo.query("sales.invoice_line").where(F.paper == key).order("id").ids()
        sudo.update_each("sales.invoice_line", {line: {"order_line": old.id} for line, old in zip(new, lines.values(),
            strict=True) if old},
                         source="copy")
    return f"/r/sales.invoice/{key}"


def _apply_credit(sudo: Env, note: int, invoice: int, total: Decimal) -> None:
    held = sudo.get(INVOICES, invoice, "total", "balance", "currency")  # its row is held by `issue`
    credited = _credited(sudo, [invoice], but=note).get(invoice, ZERO)
    if credited + total > held.total:
        raise SarnakhError(_("This is more than the invoice came to: lower the quantities of the credit note."))
    amount = min(total, held.balance)
    if amount > 0:
        sudo.create(ALLOCATIONS, {"invoice": invoice, "credit": note, "amount": amount, "currency": held.currency.id,
                                  "date": sudo.today})
    else:
        follow(sudo, [invoice])


def _settle_again(sudo: Env, notes: Sequence[int]) -> None:
    """What is left of issued credit notes settles their invoices, as far as these are open again; all rows are held."""
    rows = sudo.query(INVOICES).with_ids(notes).where((F.status != "draft") & (F.balance > 0) & (F.credits.balance > 0)).order(
        "id").select("credits", "credits.balance", "balance", "currency").rows()
    new, left = [], {row["credits"].id: row["credits.balance"] for row in rows}
    for row in rows:
        amount = min(row["balance"], left[row["credits"].id])
        left[row["credits"].id] -= amount
        new.append({"invoice": row["credits"].id, "credit": row["id"], "amount": amount, "currency": row["currency"].id,
                    "date": sudo.today})
    if new := [values for values in new if values["amount"] > 0]:
        sudo.create(ALLOCATIONS, new)


def _credited(sudo: Env, ids: Sequence[int], but: int = 0) -> dict[int, Decimal]:
    """What issued credit notes say about invoices."""
    found: dict[int, Decimal] = {}
    for row in sudo.query(INVOICES).holding("credits", ids).where((F.status != "draft") & (F.id != but)).select("credits",
        "total").rows():
        found[row["credits"].id] = found.get(row["credits"].id, ZERO) + row["total"]
    return found


# ---------------------------------------------------------------- payments
def post(env: Env, records: Sequence[Any]) -> Message | str:
    """The money is there."""
    ids = [r.id for r in records]
    with env.elevated("posting payments") as sudo:
        rows = locked(sudo, PAYMENTS, ids, "status", "amount", "kind")
        sudo.update_each(PAYMENTS, {r.id: {"status": "posted", "left": r.amount} for r in rows})
        follow_payments(sudo, ids)
    env.emit("sales.paid", {"ids": ids})
    return n_("{count} payment posted.", "{count} payments posted.", len(ids))


def cancel(env: Env, records: Sequence[Any]) -> Message | str:
    """The money did not come after all: what it paid is owed again."""
    ids = [r.id for r in records]
    with env.elevated("cancelling payments") as sudo:
        locked(sudo, PAYMENTS, ids, "id")
        own = sudo.query(ALLOCATIONS).holding("payment", ids).select("invoice").rows()
        owed = {r["invoice"].id for r in own}
        notes = sudo.query(INVOICES).holding("credits", list(owed)).order("id").ids() if owed else []
        locked(sudo, INVOICES, sorted({*owed, *notes}), "id")
        sudo.delete(ALLOCATIONS, [r["id"] for r in own])
        sudo.update(PAYMENTS, ids, {"status": "cancelled"})
        follow(sudo, owed)
        follow_payments(sudo, ids)
        _settle_again(sudo, notes)
    return n_("{count} payment cancelled.", "{count} payments cancelled.", len(ids))


def receive(env: Env, invoice: int, values: Mapping[str, Any]) -> int:
    """A payment for one invoice, posted and allocated as far as the invoice is open; what is more stays with the account."""
    env.require("create", PAYMENTS)
    env.require("action:post", PAYMENTS)
    held = env.get(INVOICES, invoice, "account", "currency", "language", "in_toman")
    key: int = env.create(PAYMENTS, {"account": held.account.id, "currency": held.currency.id, "language": held.language,
                                   "in_toman": held.in_toman, **values})
    post(env, env.browse(PAYMENTS, [key], "id"))
    with env.elevated("balance of an invoice") as sudo:  # the payment is new: nobody else can be holding it
        balance = locked(sudo, INVOICES, [invoice], "balance")[0].balance
        amount = sudo.get(PAYMENTS, key, "amount").amount
    if balance > 0:
        allocate(env, key, {invoice: min(balance, amount)})
    return key


def allocate(env: Env, payment: int, shares: Mapping[int, Decimal]) -> None:
    """Let a payment settle invoices (a refund: credit notes), each by an amount of it."""
    env.require("action:post", PAYMENTS)
    own = env.get(PAYMENTS, payment, "account", "currency", "kind")
    wanted = {k: v for k, v in shares.items() if v}
    seen = {r.id: r for r in env.browse(INVOICES, wanted, "account", "currency", "kind")}
    kind = CREDIT_NOTE if own.kind == REFUND else INVOICE
    problems = []
    for key, amount in wanted.items():
        invoice = seen.get(key)
        if invoice is None or invoice.account.id != own.account.id or invoice.kind != kind:
            problems.append(Invalid(key, None, _("This invoice is not one of the account.")))
        elif invoice.currency.id != own.currency.id:
            problems.append(Invalid(key, None, _("The invoice is in another currency than the payment.")))
        elif amount < 0:
            problems.append(Invalid(key, None, _("Amounts are more than zero.")))
    if problems:
        raise ValidationFailed(problems)
    with env.elevated("allocation of a payment") as sudo:
        locked(sudo, PAYMENTS, [payment], "id")
        if any(r.status not in OPEN for r in locked(sudo, INVOICES, list(wanted), "status")):
            raise SarnakhError(_("Nothing is open of this invoice."))
        sudo.create(ALLOCATIONS, [{"invoice": k, "payment": payment, "amount": v, "currency": own.currency.id, "date": sudo.today}
                                  for k, v in wanted.items()])


# ---------------------------------------------------------------- what follows
def after_allocation(env: Env, change: Change) -> None:
    """Invoices, payments and credit notes know what is left of them; more than there is, is refused."""
    with env.elevated("balances") as sudo:
        invoices = {r.invoice.id for r in change.records if r.invoice} | {r.credit.id for r in change.records if r.credit}
        payments = {r.payment.id for r in change.records if r.payment}
        follow(sudo, invoices)
        follow_payments(sudo, payments)


def follow(sudo: Env, ids: Iterable[int]) -> None:
    """Paid amounts, balances and states of invoices and credit notes, from their allocations."""
    keys = sorted(set(ids))
    if not keys:
        return
    rows = locked(sudo, INVOICES, keys, "kind", "status", "total", "due_on", "paid", "balance")
    paid = dict.fromkeys(keys, ZERO)
    for row in sudo.query(ALLOCATIONS).holding("invoice", keys).select("invoice", "amount").rows():
        paid[row["invoice"].id] += row["amount"]
    for row in sudo.query(ALLOCATIONS).holding("credit", keys).select("credit", "amount").rows():
        paid[row["credit"].id] += row["amount"]
    credited = _credited(sudo, keys)
    changes: dict[int, dict[str, Any]] = {}
    for row in rows:
        if row.status == "draft":
            continue
        balance = row.total - paid[row.id]
        if balance < 0:
            raise SarnakhError(_("More would be paid than is open."))
        values = {"paid": paid[row.id], "balance": balance}
        facts = {"balance": balance, "paid": paid[row.id], "total": row.total, "due_on": row.due_on, "kind": row.kind,
                 "credited": credited.get(row.id, ZERO)}
        changes[row.id] = values | {"status": state_of(facts, sudo.today)}
    sudo.update_each(INVOICES, changes)


def follow_payments(sudo: Env, ids: Iterable[int]) -> None:
    """What is allocated of payments, and what is left."""
    keys = sorted(set(ids))
    if not keys:
        return
    rows = locked(sudo, PAYMENTS, keys, "status", "amount")
    used = dict.fromkeys(keys, ZERO)
    for row in sudo.query(ALLOCATIONS).holding("payment", keys).select("payment", "amount").rows():
        used[row["payment"].id] += row["amount"]
    if any(used[r.id] > (r.amount if r.status == "posted" else ZERO) for r in rows):
        raise SarnakhError(_("More would be allocated than the payment holds."))
    sudo.update_each(PAYMENTS, {r.id: {"allocated": used[r.id], "left": r.amount - used[r.id] if r.status == "posted" else ZERO}
                                for r in rows})


def age(sudo: Env) -> int:
    """Open invoices whose day has come become overdue; returns how many."""
    due = sudo.query(INVOICES).where(F.status.isin(("issued", "partly_paid")) & (F.due_on < sudo.today) & (F.kind == INVOICE))
    ids = due.order("id").ids()
    sudo.update(INVOICES, ids, {"status": "overdue"})
    return len(ids)


def is_open(status: str) -> bool:
    """Whether something is still to be paid in this state."""
    return status in OPEN
