"""Leads, where they come from, and the forms that bring them in."""

from collections.abc import Iterator
from typing import Any

from addons.base.site_forms import Sending, SiteForm
from addons.contacts import choices as shared
from core.api import Change, Env, Invalid, Message, Portable, Record, _, action, computed, fields, validates

from . import choices, lifecycle, webform
from .qualification import Qualification


class Source(Record):
    """Where leads come from, with what it cost: a fair, a campaign, a list that was bought."""

    record_name = "leads.source"
    record_label = _("Lead source")
    record_plural = _("Lead sources")
    record_icon = "signpost-split"
    record_order = ("name",)
    record_portable = Portable(("name",))

    name = fields.Text(_("Name"), size=160, required=True, unique=True, search=True)
    kind = fields.Choice(_("Kind"), options=choices.SOURCE_KINDS, required=True, default="other")
    cost = fields.Money(_("Cost"), currency="currency", minimum=0, help=_("What this source cost altogether."))
    earned = fields.Money(_("Brought in"), currency="currency", minimum=0,
                          help=_("Sales that came of it, written by hand; addons that know of sales add theirs in the comparison."))
    currency = fields.Link("base.currency", _("Currency"), on_delete="restrict", index=False)
    starts = fields.Date(_("Starts"))
    ends = fields.Date(_("Ends"))
    active = fields.Flag(_("Active"), default=True)
    description = fields.LongText(_("Description"), size=10_000)
    leads = fields.Children("leads.lead", _("Leads"), by="source")

    @validates("starts", "ends")
    def in_order(records: list[Any], env: Env) -> Iterator[Invalid]:
        """Nothing ends before it starts."""
        for record in records:
            if record.starts and record.ends and record.ends < record.starts:
                yield Invalid(record, "ends", _("This ends before it starts."))


