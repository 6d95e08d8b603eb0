"""What the API contributes; each part names its pages, and this module passes them on."""

from __future__ import annotations

from typing import Any

from addons.base.shipping import give_sets
from core.api import ChangeSet, Env, Installation, _, hookimpl

from . import connection_pages as connection_pages
from . import console_pages as console_pages
from . import docs_pages as docs_pages
from . import oauth_pages as oauth_pages
from . import program_menu, token_pages, webhook_alerts, webhook_watch
from . import webhook_log_pages as webhook_log_pages
from . import webhook_pages as webhook_pages
from .oauth_doors import well_known
from .site import LINKS, api, pages


@hookimpl
def blueprints(installation: Installation) -> list[Any]:
    """Its pages."""
    return [pages, api, well_known]


@hookimpl
def settings_pages(env: Env) -> list[Any]:
    """For those who manage connections of other programs."""
    return [*(link for area, link in LINKS if env.access.area(area)), *program_menu.links(env)]


@hookimpl
def personal_pages(env: Env) -> list[Any]:
    """Tokens, and what a person connected, among their settings."""
    return [token_pages.OWN, *program_menu.personal(env)]


@hookimpl
def addon_enabled(env: Env, addon: str) -> None:
    """Administrators look after other programs."""
    if addon == "api":
        give_sets(env, {"administrator": "api.manager"})


@hookimpl
def after_changes(env: Env, changes: ChangeSet) -> None:
    """Webhooks are told of what was written."""
    webhook_watch.changes(env, changes)


@hookimpl
def notice_kinds(env: Env) -> list[tuple[str, str]]:
    """What people are told of."""
    return [(webhook_alerts.KIND, _("A webhook does not work"))]


@hookimpl
def after_action(env: Env, record_name: str, action: str, ids: list[int]) -> None:
    """Webhooks are told of actions."""
    webhook_watch.action(env, record_name, action, ids)
