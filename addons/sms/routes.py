"""The settings page of SMS: what one-time codes are sent with."""

from __future__ import annotations

from addons.messaging.choices import ACCOUNT
from core.api import Env, ValidationFailed, _
from core.web_api import AdminPage, Pages, Request, Response, form, select, text

from . import setup

pages = Pages("sms")
BASE = "/x/sms/settings"


@pages.route("/settings", methods=("GET", "POST"))
def settings(env: Env, request: Request) -> Response:
    """Which account sends one-time codes, and as which approved text."""
    env.require("create", ACCOUNT)
    kept = setup.stored(env)
    errors: dict[str | None, list[str]] = {}
    if request.posted:
        chosen = request.value("account")
        made = setup.Codes(int(chosen) if chosen.isdecimal() else None, request.value("template").strip()[:120],
                           request.value("parameter").strip()[:60])
        try:
            with request.attempt():
                setup.change(env, made)
        except ValidationFailed as error:
            errors = error.by_field()
        else:
            request.flash(env.t(_("Saved.")))
            return request.redirect(BASE)
    options = [("", _("The first that is for everybody")), *((str(r["id"]), str(r["name"])) for r in setup.shared(env))]
    fields = [
        select(env, request, "account", _("Account", context="messaging"), options, str(kept.account or ""), required=False),
        text(env, request, "template", _("Approved text"), kept.template, dir="auto", help=_(
            "As the provider calls it. Empty: codes are sent in plain words, which some providers and operators hold back.")),
        text(env, request, "parameter", _("What the code is called in it"), kept.parameter, dir="ltr", help=_(
            "As the provider's text has it, such as “token” or “CODE”."))]
    for field in fields:
        field.errors = [env.t(one) for one in errors.get(field.name, ())]
    page = AdminPage(env.t(_("One-time codes by SMS")), form=form(env, BASE, fields), intro=env.t(_(
        "People who chose SMS for their two-step sign-in get a code through this account.")))
    return request.render("admin/page.html", page, title=page.title, active=BASE, status=422 if errors else 200)
