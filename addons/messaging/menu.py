"""The Messaging app in the navigation, and buttons on records of messaging."""

from __future__ import annotations

from typing import Any

from core.api import ActionLink, Env, MenuItem, _

from .choices import ACCOUNT, BATCH, CONSENT, MESSAGE, THREAD
from .quiet import POLICY
from .template_menu import TEMPLATE_MENU

INBOX = "/x/messaging/inbox"
ENTRIES = (
    MenuItem("messaging", _("Messaging"), icon="chat-text", url=INBOX, order=50),
    MenuItem("messaging_inbox", _("Inbox"), icon="inbox", url=INBOX, app="messaging", order=10, live="messaging"),
    MenuItem("messaging_messages", _("Messages"), icon="chat-text", record=MESSAGE, app="messaging", order=20),
    MenuItem("messaging_threads", _("Conversations"), icon="chat-left-text", record=THREAD, app="messaging", order=30),
    MenuItem("messaging_batches", _("Mass sendings"), icon="send", record=BATCH, app="messaging", order=75),
    MenuItem("messaging_consents", _("Consents"), icon="person-check", record=CONSENT, app="messaging", order=80),
)
MANAGED = (
    MenuItem("messaging_accounts", _("Accounts", context="messaging"), icon="broadcast-pin", record=ACCOUNT, app="messaging", order=90),
    MenuItem("messaging_rules", _("Rules of messages"), icon="moon-stars", record=POLICY, app="messaging", order=95),
)


def entries(env: Env) -> list[MenuItem]:
    """What this person has to do with."""
    if not env.can("read", MESSAGE):
        return []
    return [*ENTRIES, *TEMPLATE_MENU, *(MANAGED if env.can("create", POLICY) else ())]


def record_buttons(env: Env, record_name: str, record: Any) -> list[ActionLink]:
    """From a message to its conversation, from a conversation into the inbox, from an account to its settings."""
    if record_name == THREAD:
        return [ActionLink(_("Open in the inbox"), f"/x/messaging/thread/{record.id}", icon="chat-left-text", primary=True)]
    if record_name == MESSAGE:
        rows = env.query(MESSAGE).archived(None).with_ids([record.id]).select("thread").rows(1)
        link = rows[0]["thread"] if rows else None
        found = [ActionLink(_("Open the conversation"), f"/x/messaging/thread/{link.id}", icon="chat-left-text", primary=True)] if (
            link is not None) else []
        return [*found, ActionLink(_("Reply"), f"/x/messaging/compose?answers={record.id}", icon="reply", sheet=True)]
    if record_name == ACCOUNT and env.allowed_ids("update", ACCOUNT, [record.id]):
        return [ActionLink(_("Settings and tests"), f"/x/messaging/account/{record.id}", icon="sliders", primary=True)]
    return []


def list_buttons(env: Env, record_name: str) -> list[ActionLink]:
    """New accounts begin with the choice of a provider."""
    if record_name == ACCOUNT and env.can("create", ACCOUNT):
        return [ActionLink(_("New account"), "/x/messaging/account/new", icon="plus-lg", primary=True)]
    if record_name == MESSAGE:
        return [ActionLink(_("New message"), "/x/messaging/compose", icon="plus-lg", primary=True, sheet=True)]
    return []


def personal(env: Env) -> list[ActionLink]:
    """A person's own accounts."""
    return [ActionLink(_("My accounts"), "/x/messaging/mine", icon="broadcast-pin")] if env.can("read", MESSAGE) else []
