"""What the studio contributes; each part names its pages, and this module passes them on."""

from __future__ import annotations

from typing import Any

from core.api import Env, Installation, hookimpl

from . import (  # noqa: F401 - importing a part registers its pages
    fields_depends,
    fields_pages,
    fields_removing,
    fields_rules,
    fields_trying,
    history_pages,
    home_pages,
    layout_mends,
    layout_pages,
    letterhead_pages,
    menu_pages,
    package_pages,
    package_review,
    theme_pages,
    types_own,
)
from .site import LINKS, pages


@hookimpl
def blueprints(installation: Installation) -> list[Any]:
    """Its pages."""
    return [pages]


@hookimpl
def settings_pages(env: Env) -> list[Any]:
    """For those who may change layouts and fields."""
    return [link for area, link in LINKS if env.access.area(area)]
