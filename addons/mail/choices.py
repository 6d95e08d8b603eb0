"""Picklists of mail."""

from core.api import ME, F, _

MAILBOX, OFFERED, PICTURES = "mail.mailbox", "mail.offered", "mail.picture_rule"

IMAP, POP3 = "imap", "pop3"
PROTOCOLS = [(IMAP, _("IMAP")), (POP3, _("POP3"))]
ENCRYPTION = [("tls", _("TLS from the start")), ("starttls", _("STARTTLS")), ("none", _("None", context="encryption"))]
KEEP, SEEN, DELETE = "keep", "seen", "delete"
AFTERWARDS = [(KEEP, _("Leave it as it is")), (SEEN, _("Mark it as read")), (DELETE, _("Delete it on the server"))]

WORKING, FAILING, STUCK = "working", "failing", "stuck"
STATES = [(WORKING, _("Working"), "green"), (FAILING, _("Failing"), "orange"), (STUCK, _("Stuck", context="mailbox"), "red")]

IMPORTED, LINKED, SKIPPED, FAILED, REPORT = "imported", "linked", "skipped", "failed", "report"
OUTCOMES = [
    (IMPORTED, _("Imported", context="mail"), "green"), (LINKED, _("Linked", context="mail"), "teal"), (SKIPPED, _("Skipped"), "grey"),
    (FAILED, _("Failed"), "red"), (REPORT, _("Report of delivery"), "blue"),
]

OWN = F.account.person == ME
MEMBER = F.account.members.any(F.id == ME)
SHARED = F.account.person.is_null()
