"""The product that a ticket is about."""

from core.api import Extension, _, fields


class TicketWithProduct(Extension):
    """A product of the catalogue."""

    extends = "tickets.ticket"

    product = fields.Link("catalogue.product", _("Product"), on_delete="clear")
