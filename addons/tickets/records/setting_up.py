"""What an admin arranges: statuses, categories, queues and canned answers."""

from collections.abc import Iterator
from typing import Any

from addons.base import placeholders
from addons.tickets import choices, statuses
from addons.tickets.records.assignment import QueueRules
from core.api import Change, Env, Invalid, Portable, Record, _, fields, validates


class Status(Record):
    """A step that tickets go through; its category says what that means for clocks, lists and replies."""

    record_name = "tickets.status"
    record_label = _("Ticket status")
    record_plural = _("Ticket statuses")
    record_icon = "signpost"
    record_order = ("position", "id")
    record_portable = Portable(("name",))

    name = fields.Text(_("Name"), size=120, required=True, unique=True, search=True)
    category = fields.Choice(_("Category"), options=choices.STATES, required=True, default=choices.OPEN,
                             help=_("What the status means: who is expected to act, and whether the ticket is done."))
    position = fields.Integer(_("Position"), default=10, required=True)
    colour = fields.Choice(_("Colour"), options=choices.COLOURS, default="grey", required=True, semantic="colour")
    reopen_days = fields.Integer(_("Opened again within days"), minimum=0, maximum=3650, default=14,
                                 help=_("Of resolved and closed tickets: until then a reply of the customer opens the ticket again, "
                                        "later it makes a new one that is linked. Empty: always."))
    active = fields.Flag(_("Active"), default=True)

    @classmethod
    def after_save(cls, env: Env, change: Change) -> None:
        """Tickets that stand here follow."""
        super().after_save(env, change)
        statuses.carry_over(env, change)

    @validates("category", "active")
    def keeps_a_beginning(records: list[Any], env: Env) -> Iterator[Invalid]:
        """Something stays that new tickets begin with, and a status with tickets in it does not close or open them from afar."""
        yield from statuses.problems(env, records)


class Category(Record):
    """What tickets are about, as a tree."""

    record_name = "tickets.category"
    record_label = _("Ticket category")
    record_plural = _("Ticket categories")
    record_icon = "diagram-3"
    record_title = "path"
    record_order = ("path",)
    record_unique = (("parent", "name"),)
    record_portable = Portable(("parent", "name"))

    name = fields.Text(_("Name"), size=120, required=True, search=True)
    parent = fields.Link("tickets.category", _("Under"), on_delete="restrict")
    path = fields.Text(_("Whole name"), size=500, readonly=True, search=True, tracked=False, copyable=False, index=True)
    description = fields.LongText(_("Description"), size=2000)
    active = fields.Flag(_("Active"), default=True)
    children = fields.Children("tickets.category", _("Below it"), by="parent")
    skills = fields.Many("tickets.skill", _("Skills needed"), help=_(
        "Tickets of this category are handed out only to agents who have them all."))

    @classmethod
    def after_save(cls, env: Env, change: Change) -> None:
        """The whole names of it and all below follow."""
        super().after_save(env, change)
        if change.action != "create" and not (change.touches("name") or change.touches("parent")):
            return
        statuses.name_paths(env)

    @validates("parent")
    def no_circle(records: list[Any], env: Env) -> Iterator[Invalid]:
        """The tree stays a tree."""
        yield from statuses.circles(env, records)


class Queue(QueueRules):
    """Where tickets wait for somebody, and who takes them."""

    record_name = "tickets.queue"
    record_label = _("Queue")
    record_plural = _("Queues")
    record_icon = "inboxes"
    record_order = ("position", "name")
    record_help = _("Tickets that are nobody's yet are seen by the queue's people; without members and team, by all agents.")
    record_portable = Portable(("name",))

    name = fields.Text(_("Name"), size=120, required=True, unique=True, search=True)
    position = fields.Integer(_("Position"), default=10, required=True)
    members = fields.Many("base.user", _("Members"), help=_("Who takes tickets that are nobody's yet."))
    team = fields.Link("base.team", _("Team"), help=_("Its members take them, too."))
    calendar = fields.Link("worktime.calendar", _("Working hours"), help=_("Empty: those of the organisation."))
    description = fields.LongText(_("Description"), size=2000)
    active = fields.Flag(_("Active"), default=True)
    tickets = fields.Children("tickets.ticket", _("Tickets"), by="queue")


class Canned(Record):
    """A text that agents put into replies, with placeholders for what stands in the ticket."""

    record_name = "tickets.canned"
    record_label = _("Canned answer")
    record_plural = _("Canned answers")
    record_icon = "chat-square-text"
    record_order = ("name",)
    record_help = _("Placeholders such as {{subject}} or {{requester.first_name}} are filled in with what the agent may read.")

    name = fields.Text(_("Name"), size=160, required=True, search=True)
    body = fields.LongText(_("Text"), size=20_000, required=True, search=True)
    language = fields.Choice(_("Language"), options=choices.LANGUAGES, help=_("Empty: offered whatever the customer speaks."))
    category = fields.Link("tickets.category", _("Category"), help=_("Offered first on tickets of this category and those below."))
    user = fields.Link("base.user", _("Only for"), default=lambda env: env.actor.id, on_delete="cascade",
                       help=_("Empty: shared with all agents."))
    active = fields.Flag(_("Active"), default=True)

    @validates("body")
    def known_placeholders(records: list[Any], env: Env) -> Iterator[Invalid]:
        """Placeholders name fields that there are."""
        for record in records:
            yield from (Invalid(record, "body", found) for found in placeholders.problems(env, choices.TICKET, record.body))


