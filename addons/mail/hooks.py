"""What the mail addon answers when the core asks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from core.api import ActionLink, Env, Installation, MenuItem, hookimpl

from . import box_pages as box_pages
from . import menu
from . import oauth_pages as oauth_pages
from . import show_pages as show_pages
from . import sign_pages as sign_pages
from . import track_pages as track_pages
from .channel import MAIL
from .provider import Smtp
from .routes import pages

CHANNEL = replace(MAIL, pages=menu.account_pages)


@hookimpl
def providers(kind: str) -> list[Any]:
    """The channel, and sending over any SMTP server."""
    return [CHANNEL] if kind == "channel" else [Smtp()] if kind == "mail" else []


@hookimpl
def blueprints(installation: Installation) -> list[Any]:
    """Pages of mail."""
    return [pages]


@hookimpl
def menus(env: Env) -> list[MenuItem]:
    """The ledger."""
    return menu.entries(env)


@hookimpl
def record_actions(env: Env, record_name: str, record: Any) -> list[ActionLink]:
    """From accounts to their boxes."""
    return menu.record_buttons(env, record_name, record)
