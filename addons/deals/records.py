"""Pipelines and their stages, deals with the people and rivals in them, their way through the stages, and plans."""

from collections.abc import Iterator
from typing import Any

from core.api import TODAY, Change, Env, Extension, F, Invalid, Message, Portable, Record, _, action, fields, validates

from . import amounts, checks, choices, closing, customers, history, planning, stages


class Pipeline(Record):
    """One way of selling, with its stages in order."""

    record_name = "deals.pipeline"
    record_label = _("Pipeline")
    record_plural = _("Pipelines")
    record_icon = "funnel"
    record_order = ("position", "name")
    record_help = _("One way of selling, with stages in order: new business, renewals, tenders.")
    record_portable = Portable(("name",))

    name = fields.Text(_("Name"), size=120, required=True, unique=True, search=True)
    position = fields.Integer(_("Position"), default=10, required=True)
    active = fields.Flag(_("Active"), default=True)
    teams = fields.Many("base.team", _("Only for teams"), help=_("Whose members may put deals here; empty: everybody."))
    description = fields.LongText(_("Description"), size=4000)
    stages = fields.Children("deals.stage", _("Stages"), by="pipeline", owned=True)


class Stage(Record):
    """A step of a pipeline: how likely a deal on it is won, and how sure it is for the forecast."""

    record_name = "deals.stage"
    record_label = _("Stage")
    record_plural = _("Stages")
    record_icon = "signpost"
    record_order = ("pipeline", "position", "id")
    record_indexes = (("pipeline", "position"),)
    record_portable = Portable(("pipeline", "name"))

    name = fields.Text(_("Name"), size=120, required=True, search=True)
    pipeline = fields.Link("deals.pipeline", _("Pipeline"), required=True, on_delete="cascade")
    position = fields.Integer(_("Position"), default=10, required=True)
    category = fields.Choice(_("Forecast category"), options=choices.CATEGORIES, required=True, default=choices.PIPELINE,
                             help=_("How sure deals here are; the closed ones end a deal."))
    probability = fields.Percent(_("Probability"), places=0, minimum=0, maximum=100, required=True, default=10)
    colour = fields.Choice(_("Colour"), options=choices.COLOURS, default="grey", required=True, semantic="colour")
    exit = fields.Flag(_("Off the path"), readonly=True, semantic="exit", tracked=False)
    idle_days = fields.Integer(_("Days until stale"), minimum=1, maximum=1000,
                               help=_("A deal on which nothing happened for so long is marked as stale; empty: never."))
    teams = fields.Many("base.team", _("Only for teams"), help=_("Whose members may move deals here; empty: everybody."))

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """A won stage is certain, a lost one hopeless."""
        super().before_save(env, change)
        stages.certain(change)

    @classmethod
    def after_save(cls, env: Env, change: Change) -> None:
        """Deals that stand here follow."""
        super().after_save(env, change)
        stages.carry_over(env, change)

    @validates("category")
    def keeps_its_end(records: list[Any], env: Env) -> Iterator[Invalid]:
        """A stage on which deals stand does not open or close them from afar."""
        yield from stages.closed_from_afar(env, records)


class Reason(Record):
    """Why deals are won or lost."""

    record_name = "deals.reason"
    record_label = _("Reason")
    record_plural = _("Reasons of winning and losing")
    record_icon = "chat-square-quote"
    record_order = ("kind", "position", "name")
    record_portable = Portable(("name",))

    name = fields.Text(_("Name"), size=160, required=True, unique=True, search=True)
    kind = fields.Choice(_("For deals that are"), options=choices.REASON_KINDS, required=True, default="lost")
    position = fields.Integer(_("Position"), default=10)
    active = fields.Flag(_("Active"), default=True)


class Competitor(Record):
    """Somebody who wants to sell to the same customers."""

    record_name = "deals.competitor"
    record_label = _("Competitor")
    record_plural = _("Competitors")
    record_icon = "shield-exclamation"
    record_order = ("name",)
    record_traits = ("noted",)

    name = fields.Text(_("Name"), size=160, required=True, unique=True, search=True)
    website = fields.Url(_("Website"))
    account = fields.Link("contacts.account", _("Account"), help=_("The same company among the accounts, if it is there."))
    strengths = fields.LongText(_("Strengths"), size=4000)
    weaknesses = fields.LongText(_("Weaknesses"), size=4000)
    active = fields.Flag(_("Active"), default=True)
    lost_deals = fields.Children("deals.deal", _("Deals lost to them"), by="lost_to")


