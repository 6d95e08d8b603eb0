"""Orders of tickets and of their customers; service levels that contracts promise."""

from __future__ import annotations

from typing import Any

from addons.tickets import beside
from core.api import Env, Extension, F, _, fields


class TicketWithOrders(Extension):
    """The order a ticket is about; the customer's orders beside the conversation."""

    extends = "tickets.ticket"

    orders = fields.Many("sales.order", _("Orders"))

    @classmethod
    def history(cls, env: Env, account: int | None, contact: int | None, ticket: int) -> list[Any]:
        """Also the customer's orders."""
        before = super().history(env, account, contact, ticket)  # type: ignore[misc]
        return [*before, *beside.linked(env, "sales.order", beside.whose(account, contact, contact_field="contact"), env.t(_("Orders")),
                                        "cart", "number", "status")]


class ContractOfService(Extension):
    """A contract may entitle its customer to a service level."""

    extends = "sales.contract"

    service_level = fields.Link("tickets.policy", _("Service level"), where=F.active, help=_(
        "While the contract is in force, tickets of this account are promised what this service level says."))
