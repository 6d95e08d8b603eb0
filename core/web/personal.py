"""One's own settings: profile, looks, password, second factor, sessions."""

from __future__ import annotations

import io

import pyotp
import segno

from core.env import Env
from core.errors import SarnakhError
from core.i18n.messages import Message, _
from core.records.fields import USER
from core.sealing import SealBroken, Sealed
from core.security import accounts, sessions
from core.web.auth import new_password_fields, password_error
from core.web.pages import Pages
from core.web.places import zone_choices
from core.web.request import BadRequest, Request, Response
from core.web.sessions_table import sessions_table
from core.web.small_forms import RecordForm, form, text
from core.web.viewmodels import Action, AdminPage, AuthPage, Cell, FieldView, Flash, FormPage, Option, Section, Tab

pages = Pages("personal")

SELF = ("name", "email", "phone", "job_title")
LOOKS = ("language", "time_zone", "calendar", "digits", "theme", "density", "toman")
PREFERENCES = {"theme": ("auto", "light", "dark"), "density": ("comfortable", "compact")}
PENDING = "second_factor_secret"
MENU: tuple[tuple[str, Message, str], ...] = (
    ("/me", _("Profile"), "person"), ("/me/password", _("Password"), "key"),
    ("/me/two-factor", _("Two-step sign-in"), "shield-lock"), ("/me/sessions", _("Sessions"), "laptop"))


def settings_page(env: Env, request: Request, title: Message | str, page: AdminPage, status: int = 200) -> Response:
    """A page with the menu of personal settings."""
    page.title = env.t(title)
    page.menu_title = env.t(_("My settings"))
    further = [(link.url, link.label, link.icon) for link in env.registry.collected("personal_pages", env=env)]
    page.menu = [Tab(url, env.t(label), url=url, icon=icon, active=url == request.path or (
        url != "/me" and request.path.startswith(f"{url}/"))) for url, label, icon in (*MENU, *further)]
    return request.render("admin/page.html", page, title=page.title, status=status)


# ---------------------------------------------------------------- profile
@pages.route("/me", methods=("GET", "POST"))
def profile(env: Env, request: Request) -> Response:
    """Name, language, time zone and looks."""
    user_id = env.actor.id or 0
    with env.elevated("own settings") as trusted:
        row = dict(vars(trusted.get(USER, user_id, *SELF, *LOOKS)))
        made = RecordForm(trusted, request, USER, (*SELF, *LOOKS), row)
        errors: list[str] = []
        if request.posted:
            values = made.values()
            if not made.errors:
                try:
                    with request.attempt():
                        trusted.update(USER, user_id, values)
                    return _saved(env, request, values.get("language", env.lang))
                except SarnakhError as error:
                    errors = made.take(error)
        views = {f.name: f for f in made.fields()}
    zone = views["time_zone"]
    zone.kind, zone.options = "select", [Option(v, label, selected=v == zone.value) for v,
                                         label in zone_choices(str(zone.value))]
    sections = [Section("self", env.t(_("About you")), fields=[views[n] for n in SELF]),
                Section("looks", env.t(_("Language, time and looks")), fields=[views[n] for n in LOOKS])]
    page = AdminPage("", form=FormPage("", "/me", sections, errors=errors))
    return settings_page(env, request, _("Profile"), page, 422 if errors or made.errors else 200)


def _saved(env: Env, request: Request, lang: str) -> Response:
    request.flash(env.installation.catalogs.translate(_("Saved."), lang))
    request.set_language(lang)
    return request.redirect("/me")


@pages.route("/me/preferences", methods=("POST",))
def preferences(env: Env, request: Request) -> Response:
    """Theme and density, from the switches in the person's menu; others are kept in the browser."""
    name, value = request.value("name"), request.value("value")
    if name not in PREFERENCES:
        return request.empty()
    if value not in PREFERENCES[name]:
        raise BadRequest(_("There is no such choice."))
    with env.elevated("own settings") as trusted:
        trusted.update(USER, env.actor.id or 0, {name: value})
    return request.empty()


