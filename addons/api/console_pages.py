"""The console: a person tries requests of the API in the browser, with their own rights, and sees what is answered.

Its script (static/console.js) sends them to the API itself, with the session and the token of the page's form, so what is tried
here is what programs get. Nothing is sent by opening the page, whatever stands in its address.
"""

from __future__ import annotations

from markupsafe import Markup

from core.api import Env, _
from core.web_api import Action, AdminPage, FieldView, FormPage, Option, Panel, Request, Response, Section, settings_page

from .rest_pages import VERSION
from .site import pages

URL = "/x/api/console"
METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE")
PLACE = f"/api{VERSION}"
MOST = 2000
ANSWER = Markup(
    '<div data-console-answer role="status" data-waiting="{waiting}" data-failed="{failed}" data-elsewhere="{elsewhere}" '
    'data-cut="{cut}"><p class="muted" dir="auto" data-console-line>{none}</p>'
    '<pre class="code" dir="ltr" tabindex="0" hidden></pre></div>')


@pages.route("/console")
def console(env: Env, request: Request) -> Response:
    """The form of a request, and the place of its answer."""
    method, path = request.arg("method", "GET").upper(), request.arg("path", "/records/")[:MOST]
    page = AdminPage("", intro=env.t(_("Requests are sent as you, with your rights: what you write and delete here is written and "
                                       "deleted.")))
    page.actions = [Action(env.t(_("What programs can do")), "/x/api/docs", "book")]
    page.form = _form(env, method if method in METHODS else "GET", path if path.startswith(PLACE) else PLACE + path, request.arg("body"))
    page.panels = [Panel(env.t(_("Answer")), icon="box-arrow-in-down-left", wide=True, html=ANSWER.format(
        none=env.t(_("Nothing was sent yet.")), waiting=env.t(_("Waiting for the answer…")),
        failed=env.t(_("There was no answer: the server cannot be reached.")),
        elsewhere=env.t(_("Addresses begin with {place}.", place=PLACE)), cut=env.t(_("Only the beginning is shown."))))]
    return settings_page(env, request, _("Try requests"), page)


def _form(env: Env, method: str, path: str, body: str) -> FormPage:
    fields = [
        FieldView("method", env.t(_("Method")), "select", method, required=True, options=[
            Option(m, m, selected=m == method) for m in METHODS]),
        FieldView("path", env.t(_("Address")), "text", path, required=True, attrs={
            "dir": "ltr", "autocomplete": "off", "spellcheck": "false", "maxlength": str(MOST), "data-console-path": PLACE}),
        FieldView("body", env.t(_("What is sent")), "code", body, attrs={"rows": "8", "spellcheck": "false"}, help=env.t(_(
            "JSON, for POST, PATCH and PUT.")))]
    return FormPage("", URL, [Section("request", columns=1, fields=fields)], method="get", actions=[
        Action(env.t(_("Send")), kind="submit", icon="send", style="primary")])
