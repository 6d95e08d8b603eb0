"""Picklists of knowledge, and the names of its record types."""

from __future__ import annotations

from core.api import _

ARTICLE, VERSION, CATEGORY, AUDIENCE = "knowledge.article", "knowledge.version", "knowledge.category", "knowledge.audience"
ATTACHMENT, FEEDBACK, FILE = "knowledge.attachment", "knowledge.feedback", "base.file"

LANGUAGES = [("en", "English"), ("fa", "فارسی"), ("tr", "Türkçe")]
LANGUAGE_NAMES = dict(LANGUAGES)

DRAFT, PUBLISHED, ARCHIVED, KEPT = "draft", "published", "archived", "kept"
STATES = [(DRAFT, _("Draft"), "grey"), (PUBLISHED, _("Published"), "green"), (ARCHIVED, _("Archived"), "amber")]
VERSION_STATES = [(DRAFT, _("Draft"), "grey"), (KEPT, _("Published version"), "green")]

INTERNAL, CUSTOMERS, PARTNERS, PUBLIC = "internal", "customers", "partners", "public"
AUDIENCES = [(INTERNAL, _("Colleagues"), "grey"), (CUSTOMERS, _("Customers"), "blue"), (PARTNERS, _("Partners"), "purple"),
             (PUBLIC, _("Everybody"), "green")]
