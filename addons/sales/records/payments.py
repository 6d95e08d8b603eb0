"""Money that came or went, and what it paid."""

from collections.abc import Iterator
from typing import Any

from core.api import TODAY, Change, Env, F, Invalid, Message, Record, _, action, fields, validates

from .. import choices, settling
from ..choices import DRAFT, POSTED
from ..header import Numbered, base_currency, prefers_toman


class Payment(Numbered, Record):
    """Money that came from a customer or went back."""

    record_name = "sales.payment"
    record_label = _("Payment")
    record_plural = _("Payments")
    record_icon = "cash-coin"
    record_title = "number"
    record_order = ("-date", "-id")
    record_traits = ("owned", "noted")
    record_indexes = (("account", "status"), ("status", "date"))
    record_locked = F.status != DRAFT
    record_locked_reason = _("It is posted: cancel it, and write the right one.")
    record_locked_open = ("owner", "remarks")

    kind = fields.Choice(_("Kind"), options=choices.PAYMENT_KINDS, default=choices.RECEIVED, required=True)
    status = fields.Choice(_("Status"), options=choices.PAYMENT_STATUSES, default=DRAFT, required=True, readonly=True,
                           copyable=False, transitions=choices.PAYMENT_MOVES, exits=("cancelled",), semantic="status")
    account = fields.Link("contacts.account", _("Account"), required=True, on_delete="restrict")
    currency = fields.Link("base.currency", _("Currency"), required=True, default=base_currency, on_delete="restrict",
                           index=False)
    amount = fields.Money(_("Amount"), currency="currency", required=True, minimum=0)
    date = fields.Date(_("Date"), required=True, default=TODAY, index=True)
    method = fields.Choice(_("Method"), options=choices.METHODS, required=True, default="transfer")
    reference = fields.Text(_("Reference"), size=120, search=True, help=_("Number of the transfer, cheque or receipt."))
    language = fields.Choice(_("Language of the document"), options=choices.LANGUAGES, required=True,
                             default=lambda env: env.lang[:2])
    in_toman = fields.Flag(_("Rial in Toman on the document"), default=prefers_toman,
                           help=_("Amounts in rial are printed in Toman, ten rials, and in words too. They are kept in rial."))
    remarks = fields.LongText(_("Internal remarks"), size=4000)
    allocated = fields.Money(_("Allocated"), currency="currency", readonly=True, default=0, copyable=False)
    left = fields.Money(_("Not allocated"), currency="currency", readonly=True, default=0, copyable=False, index=True)
    allocations = fields.Children("sales.allocation", _("Allocations"), by="payment")

    @classmethod
    def number_kind(cls, record: Any) -> tuple[str, tuple[str, ...]]:
        """Its series of numbers."""
        return "payment" if record.kind == choices.RECEIVED else "refund", (POSTED,)

    @validates("amount")
    def something(records: list[Any], env: Env) -> Iterator[Invalid]:
        """Nothing is no payment."""
        yield from (Invalid(r, "amount", _("Write how much.")) for r in records if not r.amount)

    @action(_("Post", context="payment"), needs="action:post", icon="patch-check", primary=True, where=F.status == DRAFT)
    def post(records: list[Any], env: Env) -> Message | str:
        """The money is there: number it, lock it, let it be allocated."""
        return settling.post(env, records)

    @action(_("Allocate"), needs="action:post", icon="diagram-2", primary=True, bulk=False,
            where=(F.status == POSTED) & (F.left > 0))
    def allocate(records: list[Any], env: Env) -> Message | str:
        """To the page that asks which invoices it pays."""
        return f"/x/sales/payment/{records[0].id}/allocate"

    @action(_("Cancel payment"), needs="action:post", icon="x-octagon", where=F.status == POSTED,
            confirm=_("Cancel this payment? What it paid is owed again."))
    def cancel(records: list[Any], env: Env) -> Message | str:
        """It did not come after all."""
        return settling.cancel(env, records)


class Allocation(Record):
    """Which part of a payment, or of a credit note, settles which invoice; of a refund, what it gives back."""

    record_name = "sales.allocation"
    record_label = _("Allocation")
    record_plural = _("Allocations")
    record_icon = "diagram-2"
    record_title = "invoice"
    record_order = ("-id",)
    record_parent = "invoice"
    record_by_hand = False

    invoice = fields.Link("sales.invoice", _("Invoice"), required=True, on_delete="restrict")
    payment = fields.Link("sales.payment", _("Payment"), on_delete="restrict")
    credit = fields.Link("sales.invoice", _("Credit note"), on_delete="restrict")
    amount = fields.Money(_("Amount"), currency="currency", required=True, minimum=0)
    currency = fields.Link("base.currency", _("Currency"), required=True, on_delete="restrict", index=False)
    date = fields.Date(_("Date"), required=True, default=TODAY)

    @classmethod
    def after_save(cls, env: Env, change: Change) -> None:
        """Invoices and payments know what is left of them."""
        super().after_save(env, change)
        settling.after_allocation(env, change)
