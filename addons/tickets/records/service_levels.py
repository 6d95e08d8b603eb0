"""Service levels: policies with targets for each priority, and what a ticket's row keeps of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from addons.base.one_default import OneDefault
from core.api import NOW, Env, Extension, F, Invalid, Record, _, fields, fn, validates

from .. import policies, sla_choices
from ..choices import SLA_STATES
from ..sla_choices import POLICY, STEP, TARGET


class Policy(OneDefault, Record):
    """Within which working time tickets are answered and resolved. The first one whose condition holds counts."""

    record_name = POLICY
    record_label = _("Service level")
    record_plural = _("Service levels")
    record_icon = "stopwatch"
    record_order = ("position", "id")
    record_help = _("For a new ticket the first service level whose condition holds counts, in this order; the default if none does.")

    name = fields.Text(_("Name"), size=120, required=True, unique=True, search=True)
    position = fields.Integer(_("Order", context="sorting"), required=True, default=10, help=_("Lower numbers are tried first."))
    condition = fields.LongText(_("Condition"), size=4000, help=_(
        "An expression over the ticket, such as priority == \"urgent\" or account.city == \"Tehran\". Empty: holds for every ticket."))
    is_default = fields.Flag(_("Default"), help=_(
        "It counts for tickets that no other one fits. There is exactly one: to change it, choose another one here."))
    active = fields.Flag(_("Active"), default=True)
    calendar = fields.Link("worktime.calendar", _("Working time"), on_delete="restrict", help=_(
        "Time is counted in these hours. Empty: those of the organisation's calendar."))
    customer_hours = fields.Flag(_("In the customer's working time"), help=_(
        "If the account has a working time calendar of its own, time is counted in that one."))
    pauses = fields.MultiChoice(_("The clock stops while"), options=sla_choices.PAUSES, default=["waiting_customer"], help=_(
        "It always stops once a ticket is resolved or closed. The first response is not put off by waiting."))
    near = fields.Integer(_("Due soon from (percent)"), required=True, default=75, minimum=1, maximum=99, help=_(
        "A ticket is due soon once so much of its time is used."))
    targets = fields.Children(TARGET, _("Targets"), by="policy", owned=True)

    @validates("condition", "active", "is_default")
    def sound(records: Sequence[Any], env: Env) -> Iterator[Invalid]:
        """The default is switched on; conditions can be read."""
        yield from policies.problems(records, env)


class Target(Record):
    """What a service level promises for a priority."""

    record_name = TARGET
    record_label = _("Target")
    record_plural = _("Targets")
    record_icon = "bullseye"
    record_title = "priority"
    record_order = ("policy", "id")
    record_parent = "policy"
    record_unique = (("policy", "priority"),)

    policy = fields.Link(POLICY, _("Service level"), required=True, on_delete="cascade")
    priority = fields.Choice(_("Priority"), required=True, options=sla_choices.PRIORITIES)
    response = fields.Duration(_("First response within"), help=_("Working time. Empty: nothing is promised."))
    resolution = fields.Duration(_("Resolution within"), help=_("Working time. Empty: nothing is promised."))

    @validates("response", "resolution")
    def in_order(records: Sequence[Any], env: Env) -> Iterator[Invalid]:
        """Promises are longer than nothing, and nothing is resolved before it is answered."""
        yield from policies.target_problems(records)


_PROMISED = F.response_target.not_null() | F.resolution_target.not_null()
_STATES = {
    "breached": F.breach_at <= NOW,
    "due_soon": (F.breach_at > NOW) & (F.warn_at <= NOW),
    "on_track": (F.breach_at > NOW) & (F.warn_at.is_null() | (F.warn_at > NOW)),
    "paused": F.breach_at.is_null() & F.paused_at.not_null(),
    "met": F.breach_at.is_null() & F.paused_at.is_null() & _PROMISED,
    "none": F.breach_at.is_null() & F.paused_at.is_null() & ~_PROMISED}
"""How a promise stands, worked out from stored times; exactly one of these holds at any moment."""


class ServiceTimes(Record):
    """What a ticket's row keeps of its service level; mixed into its record type. States that depend on the moment are worked
    out by the database from these times, so they are right in every list without anything running."""

    policy = fields.Link(POLICY, _("Service level"), readonly=True, on_delete="clear", copyable=False)
    chosen_policy = fields.Link(POLICY, _("Service level by hand"), on_delete="clear", copyable=False, where=F.active, help=_(
        "Empty: the rules of the service levels choose."))
    calendar = fields.Link("worktime.calendar", _("Counted in"), readonly=True, copyable=False, on_delete="clear", tracked=False)
    clock_log = fields.Data(_("Log of the clock"), readonly=True, copyable=False, tracked=False)
    response_target = fields.Duration(_("First response promised within"), readonly=True, copyable=False, tracked=False)
    resolution_target = fields.Duration(_("Resolution promised within"), readonly=True, copyable=False, tracked=False)
    first_response_due = fields.DateTime(_("First response due"), readonly=True, copyable=False, tracked=False)
    resolution_due = fields.DateTime(_("Resolution due"), readonly=True, copyable=False, tracked=False)
    response_until = fields.DateTime(_("First response awaited until"), readonly=True, copyable=False, tracked=False)
    resolution_until = fields.DateTime(_("Resolution awaited until"), readonly=True, copyable=False, tracked=False)
    next_due = fields.DateTime(_("Due next"), readonly=True, copyable=False, tracked=False, index=True)
    breach_at = fields.DateTime(_("Target missed at"), readonly=True, copyable=False, tracked=False, index=True)
    warn_at = fields.DateTime(_("Due soon from"), readonly=True, copyable=False, tracked=False)
    first_responded_at = fields.DateTime(_("First response"), readonly=True, copyable=False)
    paused_at = fields.DateTime(_("Clock stopped"), readonly=True, copyable=False, tracked=False)
    response_used = fields.Duration(_("Time to first response"), readonly=True, copyable=False, tracked=False, help=_("Working time."))
    resolution_used = fields.Duration(_("Time to resolution"), readonly=True, copyable=False, tracked=False, help=_(
        "Working time, without the time in which the clock stood still."))
    escalation_steps = fields.Children(STEP, _("Escalation steps"), by="ticket", owned=True)
    sla_state = fields.Cases(_("Service level"), cases=[(value, label, colour, _STATES[value]) for value, label, colour in SLA_STATES])
    missed_by = fields.Formula(fn.if_(F.breach_at <= NOW, fn.minutes_between(F.breach_at, fn.coalesce(F.resolved_at, NOW)) * 60, None),
                               _("Missed by"), type="duration", help=_("By the clock on the wall; the ticket tells the working time."))


class AccountHours(Extension):
    """The hours in which a customer works."""

    extends = "contacts.account"

    service_calendar = fields.Link("worktime.calendar", _("Working time of the customer"), help=_(
        "Service levels may count in these hours."))
