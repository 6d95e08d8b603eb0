"""Messages of every channel, what they concern, and the conversations they make up."""

from typing import Any

from addons.messaging import accounts, actions, choices, purposes
from core.api import Change, Env, F, Message, Record, _, action, fields


class Communication(Record):
    """One message, in or out, whatever its channel."""

    record_name = "messaging.message"
    record_label = _("Message")
    record_plural = _("Messages")
    record_icon = "chat-text"
    record_title = "headline"
    record_order = ("-at",)
    record_traits = ("owned",)
    record_unowned = choices.TAKERS
    record_read_by = ("concerns.about", "shared_with")
    record_by_hand = False
    record_indexes = (("account", "state", "due_at"), ("account", "sent_at"), ("account", "external"), ("thread", "at"), ("batch", "state"),
                      ("counterpart", "at"), ("state", "sent_at"), ("owner", "at"))
    record_help = _("A message in or out: e-mail, SMS and further channels, with what became of it.")

    headline = fields.Text(_("Message"), size=160, readonly=True, tracked=False, copyable=False)
    direction = fields.Choice(_("Direction"), options=choices.DIRECTIONS, required=True, readonly=True, default=choices.OUT)
    channel = fields.Name(_("Channel"), of=accounts.named_channels, size=20, required=True, readonly=True)
    kind = fields.Choice(_("Kind"), options=choices.KINDS, required=True, default=choices.SERVICE, readonly=True)
    state = fields.Choice(_("State"), options=choices.STATES, required=True, default=choices.DRAFT, readonly=True, tracked=False)
    at = fields.DateTime(_("Date and time"), readonly=True, tracked=False, default=lambda env: env.now, index=True,
                         help=_("When it came, left, or was written."))
    account = fields.Link("messaging.account", _("Account", context="messaging"), readonly=True, on_delete="restrict", index=False,
                          tracked=False)
    sender = fields.Text(_("From", context="message"), size=320, readonly=True, tracked=False)
    recipient = fields.Text(_("To", context="message"), size=320, readonly=True, tracked=False)
    counterpart = fields.Text(_("Number or address"), size=320, readonly=True, search=True, tracked=False,
                              help=_("Of whoever is outside, in its normal form."))
    person = fields.AnyLink(_("With"), readonly=True)
    subject = fields.Text(_("Subject"), size=255, search=True, readonly=True)
    body = fields.LongText(_("Text"), search=True, readonly=True)
    html = fields.LongText(_("Formatted text"), readonly=True, tracked=False)
    files = fields.Many("base.file", _("Attachments"))
    details = fields.Data(_("Details"), tracked=False)
    sealed = fields.Secret(_("Hidden text"))
    concerns = fields.Children("messaging.concern", _("Concerns"), by="message", owned=True)
    private = fields.Flag(_("Private"), help=_("Only its owner, and people it is shared with, see it."))
    shared_with = fields.Many("base.user", _("Shared with"))
    thread = fields.Link("messaging.thread", _("Conversation"), readonly=True, index=False, tracked=False)
    answers = fields.Link("messaging.message", _("Answers"), readonly=True, on_delete="clear", tracked=False)
    automatic = fields.Flag(_("Written by a machine"), readonly=True, tracked=False)
    campaign = fields.Text(_("Campaign"), size=120, readonly=True, index=True)
    purpose = fields.Name(_("Purpose"), of=purposes.named_purposes, size=60, readonly=True)
    batch = fields.Link("messaging.batch", _("Mass sending"), readonly=True, index=False, tracked=False)
    template = fields.Text(_("Approved template"), size=120, readonly=True, tracked=False)
    key = fields.Text(_("Key"), size=64, readonly=True, unique=True, tracked=False, copyable=False, sensitive=True)
    external = fields.Text(_("Number at the provider"), size=255, readonly=True, tracked=False)
    code = fields.Text(_("Code"), size=60, readonly=True, tracked=False)
    reason = fields.Text(_("Reason"), size=500, readonly=True, tracked=False)
    cost = fields.Decimal(_("Cost"), places=4, readonly=True, tracked=False)
    cost_currency = fields.Text(_("Currency of the cost"), size=3, readonly=True, tracked=False)
    segments = fields.Integer(_("Parts"), readonly=True, tracked=False)
    scheduled_at = fields.DateTime(_("Planned for"), readonly=True)
    due_at = fields.DateTime(_("Next attempt"), readonly=True, tracked=False)
    expires_at = fields.DateTime(_("Worthless after"), readonly=True, tracked=False)
    claimed_at = fields.DateTime(_("Handed over"), readonly=True, tracked=False)
    checked_at = fields.DateTime(_("Asked about"), readonly=True, tracked=False)
    attempts = fields.Integer(_("Attempts"), readonly=True, default=0, tracked=False)
    sent_at = fields.DateTime(_("Sent"), readonly=True, tracked=False)
    delivered_at = fields.DateTime(_("Delivered"), readonly=True, tracked=False)
    read_at = fields.DateTime(_("Read", context="message"), readonly=True, tracked=False)

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """Its name is its subject, or how its text begins."""
        super().before_save(env, change)
        if change.touches("subject", "body"):
            for record in change.records:
                words = " ".join((record.subject or record.body or "").split())
                change.set(record, "headline", words[:160] or None)

    @action(_("Do not send"), icon="x-octagon", where=F.state == choices.QUEUED, bulk=True,
            confirm=_("It has not left yet and will not be sent."))
    def cancel(records: list[Any], env: Env) -> Message:
        """Take back what has not left yet."""
        return actions.cancel(env, records)

    @action(_("It was sent"), icon="check2", where=F.state == choices.UNKNOWN, bulk=True)
    def confirm_sent(records: list[Any], env: Env) -> Message:
        """Somebody looked at the provider's: it has it."""
        return actions.confirm(env, records)

    @action(_("Send again"), icon="arrow-repeat", where=F.state.isin((choices.UNKNOWN, choices.FAILED)), bulk=True,
            confirm=_("If the provider has it after all, the recipient gets it twice."))
    def send_again(records: list[Any], env: Env) -> Message:
        """Try what failed, or of which nobody knows, once more."""
        return actions.again(env, records)


