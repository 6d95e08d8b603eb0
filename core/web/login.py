"""Signing in and out."""

from __future__ import annotations

from core.env import Env
from core.i18n.catalogs import LANGUAGES
from core.i18n.messages import _
from core.web.pages import Pages
from core.web.request import Request, Response, same_page
from core.web.viewmodels import Action, AuthPage, FieldView, FormPage, Section

pages = Pages("login")


@pages.route("/login", methods=("GET", "POST"), public=True)
def login(env: Env, request: Request) -> Response:
    """Ask for name and password. The answer does not tell which of them is wrong, nor whether the name exists."""
    if env.actor.id is not None:
        return request.redirect(request.next_url())
    if not request.posted:
        return _page(env, request)
    name = request.value("login")[:200]
    if request.is_throttled(name):
        return _page(env, request, env.t(_("Too many attempts. Wait a quarter of an hour and try again.")), 429)
    with env.elevated("sign in") as trusted:
        user_id = env.registry.plugins.hook.authenticate(env=trusted, login=name, password=request.value("password")[:1000])
    if user_id is None:
        request.note_failure(name)
        env.log("sign_in_failed", name[:100])
        return _page(env, request, env.t(_("Name or password is not right.")), 422)
    request.forget_failures(name)
    request.sign_in(user_id)
    return request.redirect(request.next_url())


@pages.route("/logout", methods=("POST",))
def logout(env: Env, request: Request) -> Response:
    """End the session."""
    env.log("sign_out")
    request.sign_out()
    return request.redirect("/login")


def _page(env: Env, request: Request, error: str = "", status: int = 200) -> Response:
    fields = [FieldView("login", env.t(_("E-mail or user name")), value=request.value("login")[:200], required=True,
                        attrs={"autocomplete": "username", "autofocus": "autofocus", "dir": "ltr"}),
              FieldView("password", env.t(_("Password")), "password", required=True,
                        attrs={"autocomplete": "current-password"})]
    form = FormPage(env.t(_("Sign in")), "/login", [Section("main", columns=1, fields=fields)],
                    errors=[error] if error else [], actions=[Action(env.t(_("Sign in")), kind="submit", style="primary")],
                    hidden={"next": request.next_url("")})
    if request.arg("lang") in LANGUAGES:
        request.set_language(request.arg("lang"))
    languages = [Action(label, same_page(request, lang=code), active=code == env.lang) for code, label in LANGUAGES.items()]
    return request.render("auth/login.html", AuthPage(env.t(_("Sign in")), form, languages=languages),
                          title=env.t(_("Sign in")), status=status)
