"""Deals of tickets and of their customers."""

from __future__ import annotations

from typing import Any

from addons.tickets import beside
from core.api import Env, Extension, _, fields


class TicketWithDeals(Extension):
    """What a ticket is about, among the deals; the customer's deals beside the conversation."""

    extends = "tickets.ticket"

    deals = fields.Many("deals.deal", _("Deals"))

    @classmethod
    def history(cls, env: Env, account: int | None, contact: int | None, ticket: int) -> list[Any]:
        """Also the customer's deals."""
        before = super().history(env, account, contact, ticket)  # type: ignore[misc]
        return [*before, *beside.linked(env, "deals.deal", beside.whose(account, contact, contact_field="contact"), env.t(_("Deals")),
                                        "briefcase", "name", "stage")]
