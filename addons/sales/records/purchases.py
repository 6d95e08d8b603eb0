"""Orders to vendors."""

from typing import Any

from core.api import Env, F, Message, Record, _, action, fields

from .. import choices, goods_in, life, lines
from ..choices import DRAFT, LOCKED, SENT
from ..header import Trade


class Purchase(Trade, Record):
    """An order to a vendor."""

    record_name = "sales.purchase"
    record_label = _("Purchase order")
    record_plural = _("Purchase orders")
    record_icon = "cart"
    record_order = ("-date", "-id")
    record_traits = ("owned", "shared_owners", "noted")
    record_indexes = (("status", "date"),)
    record_locked = F.status != DRAFT
    record_locked_reason = LOCKED
    record_locked_open = ("owner", "co_owners", "remarks", "expected_on")

    status = fields.Choice(_("Status"), options=choices.PURCHASE_STATUSES, default=DRAFT, required=True, readonly=True,
                           copyable=False, transitions=choices.PURCHASE_MOVES, exits=("cancelled",), semantic="status")
    expected_on = fields.Date(_("Expected on"))
    lines = fields.Children("sales.purchase_line", _("Lines"), by="paper", owned=True)

    @classmethod
    def number_kind(cls, record: Any) -> tuple[str, tuple[str, ...]]:
        """Its series of numbers."""
        return "purchase", (SENT,)

    @action(_("Send"), needs="action:send", icon="send", primary=True, where=F.status == DRAFT)
    def send(records: list[Any], env: Env) -> Message | str:
        """Give it a number and close it for changes."""
        return life.send(env, "sales.purchase", records)

    @action(_("Received"), needs="action:send", icon="box-seam", primary=True, where=F.status.isin(goods_in.COMING))
    def receive(records: list[Any], env: Env) -> Message | str:
        """All that was still to come is there."""
        return goods_in.receive_all(env, records)

    @action(_("Receive a part"), needs="action:send", icon="box", bulk=False, where=F.status.isin(goods_in.COMING))
    def receive_part(records: list[Any], env: Env) -> Message | str:
        """To the page that asks how much of each line came."""
        return f"/x/sales/purchase/{records[0].id}/receive"

    @action(_("Cancel order"), needs="action:send", icon="x-octagon", where=F.status.isin((DRAFT, SENT)),
            confirm=_("Cancel this purchase order?"))
    def cancel(records: list[Any], env: Env) -> Message | str:
        """It is not needed."""
        return life.move(env, "sales.purchase", records, "cancelled", _("Cancelled."))


class PurchaseLine(lines.BoughtLine, Record):
    """A line of a purchase order."""

    record_name = "sales.purchase_line"
    record_label = _("Purchase line")
    record_plural = _("Purchase lines")
    record_icon = "list-ul"
    record_title = "description"
    record_order = ("position", "id")
    record_parent = "paper"

    paper = fields.Link("sales.purchase", _("Purchase order"), required=True, on_delete="cascade")
    received = fields.Decimal(_("Received"), places=2, readonly=True, default=0, copyable=False)
