"""What the API contributes; each part names its pages, and this module passes them on."""

from __future__ import annotations

from typing import Any

from core.api import Env, Installation, hookimpl

from . import docs_pages as docs_pages
from . import token_pages
from .site import LINKS, api, pages


@hookimpl
def blueprints(installation: Installation) -> list[Any]:
    """Its pages."""
    return [pages, api]


@hookimpl
def settings_pages(env: Env) -> list[Any]:
    """For those who manage connections of other programs."""
    return [link for area, link in LINKS if env.access.area(area)]


@hookimpl
def personal_pages(env: Env) -> list[Any]:
    """Tokens among people's own settings."""
    return [token_pages.OWN]
