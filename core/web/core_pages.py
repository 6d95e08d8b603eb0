"""The pages that every installation has, whatever its addons. A new part of the program is added here."""

from __future__ import annotations

from core.web import (
    alike,
    bin,  # noqa: A004 - the recycle bin
    bulk,
    exporting,
    files,
    home,
    importing,
    list_pages,
    presence,
    publishing,
    record_forms,
    record_pages,
    search,
)
from core.web.admin_pages import ACCOUNT_PAGES
from core.web.blocks.pages import pages as block_pages
from core.web.board.pages import pages as board_pages
from core.web.calendar.pages import pages as calendar_pages
from core.web.pages import Pages

CORE_PAGES: tuple[Pages, ...] = (
    home.pages, *ACCOUNT_PAGES, list_pages.pages, publishing.pages, board_pages, calendar_pages, bulk.pages,
    record_forms.pages, alike.pages, record_pages.pages, block_pages,
    search.pages, files.pages, presence.pages, bin.pages, importing.pages, exporting.pages)