class Deal(Record):
    """A sale that may come about."""

    record_name = "deals.deal"
    record_label = _("Deal")
    record_plural = _("Deals")
    record_icon = "briefcase"
    record_order = ("-created_at",)
    record_traits = ("owned", "shared_owners", "noted")
    record_indexes = (("status", "closes_on"), ("owner", "status", "closes_on"), ("stage", "closes_on"),
                      ("pipeline", "status", "created_at"), ("account", "status"), ("status", "stale_on"), ("source", "status"),
                      ("pipeline", "stage", "owner", "archived", "deleted_at", "amount_base", "id"),
                      ("closes_on", "category", "owner", "archived", "deleted_at", "amount_base", "weighted", "id"))
    record_help = _("A sale that may come about, from the first talk to won or lost.")
    record_moves = "stage"
    record_locked = "status != \"open\""
    record_locked_reason = _("This deal is closed. It can be changed again when somebody with the right reopens it.")
    record_locked_open = ("owner", "co_owners", "tags")

    name = fields.Text(_("Deal name"), size=200, required=True, search=True, index=True)
    number = fields.AutoNumber(_("Number"), format="D-{number:05d}", search=True)
    account = fields.Link("contacts.account", _("Account"), on_delete="restrict")
    contact = fields.Link("contacts.contact", _("Main contact"))
    pipeline = fields.Link("deals.pipeline", _("Pipeline"), required=True, on_delete="restrict", default=stages.first_pipeline,
                           where=F.active & choices.OPEN_TO_ME)
    stage = fields.Link("deals.stage", _("Stage"), required=True, on_delete="restrict", copyable=False,
                        where=choices.OPEN_TO_ME, within={"pipeline": "pipeline"})
    status = fields.Choice(_("Status"), options=choices.STATUSES, default=choices.OPEN, required=True, readonly=True,
                           copyable=False)
    category = fields.Choice(_("Forecast category"), options=choices.CATEGORIES, readonly=True, copyable=False, tracked=False)
    type = fields.Choice(_("Type"), options=choices.TYPES, default="new")
    amount = fields.Money(_("Amount"), currency="currency", minimum=0)
    currency = fields.Link("base.currency", _("Currency"), on_delete="restrict", index=False)
    rate_on = fields.Date(_("Rate of the day"), default=TODAY, copyable=False, tracked=False,
                          help=_("The rate of the currency on this day turns the amount into the base currency."))
    rate = fields.Decimal(_("Rate"), places=6, readonly=True, copyable=False, tracked=False,
                          help=_("What one unit of the currency was worth on that day; later rates change nothing here."))
    amount_base = fields.Money(_("Amount in base currency"), readonly=True, copyable=False, tracked=False)
    weighted = fields.Money(_("Weighted amount"), readonly=True, copyable=False, tracked=False,
                            help=_("The amount in base currency times the probability."))
    probability = fields.Percent(_("Probability"), places=0, minimum=0, maximum=100, copyable=False,
                                 help=_("Follows the stage until somebody writes another one; emptied, it follows again."))
    own_probability = fields.Flag(_("Probability set by hand"), readonly=True, copyable=False, tracked=False)
    closes_on = fields.Date(_("Expected close"), index=False)
    next_step = fields.Text(_("Next step"), size=255)
    next_step_on = fields.Date(_("Next step on"))
    competitors = fields.Many("deals.competitor", _("Competitors"))
    source = fields.Link("leads.source", _("Source"), semantic="source")
    campaign = fields.Text(_("Campaign"), size=160, semantic="campaign")
    description = fields.LongText(_("Description"), semantic="description")
    tags = fields.Tags(_("Tags"))
    leads = fields.Children("leads.lead", _("Leads it came from"), by="deals_deal")
    lead_days = fields.Decimal(_("Days from lead to cash"), places=1, readonly=True, copyable=False, tracked=False,
                               help=_("From the first touch of the lead to the won deal."))
    actual_amount = fields.Money(_("Actual amount"), currency="currency", minimum=0, copyable=False)
    closed_on = fields.Date(_("Closed on"), index=True, copyable=False)
    reason = fields.Link("deals.reason", _("Reason"), on_delete="restrict", copyable=False)
    lost_to = fields.Link("deals.competitor", _("Lost to"), copyable=False)
    close_note = fields.LongText(_("Note on the close"), size=4000, copyable=False)
    cycle_days = fields.Integer(_("Days to close"), readonly=True, copyable=False, tracked=False)
    stage_since = fields.DateTime(_("On this stage since"), readonly=True, copyable=False, tracked=False)
    furthest = fields.Link("deals.stage", _("Furthest stage"), readonly=True, copyable=False, tracked=False)
    stale_on = fields.Date(_("Stale from"), readonly=True, copyable=False, tracked=False)
    reopened = fields.Integer(_("Times reopened"), default=0, readonly=True, copyable=False, tracked=False)
    people = fields.Children("deals.contact_role", _("People in this deal"), by="deal", owned=True)
    stays = fields.Children("deals.stay", _("Way through the stages"), by="deal", owned=True)

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """Stage, probability, amounts and what marks a deal as stale hang together."""
        super().before_save(env, change)
        stages.fill(env, change)
        closing.follow(env, change)
        amounts.fill(env, change)

    @classmethod
    def after_save(cls, env: Env, change: Change) -> None:
        """The way through the stages is remembered, and accounts become customers."""
        super().after_save(env, change)
        history.remember(env, change)
        customers.follow(env, change)
        closing.tell(env, change)

    @validates("account", "contact")
    def with_somebody(records: list[Any], env: Env) -> Iterator[Invalid]:
        """A deal is with a company or a person."""
        for record in records:
            if record.account is None and record.contact is None:
                yield Invalid(record, "account", _("Choose the account or the contact that this deal is with."))

    @validates("pipeline", "stage")
    def may_stand_there(records: list[Any], env: Env) -> Iterator[Invalid]:
        """The stage is one of the pipeline, and both are open to the person's teams."""
        yield from checks.places(env, records)

    @validates("amount", "actual_amount", "currency", "rate_on")
    def has_a_rate(records: list[Any], env: Env) -> Iterator[Invalid]:
        """A missing rate is asked for, never taken as 1."""
        yield from amounts.missing(env, records)

    @validates("status", "stage", "reason", "closed_on", "actual_amount")
    def closed_whole(records: list[Any], env: Env) -> Iterator[Invalid]:
        """A lost deal says why, a closed one when."""
        yield from closing.problems(env, records)

    @action(_("Won"), icon="trophy", primary=True, where=F.status == choices.OPEN)
    def win(records: list[Any], env: Env) -> Message | str:
        """To the page that asks for amount, day and reason."""
        return closing.page_for(choices.WON, records)

    @action(_("Lost"), icon="x-octagon", where=F.status == choices.OPEN)
    def lose(records: list[Any], env: Env) -> Message | str:
        """To the page that asks why."""
        return closing.page_for(choices.LOST, records)

    @action(_("Reopen"), needs="action:reopen", icon="arrow-counterclockwise", where=F.status != choices.OPEN,
            confirm=_("Open this deal again? It goes back to the stage from which it was closed."))
    def reopen(records: list[Any], env: Env) -> Message | str:
        """Back to the stage from which it was closed."""
        return closing.reopen(env, records)


