"""Consents from web forms. Whoever fills in a form may write somebody else's address, so a form never overturns a withdrawal."""

from __future__ import annotations

from addons.messaging import accounts, consents
from addons.messaging.choices import GIVEN, WITHDRAWN
from core.api import Change, Env

LEAD = "leads.lead"


def taken(env: Env, change: Change) -> None:
    """Entries for the number and the address of leads that agreed, with what they agreed to as proof."""
    agreed = [r for r in change.records if r.get("consent_at") and r.get("consent_text")]
    meant = {f.semantic: f.name for f in change.rtype.fields.values() if f.semantic}
    for channel in accounts.channels(env).values() if agreed else ():
        columns = [meant[s] for s in channel.semantics if s in meant]
        found = {}
        for record in agreed:
            addresses = (accounts.normal_of(env, channel, str(record.get(c) or "")) for c in columns if record.get(c))
            address = next((a for a in addresses if a), "")
            if address and not record.get(meant.get(channel.opt_out, "")):
                found[address] = record
        known = consents.standing(env, channel.name, found)
        consents.record(env, [
            {"address": address, "channel": channel.name, "state": GIVEN, "source": "form", "at": record.consent_at,
             "proof": record.consent_text, "person": (LEAD, record.id)}
            for address, record in found.items() if known.get(address, consents.NOTHING).state != WITHDRAWN])
