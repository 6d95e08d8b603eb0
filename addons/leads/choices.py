"""The picklists of this addon, and the groups of statuses that code speaks of."""

from core.api import Option, _

STATUSES = [
    Option("raw", _("Raw"), "grey"), Option("new", _("New"), "blue"), Option("contacted", _("Contacted"), "teal"),
    Option("nurturing", _("Nurturing"), "pink"), Option("mal", _("Marketing-accepted"), "violet"),
    Option("mql", _("Marketing-qualified"), "violet"), Option("sal", _("Sales-accepted"), "orange"),
    Option("sql", _("Sales-qualified"), "orange"), Option("ready", _("Ready to buy"), "green"),
    Option("converted", _("Converted"), "green"), Option("junk", _("Junk"), "grey"), Option("dead", _("Dead"), "red"),
    Option("recycle", _("Recycle"), "teal"),
]
CONVERTED, JUNK, DEAD, RECYCLE = "converted", "junk", "dead", "recycle"
CLOSED = (CONVERTED, JUNK, DEAD)
"""Statuses in which nobody works on the lead."""

ACTIVE = ("raw", "new", "contacted", "nurturing", "mal", "mql", "sal", "sql", "ready", "recycle")

RATINGS = [Option("hot", _("Hot"), "red"), Option("warm", _("Warm"), "orange"), Option("cold", _("Cold"), "blue")]

SOURCE_KINDS = [
    Option("web", _("Web site"), "blue"), Option("social", _("Social network"), "pink"), Option("fair", _("Fair"), "orange"),
    Option("event", _("Event"), "orange"), Option("email", _("E-mail"), "violet"), Option("phone", _("Phone"), "teal"),
    Option("ppc", _("Paid advertising"), "red"), Option("bought", _("Bought list"), "grey"),
    Option("referral", _("Referral"), "green"), Option("partner", _("Partner"), "green"), Option("other", _("Other"), "grey"),
]
CHANNELS = [
    ("web", _("Web form")), ("email", _("E-mail")), ("phone", _("Phone")), ("sms", _("SMS")), ("chat", _("Chat")),
    ("social", _("Social network")), ("fair", _("Fair")), ("event", _("Event")), ("meeting", _("Meeting")),
    ("note", _("Note")), ("import", _("Import")), ("other", _("Other")),
]
CHANNEL_OF_KIND = {"web": "web", "social": "social", "fair": "fair", "event": "event", "email": "email", "phone": "phone",
                   "ppc": "web"}

JUNK_REASONS = [
    ("spam", _("Spam")), ("wrong_data", _("Wrong or invented data")), ("duplicate", _("Duplicate")),
    ("no_fit", _("Not our kind of customer")), ("student", _("Student or job seeker")), ("competitor", _("Competitor")),
    ("other", _("Other reason")),
]
DEAD_REASONS = [
    ("no_interest", _("Not interested")), ("no_budget", _("No budget")), ("no_answer", _("Cannot be reached")),
    ("bought_elsewhere", _("Bought elsewhere")), ("timing", _("Not now")), ("opted_out", _("Wants no contact")),
    ("other", _("Other reason")),
]
ANSWERS = [Option("yes", _("Yes"), "green"), Option("no", _("No"), "red"), Option("unknown", _("Unknown"), "grey")]
TIMELINES = [
    Option("now", _("At once"), "green"), Option("month", _("Within a month"), "green"),
    Option("quarter", _("Within three months"), "teal"), Option("half", _("Within six months"), "orange"),
    Option("year", _("Within a year"), "orange"), Option("later", _("Later or never"), "red"),
    Option("unknown", _("Unknown"), "grey"),
]
SOON = ("now", "month", "quarter", "half")
"""Answers that score for the timeline."""

PRIORITIES = [Option("top", _("Top priority"), "green"), Option("high", _("High"), "teal"), Option("low", _("Low"), "orange"),
              Option("none", _("No priority"), "red"), Option("unknown", _("Unknown"), "grey")]
SHEETS = [("bant", "BANT"), ("champ", "CHAMP"), ("both", _("BANT and CHAMP"))]
VERDICTS = [Option("accepted", _("Accepted"), "green"), Option("spam", _("Spam"), "red"),
            Option("too_many", _("Too many"), "orange"), Option("repeated", _("Sent twice"), "grey"),
            Option("released", _("Released"), "blue")]
