"""How tickets and what belongs to them are shown."""

from core.api import ME, Button, Card, F, Form, Kanban, List, Place, Quick, Related, Search, Section, _

from .choices import OPEN
from .service_layouts import QUEUE_SECTION, QUEUE_TURNS, SERVICE_LAYOUTS

IS_LIVE = F.live
UNKNOWN = F.requester.is_null()

LAYOUTS = [
    Form("tickets.ticket",
         Button("take", style="primary"), Button("give_back"),
         Section("main", Place("subject", span=2), "requester", "account", Place("requester_name", visible=UNKNOWN),
                 Place("requester_email", visible=UNKNOWN), "status", "category", "priority", "severity", "queue", "owner",
                 Place("co_owners", label=None), "channel", "language", "tags", label=None, columns=2),
         Section("about_it", Place("description", span=2), label=_("Description"), columns=2),
         Section("related", "parent", "continues", "split_from", "merged_into", label=_("Related tickets"), columns=2),
         Section("clock", "sla_state", "policy", "first_response_due", "first_responded_at", "resolution_due", "resolved_at", "missed_by",
                 "calendar", "closed_at", "reopened", "chosen_policy", label=_("Service level"), columns=2),
         Section("rating", "satisfaction", "satisfaction_at", Place("satisfaction_comment", span=2), label=_("Satisfaction"), columns=2,
                 visible=F.satisfaction.not_null()),
         Related("parts", columns=["number", "subject", "status", "owner"])),
    List("tickets.ticket", "number", Place("subject", pinned=True, pixels=280), "requester", "account", "status", "priority", "queue",
         "owner", "sla_state", "next_due", "last_message_at", order=["-last_message_at"]),
    Card("tickets.ticket", "number", "requester", "status", "priority", "sla_state", "next_due", "owner", "last_message_at",
         title="subject"),
    Quick("tickets.ticket", "subject", "requester", "account", "category", "priority", "queue", "owner", "description"),
    Kanban("tickets.ticket", column="status", card=["number", "requester", "last_message_at", "owner"], order=["-last_message_at", "id"],
           title="subject", colour="priority", also=["priority", "queue", "owner"]),
    Search("tickets.ticket", text=["subject", "number", "description", "requester_name"],
           quick=["state", "status", "priority", "queue", "owner", "category", "requester", "account", "sla_state", "created_at"],
           filters={"mine": (_("Mine"), (F.owner == ME) & IS_LIVE),
                    "nobodys": (_("Nobody's"), F.owner.is_null() & IS_LIVE),
                    "open": (_("All live ones"), IS_LIVE),
                    "to_answer": (_("The customer waits"), (F.state == OPEN) & (F.last_from == "in")),
                    "unrated": (_("Done and not rated"), F.resolved_at.not_null() & F.satisfaction.is_null())}),
    List("tickets.message", "ticket", "kind", "direction", "author", "contact", "summary", "at", order=["-at"]),
    Form("tickets.message", Section("main", "ticket", "kind", "direction", "author", "contact", "at", Place("body", span=2), "files",
                                    columns=2)),
    Form("tickets.status", Section("main", "name", "category", "colour", "position", "reopen_days", "active", columns=2)),
    List("tickets.status", Place("name", pinned=True), "category", "colour", "position", "active", order=["position"]),
    Form("tickets.category", Section("main", "name", "parent", "active", "skills", Place("description", span=2), columns=2),
         Related("children", columns=["name", "active"])),
    List("tickets.category", Place("path", pinned=True), "description", "active", order=["path"]),
    Form("tickets.queue", Section("main", "name", "position", "team", "members", "calendar", "active", Place("description", span=2),
                                  columns=2), QUEUE_SECTION, QUEUE_TURNS),
    List("tickets.queue", Place("name", pinned=True), "method", "team", "members", "on_duty_only", "active", order=["position"]),
    Form("tickets.canned", Section("main", "name", "language", "category", "user", "active", Place("body", span=2), columns=2)),
    List("tickets.canned", Place("name", pinned=True), "language", "category", "user", "active", order=["name"]),
    Form("tickets.web_form",
         Section("main", "name", "language", "title", "active", Place("intro", span=2), "shown", "needed", columns=2),
         Section("becomes", "queue", "category", "priority", label=_("Tickets made of it"), columns=2),
         Section("after", Place("consent", span=2), Place("thanks", span=2), "redirect_url", "origins", "per_hour", "token",
                 label=_("Around the form"), columns=2),
         Related("submissions", columns=["summary", "verdict", "reason", "ticket", "created_at"])),
    List("tickets.web_form", Place("name", pinned=True), "language", "queue", "category", "active", order=["name"]),
    List("tickets.submission", "summary", "form", "verdict", "reason", "ticket", "created_at", order=["-created_at"]),
    Search("tickets.canned", text=["name", "body"], quick=["language", "category", "user", "active"]),
    *SERVICE_LAYOUTS,
]
