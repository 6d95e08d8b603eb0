"""What every form on a web site has, whatever its sendings become, and what is kept of a sending: mix-ins of record types."""

from __future__ import annotations

from typing import Any

from core.api import Change, Env, _, fields

from . import webguard

LANGUAGES = [("en", "English"), ("fa", "فارسی"), ("tr", "Türkçe")]


class SiteForm:
    """A form that strangers fill in (addons/base/webguard.py). The record type adds `shown`, `needed`, `consent` and `submissions`."""

    name = fields.Text(_("Name"), size=160, required=True, unique=True, search=True)
    title = fields.Text(_("Heading"), size=160, help=_("Shown over the form; the name when empty."))
    intro = fields.LongText(_("Introduction"), size=2000)
    language = fields.Choice(_("Language"), options=LANGUAGES, default="en", required=True)
    thanks = fields.LongText(_("Thank-you text"), size=2000)
    redirect_url = fields.Url(_("Thank-you page"), help=_("Where visitors go afterwards; empty shows the thank-you text."))
    origins = fields.LongText(_("Allowed sites"), size=2000,
                              help=_("One a line, such as https://www.example.com; only they may embed the form."))
    per_hour = fields.Integer(_("Most submissions an hour from one address"), default=10, minimum=1, maximum=1000)
    active = fields.Flag(_("Active"), default=True)
    token = fields.Text(_("Token"), size=64, unique=True, readonly=True, copyable=False, tracked=False)

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """A new form gets its unguessable address."""
        super().before_save(env, change)  # type: ignore[misc]
        webguard.give_tokens(change)


class Sending:
    """One sending of a form. The record type adds `form`, `verdict` and a link to what it became."""

    record_by_hand = False
    record_icon = "inbox"
    record_title = "summary"
    record_order: Any = ("-created_at",)
    record_indexes: Any = (("form", "ip_hash", "created_at"), ("form", "created_at"), ("verdict", "created_at"))

    reason = fields.Text(_("Reason"), size=255, readonly=True)
    summary = fields.Text(_("Sender"), size=255, readonly=True, search=True)
    payload = fields.Data(_("What was sent"), readonly=True)
    ip_hash = fields.Text("", size=64, readonly=True, sensitive=True, tracked=False)
    nonce = fields.Text("", size=64, readonly=True, unique=True, sensitive=True, tracked=False)