# ---------------------------------------------------------------- password
@pages.route("/me/password", methods=("GET", "POST"))
def password(env: Env, request: Request) -> Response:
    """A new password; asks for the present one, ends all other sessions and renews this one."""
    errors: list[str] = []
    if request.posted:
        error = wrong_password(env, request) or password_error(env, request, env.actor.id or 0)
        if not error:
            request.sign_in(env.actor.id or 0)
            request.flash(env.t(_("Your new password is set. You were signed out everywhere else.")))
            return request.redirect("/me/password")
        errors = [error]
    fields = [current_password(env, request), *new_password_fields(env, request)]
    page = AdminPage("", form=form(env, "/me/password", fields, submit=_("Set the password"), errors=errors))
    return settings_page(env, request, _("Password"), page, 422 if errors else 200)


def current_password(env: Env, request: Request) -> FieldView:
    """An input for the password that somebody has; see :func:`wrong_password`."""
    return text(env, request, "current", _("Present password"), kind="password", required=True,
                autocomplete="current-password")


def wrong_password(env: Env, request: Request) -> str:
    """Why the present password is not accepted, "" when it is; guesses are counted as at the sign-in."""
    subject = f"present password {env.actor.id}"
    if request.is_throttled(subject):
        return env.t(_("Too many attempts. Wait a quarter of an hour and try again."))
    with env.elevated("own password") as trusted:
        right = accounts.keeper(env).check_password(trusted, env.actor.id or 0, request.value("current")[:1000])
    if right:
        request.forget_failures(subject)
        return ""
    request.note_failure(subject)
    return env.t(_("The present password is not right."))


# ---------------------------------------------------------------- second factor
@pages.route("/me/two-factor")
def two_factor(env: Env, request: Request) -> Response:
    """Whether codes are asked for; beginning to, and stopping."""
    with env.elevated("own second factor") as trusted:
        active = accounts.asks_second_factor(trusted, env.actor.id or 0)
        authenticator = accounts.keeper(env).has_second_factor(trusted, env.actor.id or 0)
        ways = [w for w in accounts.second_factors(trusted).values() if w.offered(trusted) or w.active(trusted, env.actor.id or 0)]
    page = AdminPage("", actions=[Action(env.t(way.label), f"/me/two-factor/by/{way.name}", "phone") for way in ways])
    if active:
        page.notices = [Flash(env.t(_("Two-step sign-in is on.")), "success")]
        page.form = form(env, "/me/two-factor/off", [current_password(env, request)], submit=_("Switch off"), danger=True)
    if not authenticator:
        page.intro = env.t(_(
            "With a code from an app on your phone (any authenticator), your password alone is of no use to a thief."))
        page.actions.insert(0, Action(env.t(_("Use an authenticator app") if active else _("Switch on")), "/me/two-factor/start",
                                      "shield-check", kind="post", style="primary"))
    return settings_page(env, request, _("Two-step sign-in"), page)


@pages.route("/me/two-factor/start", methods=("POST",))
def two_factor_start(env: Env, request: Request) -> Response:
    """Make a secret; it waits in the session until a code shows that the authenticator has it."""
    if request.session is not None:
        sealed = env.installation.vault.seal(pyotp.random_base32())
        sessions.put_data(env.connection, request.session.token_hash, {**request.session.data, PENDING: sealed.token})
    return request.redirect("/me/two-factor/confirm")


@pages.route("/me/two-factor/confirm", methods=("GET", "POST"))
def two_factor_confirm(env: Env, request: Request) -> Response:
    """Show the QR code and ask for the first code; then show the recovery codes, once."""
    secret = _pending(env, request)
    if not secret:
        return request.redirect("/me/two-factor")
    with env.elevated("own second factor") as trusted:
        further = accounts.asks_second_factor(trusted, env.actor.id or 0)  # then the password: a second way in is no small change
    errors = [error] if request.posted and further and (error := wrong_password(env, request)) else []
    if request.posted and not errors:
        with env.elevated("own second factor") as trusted:
            codes = accounts.keeper(env).enable_second_factor(trusted, env.actor.id or 0, secret, request.value("code")[:20])
        if codes:
            return recovery_page(env, request, codes)
        errors = [env.t(_("This code is not right. Is the clock of your phone right?"))]
    fields = [text(env, request, "code", _("Code"), required=True, autocomplete="one-time-code", dir="ltr", inputmode="numeric"),
              *([current_password(env, request)] if further else [])]
    page = AdminPage("", intro=env.t(_("Scan this with your authenticator app, then type the six digits it shows.")),
                     image="/me/two-factor/qr.svg",
                     facts=[(env.t(_("Or type this key")), Cell(text=secret, dir="ltr", raw=secret))],
                     form=form(env, "/me/two-factor/confirm", fields, submit=_("Switch on"), errors=errors,
                               cancel="/me/two-factor"))
    return settings_page(env, request, _("Two-step sign-in"), page, 422 if errors else 200)


