"""Who a lead that is being typed in may be already: another lead, a contact, an account; as far as the person may see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from addons.contacts.duplicates import Candidate, find_duplicates
from core.api import Env, F, _

from .targets import ACCOUNT, CONTACT, LEAST

LEAD = "leads.lead"
MOST = 3
TYPED = ("first_name", "last_name", "company", "email", "mobile", "phone", "website", "national_id")


def find_similar(env: Env, row: Mapping[str, Any]) -> list[Candidate]:
    """At most three of each kind: leads with the same e-mail address or phone, then contacts, then accounts."""
    company = {"name": row.get("company"), **{n: row.get(n) for n in ("email", "phone", "website", "national_id")}}
    return [*_leads(env, row),
            *find_duplicates(env, CONTACT, [row], least=LEAST[CONTACT], most=MOST)[0],
            *(find_duplicates(env, ACCOUNT, [company], least=LEAST[ACCOUNT], most=MOST)[0] if row.get("company") else [])]


def _leads(env: Env, row: Mapping[str, Any]) -> list[Candidate]:
    found: dict[int, Candidate] = {}
    for name, value, reason in _ways(env, row):
        if not env.can("read", LEAD, name):
            continue
        shown = [n for n in ("name", "company") if env.can("read", LEAD, n)]
        for hit in env.query(LEAD).where((F[name] == value) & (F.id != (row.get("id") or 0))).order("-id").select(*shown).rows(MOST):
            label = str(hit.get("name") or f"#{hit['id']}")
            found.setdefault(hit["id"], Candidate(LEAD, hit["id"], label, hit.get("company") or "")).add(80, reason)
    return list(found.values())[:MOST]


def _ways(env: Env, row: Mapping[str, Any]) -> list[tuple[str, str, Any]]:
    """(field, stored form of what was typed, reason)."""
    ways: list[tuple[str, str, Any]] = []
    email = str(row.get("email") or "").strip().lower()
    if "@" in email:
        ways.append(("email", email, _("Same e-mail")))
    for typed in ("mobile", "phone"):
        try:
            number = env.format.parse_phone(str(row.get(typed) or ""))
        except ValueError:
            continue
        ways.extend((name, number, _("Same phone")) for name in ("mobile", "phone"))
    return ways
