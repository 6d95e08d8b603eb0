"""Signing in and out: name and password, the second factor, a forgotten password."""

from __future__ import annotations

import datetime as dt

from core import mail
from core.env import Env
from core.errors import NotFound, SarnakhError
from core.i18n.catalogs import LANGUAGES
from core.i18n.messages import Message, _
from core.records.fields import USER
from core.security import accounts
from core.security.actor import Actor
from core.security.links import account_of
from core.web.pages import Pages
from core.web.request import Request, Response, same_page
from core.web.small_forms import form, text
from core.web.viewmodels import Action, AuthPage, FieldView, FormPage

pages = Pages("auth")

TOO_MANY = _("Too many attempts. Wait a quarter of an hour and try again.")
CODE_MINUTES = 10
"""So long may pass between the password and the second factor."""


@pages.route("/login", methods=("GET", "POST"), public=True)
def login(env: Env, request: Request) -> Response:
    """Ask for name and password. The answer does not tell which of them is wrong, nor whether the name exists."""
    if env.actor.id is not None:
        return request.redirect(request.next_url())
    if not request.posted:
        return _login_page(env, request)
    name = request.value("login")[:200]
    if request.is_throttled(name):
        return _login_page(env, request, TOO_MANY, 429)
    with env.elevated("sign in") as trusted:
        user_id = env.registry.plugins.hook.authenticate(env=trusted, login=name, password=request.value("password")[:1000])
        second = user_id is not None and accounts.asks_second_factor(trusted, user_id)
    if user_id is None:
        request.note_failure(name)
        env.log("sign_in_failed", name[:100], changes={"address": [None, request.ip]})
        return _login_page(env, request, _("Name or password is not right."), 422)
    if second:
        request.sign_in(user_id, stage="totp", data={"next": request.next_url(), "login": name})
        return request.redirect("/login/code")
    return enter(env, request, user_id, name, request.next_url())


def enter(env: Env, request: Request, user_id: int, login_name: str, url: str) -> Response:
    """Complete a sign-in: a new session, a line of history, and on to where the person wanted to go."""
    with env.elevated("sign in") as trusted:
        accounts.keeper(env).signed_in(trusted, user_id)
        request.set_language(str(trusted.get(USER, user_id, "language").language))
    request.forget_failures(login_name)
    request.remember_device(login_name)
    request.sign_in(user_id)
    env.as_actor(Actor(id=user_id)).log("sign_in", changes={"address": [None, request.ip]}, record=USER, record_id=user_id)
    return request.redirect(url)


@pages.route("/login/code", methods=("GET", "POST"), stage="totp")
def second_factor(env: Env, request: Request) -> Response:
    """Ask for a code of the authenticator, or a recovery code."""
    session = request.session
    if env.actor.id is not None or session is None:
        return request.redirect("/")
    if env.now - session.created_at > dt.timedelta(minutes=CODE_MINUTES):
        request.sign_out()
        return request.redirect("/login")
    if not request.posted:
        return _code_page(env, request)
    subject = f"second factor {session.user_id}"
    if request.is_throttled(subject):
        return _code_page(env, request, TOO_MANY, 429)
    with env.elevated("sign in") as trusted:
        right = accounts.check_second_factor(trusted, session.user_id, request.value("code")[:60])
    if not right:
        request.note_failure(subject)
        env.log("second_factor_failed", record=USER, record_id=session.user_id)
        return _code_page(env, request, _("This code is not right, or was used already."), 422)
    request.forget_failures(subject)
    return enter(env, request, session.user_id, str(session.data.get("login", "")), str(session.data.get("next", "/")))


@pages.route("/login/code/send", methods=("POST",), stage="totp")
def send_code(env: Env, request: Request) -> Response:
    """Have a code sent. The answer is the same whether or not the person has set that up."""
    session = request.session
    if env.actor.id is not None or session is None or env.now - session.created_at > dt.timedelta(minutes=CODE_MINUTES):
        return request.redirect("/login/code")
    with env.elevated("a code for a sign-in") as trusted:
        way = accounts.second_factors(trusted).get(request.value("way"))
        if way is None or not way.offered(trusted):
            raise NotFound
        try:
            way.send(trusted, session.user_id, request.ip or "")
        except SarnakhError as error:
            return _code_page(env, request, error.message, 429)
    request.flash(env.t(_("If you have set this up, a code is on its way. It is good for a few minutes.")))
    return request.redirect("/login/code")


@pages.route("/logout", methods=("POST",))
def logout(env: Env, request: Request) -> Response:
    """End the session."""
    env.log("sign_out", record=USER, record_id=env.actor.id)
    request.sign_out()
    return request.redirect("/login")


