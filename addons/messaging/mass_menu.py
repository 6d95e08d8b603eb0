"""Where mass sending and consents stand in the navigation, in lists and in the administration."""

from __future__ import annotations

from core.api import ActionLink, Env, MenuItem, _

from . import mass_page

MASS_MENU = (
    MenuItem("messaging_answers", _("Automatic answers"), icon="robot", record="messaging.autoresponder", app="messaging", order=85),
    MenuItem("messaging_purposes", _("Purposes"), icon="bullseye", record="messaging.purpose", app="messaging", order=87),
)


def entries(env: Env) -> list[MenuItem]:
    """For those who keep them."""
    return list(MASS_MENU) if env.can("create", "messaging.autoresponder") else []


def list_buttons(env: Env, record: str) -> list[ActionLink]:
    """A message to the chosen records of a list."""
    if record.startswith("messaging.") or not mass_page.offered(env, record):
        return []
    return [ActionLink(mass_page.LABEL, f"{mass_page.URL}/{record}", icon="send", bulk=True)]


def admin_links(env: Env) -> list[ActionLink]:
    """The rules, in the administration."""
    if not env.can("update", "messaging.policy"):
        return []
    return [ActionLink(_("Rules of messages"), "/r/messaging.policy", icon="moon-stars"),
            ActionLink(_("Purposes of messages"), "/r/messaging.purpose", icon="bullseye")]


def personal_links(env: Env) -> list[ActionLink]:
    """Notifications, among one's own settings."""
    return [ActionLink(_("Notifications"), "/x/messaging/notifications", icon="bell")]
