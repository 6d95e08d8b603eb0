"""Signing an account in with OAuth 2: to the company's page and back, with a state that belongs to one session and one account."""

from __future__ import annotations

import hashlib
import hmac

from addons.mail import oauth, renewing
from addons.messaging import accounts
from addons.messaging.contract import Account, Later, Refused
from core.api import Env, Message, NotFound, NotOutside, _
from core.web_api import Action, AdminPage, Flash, Request, Response, form

from . import boxes
from .box_pages import crumbs
from .routes import pages

BACK = "/x/mail/oauth/back"


def redirect_address(env: Env) -> str:
    """Where the company sends people back to, "" where this server has no public address."""
    public = accounts.public_address(env)
    return f"{public}{BACK}" if public else ""


def _session(request: Request) -> str:
    """What binds a sign-in to this session and cannot be guessed from outside."""
    held = request.session
    return hashlib.sha256(f"mail oauth {held.token_hash if held else ''}".encode()).hexdigest()


@pages.route("/oauth/<int:account>", methods=("GET", "POST"))
def begin(env: Env, request: Request, account: int) -> Response:
    """What has to be entered at the company, and the way there."""
    boxes.may_change(env, account)
    with env.elevated("sign-in of an account") as sudo:
        opened = accounts.opened(sudo, accounts.rows(sudo, [account])[0])
        opened.http.close()
    place, back = renewing.endpoint(opened), redirect_address(env)
    page = AdminPage(env.t(_("Sign in with OAuth 2")), env.t(_(
        "Register this server at the company once, as a web application with the address below, and enter the client ID and secret it "
        "gives you in the account's settings.")))
    if not back:
        page.notices.append(Flash(env.t(_("This server has no address for the outside yet: set server.public_url in the settings file.")),
                                  "warning"))
    if not opened.get("oauth_client") or place is None:
        page.notices.append(Flash(env.t(_("The account's settings lack the client ID, or the addresses of the company.")), "warning"))
        page.actions.append(Action(env.t(_("Settings of the account")), f"/x/messaging/account/{account}", "sliders"))
    elif request.posted and back:
        begun = oauth.begin(place, opened.get("oauth_client"), back, opened.get("user"))
        state = f"{account}.{begun.state}"
        boxes.keep(env, account, None, {"oauth_state": state, "oauth_verifier": begun.verifier, "oauth_session": _session(request)})
        response = request.text("", 303)
        response.headers["Location"] = begun.address.replace(f"state={begun.state}", f"state={state}")
        return response
    elif back:
        page.form = form(env, f"/x/mail/oauth/{account}", [], submit=_("Go to the sign-in"))
    page.code, page.code_label = back, env.t(_("Address to come back to"))
    return request.render("admin/page.html", page, title=page.title, crumbs=crumbs(env, account), active="messaging.account",
                          status=422 if request.posted else 200)


@pages.route("/oauth/back", writes=True)
def back(env: Env, request: Request) -> Response:
    """Somebody comes back from the company. Only the session that went there may bring the code."""
    state = request.arg("state")[:200]
    number = state.partition(".")[0]
    if not number.isdecimal() or len(number) > 17:
        raise NotFound
    account = int(number)
    boxes.may_change(env, account)
    with env.elevated("sign-in of an account") as sudo:
        opened = accounts.opened(sudo, accounts.rows(sudo, [account])[0])
    try:
        if not (hmac.compare_digest(opened.get("oauth_state").encode(), state.encode())
                and hmac.compare_digest(opened.get("oauth_session"), _session(request)) and opened.get("oauth_verifier")):
            raise NotFound
        boxes.keep(env, account, None, {"oauth_state": "", "oauth_verifier": "", "oauth_session": ""})
        said = _exchange(env, request, account, opened)
    finally:
        opened.http.close()
    request.flash(said or env.t(_("Signed in. The account uses OAuth 2 from now on.")), "error" if said else "success")
    return request.redirect(f"/x/messaging/account/{account}")


def _exchange(env: Env, request: Request, account: int, opened: Account) -> str:
    """Take the tokens; what was wrong, "" when nothing was."""
    place, code = renewing.endpoint(opened), request.arg("code")[:2000]
    if not code or place is None:
        return env.t(_("The company let nobody in: {reason}", reason=request.arg("error")[:200] or "?"))
    try:
        tokens = oauth.exchange(opened.http, place, opened.get("oauth_client"), opened.get("oauth_secret"), code,
                                opened.get("oauth_verifier"), redirect_address(env))
    except (Later, Refused, NotOutside) as error:
        return env.t(error.message) if isinstance(error.message, Message) else str(error)
    boxes.keep(env, account, {"auth": "oauth"}, renewing.kept(tokens))
    return ""
