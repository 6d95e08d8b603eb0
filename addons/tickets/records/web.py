"""Forms on web sites whose sendings become tickets."""

from collections.abc import Iterator
from typing import Any

from addons.base import webguard
from addons.base.site_forms import Sending, SiteForm
from addons.tickets import choices, webform
from core.api import Env, F, Invalid, Message, Record, _, action, fields, validates


class WebForm(SiteForm, Record):
    """A form on a web site by which customers open tickets."""

    record_name = "tickets.web_form"
    record_label = _("Web form for tickets")
    record_plural = _("Web forms for tickets")
    record_icon = "window"
    record_order = ("name",)

    shown = fields.MultiChoice(_("Fields"), options=webform.FIELDS, default=("requester_name", "requester_email", "subject", "description"))
    needed = fields.MultiChoice(_("Required fields"), options=webform.FIELDS, default=("requester_email", "subject", "description"))
    queue = fields.Link("tickets.queue", _("Queue"), where=F.active)
    category = fields.Link("tickets.category", _("Category"), where=F.active)
    priority = fields.Choice(_("Priority"), options=choices.PRIORITIES, default="normal", required=True)
    consent = fields.LongText(_("Consent"), size=2000, help=_("A sentence with a box that visitors must tick. Empty asks for none."))
    submissions = fields.Children("tickets.submission", _("Submissions"), by="form")

    @validates("origins", "shown", "needed", "redirect_url")
    def sound(records: list[Any], env: Env) -> Iterator[Invalid]:
        """Sites are origins, and the customer can be answered."""
        yield from webguard.problems(records, webform.REACH)


class Submission(Sending, Record):
    """One sending of a web form: what became a ticket, and what was held back."""

    record_name = "tickets.submission"
    record_label = _("Submission")
    record_plural = _("Submissions")

    form = fields.Link("tickets.web_form", _("Form"), required=True, readonly=True, on_delete="cascade")
    ticket = fields.Link("tickets.ticket", _("Ticket"), readonly=True)
    verdict = fields.Choice(_("Verdict"), options=choices.VERDICTS, required=True, readonly=True)

    @action(_("Not spam: make a ticket"), icon="check2-circle", where="verdict in (\"spam\", \"too_many\") and ticket is null")
    def release(records: list[Any], env: Env) -> Message | str:
        """What was held back becomes a ticket after all."""
        return webform.release(env, records)