class ContactRole(Record):
    """Who somebody is in a deal."""

    record_name = "deals.contact_role"
    record_label = _("Person in a deal")
    record_plural = _("People in deals")
    record_icon = "person-badge"
    record_title = "role"
    record_order = ("id",)
    record_parent = "deal"
    record_unique = (("deal", "contact", "role"),)

    deal = fields.Link("deals.deal", _("Deal"), required=True, on_delete="cascade")
    contact = fields.Link("contacts.contact", _("Contact"), required=True, on_delete="cascade")
    role = fields.Choice(_("Role"), options=choices.ROLES, required=True, default="decision_maker")
    note = fields.Text(_("Note"), size=255)


class Stay(Record):
    """One stay of a deal on a stage; written by the program."""

    record_name = "deals.stay"
    record_label = _("Stay on a stage")
    record_plural = _("Way through the stages")
    record_icon = "clock-history"
    record_title = "stage"
    record_order = ("-entered_at", "-id")
    record_parent = "deal"
    record_by_hand = False
    record_indexes = (("deal", "left_at"), ("stage", "left_at"))

    deal = fields.Link("deals.deal", _("Deal"), required=True, on_delete="cascade", readonly=True, tracked=False)
    stage = fields.Link("deals.stage", _("Stage"), required=True, on_delete="restrict", readonly=True, tracked=False)
    entered_at = fields.DateTime(_("Came"), required=True, readonly=True, tracked=False)
    entered_by = fields.Link("base.user", _("Moved by"), readonly=True, tracked=False, index=False)
    left_at = fields.DateTime(_("Left", context="a stage"), readonly=True, tracked=False)
    seconds = fields.Duration(_("Stayed"), readonly=True, tracked=False)
    next_stage = fields.Link("deals.stage", _("Went to"), readonly=True, tracked=False)


