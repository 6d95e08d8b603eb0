"""What can be chosen on tickets, messages and what belongs to them."""

from core.api import ME, MY_TEAMS, F, _

TICKET, MESSAGE, STATUS, QUEUE, CATEGORY, CANNED = (
    "tickets.ticket", "tickets.message", "tickets.status", "tickets.queue", "tickets.category", "tickets.canned")

OPEN, WAITING_CUSTOMER, WAITING_THIRD, RESOLVED, CLOSED = "open", "waiting_customer", "waiting_third", "resolved", "closed"
STATES = [
    (OPEN, _("Open", context="ticket"), "blue"), (WAITING_CUSTOMER, _("Waiting for the customer"), "orange"),
    (WAITING_THIRD, _("Waiting for a third party"), "violet"), (RESOLVED, _("Resolved"), "green"),
    (CLOSED, _("Closed", context="ticket"), "grey")]
LIVE = (OPEN, WAITING_CUSTOMER, WAITING_THIRD)
"""What somebody still works on."""

DONE = (RESOLVED, CLOSED)

PRIORITIES = [
    ("low", _("Low"), "grey"), ("normal", _("Normal"), "blue"), ("high", _("High"), "orange"), ("urgent", _("Urgent"), "red")]
SEVERITIES = [
    ("minor", _("Minor", context="severity"), "grey"), ("major", _("Major", context="severity"), "orange"),
    ("critical", _("Critical", context="severity"), "red")]
CHANNELS = [
    ("agent", _("By an agent")), ("email", _("E-mail")), ("web", _("Web form")), ("portal", _("Portal")),
    ("phone", _("Telephone")), ("chat", _("Chat")), ("sms", _("SMS"))]

PUBLIC, INTERNAL = "public", "internal"
KINDS = [(PUBLIC, _("Reply"), "blue"), (INTERNAL, _("Internal note"), "orange")]
IN, OUT = "in", "out"
DIRECTIONS = [(IN, _("From the customer"), "teal"), (OUT, _("To the customer"), "blue")]

LANGUAGES = [("en", "English"), ("fa", "فارسی"), ("tr", "Türkçe")]
COLOURS = [
    ("grey", _("Grey")), ("blue", _("Blue")), ("teal", _("Teal")), ("green", _("Green")), ("yellow", _("Yellow")),
    ("orange", _("Orange")), ("red", _("Red")), ("violet", _("Violet")), ("pink", _("Pink"))]

VERDICTS = [
    ("accepted", _("Accepted"), "green"), ("spam", _("Spam"), "red"), ("too_many", _("Too many"), "orange"),
    ("released", _("Released"), "blue")]

SLA_STATES = [
    ("none", _("Without a target"), "grey"), ("on_track", _("On track"), "green"), ("due_soon", _("Due soon"), "orange"),
    ("paused", _("Paused"), "violet"), ("breached", _("Breached"), "red"), ("met", _("Met"), "teal")]

TAKERS = F.queue.is_null() | (~F.queue.members.any() & F.queue.team.is_null()) | F.queue.members.any(F.id == ME) | \
    F.queue.team.isin(MY_TEAMS)
"""Who takes on tickets that are nobody's: all agents those without a queue or in one that is open to all, else its people."""