class Lead(Qualification, Record):
    """Somebody who may become a customer; kept apart from accounts and contacts until converted."""

    record_name = "leads.lead"
    record_label = _("Lead")
    record_plural = _("Leads")
    record_icon = "person-plus"
    record_order = ("-created_at",)
    record_traits = ("owned", "shared_owners", "noted")
    record_indexes = (("status", "created_at"), ("owner", "status", "created_at"), ("rating", "created_at"),
                      ("last_touch_at",), ("converted_at",), ("name",),
                      ("status", "archived", "deleted_at", "days_to_convert"), ("status", "owner", "archived", "deleted_at"))
    record_help = _("Somebody who may become a customer, and is not one yet.")
    record_moves = "status"
    record_moves_strict = True
    record_locked = "status == \"converted\""
    record_locked_reason = _("This lead was converted and is locked. Work on the account and contact it became.")
    record_locked_right = lifecycle.EDIT_CONVERTED

    number = fields.AutoNumber(_("Number"), format="LD-{number:05d}", search=True)
    first_name = fields.Text(_("First name"), size=120, semantic="first_name")
    last_name = fields.Text(_("Last name"), size=120, semantic="last_name")
    company = fields.Text(_("Company"), size=255, search=True, semantic="company", index=True)
    job_title = fields.Text(_("Job title"), size=160, semantic="job_title")
    email = fields.Email(_("E-mail"), search=True, index=True, semantic="email")
    mobile = fields.Phone(_("Mobile"), search=True, index=True, semantic="mobile")
    phone = fields.Phone(_("Phone"), search=True, index=True, semantic="phone")
    website = fields.Url(_("Website"), semantic="website")
    status = fields.Choice(_("Status"), options=choices.STATUSES, default="new", required=True, semantic="status",
                           exits=(choices.JUNK, choices.DEAD, choices.RECYCLE), copyable=False)
    rating = fields.Choice(_("Rating"), options=choices.RATINGS, semantic="rating")
    source = fields.Link("leads.source", _("Source"), semantic="source", on_delete="clear")
    source_detail = fields.Text(_("Source detail"), size=255, help=_("Stand, page, advertisement, who recommended us ..."))
    campaign = fields.Text(_("Campaign"), size=160, semantic="campaign")
    street = fields.LongText(_("Street"), size=2000, semantic="street")
    city = fields.Text(_("City"), size=120, search=True, semantic="city")
    state = fields.Text(_("Province"), size=120, semantic="state")
    postal_code = fields.Text(_("Postal code"), size=20, semantic="postal_code")
    country = fields.Link("base.country", _("Country"), semantic="country", index=False)
    industry = fields.Choice(_("Industry"), options=shared.INDUSTRIES, semantic="industry")
    employees = fields.Integer(_("Employees"), minimum=0, semantic="employees")
    annual_revenue = fields.Money(_("Annual revenue"), currency="currency", minimum=0, semantic="annual_revenue")
    currency = fields.Link("base.currency", _("Currency"), on_delete="restrict", semantic="currency", index=False)
    national_id = fields.Text(_("National ID"), size=40, semantic="national_id")
    preferred_language = fields.Choice(_("Preferred language"), options=shared.LANGUAGES, semantic="language")
    do_not_call = fields.Flag(_("Do not call"), semantic="do_not_call")
    do_not_email = fields.Flag(_("Do not e-mail"), semantic="email_opt_out")
    do_not_sms = fields.Flag(_("Do not text"), semantic="sms_opt_out")
    consent_at = fields.DateTime(_("Consent given"), readonly=True, copyable=False)
    consent_text = fields.LongText(_("What was consented to"), size=2000, readonly=True, copyable=False)
    description = fields.LongText(_("Description"), semantic="description")
    tags = fields.Tags(_("Tags"), semantic="tags")
    next_try_on = fields.Date(_("Try again on"), copyable=False, help=_("When a recycled lead is worked on again."))
    junk_reason = fields.Choice(_("Why junk"), options=choices.JUNK_REASONS, copyable=False)
    dead_reason = fields.Choice(_("Why dead"), options=choices.DEAD_REASONS, copyable=False)
    close_note = fields.LongText(_("Note on the reason"), size=2000, copyable=False)
    first_touch_at = fields.DateTime(_("First touch"), copyable=False)
    first_touch_channel = fields.Choice(_("Channel of first touch"), options=choices.CHANNELS, copyable=False)
    last_touch_at = fields.DateTime(_("Last touch"), copyable=False, tracked=False, readonly=True)
    last_touch_channel = fields.Choice(_("Channel of last touch"), options=choices.CHANNELS, copyable=False, tracked=False,
                                       readonly=True)
    status_changed_at = fields.DateTime(_("In this status since"), readonly=True, copyable=False, tracked=False)
    converted_at = fields.DateTime(_("Converted"), readonly=True, copyable=False)
    converted_by = fields.Link("base.user", _("Converted by"), readonly=True, copyable=False, index=False)
    converted_account = fields.Link("contacts.account", _("Account it became"), readonly=True, copyable=False)
    converted_contact = fields.Link("contacts.contact", _("Contact it became"), readonly=True, copyable=False)
    days_to_convert = fields.Decimal(_("Days to conversion"), places=1, readonly=True, copyable=False)
    conversion = fields.Data("", readonly=True, copyable=False, tracked=False)

    @computed("first_name", "last_name", "company", "email", "mobile", "phone",
              field=fields.Text(_("Name"), size=255, search=True, semantic="full_name", copyable=False))
    def name(records: list[Any], env: Env) -> list[Any]:
        """First and last name; without them the company, or how the lead is reached."""
        return [lifecycle.display_name(r) for r in records]

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """Touches, moments of change and reasons follow what happens to the lead."""
        super().before_save(env, change)
        lifecycle.before_save(env, change)

    @validates("first_name", "last_name", "company", "email", "mobile", "phone")
    def somebody(records: list[Any], env: Env) -> Iterator[Invalid]:
        """A lead is somebody: a name, a company, or a way to reach them."""
        for record in records:
            if not lifecycle.display_name(record):
                yield Invalid(record, "last_name", _("Write a name, a company, an e-mail address or a phone number."))

    @action(_("Mark contacted"), icon="telephone-outbound", where="status in (\"raw\", \"new\", \"recycle\")")
    def mark_contacted(records: list[Any], env: Env) -> Message | str:
        """Somebody talked to the lead."""
        return lifecycle.mark_contacted(env, records)

    @action(_("Convert"), needs="action:convert", icon="arrow-left-right", primary=True,
            where="status not in (\"converted\", \"junk\", \"dead\")")
    def convert(records: list[Any], env: Env) -> Message | str:
        """To the page of conversion."""
        return lifecycle.page_for("convert", records)

    @action(_("Junk"), icon="trash3", where="status not in (\"converted\", \"junk\")")
    def junk(records: list[Any], env: Env) -> Message | str:
        """To the page that asks why."""
        return lifecycle.page_for("junk", records)

    @action(_("Dead"), icon="x-octagon", where="status not in (\"converted\", \"dead\")")
    def dead(records: list[Any], env: Env) -> Message | str:
        """To the page that asks why."""
        return lifecycle.page_for("dead", records)

    @action(_("Recycle"), icon="recycle", where="status in (\"junk\", \"dead\", \"nurturing\", \"contacted\")")
    def recycle(records: list[Any], env: Env) -> Message | str:
        """Back to those that are worked on again one day."""
        return lifecycle.recycle(env, records)

    @action(_("Reactivate"), icon="arrow-counterclockwise", where="status in (\"junk\", \"dead\")")
    def reactivate(records: list[Any], env: Env) -> Message | str:
        """A disqualified lead is worth a try after all."""
        return lifecycle.reactivate(env, records)