class Concern(Record):
    """A record that a message concerns."""

    record_name = "messaging.concern"
    record_label = _("Record a message concerns")
    record_plural = _("Records messages concern")
    record_icon = "link-45deg"
    record_title = "about"
    record_order = ("-at",)
    record_parent = "message"
    record_by_hand = False
    record_indexes = (("about", "at"),)

    message = fields.Link("messaging.message", _("Message"), required=True, on_delete="cascade")
    about = fields.AnyLink(_("About"), required=True)
    at = fields.DateTime(_("Date and time"), readonly=True, tracked=False)


class Conversation(Record):
    """Messages with one person in one channel that belong together."""

    record_name = "messaging.thread"
    record_label = _("Conversation")
    record_plural = _("Conversations")
    record_icon = "chat-left-text"
    record_title = "subject"
    record_order = ("-last_at",)
    record_traits = ("owned",)
    record_unowned = choices.TAKERS
    record_read_by = ("person",)
    record_by_hand = False
    record_indexes = (("channel", "counterpart", "last_at"), ("account", "counterpart", "last_at"), ("unread", "last_at"),
                      ("owner", "unread", "last_at"))

    subject = fields.Text(_("Subject"), size=255, search=True, readonly=True)
    channel = fields.Name(_("Channel"), of=accounts.named_channels, size=20, required=True, readonly=True)
    account = fields.Link("messaging.account", _("Account", context="messaging"), readonly=True, on_delete="restrict", index=False)
    counterpart = fields.Text(_("Number or address"), size=320, readonly=True, search=True)
    person = fields.AnyLink(_("With"), readonly=True)
    private = fields.Flag(_("Private"))
    last_at = fields.DateTime(_("Last message"), readonly=True, tracked=False, default=lambda env: env.now, index=True)
    last_from = fields.Choice(_("Last message from"), options=choices.DIRECTIONS, readonly=True, tracked=False)
    unread = fields.Flag(_("Unread"), readonly=True, tracked=False)
    done = fields.Flag(_("Done"), tracked=False)
