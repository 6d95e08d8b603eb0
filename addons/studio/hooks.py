"""What the studio contributes; each part names its pages, and this module passes them on."""

from __future__ import annotations

from typing import Any

from core.api import Env, Installation, hookimpl

from . import fields_pages as _fields_pages  # noqa: F401 - importing a part registers its pages
from . import fields_rules as _fields_rules  # noqa: F401
from . import fields_trying as _fields_trying  # noqa: F401
from . import history_pages as _history_pages  # noqa: F401
from . import types_own as _types_own  # noqa: F401
from . import home_pages, layout_mends, layout_pages, letterhead_pages, menu_pages, theme_pages  # noqa: F401 - register their pages
from .site import LINKS, pages


@hookimpl
def blueprints(installation: Installation) -> list[Any]:
    """Its pages."""
    return [pages]


@hookimpl
def settings_pages(env: Env) -> list[Any]:
    """For those who may change layouts and fields."""
    return [link for area, link in LINKS if env.access.area(area)]
