"""How service levels, escalations and assignment are shown."""

from core.api import Card, F, Form, List, Place, Related, Section, _

from .sla_choices import AGAIN, AGENT, LEVEL, PERSON, POLICY, RULE, SKILL, STEP, TARGET, TURN

SERVICE_LAYOUTS = [
    Form(POLICY,
         Section("main", "name", "position", "is_default", "active", Place("condition", span=2, visible=F.is_default != True),  # noqa: E712
                 label=None, columns=2),
         Section("counting", "calendar", "customer_hours", "pauses", "near", label=_("How time is counted"), columns=2),
         Related("targets", columns=["priority", "response", "resolution"])),
    List(POLICY, "position", Place("name", pinned=True), "condition", "is_default", "active", "calendar", "customer_hours",
         order=["position"]),
    Card(POLICY, "condition", "calendar", "active", title="name"),
    Form(TARGET, Section("main", "policy", "priority", "response", "resolution", columns=2)),
    List(TARGET, "policy", "priority", "response", "resolution", order=["policy", "id"]),
    Form(RULE,
         Section("main", "name", "position", "aim", "active", Place("condition", span=2), label=None, columns=2),
         Related("levels", columns=["name", "side", "offset", "tell_owner", "tell_superior", "tell_queue", "tell", "raises", "hand"])),
    List(RULE, "position", Place("name", pinned=True), "aim", "condition", "active", order=["position"]),
    Form(LEVEL,
         Section("main", "rule", "name", "side", "offset", label=None, columns=2),
         Section("told", "tell_owner", "tell_superior", "tell_queue", "tell", label=_("Who is told"), columns=2),
         Section("done", "raises", "hand", Place("person", visible=F.hand == PERSON), Place("queue", visible=F.hand == AGAIN),
                 label=_("What is done"), columns=2)),
    List(LEVEL, "rule", Place("name", pinned=True), "side", "offset", "tell_owner", "tell_superior", "raises", "hand",
         order=["rule", "id"]),
    List(STEP, "at", "ticket", Place("name", pinned=True), "aim", "due", order=["-at"]),
    Form(SKILL, Section("main", "name", "agents", columns=2)),
    List(SKILL, Place("name", pinned=True), "agents", order=["name"]),
    Form(AGENT, Section("main", "user", "takes", "skills", "most_open", columns=2)),
    List(AGENT, Place("user", pinned=True), "skills", "most_open", "takes", order=["name"]),
    List(TURN, "queue", "user", "at", "given", order=["queue", "last"]),
]
QUEUE_SECTION = Section("handing", "method", "on_duty_only", Place("condition", span=2), label=_("How tickets come and go"), columns=2)
QUEUE_TURNS = Related("turns", columns=["user", "at", "given"])
