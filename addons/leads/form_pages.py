"""The public page of a web form, and the page on which a manager sees how to embed it."""

from __future__ import annotations

from typing import Any

from core.api import LANGUAGES, Env, _
from core.web_api import (
    Action,
    Crumb,
    FieldView,
    FormPage,
    Option,
    Pages,
    Request,
    Response,
    Section,
    list_url,
    record_url,
    with_query,
)

from . import webform

pages = Pages("leads")
FORM = "leads.web_form"
MOST_BYTES = 200_000
PREVIEW_POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
                  "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-src 'self'; "
                  "object-src 'none'; frame-ancestors 'none'")


@pages.route("/form/<token>", methods=("GET", "POST"), public=True, csrf=False, framed_by="*", max_bytes=MOST_BYTES)
def public_form(env: Env, request: Request, token: str) -> Response:
    """What visitors of a web site fill in; works without scripts and in a frame of an allowed site."""
    form = webform.find(env, token)
    env.lang = form.language if form.language in LANGUAGES else env.lang
    if not request.posted:
        answer = webform.Answer("thanks" if request.arg("done") == "1" else "again")
        return _finished(request, form) if answer.state == "thanks" else _page(env, request, form, answer)
    answer = webform.submit(env, form, dict(request.posted_pairs()), request.ip, request.attempt)
    request.keep()
    if answer.state != "thanks":
        return _page(env, request, form, answer)
    if form.redirect_url:
        response = request.empty(303)
        response.headers["Location"] = form.redirect_url
        return _guard(response, form)
    return _guard(request.redirect(with_query(f"/x/leads/form/{form.token}", {"done": "1"})), form)


def _guard(response: Response, form: Any) -> Response:
    """The form's own policy stands instead of the site's: only allowed sites may frame it."""
    response.headers["Content-Security-Policy"] = webform.policy(form)
    return response


def _finished(request: Request, form: Any) -> Response:
    return _guard(request.render("leads/web_form.html", None, title=_title(form), form=form, trap=webform.TRAP), form)


def _title(form: Any) -> str:
    return str(form.title or form.name)


def _page(env: Env, request: Request, form: Any, answer: webform.Answer) -> Response:
    shown = [_field(env, form, name, request, answer) for name in form.shown or ()]
    campaign = request.value("campaign") or request.arg("utm_campaign")[:160]
    detail = request.value("detail") or request.arg("utm_source")[:160]
    page = FormPage(
        _title(form), f"/x/leads/form/{form.token}",
        [Section("main", columns=1, fields=shown)], errors=[answer.message] if answer.message else [],
        hidden={"stamp": webform.make_stamp(env, form), "campaign": campaign, "detail": detail},
        actions=[Action(env.t(_("Send")), kind="submit", style="primary")])
    status = 429 if answer.state == "too_many" else 422 if request.posted else 200
    made = request.render("leads/web_form.html", page, title=page.title, form=form, trap=webform.TRAP, status=status)
    return _guard(made, form)


def _field(env: Env, form: Any, name: str, request: Request, answer: webform.Answer) -> FieldView:
    item = env.registry.record("leads.lead").field(name)
    options = [Option(o.value, env.t(o.label)) for o in getattr(item, "options", ()) if o.active]
    label = dict(webform.FIELDS).get(name, item.label)
    return FieldView(name, env.t(label), item.type_name, request.value(name), errors=answer.errors.get(name, []),
                     required=name in (form.needed or ()), options=options)


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
