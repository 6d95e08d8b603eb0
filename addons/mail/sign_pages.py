"""A DKIM key for an account: made here, kept sealed; the half for the domain's DNS is shown."""

from __future__ import annotations

import re

from addons.mail import signing
from addons.messaging import accounts
from core.api import Env, _
from core.web_api import AdminPage, Flash, Request, Response, form, select, text

from . import boxes
from .box_pages import crumbs
from .routes import pages

SELECTOR = "sarnakh"


@pages.route("/dkim/<int:account>", methods=("GET", "POST"))
def dkim(env: Env, request: Request, account: int) -> Response:
    """Make a key, or see what belongs into DNS."""
    boxes.may_change(env, account)
    with env.elevated("the key of an account") as sudo:
        opened = accounts.opened(sudo, accounts.rows(sudo, [account])[0])
        opened.http.close()
    domain = opened.get("dkim_domain") or opened.get("from_address").rpartition("@")[2]
    page = AdminPage(env.t(_("DKIM key")), env.t(_(
        "Signed mails prove that they come from your domain. It is only needed where the mail server itself does not sign.")))
    wrong: list[str] = []
    if request.posted:
        domain, selector = request.value("domain").strip().lower(), request.value("selector").strip().lower()
        if all(re.fullmatch(signing.DOMAIN, one) and len(one) < 200 for one in (domain, selector)):
            kind = request.value("kind")
            boxes.keep(env, account, {"dkim_domain": domain, "dkim_selector": selector},
                       {"dkim_key": signing.new_key("ed25519" if kind == "ed25519" else "rsa").private})
            request.flash(env.t(_("The key is made. Enter its record into the DNS of {domain} now.", domain=domain)))
            return request.redirect(f"/x/mail/dkim/{account}")
        wrong.append(env.t(_("The domain or the selector for DKIM is not a name of DNS.")))
    elif opened.get("dkim_key"):
        page.code = f'{signing.name(opened.get("dkim_selector"), domain)}. IN TXT "{signing.record(opened.get("dkim_key"))}"'
        page.code_label = env.t(_("Record for the DNS of {domain}", domain=domain))
        page.notices.append(Flash(env.t(_("A new key makes the old one worthless: mails fail the check until its record is in the DNS.")),
                                  "info"))
    page.form = form(env, f"/x/mail/dkim/{account}", [
        text(env, request, "domain", _("Domain"), domain, required=True, dir="ltr"),
        text(env, request, "selector", _("Selector"), opened.get("dkim_selector") or SELECTOR, required=True, dir="ltr"),
        select(env, request, "kind", _("Kind of key"), [("rsa", _("RSA, 2048 bits: every receiver knows it")), ("ed25519", "Ed25519")]),
    ], submit=_("Make a new key"), errors=wrong)
    return request.render("admin/page.html", page, title=page.title, crumbs=crumbs(env, account), active="messaging.account",
                          status=422 if wrong else 200)
