"""Invoices, credit notes and their lines."""

from collections.abc import Iterator
from typing import Any

from core.api import Env, F, Invalid, Message, Record, _, action, fields, validates

from .. import choices, life, lines, settling
from ..choices import DRAFT, OPEN
from ..header import Trade, in_order


class Invoice(Trade, Record):
    """What a customer owes, or with a credit note is given back; once issued it stays as it is."""

    record_name = "sales.invoice"
    record_label = _("Invoice")
    record_plural = _("Invoices")
    record_icon = "receipt"
    record_order = ("-date", "-id")
    record_traits = ("owned", "shared_owners", "noted")
    record_indexes = (("status", "date"), ("owner", "status", "date"), ("status", "due_on"), ("account", "status"))
    record_locked = F.status != DRAFT
    record_locked_reason = _("It is issued: take it back by a credit note.")
    record_locked_open = ("owner", "co_owners", "remarks")

    kind = fields.Choice(_("Kind"), options=choices.INVOICE_KINDS, default=choices.INVOICE, required=True, readonly=True,
                         copyable=False)
    status = fields.Choice(_("Status"), options=choices.INVOICE_STATUSES, default=DRAFT, required=True, readonly=True,
                           copyable=False, transitions=choices.INVOICE_MOVES, exits=("cancelled", "overdue"), semantic="status")
    due_on = fields.Date(_("Due on"), default=life.in_a_month)
    order = fields.Link("sales.order", _("Order"), readonly=True, copyable=False)
    credits = fields.Link("sales.invoice", _("Credit note for"), readonly=True, copyable=False)
    issued_at = fields.DateTime(_("Issued"), readonly=True, copyable=False)
    paid = fields.Money(_("Paid"), currency="currency", readonly=True, default=0, copyable=False)
    balance = fields.Money(_("Balance"), currency="currency", readonly=True, default=0, copyable=False, index=True)
    link_key = fields.Text("", size=60, readonly=True, copyable=False, sensitive=True)
    lines = fields.Children("sales.invoice_line", _("Lines"), by="paper", owned=True)
    allocations = fields.Children("sales.allocation", _("Allocations"), by="invoice")
    credit_notes = fields.Children("sales.invoice", _("Credit notes"), by="credits")

    @classmethod
    def number_kind(cls, record: Any) -> tuple[str, tuple[str, ...]]:
        """Its series of numbers."""
        return record.kind, (*OPEN, "paid")

    @validates("due_on", "date")
    def ends_after(records: list[Any], env: Env) -> Iterator[Invalid]:
        """Nothing is due before it is written."""
        yield from in_order(records, "date", "due_on")

    @action(_("Issue"), needs="action:issue", icon="patch-check", primary=True, where=F.status == DRAFT,
            confirm=_("Issue it? It gets its number and can only be taken back by a credit note."))
    def issue(records: list[Any], env: Env) -> Message | str:
        """Number it, lock it, and let it be owed."""
        return settling.issue(env, records)

    @action(_("Receive payment"), needs="action:pay", icon="cash-coin", primary=True, bulk=False,
            where=F.status.isin(OPEN) & (F.kind == choices.INVOICE))
    def pay(records: list[Any], env: Env) -> Message | str:
        """To the page that asks how much."""
        return f"/x/sales/invoice/{records[0].id}/pay"

    @action(_("Credit note"), needs="action:issue", icon="arrow-counterclockwise", bulk=False,
            where=(F.status.isin(OPEN) | (F.status == "paid")) & (F.kind == choices.INVOICE))
    def credit(records: list[Any], env: Env) -> Message | str:
        """A credit note over what was not credited yet, as a draft."""
        return settling.credit_note(env, records[0])


class InvoiceLine(lines.PaperLine, Record):
    """A line of an invoice."""

    record_name = "sales.invoice_line"
    record_label = _("Invoice line")
    record_plural = _("Invoice lines")
    record_icon = "list-ul"
    record_title = "description"
    record_order = ("position", "id")
    record_parent = "paper"

    paper = fields.Link("sales.invoice", _("Invoice"), required=True, on_delete="cascade")
    order_line = fields.Link("sales.order_line", _("Order line"), readonly=True, copyable=False)
