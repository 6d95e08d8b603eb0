"""The pages of the API addon under `/x/api`. A part registers its routes on `pages` and its entries of the menu in `LINKS`."""

from __future__ import annotations

from core.api import ActionLink
from core.web_api import Pages

from . import (
    openapi_pages,
    rest_actions,
    rest_bulk,
    rest_files,
    rest_history,
    rest_links,
    rest_list,
    rest_meta,
    rest_records,
    rest_search,
    rest_upsert,
    tokens,
)
from .rest_auth import verifiers
from .rest_pages import api

__all__ = ["LINKS", "api", "pages"]
ROUTES = (
    openapi_pages, rest_actions, rest_bulk, rest_files, rest_history, rest_links, rest_list, rest_meta, rest_records, rest_search,
    rest_upsert)
"""The modules whose routes are on `api`."""
verifiers.append(tokens.verify)

pages = Pages("api")
LINKS: list[tuple[str, ActionLink]] = []
"""Entries of the administration's menu, each with the admin area whose holders see it."""
