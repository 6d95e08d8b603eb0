"""Pages for what went wrong: what happened, what was kept, what to do; never how the inside looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flask

from core.env import Env
from core.errors import ExpressionError, SarnakhError, ValidationFailed
from core.i18n.messages import Message, _
from core.web.urls import with_query
from core.web.viewmodels import Action, ErrorPage

if TYPE_CHECKING:
    from core.web.app import Site
    from core.web.request import Request, Response

TITLES: dict[int, Message] = {
    400: _("This request could not be understood"), 401: _("Please sign in"), 403: _("You may not do this"),
    404: _("There is nothing here"), 405: _("This address is not for that"), 409: _("Somebody else was faster"),
    413: _("This is too large"), 422: _("This was refused"), 429: _("Too many requests"), 500: _("Something went wrong"),
    503: _("The server is busy")}

TEXTS: dict[int, Message] = {
    404: _("It does not exist, was deleted, or you may not see it."),
    403: _("Ask an administrator if you need it for your work."),
    413: _("Files may have {limit} megabytes."),
    429: _("Wait a minute and try again."),
    500: _("The administrators can find the cause by the reference below."),
    503: _("Somebody else is writing right now. Try again in a moment.")}


def page(site: Site, request: Request, code: int, error: SarnakhError | None = None, reference: str = "") -> Response:
    """The answer for a status: a page for people, a line for scripts."""
    if request.env is None:
        request.env = site.visitor_env(request.raw)
    env = request.env
    code = code if code in TITLES else (400 if code < 500 else 500)
    text = _explain(env, code, error)
    if request.fragment or request.wants_json:
        return _for_script(request, code, text)
    model = ErrorPage(code, env.t(TITLES[code]), text, actions=_actions(env, code, request), reference=reference)
    if code != 500 and code < 500:
        model.kept = "" if request.method == "GET" else env.t(_("Nothing was changed."))
    try:
        html = site.templates(env).get_template("error.html").render(page=model, shell=site.bare_shell(request))
    except Exception:  # noqa: BLE001 - a page about an error must not fail
        site.installation.log.exception("error page failed", path=request.path)
        return flask.Response(f"{model.title}\n{text}", code, content_type="text/plain; charset=utf-8")
    return flask.Response(html, code, content_type="text/html; charset=utf-8")


def _explain(env: Env, code: int, error: SarnakhError | None) -> str:
    if isinstance(error, ValidationFailed):
        return " ".join(env.t(e.message) for e in error.errors[:10])
    if error is not None and (code != 404 or isinstance(error, ExpressionError)):
        return env.t(error.message)
    text = TEXTS.get(code)
    limit = env.installation.settings.security.max_upload_mb
    return env.t(Message(text, {"limit": limit})) if text is not None else ""


def _for_script(request: Request, code: int, text: str) -> Response:
    if request.wants_json:
        return request.json({"error": text or request.env.t(TITLES[code])}, code)
    response = request.text(text or request.env.t(TITLES[code]), code)
    return request.toast(response, text or request.env.t(TITLES[code]))


def _actions(env: Env, code: int, request: Request) -> list[Action]:
    found = [Action(env.t(_("Home")), "/", "house", style="primary")]
    if code in (409, 400, 503) and request.method == "GET":
        found.append(Action(env.t(_("Try again")), request.full_path, "arrow-clockwise"))
    return found


def ask_to_sign_in(request: Request) -> Response:
    """Send a visitor to the sign-in page, or tell a script that the session is over."""
    if request.fragment or request.wants_json or request.method != "GET":
        return page(request.site, request, 401)
    return request.redirect(with_query("/login", {"next": request.full_path if request.path != "/" else ""}))


