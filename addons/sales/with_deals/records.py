"""Quotes, orders and contracts of deals: the primary quote feeds the amount of its deal, a renewal opens a new deal."""

from core.api import Change, Env, Extension, _, fields

from . import feeding


class QuoteOfDeal(Extension):
    """A quote may belong to a deal; one of them is its primary quote."""

    extends = "sales.quote"

    deal = fields.Link("deals.deal", _("Deal"), within={"account": "account"})
    primary = fields.Flag(_("Primary quote of the deal"), copyable=False, help=_("Its total is the amount of the deal."))
    record_locked_open = ("owner", "co_owners", "remarks", "primary")

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """The first quote of a deal is its primary one."""
        feeding.first_is_primary(env, change)
        super().before_save(env, change)  # type: ignore[misc]

    @classmethod
    def after_save(cls, env: Env, change: Change) -> None:
        """One primary quote for each deal, whose amount it is."""
        super().after_save(env, change)  # type: ignore[misc]
        feeding.follow(env, change)


class OrderOfDeal(Extension):
    """Orders keep the deal of their quote."""

    extends = "sales.order"

    deal = fields.Link("deals.deal", _("Deal"), within={"account": "account"})


class ContractOfDeal(Extension):
    """A contract's renewal is sold by a deal of its own."""

    extends = "sales.contract"

    deal = fields.Link("deals.deal", _("Deal"), within={"account": "account"}, copyable=False)

    @classmethod
    def after_save(cls, env: Env, change: Change) -> None:
        """Renewals open a deal."""
        super().after_save(env, change)  # type: ignore[misc]
        feeding.open_renewals(env, change)


class DealWithPapers(Extension):
    """A deal shows its quotes and orders."""

    extends = "deals.deal"

    sales_quotes = fields.Children("sales.quote", _("Quotes"), by="deal")
    sales_orders = fields.Children("sales.order", _("Orders"), by="deal")
