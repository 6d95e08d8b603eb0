"""Buttons that open pages of this addon: on a record's header and over the list."""

from __future__ import annotations

from typing import Any

from addons.contacts import merging
from core.api import ActionLink, Env, _

from . import reversing
from .choices import CONVERTED


def lead_actions(env: Env, record_name: str, record: Any) -> list[ActionLink]:
    """Undo a conversion, take a merge back; embed a form."""
    if record_name == "leads.web_form" and env.can("update", record_name):
        return [ActionLink(_("Embed"), f"/x/leads/forms/{record.id}/embed", icon="code-slash", primary=True)]
    if record_name != "leads.lead":
        return []
    if record.get("status") != CONVERTED:
        return [ActionLink(_("Take back: {merge}", merge=merge["title"]), f"/x/contacts/merges/{merge['id']}/undo",
                           icon="arrow-counterclockwise", post=True, confirm=_("Make them separate records again?"))
                for merge in merging.merges_of(env, record_name, record.id)]
    lead = env.get("leads.lead", record.id, "status", "conversion", "converted_by")
    if reversing.why_not(env, lead):
        return []
    return [ActionLink(_("Undo conversion"), f"/x/leads/{record.id}/unconvert", icon="arrow-counterclockwise", post=True,
                       confirm=_("Put what this lead became into the recycle bin and open the lead again?"))]


def lead_list_actions(env: Env, record_name: str) -> list[ActionLink]:
    """Merging; what else can be done with chosen leads are actions of the record type."""
    if record_name != "leads.lead":
        return []
    if not (env.can("update", record_name) and env.can("delete", record_name)):
        return []
    return [ActionLink(_("Merge"), "/x/leads/merge", icon="sign-merge-left", bulk=True)]
