"""What the studio contributes; each part names its pages, and this module passes them on."""

from __future__ import annotations

from typing import Any

from core.api import Env, Installation, hookimpl

from . import package_pages as _package_pages  # noqa: F401 - importing a part registers its pages
from . import package_review as _package_review  # noqa: F401
from .site import LINKS, pages


@hookimpl
def blueprints(installation: Installation) -> list[Any]:
    """Its pages."""
    return [pages]


@hookimpl
def settings_pages(env: Env) -> list[Any]:
    """For those who may change layouts and fields."""
    return [link for area, link in LINKS if env.access.area(area)]