def _pending(env: Env, request: Request) -> str:
    """The secret that waits for its first code; "" when there is none, or none that can be read."""
    token = request.session.data.get(PENDING) if request.session is not None else None
    try:
        return env.installation.vault.open(Sealed(str(token))) if token else ""
    except SealBroken:
        return ""


def recovery_page(env: Env, request: Request, codes: list[str]) -> Response:
    """The codes, and a renewed session without the secret."""
    env.log("second_factor_on", record=USER, record_id=env.actor.id)
    accounts.end_sessions(env, env.actor.id or 0)
    request.sign_in(env.actor.id or 0)
    page = AuthPage(env.t(_("Recovery codes")), FormPage("", "/me/two-factor", method="get", actions=[
        Action(env.t(_("I have kept them")), kind="submit", style="primary")]), env.t(_(
            "Keep these codes somewhere safe: each signs you in once when your phone is lost. They are shown only now.")),
                    codes=codes)
    return request.render("auth/recovery.html", page, title=page.title)


@pages.route("/me/two-factor/qr.svg")
def two_factor_qr(env: Env, request: Request) -> Response:
    """The secret that waits, as a picture for authenticators."""
    secret = _pending(env, request)
    if not secret:
        return request.empty(404)
    address = pyotp.TOTP(secret).provisioning_uri(name=env.actor.login, issuer_name="Sarnakh")
    out = io.BytesIO()
    segno.make(address, error="m").save(out, kind="svg", scale=5, border=3, light="#ffffff", dark="#000000")
    answer = request.text("")
    answer.data, answer.content_type = out.getvalue(), "image/svg+xml"
    return answer


@pages.route("/me/two-factor/off", methods=("POST",))
def two_factor_off(env: Env, request: Request) -> Response:
    """Stop asking for codes; needs the password."""
    error = wrong_password(env, request)
    if error:
        page = AdminPage("", form=form(env, "/me/two-factor/off", [current_password(env, request)], submit=_("Switch off"),
                                       errors=[error], danger=True))
        return settings_page(env, request, _("Two-step sign-in"), page, 422)
    with env.elevated("own second factor") as trusted:
        accounts.disable_second_factors(trusted, env.actor.id or 0)
    env.log("second_factor_off", record=USER, record_id=env.actor.id)
    request.flash(env.t(_("Two-step sign-in is off.")))
    return request.redirect("/me/two-factor")


# ---------------------------------------------------------------- sessions
@pages.route("/me/sessions", methods=("GET", "POST"))
def my_sessions(env: Env, request: Request) -> Response:
    """Where one is signed in, with ways to end that."""
    user_id = env.actor.id or 0
    own = request.session.token_hash if request.session else ""
    if request.posted:
        if request.value("session"):
            accounts.end_session(env, user_id, request.value("session")[:64])
        else:
            accounts.end_sessions(env, user_id, keep=own)
        request.flash(env.t(_("Signed out there.")))
        return request.redirect("/me/sessions")
    found = accounts.sessions_of(env, user_id)
    page = AdminPage("", intro=env.t(_("End sessions that you do not know, and change your password then.")),
                     table=sessions_table(env, found, "/me/sessions", own))
    if len(found) > 1:
        page.actions = [Action(env.t(_("Sign out everywhere else")), "/me/sessions", "box-arrow-right", kind="post")]
    return settings_page(env, request, _("Sessions"), page)
