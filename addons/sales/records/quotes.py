"""Quotes and their lines."""

from collections.abc import Iterator
from typing import Any

from core.api import Env, F, Invalid, Message, Record, _, action, fields, validates

from .. import choices, life, lines
from ..choices import DRAFT, LOCKED, SENT
from ..header import Trade, in_order


class Quote(Trade, Record):
    """An offer to a customer, who accepts or declines it."""

    record_name = "sales.quote"
    record_label = _("Quote")
    record_plural = _("Quotes")
    record_icon = "file-earmark-text"
    record_order = ("-date", "-id")
    record_traits = ("owned", "shared_owners", "noted")
    record_indexes = (("status", "date"), ("owner", "status", "date"), ("status", "valid_until"))
    record_locked = F.status != DRAFT
    record_locked_reason = LOCKED
    record_locked_open = ("owner", "co_owners", "remarks")

    status = fields.Choice(_("Status"), options=choices.QUOTE_STATUSES, default=DRAFT, required=True, readonly=True, copyable=False,
                           transitions=choices.QUOTE_MOVES, exits=("declined", "expired", "revised"), semantic="status")
    valid_until = fields.Date(_("Valid until"), default=life.in_a_month)
    revision = fields.Integer(_("Revision"), readonly=True, default=0, copyable=False)
    revision_of = fields.Link("sales.quote", _("Revision of"), readonly=True, copyable=False)
    sent_at = fields.DateTime(_("Sent"), readonly=True, copyable=False)
    answered_at = fields.DateTime(_("Answered"), readonly=True, copyable=False)
    answered_by = fields.Text(_("Answered by"), size=160, readonly=True, copyable=False)
    answered_from = fields.Text(_("Answered from address"), size=60, readonly=True, copyable=False)
    decline_reason = fields.LongText(_("Why it was declined"), size=2000, readonly=True, copyable=False)
    link_key = fields.Text("", size=60, readonly=True, copyable=False, sensitive=True)
    lines = fields.Children("sales.quote_line", _("Lines"), by="paper", owned=True)
    orders = fields.Children("sales.order", _("Orders"), by="quote")
    revisions = fields.Children("sales.quote", _("Revisions"), by="revision_of")

    @classmethod
    def number_kind(cls, record: Any) -> tuple[str, tuple[str, ...]]:
        """Its series of numbers."""
        return "quote", (SENT,)

    @validates("valid_until", "date")
    def ends_after(records: list[Any], env: Env) -> Iterator[Invalid]:
        """An offer does not end before it is made."""
        yield from in_order(records, "date", "valid_until")

    @action(_("Send"), needs="action:send", icon="send", primary=True, where=F.status == DRAFT)
    def send(records: list[Any], env: Env) -> Message | str:
        """Give it a number, close it for changes, and go to the link for the customer."""
        return life.send(env, "sales.quote", records)

    @action(_("Accepted"), needs="action:send", icon="check2-circle", where=F.status == SENT)
    def accept(records: list[Any], env: Env) -> Message | str:
        """The customer said yes by telephone or mail."""
        return life.accept(env, records)

    @action(_("Declined"), needs="action:send", icon="x-circle", bulk=False, where=F.status == SENT)
    def decline(records: list[Any], env: Env) -> Message | str:
        """To the page that asks why."""
        return f"/x/sales/quote/{records[0].id}/decline"

    @action(_("Revise"), needs="action:send", icon="arrow-repeat", bulk=False, where=F.status.isin((SENT, "expired", "declined")))
    def revise(records: list[Any], env: Env) -> Message | str:
        """A new draft with the same number; this one is closed."""
        return life.revise(env, records[0])

    @action(_("Make order"), needs="action:order", icon="bag-check", primary=True, bulk=False, where=F.status == "accepted")
    def order(records: list[Any], env: Env) -> Message | str:
        """The order with the same lines, prices and taxes."""
        return life.order_of(env, records[0])


class QuoteLine(lines.PaperLine, Record):
    """A line of a quote."""

    record_name = "sales.quote_line"
    record_label = _("Quote line")
    record_plural = _("Quote lines")
    record_icon = "list-ul"
    record_title = "description"
    record_order = ("position", "id")
    record_parent = "paper"

    paper = fields.Link("sales.quote", _("Quote"), required=True, on_delete="cascade")
