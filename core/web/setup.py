"""The first start: who opens the printed link becomes the first administrator. Afterwards the page is gone."""

from __future__ import annotations

from typing import Any

from core.addons.lifecycle import change_customising
from core.env import Env
from core.errors import NotFound, SarnakhError, ValidationFailed
from core.first_start import DEMO_PASSWORD, USERS, is_setup_token, load_demo
from core.i18n.catalogs import LANGUAGES
from core.i18n.messages import _
from core.security import accounts
from core.web.auth import enter, languages
from core.web.pages import Pages
from core.web.places import BY_LANGUAGE, country_choices, currency_choices, zone_choices
from core.web.request import Request, Response
from core.web.small_forms import flag, select, text
from core.web.viewmodels import Action, AuthPage, FieldView, FormPage, Section

pages = Pages("setup")

CALENDARS = (("gregorian", _("Gregorian")), ("jalali", _("Jalali (Solar Hijri)")))
DIGITS = (("latn", "0123456789"), ("arabext", "۰۱۲۳۴۵۶۷۸۹"))
NAMES = ("name", "login", "email", "time_zone", "calendar", "digits", "company", "country", "currency")


@pages.route("/setup/<token>", methods=("GET", "POST"), public=True)
def setup(env: Env, request: Request, token: str) -> Response:
    """Ask for the first administrator and the company; create both and sign in."""
    _admit(env, token)
    if not request.posted:
        return _page(env, request, token)
    values = {name: request.value(name).strip()[:250] for name in NAMES}
    values["language"] = env.lang if request.value("language") not in LANGUAGES else request.value("language")
    errors = _errors(env, request, values)
    if errors:
        return _page(env, request, token, errors)
    try:
        with request.attempt(), env.elevated("first administrator") as trusted:
            env.installation.bump(trusted, "access")  # a second sign-up at the same moment waits here, and is then refused
            user_id = accounts.keeper(env).create_administrator(trusted,
                                                                {**values, "password": request.value("password")[:1000]})
            change_customising(trusted, "setting", "collation", values["language"])
    except ValidationFailed as error:
        return _page(env, request, token, {str(n or ""): [env.t(m) for m in found] for n, found in error.by_field().items()})
    except SarnakhError as error:
        return _page(env, request, token, {"password": [env.t(error.message)]})
    answer = enter(env, request, user_id, values["login"], "/admin/addons")
    env.commit()
    env.installation.reload()  # the indexes in the order of that language's alphabet; there are hardly any rows yet
    if request.value("demo") == "1":
        request.flash(*_load_demo(env, values["language"]))
    return answer


def _load_demo(env: Env, lang: str) -> tuple[str, str]:
    """Fill in the demo company; returns a message and its level. The administrator is in by now, whatever happens here."""
    try:
        load_demo(env.installation, lambda _addon: None, lang)
    except Exception:  # noqa: BLE001 - an addon's demo data must not keep the administrator out
        env.installation.log.exception("demo company failed")
        return env.t(_("The demo company could not be loaded; the log says why.")), "warning"
    return env.t(_("The people of the demo company (sara, reza, john …) sign in with the password {password}.",
                   password=DEMO_PASSWORD)), "info"


def _admit(env: Env, token: str) -> None:
    """Refuse wrong tokens and every token once somebody can sign in, in the same words."""
    with env.elevated("first administrator") as trusted:
        taken = trusted.query(USERS).where("is_super and active").archived(None).exists()
    if taken or not is_setup_token(env.installation.secrets, token):
        raise NotFound()


def _errors(env: Env, request: Request, values: dict[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in ("name", "login", "company"):
        if not values[name]:
            found[name] = [env.t(_("This is needed."))]
    if request.value("password") != request.value("repeat"):
        found["repeat"] = [env.t(_("The two passwords differ."))]
    return found


def _page(env: Env, request: Request, token: str, errors: dict[str, list[str]] | None = None) -> Response:
    known = errors or {}
    sections = [Section("you", env.t(_("You")), fields=_you(env, request)),
                Section("place", env.t(_("Language, time and numbers")), fields=_place(env, request)),
                Section("company", env.t(_("Your company")), fields=_company(env, request))]
    for field in (f for s in sections for f in s.fields):
        field.errors = known.get(field.name, [])
    made = FormPage("", f"/setup/{token}", sections, errors=known.get("", []), hidden={"language": env.lang}, actions=[
        Action(env.t(_("Set up")), kind="submit", style="primary")])
    page = AuthPage(env.t(_("Welcome to Sarnakh")), made, env.t(_(
        "You are the first here and become the administrator. Everything can be changed later.")),
                    languages=languages(env, request))
    return request.render("auth/setup.html", page, title=page.title, status=422 if errors else 200)


def _you(env: Env, request: Request) -> list[FieldView]:
    return [
        text(env, request, "name", _("Full name"), required=True, autocomplete="name"),
        text(env, request, "login", _("Login name"), required=True, autocomplete="username", dir="ltr"),
        text(env, request, "email", _("E-mail"), kind="email", autocomplete="email"),
        text(env, request, "password", _("Password"), kind="password", required=True, autocomplete="new-password",
             help=_("At least 10 characters; several words make a good one.")),
        text(env, request, "repeat", _("Once more"), kind="password", required=True, autocomplete="new-password")]


def _place(env: Env, request: Request) -> list[FieldView]:
    zone, calendar, digits, _country, _currency = BY_LANGUAGE.get(env.lang, BY_LANGUAGE["en"])
    return [select(env, request, "time_zone", _("Time zone"), zone_choices(), zone),
            select(env, request, "calendar", _("Calendar"), CALENDARS, calendar),
            select(env, request, "digits", _("Digits"), DIGITS, digits)]


def _company(env: Env, request: Request) -> list[FieldView]:
    _zone, _calendar, _digits, country, currency = BY_LANGUAGE.get(env.lang, BY_LANGUAGE["en"])
    return [text(env, request, "company", _("Name of the company"), required=True, autocomplete="organization"),
            select(env, request, "country", _("Country"), country_choices(env), country, required=False),
            select(env, request, "currency", _("Currency"), currency_choices(env), currency),
            flag(env, request, "demo", _("Fill in a demo company to look around"))]
