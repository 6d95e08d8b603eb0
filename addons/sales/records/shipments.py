"""What left for the customer."""

from collections.abc import Iterator
from typing import Any

from core.api import TODAY, Change, Env, F, Invalid, Message, Record, _, action, fields, validates

from .. import fulfilment
from ..choices import DRAFT, LOCKED
from ..header import Numbered


class Shipment(Numbered, Record):
    """What was sent to a customer in one go."""

    record_name = "sales.shipment"
    record_label = _("Shipment")
    record_plural = _("Shipments")
    record_icon = "truck"
    record_title = "number"
    record_order = ("-date", "-id")
    record_traits = ("owned", "noted")
    record_locked = F.status != DRAFT
    record_locked_reason = LOCKED
    record_locked_open = ("carrier", "tracking", "remarks")

    order = fields.Link("sales.order", _("Order"), required=True, on_delete="restrict")
    account = fields.Link("contacts.account", _("Account"), readonly=True, on_delete="restrict")
    status = fields.Choice(_("Status"), options=[(DRAFT, _("Draft"), "grey"), ("shipped", _("Shipped"), "green")], default=DRAFT,
                           required=True, readonly=True, transitions={DRAFT: ["shipped"], "shipped": []}, semantic="status")
    date = fields.Date(_("Date"), required=True, default=TODAY, index=True)
    carrier = fields.Text(_("Carrier"), size=120)
    tracking = fields.Text(_("Tracking number"), size=120, search=True)
    remarks = fields.LongText(_("Internal remarks"), size=4000)
    lines = fields.Children("sales.shipment_line", _("Lines"), by="paper", owned=True)

    @classmethod
    def number_kind(cls, record: Any) -> tuple[str, tuple[str, ...]]:
        """Its series of numbers."""
        return "shipment", ("shipped",)

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """The account is the order's."""
        super().before_save(env, change)
        fulfilment.fill(env, change)

    @action(_("Mark shipped"), needs="action:ship", icon="check2", primary=True, where=F.status == DRAFT)
    def shipped(records: list[Any], env: Env) -> Message | str:
        """It left the house: the order knows what is still to come."""
        return fulfilment.shipped(env, records)


class ShipmentLine(Record):
    """How much of an order's line is in a shipment."""

    record_name = "sales.shipment_line"
    record_label = _("Shipment line")
    record_plural = _("Shipment lines")
    record_icon = "list-ul"
    record_title = "name"
    record_order = ("id",)
    record_parent = "paper"

    paper = fields.Link("sales.shipment", _("Shipment"), required=True, on_delete="cascade")
    order_line = fields.Link("sales.order_line", _("Order line"), on_delete="restrict", help=_("Empty for what comes along for free."))
    quantity = fields.Decimal(_("Quantity"), places=3, required=True, minimum=0)
    name = fields.Text(_("Name"), size=1000, search=True)

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """Named like the order's line."""
        super().before_save(env, change)
        fulfilment.name_lines(env, change)

    @validates("order_line", "quantity", "paper", "name")
    def fits(records: list[Any], env: Env) -> Iterator[Invalid]:
        """It is a line of the shipment's order, and no more than is still to come."""
        yield from fulfilment.problems(env, records)
