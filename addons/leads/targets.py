"""What this addon itself makes of a lead: an account, when there is a company, and a contact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from addons.contacts.duplicates import find_duplicates
from core.api import ConversionTarget, Env, _

ACCOUNT, CONTACT = "contacts.account", "contacts.contact"
LEAST = {ACCOUNT: 50, CONTACT: 40}
SURE = {ACCOUNT: 75, CONTACT: 90}
"""Scores from which a duplicate is offered at all, and from which it is taken for the same."""


def targets(env: Env, lead: Any) -> list[ConversionTarget]:
    """The two targets. Without a company there is no account, and a company without a person gives no contact."""
    person = ("first_name", "last_name") if lead.get("company") else ()
    return [
        ConversionTarget(ACCOUNT, _("Account"), icon="building", order=10, needs=("company",), result="converted_account", opens=True,
                         matches=lambda env, values: _matches(env, ACCOUNT, values)),
        ConversionTarget(CONTACT, _("Contact"), icon="person-vcard", order=20, needs=person, result="converted_contact",
                         links={"account": ACCOUNT}, values=_contact_values,
                         matches=lambda env, values: _matches(env, CONTACT, values))]


def _contact_values(env: Env, lead: Any) -> dict[str, Any]:
    """Nobody is nameless: who gave no name is called by how they are reached."""
    return {} if lead.first_name or lead.last_name else {"last_name": lead.name}


def _matches(env: Env, record: str, values: Mapping[str, Any]) -> list[tuple[int, str, str, bool]]:
    found = find_duplicates(env, record, [values], least=LEAST[record], most=5)[0]
    return [(c.id, f"{c.label} · {c.detail}" if c.detail else c.label, env.format.list([env.t(r) for r in c.reasons]),
             c.score >= SURE[record]) for c in found]
