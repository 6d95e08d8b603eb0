"""One's own settings: getting the codes of a two-step sign-in in further ways (by SMS), each from an addon."""

from __future__ import annotations

from core.env import Env
from core.errors import NotFound, SarnakhError
from core.i18n.messages import _
from core.records.fields import USER
from core.security import accounts
from core.security.accounts import SecondFactor
from core.web.pages import Pages
from core.web.personal import current_password, recovery_page, settings_page, wrong_password
from core.web.request import Request, Response
from core.web.small_forms import form, text
from core.web.viewmodels import AdminPage, Flash

pages = Pages("second_ways")
BASE = "/me/two-factor/by"


@pages.route("/me/two-factor/by/<name>", methods=("GET", "POST"))
def way(env: Env, request: Request, name: str) -> Response:
    """Where codes go; setting another address needs the password, and sends a code there."""
    found, errors = _way(env, name), []
    if request.posted:
        error = wrong_password(env, request) or _begin(env, request, found)
        if not error:
            return request.redirect(f"{BASE}/{name}/confirm")
        errors = [error]
    with env.elevated("own second factor") as trusted:
        address = found.address(trusted, env.actor.id or 0)
    fields = [text(env, request, "address", found.address_label, required=True, dir="ltr", autocomplete="off"),
              current_password(env, request)]
    page = AdminPage("", intro=env.t(found.help), form=form(env, f"{BASE}/{name}", fields, submit=_("Send a code"), errors=errors,
                                                            cancel="/me/two-factor"))
    if address:
        page.notices = [Flash(env.t(_("Codes go to {address}.", address=f"\u2066{address}\u2069")), "success")]
    return settings_page(env, request, _("Two-step sign-in"), page, 422 if errors else 200)


def _way(env: Env, name: str) -> SecondFactor:
    with env.elevated("own second factor") as trusted:
        found = accounts.second_factors(trusted).get(name)
        if found is None or not found.offered(trusted):
            raise NotFound
    return found


def _begin(env: Env, request: Request, found: SecondFactor) -> str:
    """Why no code is sent, "" when it is."""
    with env.elevated("own second factor") as trusted:
        try:
            found.begin(trusted, env.actor.id or 0, request.value("address")[:320], request.ip or "")
        except SarnakhError as error:
            return env.t(error.message)
    return ""


@pages.route("/me/two-factor/by/<name>/confirm", methods=("GET", "POST"))
def confirm(env: Env, request: Request, name: str) -> Response:
    """The code that was sent; where this is the first second factor, recovery codes are shown once."""
    found, errors = _way(env, name), []
    if request.posted:
        user_id = env.actor.id or 0
        with env.elevated("own second factor") as trusted:
            first = not accounts.asks_second_factor(trusted, user_id)
            right = found.confirm(trusted, user_id, request.value("code")[:20])
            codes = accounts.keeper(env).renew_recovery_codes(trusted, user_id) if right and first else []
        if right:
            return recovery_page(env, request, codes) if codes else _changed(env, request)
        request.keep()  # a guess is counted
        errors = [env.t(_("This code is not right, or too old."))]
    field = text(env, request, "code", _("Code"), required=True, autocomplete="one-time-code", dir="ltr", inputmode="numeric")
    page = AdminPage("", intro=env.t(_("A code is on its way. It is good for a few minutes.")), form=form(
        env, f"{BASE}/{name}/confirm", [field], submit=_("Confirm"), errors=errors, cancel=f"{BASE}/{name}"))
    return settings_page(env, request, _("Two-step sign-in"), page, 422 if errors else 200)


def _changed(env: Env, request: Request) -> Response:
    """Another address beside what was set up already: a line of history, and all other sessions end."""
    env.log("second_factor_on", record=USER, record_id=env.actor.id)
    accounts.end_sessions(env, env.actor.id or 0, keep=request.session.token_hash if request.session else "")
    request.flash(env.t(_("Saved.")))
    return request.redirect("/me/two-factor")
