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

from core.web.admin.frame import admin_page
from core.web.pages import Pages
from core.web.request import BadRequest, Request, Response
from core.web.sessions_table import sessions_table
from core.web.small_forms import RecordForm, flag, form, select, text
from core.web.urls import is_local, list_url, record_url, with_query
from core.web.viewmodels import *  # noqa: F403
from core.web.viewmodels import __all__ as _view_models

__all__ = ["BadRequest", "Pages", "RecordForm", "Request", "Response", "admin_page", "flag", "form", "is_local", "list_url",
           "record_url", "select", "sessions_table", "text", "with_query", *_view_models]
