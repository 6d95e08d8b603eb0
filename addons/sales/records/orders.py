"""Orders and their lines."""

from typing import Any

from core.api import Env, F, Message, Record, _, action, fields

from .. import choices, fulfilment, life, lines
from ..choices import CONFIRMED, DRAFT, FULFILLED, LOCKED, PARTLY
from ..header import Trade


class Order(Trade, Record):
    """What a customer ordered, and how far it was delivered."""

    record_name = "sales.order"
    record_label = _("Order")
    record_plural = _("Orders")
    record_icon = "bag"
    record_order = ("-date", "-id")
    record_traits = ("owned", "shared_owners", "noted")
    record_indexes = (("status", "date"), ("owner", "status", "date"))
    record_locked = F.status != DRAFT
    record_locked_reason = LOCKED
    record_locked_open = ("owner", "co_owners", "remarks", "deliver_on")

    status = fields.Choice(_("Status"), options=choices.ORDER_STATUSES, default=DRAFT, required=True, readonly=True, copyable=False,
                           transitions=choices.ORDER_MOVES, exits=("cancelled",), semantic="status")
    deliver_on = fields.Date(_("Deliver on"))
    quote = fields.Link("sales.quote", _("Quote"), readonly=True, copyable=False)
    lines = fields.Children("sales.order_line", _("Lines"), by="paper", owned=True)
    shipments = fields.Children("sales.shipment", _("Shipments"), by="order")
    invoices = fields.Children("sales.invoice", _("Invoices"), by="order")

    @classmethod
    def number_kind(cls, record: Any) -> tuple[str, tuple[str, ...]]:
        """Its series of numbers."""
        return "order", (CONFIRMED,)

    @action(_("Confirm"), needs="action:confirm", icon="check2", primary=True, where=F.status == DRAFT)
    def confirm(records: list[Any], env: Env) -> Message | str:
        """Give it a number and close it for changes."""
        return life.confirm(env, records)

    @action(_("Ship"), needs="action:ship", icon="truck", bulk=False, where=F.status.isin((CONFIRMED, PARTLY)))
    def ship(records: list[Any], env: Env) -> Message | str:
        """A shipment of all that is still to be delivered, as a draft."""
        return fulfilment.ship(env, records[0])

    @action(_("Make invoice"), needs="action:invoice", icon="receipt", primary=True, bulk=False,
            where=F.status.isin((CONFIRMED, PARTLY, FULFILLED)))
    def invoice(records: list[Any], env: Env) -> Message | str:
        """An invoice over all that was not invoiced yet, as a draft."""
        return life.invoice_of(env, records[0])

    @action(_("Cancel order"), needs="action:confirm", icon="x-octagon", where=F.status.isin((DRAFT, CONFIRMED)),
            confirm=_("Cancel this order? What was invoiced stays."))
    def cancel(records: list[Any], env: Env) -> Message | str:
        """Nothing of it is delivered."""
        return life.cancel_orders(env, records)


class OrderLine(lines.PaperLine, Record):
    """A line of an order, with what was delivered of it."""

    record_name = "sales.order_line"
    record_label = _("Order line")
    record_plural = _("Order lines")
    record_icon = "list-ul"
    record_title = "description"
    record_order = ("position", "id")
    record_parent = "paper"

    paper = fields.Link("sales.order", _("Order"), required=True, on_delete="cascade")
    delivered = fields.Decimal(_("Delivered"), places=3, readonly=True, default=0, copyable=False)
