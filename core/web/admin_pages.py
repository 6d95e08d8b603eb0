"""The pages of this room in one list: signing in, the first start, one's own settings, the administration."""

from __future__ import annotations

from core.web import auth, personal, second_ways, setup
from core.web.admin import access, addons, audit, editions, frame, health, jobs, navigation, picklists, settings
from core.web.pages import Pages

ACCOUNT_PAGES: tuple[Pages, ...] = (
    auth.pages, setup.pages, personal.pages, second_ways.pages, frame.pages, access.pages, addons.pages, editions.pages, jobs.pages,
    audit.pages, health.pages, settings.pages, picklists.pages, navigation.pages)
