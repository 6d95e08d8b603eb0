"""What SMS contributes: the channel, and two-step sign-in by it."""

from __future__ import annotations

from typing import Any

from addons.messaging.choices import ACCOUNT
from core.api import ActionLink, Env, Installation, _, hookimpl

from .channel import SMS
from .routes import BASE, pages
from .second_factor import BySms


@hookimpl
def providers(kind: str) -> list[Any]:
    """The channel."""
    return [SMS] if kind == "channel" else []


@hookimpl
def second_factors(env: Env) -> list[Any]:
    """Codes by SMS."""
    return [BySms()]


@hookimpl
def blueprints(installation: Installation) -> list[Any]:
    """The settings page."""
    return [pages]


@hookimpl
def settings_pages(env: Env) -> list[ActionLink]:
    """For those who set up accounts."""
    return [ActionLink(_("One-time codes by SMS"), BASE, icon="shield-lock")] if env.can("create", ACCOUNT) else []
