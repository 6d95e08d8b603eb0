"""Consent that people give in the web forms of leads stands in the ledger."""

from __future__ import annotations

from addons.messaging import form_consents
from core.api import ChangeSet, Env, hookimpl


@hookimpl
def after_changes(env: Env, changes: ChangeSet) -> None:
    """New leads that came with a consent."""
    for change in changes.of(form_consents.LEAD, "create"):
        form_consents.taken(env, change)