# ---------------------------------------------------------------- forgotten passwords
@pages.route("/forgot", methods=("GET", "POST"), public=True)
def forgot(env: Env, request: Request) -> Response:
    """Mail a link for a new password. The answer is the same whether or not there is such an account."""
    title = env.t(_("Forgotten password"))
    if not mail.can_send(env):
        page = AuthPage(title, FormPage("", "/login", method="get", actions=[_button(env, _("Back to sign in"))]), env.t(_(
            "This installation sends no mails. Ask an administrator: they can give you a link for a new password.")))
        return request.render("auth/forgot.html", page, title=title)
    if not request.posted:
        fields = [text(env, request, "login", _("E-mail or user name"), required=True, autocomplete="username", dir="ltr")]
        return request.render("auth/forgot.html", AuthPage(
            title, form(env, "/forgot", fields, submit=_("Send a link")), links=[_sign_in_link(env)]), title=title)
    name = request.value("login")[:200]
    if not request.is_throttled(f"forgot {name}"):
        request.note_failure(f"forgot {name}")
        env.enqueue(mail.PASSWORD_TOPIC, {"login": name})
    page = AuthPage(title, FormPage("", "/login", method="get", actions=[_button(env, _("Back to sign in"))]), env.t(_(
        "If there is such an account, a mail with a link is on its way. The link is good for two hours.")))
    return request.render("auth/forgot.html", page, title=title)


@pages.route("/reset/<token>", methods=("GET", "POST"), public=True)
def reset(env: Env, request: Request, token: str) -> Response:
    """Choose a new password with a one-time link."""
    user_id = account_of(env, token)
    title = env.t(_("Choose a password"))
    if user_id is None:
        page = AuthPage(title, FormPage("", "/login", method="get", actions=[_button(env, _("Back to sign in"))]), env.t(_(
            "This link was used already or is too old. Ask for a new one.")))
        return request.render("auth/reset.html", page, title=title, status=410 if not request.posted else 422)
    errors: list[str] = []
    if request.posted:
        error = password_error(env, request, user_id)
        if not error:
            request.remember_device(*_names(env, user_id))
            request.flash(env.t(_("Your new password is set. Sign in with it.")))
            return request.redirect("/login")
        errors = [error]
    made = form(env, f"/reset/{token}", new_password_fields(env, request), submit=_("Set the password"), errors=errors)
    return request.render("auth/reset.html", AuthPage(title, made), title=title, status=422 if errors else 200)


def _names(env: Env, user_id: int) -> list[str]:
    """What somebody may type to sign in."""
    login_name = env.installation.load_actor(user_id).login
    with env.elevated("password link") as trusted:
        account = accounts.keeper(env).find(trusted, login_name)
    return [login_name, account.email if account is not None else ""]


def new_password_fields(env: Env, request: Request) -> list[FieldView]:
    """Two inputs for a new password."""
    return [text(env, request, "password", _("New password"), kind="password", required=True, autocomplete="new-password",
                 help=_("At least 10 characters; several words make a good one.")),
            text(env, request, "repeat", _("Once more"), kind="password", required=True, autocomplete="new-password")]


def password_error(env: Env, request: Request, user_id: int, keep: str = "") -> str:
    """Set the password that was typed twice; returns why not, "" when it is set."""
    password = request.value("password")[:1000]
    if password != request.value("repeat"):
        return env.t(_("The two passwords differ."))
    try:
        with request.attempt():
            accounts.set_password(env, user_id, password, keep)
    except SarnakhError as error:
        return env.t(error.message)
    return ""


# ---------------------------------------------------------------- pages
def languages(env: Env, request: Request) -> list[Action]:
    """Links that show this page in another language, which is then remembered."""
    if request.arg("lang") in LANGUAGES:
        request.set_language(request.arg("lang"))
    return [Action(label, same_page(request, lang=code), value=code, active=code == env.lang)
            for code, label in LANGUAGES.items()]


def _button(env: Env, label: Message) -> Action:
    return Action(env.t(label), kind="submit", style="primary")


def _sign_in_link(env: Env) -> Action:
    return Action(env.t(_("Back to sign in")), "/login")


def _login_page(env: Env, request: Request, error: str = "", status: int = 200) -> Response:
    fields = [text(env, request, "login", _("E-mail or user name"), required=True, autocomplete="username",
                   autofocus="autofocus", dir="ltr"),
              text(env, request, "password", _("Password"), kind="password", required=True, autocomplete="current-password")]
    made = form(env, "/login", fields, submit=_("Sign in"), errors=[env.t(error)] if error else [],
                hidden={"next": request.next_url("")})
    page = AuthPage(env.t(_("Sign in")), made, languages=languages(env, request),
                    links=[Action(env.t(_("Forgotten password?")), "/forgot")])
    return request.render("auth/login.html", page, title=page.title, status=status)


def _code_page(env: Env, request: Request, error: str = "", status: int = 200) -> Response:
    with env.elevated("ways to get a code") as trusted:
        ways = [way for way in accounts.second_factors(trusted).values() if way.offered(trusted)]
    told = _("Six digits of your authenticator, those that were sent to you, or a recovery code.") if ways else _(
        "Six digits of your authenticator, or a recovery code.")
    fields = [text(env, request, "code", _("Code"), required=True, autocomplete="one-time-code", autofocus="autofocus",
                   dir="ltr", inputmode="numeric", help=told)]
    fields[0].value = ""
    made = form(env, "/login/code", fields, submit=_("Go on"), errors=[env.t(error)] if error else [])
    page = AuthPage(env.t(_("Second step")), made, links=[_sign_in_link(env)], actions=[
        Action(env.t(way.label), "/login/code/send", kind="post", fields={"way": way.name}) for way in ways])
    return request.render("auth/totp.html", page, title=page.title, status=status)