class Mapping(Record):
    """What becomes of a field of a lead when it is converted: the field of the new record that takes its value."""

    record_name = "leads.mapping"
    record_mentions = ("lead_field", "target_field")
    record_label = _("Field mapping")
    record_plural = _("Field mappings")
    record_icon = "diagram-2"
    record_title = "lead_field"
    record_order = ("target", "lead_field")

    lead_field = fields.Text(_("Field of the lead"), size=80, required=True)
    target = fields.RecordType(_("Record type"), required=True)
    target_field = fields.Text(_("Field there"), size=80, required=True)


class WebForm(SiteForm, Record):
    """A form on a web site whose submissions become raw leads."""

    record_name = "leads.web_form"
    record_label = _("Web form")
    record_plural = _("Web forms")
    record_icon = "window"
    record_order = ("name",)

    shown = fields.MultiChoice(_("Fields"), options=webform.FIELDS, default=("first_name", "last_name", "email", "mobile"))
    needed = fields.MultiChoice(_("Required fields"), options=webform.FIELDS, default=("last_name", "email"))
    source = fields.Link("leads.source", _("Source"))
    campaign = fields.Text(_("Campaign"), size=160)
    owner = fields.Link("base.user", _("Owner of the leads"), required=True, default=lambda env: env.actor.id,
                        on_delete="restrict")
    share_among = fields.Many("base.user", _("In turn among"), help=_("Each lead goes to the next of them; empty: all to the owner."))
    consent = fields.LongText(_("Consent"), size=2000,
                              help=_("A sentence with a box that visitors must tick; kept on the lead. Empty asks for none."))
    submissions = fields.Children("leads.submission", _("Submissions"), by="form")

    @validates("origins", "shown", "needed", "redirect_url")
    def sound(records: list[Any], env: Env) -> Iterator[Invalid]:
        """Sites are origins, and something is asked for that makes a lead."""
        yield from webform.problems(records)


class Submission(Sending, Record):
    """One sending of a web form: what became a lead, and what was held back."""

    record_name = "leads.submission"
    record_label = _("Submission")
    record_plural = _("Submissions")

    form = fields.Link("leads.web_form", _("Form"), required=True, readonly=True, on_delete="cascade")
    lead = fields.Link("leads.lead", _("Lead"), readonly=True)
    given_to = fields.Link("base.user", _("Given to"), readonly=True, index=False)
    verdict = fields.Choice(_("Verdict"), options=choices.VERDICTS, required=True, readonly=True)

    @action(_("Not spam: make a lead"), icon="check2-circle", where="verdict in (\"spam\", \"too_many\") and lead is null")
    def release(records: list[Any], env: Env) -> Message | str:
        """What was held back becomes a lead after all."""
        return webform.release(env, records)
