"""How templates and blocks are listed and shown."""

from core.api import Card, Form, List, Place, Related, Search, Section

TEMPLATE_LAYOUTS = [
    Form("messaging.template",
         Section("main", Place("name", span=2), "record_type", "channel", "kind", "purpose", "folder", "active",
                 Place("tags", span=2), columns=2),
         Related("versions", columns=["language", "subject", "updated_at", "updated_by"])),
    List("messaging.template", Place("name", pinned=True), "record_type", "channel", "kind", "folder", "active", "updated_at",
         order=["name"]),
    Search("messaging.template", text=["name", "folder", "purpose"], quick=["channel", "kind", "active", "tags"]),
    Card("messaging.template", "channel", "record_type", "kind", title="name"),
    Form("messaging.template_version",
         Section("main", "template", "language", Place("subject", span=2), Place("body", span=2), Place("files", span=2), "approved",
                 Place("parameters", span=2), columns=2)),
    List("messaging.template_version", Place("template", pinned=True), "language", "subject", "updated_at"),
    Form("messaging.block", Section("main", Place("name", span=2), "channel", "description", columns=2),
         Related("versions", columns=["language", "body"])),
    List("messaging.block", Place("name", pinned=True), "channel", "description", "updated_at", order=["name"]),
    Form("messaging.block_version", Section("main", "block", "language", Place("body", span=2), columns=2)),
    List("messaging.block_version", Place("block", pinned=True), "language", "updated_at"),
]
