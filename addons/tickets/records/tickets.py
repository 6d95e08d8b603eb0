"""Tickets and what is said about them."""

from collections.abc import Iterator
from typing import Any

from addons.tickets import beside, choices, life, saying, service, statuses
from addons.tickets.records.service_levels import ServiceTimes
from core.api import Change, Env, F, Invalid, Message, NotFound, Record, _, action, fields, rollup, validates


class Ticket(ServiceTimes):
    """Something a customer asks for or complains about."""

    record_name = "tickets.ticket"
    record_label = _("Ticket")
    record_plural = _("Tickets")
    record_icon = "life-preserver"
    record_title = "subject"
    record_order = ("-created_at",)
    record_traits = ("owned", "shared_owners", "noted")
    record_unowned = choices.TAKERS
    record_moves = "status"
    record_indexes = (
        ("live", "last_message_at"), ("owner", "live", "last_message_at"), ("queue", "live", "last_message_at"),
        ("state", "last_message_at"), ("account", "created_at"), ("requester", "created_at"), ("calendar", "resolution_until"),
        ("calendar", "response_until"), ("last_message_at",), ("first_responded_at",), ("satisfaction_at",),
        ("state", "owner", "archived", "deleted_at"), ("state", "queue", "archived", "deleted_at"), ("priority", "state"),
        ("resolved_at",), ("state", "status_since"))
    record_help = _("Something a customer asks for or complains about, with all that was said until it is solved.")

    number = fields.AutoNumber(_("Number"), format="T-{number:05d}", search=True)
    subject = fields.Text(_("Subject"), size=255, required=True, search=True)
    status = fields.Link("tickets.status", _("Status"), required=True, on_delete="restrict", copyable=False,
                         default=statuses.first, where=F.active, index=False)
    state = fields.Choice(_("State"), options=choices.STATES, readonly=True, copyable=False, tracked=False, default=choices.OPEN,
                          required=True, help=_("The category of the status."))
    live = fields.Flag(_("Live"), readonly=True, copyable=False, tracked=False, default=True,
                       help=_("Somebody still works on it: neither resolved nor closed."))
    requester = fields.Link("contacts.contact", _("Requester"), on_delete="clear", index=False)
    requester_name = fields.Text(_("Name of the requester"), size=255, search=True, help=_("Of somebody who is no contact yet."))
    requester_email = fields.Email(_("E-mail of the requester"), search=True, index=True)
    language = fields.Choice(_("Language"), options=choices.LANGUAGES)
    account = fields.Link("contacts.account", _("Account"), on_delete="clear", index=False)
    category = fields.Link("tickets.category", _("Category"), on_delete="restrict", where=F.active)
    priority = fields.Choice(_("Priority"), options=choices.PRIORITIES, required=True, default="normal")
    severity = fields.Choice(_("Severity"), options=choices.SEVERITIES)
    channel = fields.Choice(_("Channel"), options=choices.CHANNELS, required=True, default="agent")
    description = fields.LongText(_("Description"), search=True, help=_("What the customer wrote at first, or said."))
    tags = fields.Tags(_("Tags"))
    queue = fields.Link("tickets.queue", _("Queue"), on_delete="restrict", where=F.active, index=False)
    parent = fields.Link("tickets.ticket", _("Part of"), on_delete="clear", help=_("The ticket of which this is a part."))
    parts = fields.Children("tickets.ticket", _("Parts"), by="parent")
    continues = fields.Link("tickets.ticket", _("Continues"), on_delete="clear", readonly=True, copyable=False,
                            help=_("The ticket that was closed for too long to be opened again."))
    split_from = fields.Link("tickets.ticket", _("Split from"), on_delete="clear", readonly=True, copyable=False)
    merged_into = fields.Link("tickets.ticket", _("Merged into"), on_delete="clear", readonly=True, copyable=False)
    messages = fields.Children("tickets.message", _("Messages"), by="ticket", owned=True)
    message_count = rollup("messages", "count", None, _("Number of messages"))
    last_message_at = fields.DateTime(_("Last message"), readonly=True, copyable=False, tracked=False, default=lambda env: env.now)
    last_from = fields.Choice(_("Last message from"), options=choices.DIRECTIONS, readonly=True, copyable=False, tracked=False)
    status_since = fields.DateTime(_("In this status since"), readonly=True, copyable=False, tracked=False)
    reopened = fields.Integer(_("Times reopened"), default=0, readonly=True, copyable=False, tracked=False)
    resolved_at = fields.DateTime(_("Resolved on"), readonly=True, copyable=False, tracked=False)
    closed_at = fields.DateTime(_("Closed on"), readonly=True, copyable=False, tracked=False)
    satisfaction = fields.Integer(_("Satisfaction"), minimum=1, maximum=5, readonly=True, copyable=False,
                                  help=_("What the customer said, from 1 to 5."))
    satisfaction_comment = fields.LongText(_("Comment of the customer"), size=4000, readonly=True, copyable=False)
    satisfaction_at = fields.DateTime(_("Rated on"), readonly=True, copyable=False)
    token = fields.Text("", size=40, readonly=True, unique=True, copyable=False, tracked=False, sensitive=True)

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """State, moments and the customer's company hang together."""
        super().before_save(env, change)
        life.fill(env, change)

    @classmethod
    def after_save(cls, env: Env, change: Change) -> None:
        """Others hear of what became of tickets."""
        super().after_save(env, change)
        service.follow(env, change)
        life.tell(env, change)

    @classmethod
    def history(cls, env: Env, account: int | None, contact: int | None, ticket: int) -> list[Any]:
        """Blocks beside a conversation: what there was with the customer before. Addons extend it."""
        return beside.tickets(env, account, contact, ticket, env.t(_("Earlier tickets")))

    @classmethod
    def suggestions(cls, env: Env, text: str, lang: str | None) -> list[dict[str, Any]]:
        """What may help to answer a text. Addons with articles extend it."""
        return []

    @classmethod
    def article_text(cls, env: Env, article: int) -> str:
        """An article that was suggested, as plain text."""
        raise NotFound

    @validates("requester", "requester_name", "requester_email", "account")
    def somebody(records: list[Any], env: Env) -> Iterator[Invalid]:
        """A ticket is somebody's."""
        for record in records:
            if not (record.requester or record.account or record.requester_name or record.requester_email):
                yield Invalid(record, "requester", _("Choose who asks: a contact, an account, or write a name or an e-mail address."))

    @validates("parent")
    def no_circle(records: list[Any], env: Env) -> Iterator[Invalid]:
        """No ticket is a part of itself."""
        yield from life.circles(env, records)

    @action(_("Take"), needs="transfer", icon="hand-index-thumb", where=F.live)
    def take(records: list[Any], env: Env) -> Message | str:
        """They are mine to answer."""
        return life.take(env, records)

    @action(_("Give back"), needs="transfer", icon="inbox", where=F.owner.not_null() & F.queue.not_null())
    def give_back(records: list[Any], env: Env) -> Message | str:
        """They wait in their queue again."""
        return life.give_back(env, records)


