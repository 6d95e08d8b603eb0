"""Web-to-lead: what a visitor's form asks for, and the raw lead that becomes of it. The guards are addons/base/webguard.py."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from addons.base import webguard
from addons.base.webguard import origins
from core.api import Env, F, Invalid, Message, _, n_

__all__ = ["FIELDS", "Leads", "embed_code", "find", "origins", "problems", "release"]

FIELDS = [
    ("first_name", _("First name")), ("last_name", _("Last name")), ("company", _("Company")), ("job_title", _("Job title")),
    ("email", _("E-mail")), ("mobile", _("Mobile")), ("phone", _("Phone")), ("website", _("Website")), ("city", _("City")),
    ("industry", _("Industry")), ("employees", _("Employees")), ("description", _("Message")),
]
_REACH = frozenset({"email", "mobile", "phone"})


def problems(records: Sequence[Any]) -> Iterator[Invalid]:
    """What is wrong with forms."""
    return webguard.problems(records, _REACH)


def find(env: Env, token: str) -> Any:
    """The active form with this token; NotFound otherwise."""
    return webguard.find(env, "leads.web_form", token)


def embed_code(base_url: str, form: Any) -> str:
    """What goes into a web site's page."""
    return webguard.embed_code(base_url, "/x/leads/form", form)


class Leads:
    """Accepted sendings become raw leads."""

    submission = "leads.submission"
    names: Sequence[str] = tuple(name for name, _label in FIELDS)
    extra: Sequence[str] = ("campaign", "detail")

    def make(self, sudo: Env, form: Any, values: Mapping[str, str], extra: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        """The lead, and whose it is."""
        lead, owner = _make_lead(sudo, form, values, extra)
        return lead, {"lead": lead, "given_to": owner}

    def made(self, sudo: Env, form: Any, number: int) -> None:
        """Others hear of it."""
        sudo.emit("leads.web_lead", {"lead": number, "form": form.id})

    def summary(self, values: Mapping[str, str]) -> str:
        """Name, company and how to reach them."""
        who = [values.get(n, "") for n in ("first_name", "last_name", "company", "email", "mobile", "phone")]
        return " ".join(w for w in who if w)


def _make_lead(sudo: Env, form: Any, values: Mapping[str, str], extra: Mapping[str, str]) -> tuple[int, int]:
    """(the lead, whose it is)."""
    owner = _next_owner(sudo, form)
    consent = extra.get("consent")
    key = sudo.create("leads.lead", {
        **values, "status": "raw", "owner": owner, "source": form.source.id if form.source else None,
        "source_detail": extra.get("detail") or form.name, "campaign": extra.get("campaign") or form.campaign,
        "first_touch_channel": "web", "preferred_language": form.language,
        "consent_at": sudo.now if consent else None, "consent_text": consent or None}, source="web form")
    return int(key), owner


def _next_owner(sudo: Env, form: Any) -> int:
    """The next of the people who take turns, after the one who got the form's latest lead; inactive ones are left out."""
    asked = [one.id for one in sudo.get("leads.web_form", form.id, "share_among").share_among]
    people = sudo.query("base.user").where(F.active).with_ids(asked).order("id").ids() if asked else []
    if not people:
        return int(form.owner.id)
    given = sudo.query("leads.submission").where((F.form == form.id) & F.given_to.not_null())
    last = given.order("-created_at", "-id").select("given_to").rows(1)
    return next((key for key in people if last and key > last[0]["given_to"].id), people[0])


def release(env: Env, records: Sequence[Any]) -> Message:
    """Make leads of sendings that were held back wrongly."""
    env.require("create", "leads.lead")
    webguard.release(env, Leads(), "leads.web_form", records)
    return n_("{count} lead made.", "{count} leads made.", len(records))
