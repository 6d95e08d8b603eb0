"""Webhooks, and everything that was or will be sent to them."""

from collections.abc import Iterator
from typing import Any

from addons.api import webhook_choices as choices
from addons.api import webhook_rules
from core.api import Change, Env, Invalid, Record, _, fields, validates


class Webhook(Record):
    """Another program that is told of changes to records of one type."""

    record_name = "api.webhook"
    record_label = _("Webhook")
    record_plural = _("Webhooks")
    record_icon = "broadcast"
    record_order = ("name", "id")
    record_by_hand = False
    record_help = _("Tells another program of changes, as they happen.")
    record_outward = "active"

    name = fields.Text(_("Name"), size=120, required=True, search=True)
    url = fields.Text(_("Address"), size=2000, required=True, help=_("It begins with https:// and gets a signed POST for each event."))
    record_type = fields.RecordType(_("Record type"), required=True)
    events = fields.MultiChoice(_("Events", context="webhook"), options=choices.EVENTS, required=True)
    watched = fields.Data(_("Only when one of these fields changes"))
    actions = fields.Data(_("Only these actions"))
    condition = fields.LongText(_("Only when"), size=4000, help=_("An expression over the record, such as status == \"won\"."))
    sent = fields.Data(_("Fields to send"))
    user = fields.Link("base.user", _("With the rights of"), required=True, on_delete="restrict",
                       help=_("Only what this person may see at the moment of sending is sent."))
    active = fields.Flag(_("Active"), default=True)
    secret = fields.Secret(_("Signing secret"))
    old_secret = fields.Secret(_("Former signing secret"))
    old_until = fields.DateTime(_("Former secret valid until"), readonly=True, tracked=False)
    health = fields.Choice(_("Health", context="webhook"), options=choices.HEALTH, readonly=True, tracked=False, default=choices.WORKING)
    problem = fields.Text(_("Problem"), size=500, readonly=True, tracked=False)
    failures = fields.Integer(_("Failures in a row"), readonly=True, tracked=False, default=0)
    rest_until = fields.DateTime(_("Pauses until"), readonly=True, tracked=False)
    held_by = fields.Integer(_("Held by job"), readonly=True, tracked=False)
    held_until = fields.DateTime(_("Held until"), readonly=True, tracked=False)

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """New ones get a secret; what was ended and is switched on again begins anew."""
        super().before_save(env, change)
        webhook_rules.fill(env, change)

    @classmethod
    def after_save(cls, env: Env, change: Change) -> None:
        """All processes learn who wants to be told of what."""
        super().after_save(env, change)
        env.changed(choices.COUNTER)

    @validates()
    def sound(records: list[Any], env: Env) -> Iterator[Invalid]:
        """There is such a type with such fields, the condition can be read, and the rights are the writer's to give."""
        yield from webhook_rules.problems(env, records)


class Delivery(Record):
    """One event on its way to one webhook, or what became of it."""

    record_name = "api.delivery"
    record_label = _("Delivery of a webhook")
    record_plural = _("Deliveries of webhooks")
    record_icon = "envelope-arrow-up"
    record_title = "key"
    record_order = ("-id",)
    record_by_hand = False
    record_indexes = (("webhook", "state", "id"), ("state", "due_at"), ("webhook", "record_id"))

    webhook = fields.Link("api.webhook", _("Webhook"), required=True, on_delete="cascade", readonly=True)
    key = fields.Text(_("ID", context="webhook"), size=60, required=True, unique=True, readonly=True,
                      help=_("Stays the same when it is sent again."))
    event = fields.Text(_("Event", context="webhook"), size=200, required=True, readonly=True)
    record_type = fields.RecordType(_("Record type"), required=True, readonly=True)
    record_id = fields.Integer(_("Record"), required=True, readonly=True)
    changed = fields.Data(_("Changed fields"), readonly=True, tracked=False)
    at = fields.DateTime(_("Happened"), required=True, readonly=True)
    state = fields.Choice(_("State"), options=choices.STATES, required=True, default=choices.WAITING, readonly=True, tracked=False)
    due_at = fields.DateTime(_("Due"), readonly=True, tracked=False)
    attempts = fields.Integer(_("Attempts"), default=0, readonly=True, tracked=False)
    sent_at = fields.DateTime(_("Last sent"), readonly=True, tracked=False)
    status = fields.Integer(_("Status of the answer"), readonly=True, tracked=False)
    took = fields.Integer(_("Milliseconds"), readonly=True, tracked=False)
    problem = fields.Text(_("Problem"), size=500, readonly=True, tracked=False)
    request = fields.LongText(_("What was sent"), readonly=True, tracked=False, sensitive=True, size=None)
    answer = fields.LongText(_("What was answered"), readonly=True, tracked=False, sensitive=True)
