"""Mail in the navigation and on the pages of accounts."""

from __future__ import annotations

from typing import Any

from addons.messaging.choices import ACCOUNT
from core.api import ActionLink, Env, MenuItem, _

from .choices import MAILBOX, OFFERED

LEDGER = MenuItem("mail_ledger", _("Fetched mail"), icon="journal-check", record=OFFERED, app="messaging", order=92)
BASE = "/x/mail"


def entries(env: Env) -> list[MenuItem]:
    """The ledger, for whoever may read some of it."""
    return [LEDGER] if env.can("read", OFFERED) else []


def account_pages(env: Env, account: int) -> list[tuple[str, str, str]]:
    """What an account of mail has beside its settings: label, address, icon."""
    return [(_("Incoming mail"), f"{BASE}/box/{account}", "mailbox"), (_("Sign in with OAuth 2"), f"{BASE}/oauth/{account}", "key"),
            (_("DKIM key"), f"{BASE}/dkim/{account}", "shield-check"),
            (_("Server of a known company"), f"{BASE}/preset/{account}", "magic")]


def record_buttons(env: Env, record_name: str, record: Any) -> list[ActionLink]:
    """From an account to its box, from a box to its page and its ledger."""
    if record_name == ACCOUNT and record.get("channel") == "mail" and env.allowed_ids("update", ACCOUNT, [record.id]):
        return [ActionLink(_("Incoming mail"), f"{BASE}/box/{record.id}", icon="mailbox")]
    if record_name == MAILBOX:
        found = [ActionLink(_("Fetched mail"), f"/r/{OFFERED}?filter.mailbox={record.id}", icon="journal-check")]
        account = record.get("account")
        if account is not None and env.allowed_ids("update", ACCOUNT, [account.id]):
            found.insert(0, ActionLink(_("Settings and tests"), f"{BASE}/box/{account.id}", icon="sliders", primary=True))
        return found
    return []
