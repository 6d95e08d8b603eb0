"""Signing an account in with OAuth 2: to the company's page and back, with a state that belongs to one session and one account."""

from __future__ import annotations

import hashlib
from typing import Any

from addons.base import connection_oauth
from addons.base.connection_rules import CONNECTION, HEALTH, NEW
from addons.mail import oauth
from addons.messaging import accounts
from addons.messaging.contract import Account
from core.api import Env, NotFound, _
from core.web_api import Action, AdminPage, Badge, Cell, Flash, Request, Response, form

from . import boxes
from .box_pages import crumbs
from .routes import pages

BACK = "/x/mail/oauth/back"
LOOK_AGAIN = 2


def redirect_address(env: Env) -> str:
    """Where the company sends people back to, "" where this server has no public address."""
    public = accounts.public_address(env)
    return f"{public}{BACK}" if public else ""


def _session(request: Request) -> str:
    """What binds a sign-in to this session and cannot be guessed from outside."""
    held = request.session
    return hashlib.sha256(f"mail oauth {held.token_hash if held else ''}".encode()).hexdigest()


def _opened(env: Env, account: int) -> Account:
    with env.elevated("sign-in of an account") as sudo:
        opened = accounts.opened(sudo, accounts.rows(sudo, [account])[0])
    opened.http.close()
    return opened


@pages.route("/oauth/<int:account>", methods=("GET", "POST"))
def begin(env: Env, request: Request, account: int) -> Response:
    """What has to be entered at the company, the way there, and how the sign-in is."""
    boxes.may_change(env, account)
    opened = _opened(env, account)
    place, back = oauth.endpoint(opened), redirect_address(env)
    page = AdminPage(env.t(_("Sign in with OAuth 2")), env.t(_(
        "Register this server at the company once, as a web application with the address below, and enter the client ID and secret it "
        "gives you in the account's settings.")))
    page.actions.append(Action(env.t(_("Settings of the account")), f"/x/messaging/account/{account}", "sliders"))
    _tell(env, request, page, oauth.connection_of(opened))
    if not back:
        page.notices.append(Flash(env.t(_("This server has no address for the outside yet: set server.public_url in the settings file.")),
                                  "warning"))
    if not opened.get("oauth_client") or place is None:
        page.notices.append(Flash(env.t(_("The account's settings lack the client ID, or the addresses of the company.")), "warning"))
    elif request.posted and back:
        return _leave(env, request, opened, place, back)
    elif back:
        page.form = form(env, f"/x/mail/oauth/{account}", [], submit=_("Go to the sign-in"))
    page.code, page.code_label = back, env.t(_("Address to come back to"))
    return request.render("admin/page.html", page, title=page.title, crumbs=crumbs(env, account), active="messaging.account",
                          status=422 if request.posted else 200)


def _tell(env: Env, request: Request, page: AdminPage, key: int) -> None:
    """How the account's connection is."""
    with env.elevated("how an account's sign-in is") as sudo:
        found = sudo.query(CONNECTION).with_ids([key]).select("health", "problem", "connected_at")
        rows: list[dict[str, Any]] = found.rows(1) if key else []
    for row in rows:
        label, colour = next((label, colour) for name, label, colour in HEALTH if name == row["health"])
        page.facts.append((env.t(_("Sign-in")), Cell("choice", badges=[Badge(env.t(label), colour)])))
        if row["connected_at"] is not None:
            page.facts.append((env.t(_("Connected on")), Cell(text=env.format.datetime(row["connected_at"]))))
        if row["problem"]:
            page.notices.append(Flash(row["problem"], "error"))
        page.refresh_seconds = LOOK_AGAIN if row["health"] == NEW and request.arg("tried") == "1" else 0


def _leave(env: Env, request: Request, opened: Account, place: oauth.Endpoint, back: str) -> Response:
    """To the company."""
    with env.elevated("sign-in of an account") as sudo:
        key = oauth.set_up(sudo, opened, place)
    hint = {"login_hint": opened.get("user")} if opened.get("user") else {}
    address = connection_oauth.begin(env, key, _session(request), back=back, name=str(opened.id), **hint)
    boxes.keep(env, opened.id, None, {oauth.HELD: str(key)})
    response = request.text("", 303)
    response.headers["Location"] = address
    return response


@pages.route("/oauth/back", writes=True)
def back(env: Env, request: Request) -> Response:
    """Somebody comes back from the company. Only the session that went there may bring the code."""
    state = request.arg("state")[:200]
    number = state.partition(".")[0]
    if not (number.isascii() and number.isdecimal()) or len(number) > 17:
        raise NotFound
    account, code = int(number), request.arg("code")[:4000]
    boxes.may_change(env, account)
    key = oauth.connection_of(_opened(env, account))
    if not key or not connection_oauth.take_code(env, key, state, _session(request), code):
        raise NotFound
    if not code:
        request.flash(env.t(_("The company let nobody in: {reason}", reason=request.arg("error")[:200] or "?")), "error")
        return request.redirect(f"/x/mail/oauth/{account}")
    boxes.keep(env, account, {"auth": "oauth"}, None)
    request.flash(env.t(_("Agreed. The tokens are being fetched, and the account uses OAuth 2 from now on.")))
    return request.redirect(f"/x/mail/oauth/{account}?tried=1")
