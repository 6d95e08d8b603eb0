"""The public page of a web form, and the page on which a manager sees how to embed it."""

from __future__ import annotations

from addons.base import webpages
from core.api import Env, _
from core.web_api import Crumb, Pages, Request, Response, list_url, record_url

from . import webform

pages = Pages("leads")
FORM = "leads.web_form"
PREVIEW_POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
                  "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-src 'self'; "
                  "object-src 'none'; frame-ancestors 'none'")


@pages.route("/form/<token>", methods=("GET", "POST"), public=True, csrf=False, framed_by="*", max_bytes=webpages.MOST_BYTES)
def public_form(env: Env, request: Request, token: str) -> Response:
    """What visitors of a web site fill in; works without scripts and in a frame of an allowed site."""
    form = webform.find(env, token)
    return webpages.show(env, request, webform.Leads(), form, f"/x/leads/form/{form.token}", "leads.lead", dict(webform.FIELDS),
                         {"campaign": "utm_campaign", "detail": "utm_source"})


@pages.route("/forms/<int:key>/embed")
def embed(env: Env, request: Request, key: int) -> Response:
    """The code to put into a web site, with a live preview."""
    env.require("update", FORM)
    form = env.get(FORM, key)
    page = {"title": env.t(_("Embed “{name}”", name=form.name)), "code": webform.embed_code(request.base_url, form),
            "address": f"{request.base_url}/x/leads/form/{form.token}", "preview": f"/x/leads/form/{form.token}",
            "active": form.active, "origins": webform.origins(form), "url": record_url(FORM, key)}
    response = request.render("leads/embed.html", page, title=page["title"], active=FORM, crumbs=[
        Crumb(env.t(env.registry.record(FORM).plural), list_url(FORM)), Crumb(form.name, record_url(FORM, key))])
    response.headers["Content-Security-Policy"] = PREVIEW_POLICY
    return response
