"""What an addon uses for pages of its own, beside `core.api`; it never imports the web framework.

    from core.web_api import Pages

    pages = Pages("leads")

    @pages.route("/convert/<int:key>", methods=("GET", "POST"))
    def convert(env, request, key):                    # env: the person's; NotFound, AccessDenied ... become pages
        ...
        return request.render("leads/convert.html", page, title=env.t(_("Convert lead")))

    # hooks.py
    @hookimpl
    def blueprints(installation):
        return [pages]                                 # mounted under /x/leads
"""

from core.arrangements import SHAPES as HOME_SHAPES
from core.arrangements import menu_faults
from core.looks import packed as pack_picture
from core.looks import picture_faults, theme_faults
from core.web.admin.frame import admin_page
from core.web.blocks.draw import drawn, has_charts
from core.web.blocks.home_page import SHIPPED as HOME_SHIPPED
from core.web.blocks.home_page import home_faults
from core.web.blocks.kinds import faults as block_faults
from core.web.blocks.kinds import kinds as kinds_of_blocks
from core.web.blocks.offers import groups_of, measures_of
from core.web.blocks.shown import Shown
from core.web.brand import ratios, schemes
from core.web.bulk import chosen_ids
from core.web.charts import chart
from core.web.conflicts import value_at
from core.web.doors import Door
from core.web.draft import draft_page
from core.web.files import readable as readable_file
from core.web.files import send as send_file
from core.web.files import store as store_file
from core.web.gate import Gate
from core.web.links import list_link
from core.web.list_pages import dialog
from core.web.lists import listed
from core.web.listviews import shown as saved_views
from core.web.menu import as_shipped as menu_as_shipped
from core.web.money import base_currency
from core.web.pages import Pages
from core.web.people import person
from core.web.periods import Period, months, period, period_field, quarters
from core.web.personal import current_password, settings_page, wrong_password
from core.web.request import BadRequest, Request, Response, TooMany, Unauthorised, disposition
from core.web.sessions_table import sessions_table
from core.web.showing import kind_of, layout_data
from core.web.small_forms import RecordForm, flag, form, select, shown_when, text
from core.web.urls import is_local, list_url, record_url, with_query
from core.web.viewmodels import *  # noqa: F403
from core.web.viewmodels import __all__ as _view_models

__all__ = [
    "BadRequest", "Door", "Gate", "HOME_SHAPES", "HOME_SHIPPED", "Pages", "Period", "RecordForm", "Request", "Response", "Shown",
    "TooMany", "Unauthorised", "admin_page", "base_currency", "block_faults", "chart", "chosen_ids", "current_password", "dialog",
    "disposition", "draft_page", "drawn", "flag", "form", "groups_of", "has_charts", "home_faults", "is_local", "kind_of",
    "kinds_of_blocks", "layout_data", "list_link", "list_url", "listed", "measures_of", "menu_as_shipped", "menu_faults", "months",
    "pack_picture", "period", "period_field", "person", "picture_faults", "quarters", "ratios", "readable_file", "record_url",
    "saved_views", "schemes", "select", "send_file", "sessions_table", "settings_page", "shown_when", "store_file", "text",
    "theme_faults", "value_at", "with_query", "wrong_password",
    *_view_models,
]
