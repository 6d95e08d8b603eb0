"""Picklists of messaging."""

from core.api import ME, F, _

MESSAGE, ACCOUNT, CONCERN, THREAD, BATCH, CONSENT = (
    "messaging.message", "messaging.account", "messaging.concern", "messaging.thread", "messaging.batch", "messaging.consent")

IN, OUT = "in", "out"
DIRECTIONS = [(IN, _("Incoming"), "teal"), (OUT, _("Outgoing"), "blue")]

DRAFT, QUEUED, SENDING, SENT, DELIVERED, READ, RECEIVED = "draft", "queued", "sending", "sent", "delivered", "read", "received"
UNKNOWN, FAILED, BOUNCED, BLOCKED, CANCELLED = "unknown", "failed", "bounced", "blocked", "cancelled"
STATES = [
    (DRAFT, _("Draft", context="message"), "grey"), (QUEUED, _("Queued"), "blue"), (SENDING, _("Being sent"), "blue"),
    (SENT, _("Sent"), "teal"), (DELIVERED, _("Delivered"), "green"), (READ, _("Read", context="message"), "green"),
    (RECEIVED, _("Received"), "teal"),
    (UNKNOWN, _("Unknown"), "orange"), (FAILED, _("Failed"), "red"), (BOUNCED, _("Bounced"), "red"), (BLOCKED, _("Blocked"), "orange"),
    (CANCELLED, _("Cancelled"), "grey"),
]
ORDER = (QUEUED, SENDING, UNKNOWN, FAILED, SENT, BOUNCED, DELIVERED, READ)
"""Reports move a message to the right only: one that comes late never makes a delivered message undelivered."""
LEFT = (SENT, DELIVERED, READ)
STOPPED = (UNKNOWN, FAILED, BOUNCED, BLOCKED)

SERVICE, COMMERCIAL, CODE = "service", "commercial", "code"
KINDS = [(SERVICE, _("Service"), "blue"), (COMMERCIAL, _("Commercial"), "purple"), (CODE, _("One-time code"), "grey")]

WORKING, FAILING = "working", "failing"
HEALTH = [(WORKING, _("Working"), "green"), (FAILING, _("Failing"), "red")]

GIVEN, WITHDRAWN = "given", "withdrawn"
CONSENTS = [(GIVEN, _("Consent given"), "green"), (WITHDRAWN, _("Withdrawn"), "red")]
SOURCES = [
    ("form", _("Web form")), ("verbal", _("By word of mouth")), ("written", _("In writing")), ("contract", _("Contract")),
    ("reply", _("Answer STOP")), ("link", _("Link in a message")), ("person", _("Entered by hand")), ("import", _("Import")),
    ("provider", _("Provider's list")),
    ("iys", _("İYS")), ("bounce", _("Address does not exist")), ("complaint", _("Complaint")),
]
IYS = [("BIREYSEL", _("Consumer (İYS)")), ("TACIR", _("Merchant (İYS)"))]

RUNNING, PAUSED, DONE, PREPARING = "running", "paused", "done", "preparing"
BATCH_STATES = [(PREPARING, _("Being prepared"), "blue"), (RUNNING, _("Running"), "blue"), (PAUSED, _("Paused"), "orange"),
                (DONE, _("Done"), "green"), (CANCELLED, _("Cancelled"), "grey")]

ALWAYS, CLOSED = "always", "closed"
AUTO_WHEN = [(ALWAYS, _("Always"), "blue"), (CLOSED, _("Outside of working hours"), "purple")]

TAKERS = F.account.members.any(F.id == ME) | (~F.account.members.any() & F.account.person.is_null())
"""Who reads what came to a shared account and is nobody's: its members, and everybody where it has none."""
