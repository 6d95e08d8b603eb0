"""Boxes that mail is fetched from, what their servers offered, and whose pictures are shown."""

from addons.mail import choices
from core.api import Extension, Record, _, fields


class Mailbox(Record):
    """Where the mail of an account comes in."""

    record_name = "mail.mailbox"
    record_outward = "active"
    record_label = _("Mailbox")
    record_plural = _("Mailboxes")
    record_icon = "mailbox"
    record_by_hand = False
    record_help = _("The box at a mail server that the mails of an account come from, and how fetching them goes.")

    name = fields.Text(_("Name"), size=120, required=True, search=True)
    account = fields.Link("messaging.account", _("Account", context="messaging"), required=True, unique=True, on_delete="cascade",
                          readonly=True)
    active = fields.Flag(_("Fetch mail"), default=True)
    protocol = fields.Choice(_("Protocol"), options=choices.PROTOCOLS, required=True, default=choices.IMAP)
    host = fields.Text(_("Server"), size=255, required=True)
    port = fields.Integer(_("Port"), minimum=1, maximum=65535)
    encryption = fields.Choice(_("Encryption"), options=choices.ENCRYPTION, required=True, default="tls")
    user = fields.Text(_("User name"), size=320, help=_("Empty: as for sending."))
    secret = fields.Secret(_("Password"), help=_("Empty: as for sending."))
    certificate = fields.LongText(_("Certificate of the server"), size=20000,
                                  help=_("PEM, only for a server with a certificate of its own."))
    folders = fields.Data(_("Folders"), tracked=False)
    since = fields.Date(_("Mail since"), help=_("Older mail stays on the server and is not taken over."))
    afterwards = fields.Choice(_("After it was read"), options=choices.AFTERWARDS, required=True, default=choices.KEEP)
    sent_folder = fields.Text(_("Folder of sent mail"), size=255, help=_("A copy of what is sent goes there. Empty: no copies."))
    state = fields.Choice(_("State"), options=choices.STATES, readonly=True, tracked=False, default=choices.WORKING)
    problem = fields.Text(_("Problem"), size=500, readonly=True, tracked=False)
    problem_since = fields.DateTime(_("Problem since"), readonly=True, tracked=False)
    run_at = fields.DateTime(_("Looked into"), readonly=True, tracked=False)
    success_at = fields.DateTime(_("Last worked"), readonly=True, tracked=False)
    taken = fields.Integer(_("Mails taken over"), readonly=True, tracked=False, default=0)
    cursors = fields.Data(_("How far each folder was read"), readonly=True, tracked=False)
    held_by = fields.Integer(_("Held by the job"), readonly=True, tracked=False, copyable=False)
    held_until = fields.DateTime(_("Held until"), readonly=True, tracked=False, copyable=False)


class Offered(Record):
    """One mail that a server offered, and what became of it."""

    record_name = "mail.offered"
    record_label = _("Mail offered by a server")
    record_plural = _("Ledger of fetched mail")
    record_icon = "journal-check"
    record_title = "subject"
    record_order = ("-at", "-id")
    record_by_hand = False
    record_indexes = (("mailbox", "uid"), ("mailbox", "identifier"), ("mailbox", "at"), ("listed_at",))
    record_help = _("Every mail that a mail server offered: taken over, put to one that was there, skipped or failed, and why.")

    mailbox = fields.Link("mail.mailbox", _("Mailbox"), required=True, on_delete="cascade", readonly=True, index=False)
    folder = fields.Text(_("Folder"), size=255, readonly=True, tracked=False)
    uid = fields.Text(_("Number at the server"), size=255, readonly=True, tracked=False)
    identifier = fields.Text(_("Message-ID"), size=320, readonly=True, tracked=False)
    sender = fields.Text(_("From", context="message"), size=320, readonly=True, tracked=False)
    subject = fields.Text(_("Subject"), size=255, readonly=True, tracked=False, search=True)
    date = fields.DateTime(_("Date and time"), readonly=True, tracked=False)
    size = fields.Integer(_("Size in bytes"), readonly=True, tracked=False)
    outcome = fields.Choice(_("Outcome"), options=choices.OUTCOMES, required=True, readonly=True, tracked=False)
    reason = fields.Text(_("Reason"), size=500, readonly=True, tracked=False)
    message = fields.Link("messaging.message", _("Message"), readonly=True, on_delete="clear", tracked=False)
    at = fields.DateTime(_("Offered", context="mail"), required=True, readonly=True, tracked=False, default=lambda env: env.now)
    listed_at = fields.DateTime(_("Last seen at the server"), readonly=True, tracked=False, default=lambda env: env.now)


class PictureRule(Record):
    """Somebody whose pictures from elsewhere are always shown to a person."""

    record_name = "mail.picture_rule"
    record_label = _("Sender whose pictures are shown")
    record_plural = _("Senders whose pictures are shown")
    record_icon = "image"
    record_title = "address"
    record_by_hand = False
    record_indexes = (("user", "address"),)

    user = fields.Link("base.user", _("User"), required=True, on_delete="cascade", readonly=True, index=False)
    address = fields.Text(_("Address"), size=320, required=True, readonly=True)


class TrackedMessage(Extension):
    """How often a mail was opened and its links pressed, where that is counted."""

    extends = "messaging.message"

    opens = fields.Integer(_("Opened", context="mail"), readonly=True, tracked=False, default=0, copyable=False)
    clicks = fields.Integer(_("Links pressed"), readonly=True, tracked=False, default=0, copyable=False)
