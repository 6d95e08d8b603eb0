"""Entries of the administration's menu for those who look after other programs."""

from __future__ import annotations

from core.api import ActionLink, Env, _

from .webhook_choices import WEBHOOK

WEBHOOKS = ActionLink(_("Webhooks"), "/x/api/webhooks", "broadcast", help=_("Other programs are told of changes as they happen."))


def links(env: Env) -> list[ActionLink]:
    """Those that a person may follow."""
    return [link for record, link in ((WEBHOOK, WEBHOOKS),) if env.can("create", record)]