class Quota(Record):
    """What a person or a team should sell in a period."""

    record_name = "deals.quota"
    record_label = _("Quota")
    record_plural = _("Quotas")
    record_icon = "bullseye"
    record_title = "title"
    record_order = ("-starts", "id")
    record_indexes = (("starts", "ends"),)
    record_help = _("What a person or a team should sell in a month, a quarter or a year.")

    user = fields.Link("base.user", _("Person"), on_delete="cascade")
    team = fields.Link("base.team", _("Team"), on_delete="cascade")
    period = fields.Choice(_("Period"), options=choices.PERIODS, required=True, default="month")
    calendar = fields.Choice(_("Calendar"), options=choices.CALENDARS, required=True, default=lambda env: env.actor.calendar)
    starts = fields.Date(_("Day in the period"), required=True, default=TODAY,
                         help=_("Any day of it; the first day is stored."))
    ends = fields.Date(_("Last day"), readonly=True)
    amount = fields.Money(_("Amount"), required=True, minimum=0, help=_("In the base currency."))
    title = fields.Text(_("Name"), size=255, readonly=True, search=True, tracked=False)

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """A day stands for its period."""
        super().before_save(env, change)
        planning.bound_quotas(env, change)

    @validates("user", "team", "starts", "period", "calendar")
    def sound(records: list[Any], env: Env) -> Iterator[Invalid]:
        """For one person or one team, once a period."""
        yield from planning.quota_problems(env, records)


class Adjustment(Record):
    """A manager's own figure for a person in a period, beside what the deals say; it never touches them."""

    record_name = "deals.adjustment"
    record_label = _("Adjustment of the forecast")
    record_plural = _("Adjustments of the forecast")
    record_icon = "sliders"
    record_title = "title"
    record_order = ("-starts", "id")
    record_traits = ("owned",)
    record_indexes = (("starts", "ends"), ("owner", "starts"))

    user = fields.Link("base.user", _("Person"), on_delete="cascade")
    role = fields.Link("base.role", _("Role and those below it"), on_delete="cascade")
    category = fields.Choice(_("Forecast category"), required=True, default=choices.COMMIT,
                             options=[c for c in choices.CATEGORIES if c[0] in choices.OPEN_CATEGORIES])
    starts = fields.Date(_("First day"), required=True)
    ends = fields.Date(_("Last day"), required=True)
    amount = fields.Money(_("Amount"), required=True, minimum=0, help=_("In the base currency; takes the place of the sum of deals."))
    was = fields.Money(_("Sum of deals then"), readonly=True)
    note = fields.Text(_("Why"), size=255)
    title = fields.Text(_("Name"), size=255, readonly=True, search=True, tracked=False)

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """It is called after its person and period."""
        super().before_save(env, change)
        planning.name_adjustments(env, change)

    @validates("user", "role", "starts", "ends")
    def about_ones_own(records: list[Any], env: Env) -> Iterator[Invalid]:
        """Managers adjust what is theirs and their people's."""
        yield from planning.adjustment_problems(env, records)


class CustomerAccount(Extension):
    """Which accounts the deals made customers, so that it can be taken back."""

    extends = "contacts.account"

    deals = fields.Children("deals.deal", _("Deals"), by="account")
    deals_customer_since = fields.Date(_("Customer since"), readonly=True, copyable=False)
    deals_type_before = fields.Text("", size=64, readonly=True, copyable=False, tracked=False)


class DealtContact(Extension):
    """Deals in which somebody takes part."""

    extends = "contacts.contact"

    deals_roles = fields.Children("deals.contact_role", _("Roles in deals"), by="contact")


class DealtLead(Extension):
    """The deal that a lead became."""

    extends = "leads.lead"

    deals_deal = fields.Link("deals.deal", _("Deal it became"), readonly=True, copyable=False)
