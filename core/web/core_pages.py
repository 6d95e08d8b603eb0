"""The pages that every installation has, whatever its addons. A new part of the program is added here."""

from __future__ import annotations

from core.web import list_pages, login
from core.web.pages import Pages

CORE_PAGES: tuple[Pages, ...] = (login.pages, list_pages.pages)