class Said(Record):
    """One thing said about a ticket: a reply that the customer reads, or a note that no customer ever sees."""

    record_name = "tickets.message"
    record_label = _("Message", context="ticket")
    record_plural = _("Messages", context="ticket")
    record_icon = "chat-left-text"
    record_title = "summary"
    record_order = ("at", "id")
    record_parent = "ticket"
    record_by_hand = False
    record_indexes = (("ticket", "at", "id"), ("ticket", "kind", "at"))

    ticket = fields.Link("tickets.ticket", _("Ticket"), required=True, on_delete="cascade", index=False)
    kind = fields.Choice(_("Kind"), options=choices.KINDS, required=True, default=choices.INTERNAL)
    direction = fields.Choice(_("Direction"), options=choices.DIRECTIONS, readonly=True)
    author = fields.Link("base.user", _("Agent"), readonly=True, index=False, on_delete="clear")
    contact = fields.Link("contacts.contact", _("Contact"), readonly=True, on_delete="clear")
    sender = fields.Text(_("Sender"), size=255, readonly=True)
    channel = fields.Choice(_("Channel"), options=choices.CHANNELS, readonly=True)
    body = fields.RichText(_("Text"), size=200_000, required=True, search=True, tracked=False)
    summary = fields.Text(_("Summary"), size=160, readonly=True, tracked=False)
    files = fields.Many("base.file", _("Files"))
    mentions = fields.Many("base.user", _("Mentioned"))
    at = fields.DateTime(_("On"), readonly=True, required=True, default=lambda env: env.now)
    reference = fields.Text("", size=255, readonly=True, index=True, tracked=False, sensitive=True)
    moved_from = fields.Link("tickets.ticket", _("Said in"), readonly=True, on_delete="clear", index=True, tracked=False)

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """Who said it, when, and to whom, is not for the writer to say."""
        super().before_save(env, change)
        saying.fill(env, change)

    @classmethod
    def after_save(cls, env: Env, change: Change) -> None:
        """The ticket follows, and a reply leaves through the outbox."""
        super().after_save(env, change)
        saying.follow(env, change)
