"""Escalation: rules with levels before and after a target, the steps that were taken, and who is still to be told of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from core.api import Env, F, Invalid, Record, _, fields, validates

from .. import escalation_checks, policies, sla_choices
from ..sla_choices import ALERT, LEVEL, QUEUE, RULE, STEP, TICKET


class Escalation(Record):
    """What happens to tickets whose promise is near to being missed, or was missed. All rules that fit work together."""

    record_name = RULE
    record_label = _("Escalation")
    record_plural = _("Escalations")
    record_icon = "arrow-up-right-circle"
    record_order = ("position", "id")
    record_help = _("All active rules that fit a ticket work together, each level once for each time the ticket is opened.")

    name = fields.Text(_("Name"), size=120, required=True, unique=True, search=True)
    position = fields.Integer(_("Order", context="sorting"), required=True, default=10)
    active = fields.Flag(_("Active"), default=True)
    aim = fields.Choice(_("Target"), required=True, default=sla_choices.RESOLUTION, options=sla_choices.AIMS)
    condition = fields.LongText(_("Condition"), size=4000, help=_(
        "An expression over the ticket, such as priority == \"urgent\" and queue.name == \"Network\". Empty: every ticket."))
    levels = fields.Children(LEVEL, _("Levels"), by="rule", owned=True)

    @validates("condition")
    def readable(records: Sequence[Any], env: Env) -> Iterator[Invalid]:
        """The condition can be read."""
        yield from policies.condition_problems(records, env)


class EscalationLevel(Record):
    """A level of an escalation: when, who is told, and what is done."""

    record_name = LEVEL
    record_label = _("Escalation level")
    record_plural = _("Escalation levels")
    record_icon = "ladder"
    record_title = "name"
    record_order = ("rule", "id")
    record_parent = "rule"

    rule = fields.Link(RULE, _("Escalation"), required=True, on_delete="cascade")
    name = fields.Text(_("Level"), size=120, required=True, help=_("As it stands on the ticket's timeline, such as “Team lead told”."))
    side = fields.Choice(_("When"), required=True, default=sla_choices.AFTER, options=sla_choices.SIDES)
    offset = fields.Duration(_("By how much"), required=True, default=0, help=_(
        "Working time before or after the due time; 0:00: at that time."))
    tell_owner = fields.Flag(_("Tell the owner"))
    tell_superior = fields.Flag(_("Tell the role above the owner"))
    tell_queue = fields.Flag(_("Tell the people of the queue"))
    tell = fields.Many("base.user", _("Tell these people"))
    raises = fields.Flag(_("Raise the priority by one"))
    hand = fields.Choice(_("Hand over"), options=sla_choices.HANDED, help=_("Empty: the owner stays."))
    person = fields.Link("base.user", _("Person"), where=F.active)
    queue = fields.Link(QUEUE, _("Queue"), where=F.active)

    @validates()
    def sound(records: Sequence[Any], env: Env) -> Iterator[Invalid]:
        """It does something, and says to whom."""
        yield from escalation_checks.level_problems(records, env)


class EscalationStep(Record):
    """A level that was reached by a ticket: written in the same transaction as what it did, so that nothing is done twice."""

    record_name = STEP
    record_label = _("Escalation step")
    record_plural = _("Escalation steps")
    record_icon = "arrow-up-right-circle"
    record_title = "name"
    record_order = ("-at", "-id")
    record_parent = "ticket"
    record_by_hand = False
    record_unique = (("ticket", "level", "round"),)
    record_indexes = (("ticket", "at"), ("level", "ticket", "current"))

    ticket = fields.Link(TICKET, _("Ticket"), required=True, on_delete="cascade", index=False)
    level = fields.Link(LEVEL, _("Level"), on_delete="clear", index=False)
    round = fields.Integer(_("Times reopened"), required=True, default=0, help=_("How often the ticket had been reopened before."))
    current = fields.Flag(_("Since it was last opened"), default=True, tracked=False)
    name = fields.Text(_("Level"), size=250)
    aim = fields.Choice(_("Target"), options=sla_choices.AIMS)
    due = fields.DateTime(_("Due"))
    at = fields.DateTime(_("On"), required=True)
    done = fields.Data(_("What was done"))
    alerts = fields.Children(ALERT, _("Told"), by="step", owned=True)


class Alert(Record):
    """Somebody who is to be told of a step; gathered, so that many steps are one notice."""

    record_name = ALERT
    record_label = _("Escalation alert")
    record_plural = _("Escalation alerts")
    record_icon = "bell"
    record_title = "id"
    record_order = ("-id",)
    record_parent = "step"
    record_by_hand = False
    record_unique = (("step", "user"),)
    record_indexes = (("sent_at", "user"), ("user", "sent_at"))

    step = fields.Link(STEP, _("Step"), required=True, on_delete="cascade", index=False)
    user = fields.Link("base.user", _("Person"), required=True, on_delete="cascade", index=False)
    sent_at = fields.DateTime(_("Told on"), readonly=True, tracked=False)
