"""Who takes what waits in a queue: skills, agents, and whose turn it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from core.api import Env, F, Invalid, Record, _, fields, validates

from .. import policies, sla_choices
from ..sla_choices import AGENT, QUEUE, SKILL, TURN


class Skill(Record):
    """Something that agents can and categories of tickets need."""

    record_name = SKILL
    record_label = _("Skill")
    record_plural = _("Skills")
    record_icon = "mortarboard"
    record_order = ("name",)

    name = fields.Text(_("Name"), size=120, required=True, unique=True, search=True)
    agents = fields.Many(AGENT, _("Agents"), inverse="skills")


class Agent(Record):
    """What somebody who takes tickets can, and how many at once."""

    record_name = AGENT
    record_label = _("Agent")
    record_plural = _("Agents")
    record_icon = "headset"
    record_title = "name"
    record_order = ("name",)
    record_help = _("Only for agents with skills or a limit; all other members of a queue take every ticket of it.")

    user = fields.Link("base.user", _("Person"), required=True, unique=True, on_delete="cascade", where=F.active)
    name = fields.Text(_("Name"), size=250, readonly=True, tracked=False, search=True)
    skills = fields.Many(SKILL, _("Skills"), inverse="agents")
    most_open = fields.Integer(_("Most open tickets"), minimum=1, maximum=10_000, help=_(
        "Nothing more is handed out beyond. Empty: no limit."))
    takes = fields.Flag(_("Takes tickets"), default=True, help=_("Switch it off and nothing is handed out to them."))

    @classmethod
    def before_save(cls, env: Env, change: Any) -> None:
        """They are called as the person."""
        super().before_save(env, change)
        if change.action in ("create", "update"):
            with env.elevated("names of agents") as sudo:
                names = sudo.labels("base.user", [r.user.id for r in change.records if r.user])
            for record in change.records:
                change.set(record, "name", names.get(record.user.id) if record.user else None)


class Turn(Record):
    """When somebody was last given a ticket of a queue: who waited longest is next, also after a restart."""

    record_name = TURN
    record_label = _("Turn")
    record_plural = _("Turns")
    record_title = "last"
    record_order = ("queue", "last")
    record_parent = "queue"
    record_by_hand = False
    record_unique = (("queue", "user"),)

    queue = fields.Link(QUEUE, _("Queue"), required=True, on_delete="cascade", index=False)
    user = fields.Link("base.user", _("Person"), required=True, on_delete="cascade")
    last = fields.Integer(_("Last turn"), readonly=True, default=0, tracked=False)
    at = fields.DateTime(_("Last given a ticket"), readonly=True, tracked=False)
    given = fields.Integer(_("Tickets given"), readonly=True, default=0, tracked=False)


class QueueRules(Record):
    """How a queue gets its tickets and hands them out; mixed into its record type."""

    condition = fields.LongText(_("Takes in"), size=4000, help=_(
        "New tickets without a queue for which this expression holds, such as channel == \"web\". The first queue that fits "
        "takes them. Empty: only what is put there."))
    method = fields.Choice(_("Handed out"), required=True, default=sla_choices.BY_HAND, options=sla_choices.METHODS, help=_(
        "In turn: whoever waited longest is next. Least open work: whoever has the fewest open tickets, of all queues."))
    on_duty_only = fields.Flag(_("Only to those on duty"), default=True, help=_(
        "By shifts, working time and absences. Where nobody is on duty, tickets wait here until somebody is."))
    turns = fields.Children(TURN, _("Turns"), by="queue", owned=True)

    @validates("condition")
    def readable(records: Sequence[Any], env: Env) -> Iterator[Invalid]:
        """The condition can be read."""
        yield from policies.condition_problems(records, env)
