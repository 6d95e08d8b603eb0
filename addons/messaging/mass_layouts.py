"""How mass sendings, purposes and automatic answers are shown."""

from core.api import Button, F, Form, List, Place, Search, Section, _

from .choices import CLOSED

MASS_LAYOUTS = [
    Form("messaging.batch", Button("go_on", style="primary"), Button("pause"), Button("stop", style="danger"),
         Section("main", Place("name", span=2), "state", "kind", "channel", "account", "purpose", "scheduled_at", "record_type",
                 "total", columns=2)),
    List("messaging.batch", Place("name", pinned=True), "state", "channel", "kind", "total", "prepared", "scheduled_at", "owner",
         "created_at", order=["-created_at"]),
    Search("messaging.batch", text=["name"], quick=["state", "channel", "kind", "owner", "created_at"]),
    Form("messaging.purpose", Section("main", "name", "key", "channels", "position", "active", Place("other_names", span=2), columns=2)),
    List("messaging.purpose", Place("name", pinned=True), "key", "channels", "position", "active", order=["position"]),
    Form("messaging.autoresponder",
         Section("main", Place("name", span=2), "channel", "account", "when", Place("calendar", visible=F.when == CLOSED), "begins_on",
                 "ends_on", "hours", "position", "active", columns=2),
         Section("says", "template", Place("subject", span=2), Place("text", span=2), Place("texts", span=2), label=_("What it says"),
                 columns=2)),
    List("messaging.autoresponder", Place("name", pinned=True), "when", "channel", "account", "begins_on", "ends_on", "active",
         order=["position"]),
]
